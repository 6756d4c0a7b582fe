import type { readersEn } from './en-readers.ts';

/** Japanese texts of the study page about those who read it: questions to its authors, and where it was used again. */
export const readersJa: Readonly<Record<keyof typeof readersEn, string>> = {
  'readers.reuse': '再利用された成果',
  'readers.primary': 'このデータの論文',
  'readers.foundBy': '{source} による({date})',
  'readers.paper': '論文',
  'readers.study': '研究データ',
  'readers.analysis': '解析',
  'readers.report': 'このデータを使った',
  'readers.ask': '著者に質問する',
  'readers.questions': '著者への質問',
  'readers.asked': '{name} さんの質問({date})',
  'readers.askedNameless': '質問({date})',
  'readers.answered': '著者の回答({date})',
  'readers.more': 'ほか {count} 件',
};
