import type { additionsEn } from './en-additions.ts';

/** Japanese texts of the study page about annotations and re-analyses of others. */
export const additionsJa: Readonly<Record<keyof typeof additionsEn, string>> = {
  'additions.title': '注釈と再解析',
  'additions.add': '注釈・再解析を追加',
  'additions.of': '元の研究',
  'additions.annotates': '注釈の対象',
  'additions.re-analyses': '再解析の対象',
  'additions.derived': '派生元',
  'additions.is.annotates': '注釈',
  'additions.is.re-analyses': '再解析',
  'additions.is.derived': '派生データ',
  'additions.ofVersion': '第 {version} 版に対して',
  'additions.comment': 'この研究の著者より ({date}):',
};
