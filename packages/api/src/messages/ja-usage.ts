import type { usageEn } from './en-usage.ts';

/** Japanese texts about how much is used. */
export const usageJa: Record<keyof typeof usageEn, string> = {
  'usage.used': '利用',
  'usage.sum': '閲覧 {views}、ダウンロード {downloads}',
  'usage.machine': 'プログラムによるもの：閲覧 {views}、ダウンロード {downloads}',
  'usage.title': '利用状況',
  'usage.text':
    '研究データのための COUNTER の規則で数えています。ダブルクリックは 1 回、閲覧とダウンロードは訪問者と時間帯ごとに 1 回と数え、ロボットは除き、人が動かすプログラムは別に数えます。誰が利用したかを示すものは一切保存しません。',
  'usage.month': '月',
  'usage.views': '閲覧',
  'usage.downloads': 'ダウンロード',
  'usage.machineViews': 'プログラムによる閲覧',
  'usage.machineDownloads': 'プログラムによるダウンロード',
  'usage.bytes': '送信量',
  'usage.months': '月別',
  'usage.most': 'この 12 か月で最も利用された研究',
  'usage.study': '研究',
  'usage.none': 'まだ数えられたものはありません。',
  'usage.asJson': 'プログラム用の同じ数値',
};
