/** English texts of the page that plays films made for showing. */
export const filmEn = {
  'film.rendered':
    'This film was rendered for showing: compressed, scaled and coloured. It is no data; nothing in it can be measured.',
  'film.download': 'Download ({{size}})',
  'film.frame': 'Frame',
  'film.frameOf': 'Frame {{frame}} of {{count}} of the film {{name}}',
  'film.frameFailed': 'Frame {{frame}} cannot be shown: {{message}}',
  'film.facts': '{{width}} × {{height}} pixels, {{count}} frames, {{speed}} a second, packed as: {{codec}}.',
  'film.codecUnknown':
    'The frames are packed as {{codec}}. Neither browsers nor this page can show them; download the film to see it.',
  'film.damaged': 'No frames can be found in the file; it may be cut off. It can still be downloaded.',
} as const;
