import type { changesEn } from './en-changes.ts';

/** Japanese texts of what a version says of its change. */
export const changesJa: Record<keyof typeof changesEn, string> = {
  'change.correction': '訂正',
  'change.addition': '追加',
  'change.new-processing': '再処理',
  'change.withdrawal-of-part': '一部の取り下げ',
  'change.and': '、',
  'change.hold': '以前の版の結果は有効です',
  'change.some-do-not': '以前の版の結果の一部は有効ではありません',
  'change.do-not-hold': '以前の版の結果は有効ではありません',
  'change.both': '{kinds}：{results}',
  'change.warn.some-do-not':
    'この版から得られた結果の一部は有効ではありません。バージョン {number}（{kinds}）をご覧ください。',
  'change.warn.do-not-hold':
    'この版から得られた結果は有効ではありません。バージョン {number}（{kinds}）をご覧ください。',
};
