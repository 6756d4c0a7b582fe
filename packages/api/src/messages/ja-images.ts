import type { imagesEn } from './en-images.ts';

/** Japanese texts of the study page about its images. */
export const imagesJa: Record<keyof typeof imagesEn, string> = {
  'study.allImages': '画像 {count} 点をすべて見る',
  'study.plateView': 'プレート表示',
};
