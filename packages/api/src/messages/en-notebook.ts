/** English texts of the notebooks that data sets are given out as, and of the link to them. */
export const notebookEn = {
  'notebook.link': 'Jupyter notebook',
  'notebook.linkTypeScript': 'in TypeScript (Deno)',
  'notebook.binder': 'run it in Binder',
  'notebook.from': 'Data set {title} of the study {study}: {address}',
  'notebook.needs':
    'The cells load the data over HTTP from the server and need nothing but Python with {packages}. Run them from top to bottom.',
  'notebook.needsDeno':
    'The cells load the data over HTTP from the server. They need Deno (https://deno.com) as a kernel of Jupyter, put in by “deno jupyter --install”, which fetches the packages they name from npm by itself. Run them from top to bottom.',
  'notebook.noUnit': 'units the file does not name',
  'notebook.objects': 'Objects',
  'notebook.objectsText': 'One row for each object in each frame. Positions are in {space}, times in {time}.',
  'notebook.counts': 'Objects over time',
  'notebook.tracks': 'Tracks',
  'notebook.tracksText':
    'Each line is a link: an unbroken path between two divisions, merges or ends. The table holds the length of each path and the distance from its beginning to its end.',
  'notebook.named': 'One named object',
  'notebook.namedText': 'How far the object of one name moved: the sum of its steps from frame to frame.',
  'notebook.image': 'A plane of the image',
  'notebook.imageText': 'Axes: time, channel, z, y, x; sizes {sizes}.',
  'notebook.imagePart': 'At most 2048 by 2048 pixels of its middle are read.',
  'notebook.ratio': 'Intensity over time',
  'notebook.ratioChannels': 'Ratio of the mean intensities of the first two channels in every frame.',
  'notebook.ratioFrames': 'Mean intensity of every frame, divided by that of the first.',
  'notebook.more': 'The study holds further sets and images; put another number into the first lines.',
} as const;
