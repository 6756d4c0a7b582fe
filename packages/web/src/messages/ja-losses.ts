import type { lossesEn } from './en-losses.ts';

/** Japanese texts about what a form to download cannot hold. */
export const lossesJa: Record<keyof typeof lossesEn, string> = {
  'losses.tab': 'ダウンロード',
  'losses.form': '形式',
  'losses.lost': '残らないもの',
  'losses.lossless': '損失なし',
  'losses.impossible': 'この形式では書けません：',
  'losses.counting': '数えています…',
  'losses.notCounted': '数えられませんでした',
  'losses.tooLarge': '大きすぎて前もって数えられません。ダウンロードの応答で示します',
  'losses.objects.csv': 'オブジェクトの表（トラックと親を含む）',
  'losses.edges.csv': 'エッジの表',
  'losses.cmso.zip': 'CMSO トラックパッケージ',
  'losses.geff.zip': 'GEFF グラフ（Zarr）',
  'losses.trackmate.xml': 'TrackMate',
  'losses.napari.zip': 'napari トラック',
  'losses.bd5.h5': 'BD5',
  'losses.bdml.xml': 'BDML 0.18',
  'losses.parquet': 'セットの表すべて',
};
