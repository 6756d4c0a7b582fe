import type { figuresEn } from './en-figures.ts';

/** Japanese texts of the study page about figures in papers and the data behind them. */
export const figuresJa: Readonly<Record<keyof typeof figuresEn, string>> = {
  'figures.title': '図とそのデータ',
  'figures.paper': '論文',
  'figures.image': '画像: {name}',
  'figures.view': '図と同じ表示を開く',
  'figures.table': '表: {name}',
  'figures.measures': '{name} の計測',
  'figures.analysis': '解析',
  'figures.picture': '{name} の最初のフレーム',
};
