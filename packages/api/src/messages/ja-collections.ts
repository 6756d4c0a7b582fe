import type { collectionsEn } from './en-collections.ts';

/** Japanese texts of the pages of collections. */
export const collectionsJa: Readonly<Record<keyof typeof collectionsEn, string>> = {
  'collections.title': 'コレクション',
  'collections.about': '関連する研究を、理由を添えて選んだものです。',
  'collections.none': 'まだありません。',
  'collections.make': 'コレクションを作る',
  'collections.edit': '変更',
  'collections.studies': '研究',
  'collections.line': '研究 {count} 件 · {name} · {date}',
  'collections.nameless': '研究 {count} 件 · {date}',
  'collections.in': 'コレクション',
};
