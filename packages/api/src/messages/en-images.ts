/** English texts of the study page about its images. */
export const imagesEn = {
  'study.allImages': 'All {count} images',
  'study.plateView': 'Plate view',
  'study.rendered': 'Films made for showing',
  'study.renderedText':
    'These films were rendered: compressed, scaled and coloured. They are for looking at, not data; nothing in them can be measured.',
  'study.renderedFilm': 'Film {name}',
  'study.seldomPlayed': 'Most browsers do not play AVI. Download it to see it.',
} as const;
