import type { collectionsEn } from './en-collections.ts';

/** Japanese texts of the page where a collection is made or changed. */
export const collectionsJa: Readonly<Record<keyof typeof collectionsEn, string>> = {
  'collection.new': 'コレクションを作る',
  'collection.change': 'コレクションの変更',
  'collection.all': 'すべてのコレクション',
  'collection.name': '題名',
  'collection.text': '説明',
  'collection.studies': '研究',
  'collection.accession': '研究のアクセッション番号',
  'collection.add': '追加',
  'collection.remark': '{{accession}} を選んだ理由',
  'collection.up': '{{accession}} を上へ',
  'collection.take': '{{accession}} を外す',
  'collection.noStudies': 'まだ研究がありません。',
  'collection.save': '保存',
  'collection.remove': 'コレクションを削除',
  'collection.removeSure': '完全に削除する',
  'collection.removeHelp': '番号が再び使われることはなく、リンクはつながらなくなります。',
  'collection.notYours': '変更できるのは作成者とキュレーターだけです。',
};
