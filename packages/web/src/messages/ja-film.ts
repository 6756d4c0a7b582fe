import type { filmEn } from './en-film.ts';

/** Japanese texts of the page that plays films made for showing. */
export const filmJa: Record<keyof typeof filmEn, string> = {
  'film.rendered': 'これは圧縮、拡大縮小、彩色された表示用の動画です。データではないため、計測には使えません。',
  'film.download': 'ダウンロード（{{size}}）',
  'film.frame': 'コマ',
  'film.frameOf': '動画 {{name}} の {{count}} コマ中 {{frame}} コマ目',
  'film.frameFailed': '{{frame}} コマ目を表示できません：{{message}}',
  'film.facts': '{{width}} × {{height}} 画素、{{count}} コマ、毎秒 {{speed}} コマ、圧縮形式：{{codec}}。',
  'film.codecUnknown':
    'コマは {{codec}} で圧縮されています。ブラウザでもこのページでも表示できません。ダウンロードしてご覧ください。',
  'film.damaged': 'ファイルにコマが見つかりません。途中で切れている可能性があります。ダウンロードはできます。',
};
