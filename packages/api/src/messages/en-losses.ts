/** English texts about what a form to download cannot hold. */
export const lossesEn = {
  'losses.form': 'Form',
  'losses.lost': 'What will not survive',
  'losses.lossless': 'Lossless',
  'losses.impossible': 'Cannot be written in this form:',
  'losses.set': 'Set {name}',
  'losses.notCounted': 'Not counted yet; load the page again in a moment',
  'losses.tooLarge': 'Too large to count beforehand; the answer to the download says it',
  'losses.form.objects.csv': 'table of objects with tracks and parents',
  'losses.form.edges.csv': 'table of edges',
  'losses.form.cmso.zip': 'CMSO tracks package',
  'losses.form.geff.zip': 'GEFF graph (Zarr)',
  'losses.form.trackmate.xml': 'TrackMate',
  'losses.form.napari.zip': 'napari tracks',
  'losses.form.bd5.h5': 'BD5',
  'losses.form.bdml.xml': 'BDML 0.18',
  'losses.form.parquet': 'Parquet, all tables of the set together',
} as const;
