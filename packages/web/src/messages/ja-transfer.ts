import type { transferEn } from './en-transfer.ts';

/** Japanese texts of the page where a study goes to a new owner. */
export const transferJa: Readonly<Record<keyof typeof transferEn, string>> = {
  'transfer.title': '研究データの引き継ぎ',
  'transfer.owner': '所有者: {{name}}',
  'transfer.noOwner': '現在、所有者はいません。',
  'transfer.new': '新しい所有者',
  'transfer.help': '相手が承諾するまで何も変わりません。それまでは取り下げられます。',
  'transfer.email': '相手のアカウントのメールアドレス',
  'transfer.words': '相手へのひとこと',
  'transfer.keep': '元の所有者も下書きを編集できるようにする',
  'transfer.send': '引き継ぎを申し出る',
  'transfer.offer': '申し出',
  'transfer.offered': '{{by}} さんから {{to}} さんへの申し出（{{day}}）',
  'transfer.keeps': '元の所有者は、共有により下書きの編集を続けられます。',
  'transfer.keepsNot': '元の所有者には権限が残りません。',
  'transfer.means':
    '所有者は、新しい版の公開、下書きの共有、読者への回答、申請制ファイルの利用の可否を担います。データの作成者名は変わりません。',
  'transfer.do.accepted': '引き継ぐ',
  'transfer.do.declined': '断る',
  'transfer.do.withdrawn': '申し出を取り下げる',
  'transfer.done.accepted': 'この研究データの所有者になりました。',
  'transfer.done.declined': '断りました。申し出た人に通知されます。',
  'transfer.done.withdrawn': '取り下げました。',
};
