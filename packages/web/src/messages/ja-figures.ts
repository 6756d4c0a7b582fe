import type { figuresEn } from './en-figures.ts';

/** Japanese texts of the part of the deposit page about figures in papers. */
export const figuresJa: Readonly<Record<keyof typeof figuresEn, string>> = {
  'figures.title': '図',
  'figures.help': '論文の図のパネルごとに、もとの画像・表・解析を示します（任意）。',
  'figures.add': '図を追加',
  'figures.remove': '削除',
  'figures.nth': '図 {{number}}',
  'figures.label': '図の番号',
  'figures.labelExample': 'Figure 3b',
  'figures.doi': '論文の DOI',
  'figures.caption': '説明文',
  'figures.view': '表示のアドレス',
  'figures.viewHelp':
    'ビューアのアドレスを貼り付けます（短縮リンクも可）。フレーム・チャンネル・コントラストが図と同じになり、下の画像も選ばれます。',
  'figures.viewElsewhere': 'この研究の画像を示すビューアのアドレスではありません。',
  'figures.viewKept': '表示を保存済み',
  'figures.viewDrop': '表示を消去',
  'figures.image': '画像',
  'figures.imageNumber': '画像 {{number}}',
  'figures.table': '軌跡または表',
  'figures.none': 'なし',
  'figures.analysis': '解析',
  'figures.analysisHelp': 'DOI、アドレス、このサイトのページ（計測やクエリ）、または研究内のファイルのパス。',
  'figures.fault.label': '図の番号（例: Figure 3b）がありません。',
  'figures.fault.doi': 'DOI ではありません。DOI は「10.」と数字とスラッシュで始まります。',
  'figures.fault.link': '画像・表・解析のいずれかを指定してください。',
  'figures.fault.gone': '図が指すものが研究から取り除かれています。',
  'figures.tooLong': 'これ以上は保存できません。説明文を短くしてください。',
  'figures.toMend': '図の記入が終わっていません',
};
