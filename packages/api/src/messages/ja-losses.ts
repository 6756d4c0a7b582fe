import type { lossesEn } from './en-losses.ts';

/** Japanese texts about what a form to download cannot hold. */
export const lossesJa: Record<keyof typeof lossesEn, string> = {
  'losses.form': '形式',
  'losses.lost': '残らないもの',
  'losses.lossless': '損失なし',
  'losses.impossible': 'この形式では書けません：',
  'losses.set': 'セット {name}',
  'losses.notCounted': 'まだ数えていません。少し待ってから読み込み直してください',
  'losses.tooLarge': '大きすぎて前もって数えられません。ダウンロードの応答で示します',
  'losses.form.objects.csv': 'オブジェクトの表（トラックと親を含む）',
  'losses.form.edges.csv': 'エッジの表',
  'losses.form.cmso.zip': 'CMSO トラックパッケージ',
  'losses.form.geff.zip': 'GEFF グラフ（Zarr）',
  'losses.form.trackmate.xml': 'TrackMate',
  'losses.form.napari.zip': 'napari トラック',
  'losses.form.bd5.h5': 'BD5',
  'losses.form.bdml.xml': 'BDML 0.18',
  'losses.form.parquet': 'Parquet（セットの表すべて）',
};
