/** English texts of the study page about its images. */
export const imagesEn = {
  'study.allImages': 'All {count} images',
  'study.plateView': 'Plate view',
  'study.rendered': 'Films made for showing',
  'study.renderedText':
    'These films were rendered: compressed, scaled and coloured. They are for looking at, not data; nothing in them can be measured.',
  'study.renderedFilm': 'Film {name}',
  'study.playFilm': 'Play the film {name}',
  'study.playedFrames': 'AVI: played on a page of its own, frame by frame',
} as const;
