import type { reuseEn } from './en-reuse.ts';

/** Japanese texts of the study page about using the data again. */
export const reuseJa: Record<keyof typeof reuseEn, string> = {
  'reuse.challenge': 'チャレンジ：正解データと結果',
  'training.title': '学習用データ',
  'training.task': '用途',
  'training.annotation': 'アノテーション',
  'training.part': '分割',
  'training.dataset': 'データセット数',
  'training.images': '画像数',
  'training.objects': 'オブジェクト数',
  'training.share': 'オブジェクトの割合',
  'training.noPart': '分割なし',
  'training.load': 'Python で読み込む',
  'training.coco': '{title} の COCO',
  'similar.title': '似たデータ',
  'similar.same.organism': '生物種が同じ：{values}',
  'similar.same.cellType': '細胞種が同じ：{values}',
  'similar.same.gene': '遺伝子・タンパク質が同じ：{values}',
  'similar.same.condition': '処理が同じ：{values}',
  'similar.same.method': '手法が同じ：{values}',
  'similar.close.mean_speed': '速さが近い：平均速度は相手が {there}、この研究が {here}（{unit}）',
  'similar.close.straightness': '直進性が近い：相手が {there}、この研究が {here}',
};
