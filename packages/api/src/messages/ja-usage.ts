import type { usageEn } from './en-usage.ts';

/** Japanese texts about how much is used. */
export const usageJa: Record<keyof typeof usageEn, string> = {
  'usage.used': '利用',
  'usage.sum': '閲覧 {views}、ダウンロード {downloads}',
  'usage.machine': 'プログラムによるもの：閲覧 {views}、ダウンロード {downloads}',
  'usage.thisVersion': 'この版：',
  'usage.sentBytes': '送信量 {bytes}',
  'usage.course': '{first} から {last} までの月ごとの閲覧数（最大 {most}）。濃い部分はダウンロードを伴うもの',
  'usage.from': '閲覧元：{countries}',
  'usage.moreCountries': 'ほか {count} か国',
  'usage.badge': 'バッジ',
  'usage.countries': '利用元の国（この 12 か月）',
  'usage.country': '国',
  'usage.title': '利用状況',
  'usage.text':
    '研究データのための COUNTER の規則で数えています。ダブルクリックは 1 回、閲覧とダウンロードは訪問者と時間帯ごとに 1 回と数え、ロボットは除き、人が動かすプログラムは別に数えます。30 日間保存するものに名前や完全なアドレスは含まれず、接続元のネットワークだけです。その後は数だけが残ります。',
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
