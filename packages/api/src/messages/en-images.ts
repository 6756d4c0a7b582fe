/** English texts of the study page about its images. */
export const imagesEn = {
  'study.allImages': 'All {count} images',
  'study.plateView': 'Plate view',
} as const;
