import type { imagesEn } from './en-images.ts';

/** Japanese texts of the study page about its images. */
export const imagesJa: Record<keyof typeof imagesEn, string> = {
  'study.allImages': '画像 {count} 点をすべて見る',
  'study.plateView': 'プレート表示',
  'study.rendered': '表示用の動画',
  'study.renderedText': 'これらは圧縮、拡大縮小、彩色された表示用の動画です。データではないため、計測には使えません。',
  'study.renderedFilm': '動画 {name}',
  'study.playFilm': '動画 {name} を再生',
  'study.playedFrames': 'AVI：専用のページでコマごとに再生します',
};
