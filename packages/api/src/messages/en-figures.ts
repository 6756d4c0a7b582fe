/** English texts of the study page about figures in papers and the data behind them. */
export const figuresEn = {
  'figures.title': 'Figures and their data',
  'figures.paper': 'Paper',
  'figures.image': 'Image: {name}',
  'figures.view': 'Open the view of the figure',
  'figures.table': 'Table: {name}',
  'figures.measures': 'Measures of {name}',
  'figures.analysis': 'Analysis',
  'figures.picture': 'First frame of {name}',
} as const;
