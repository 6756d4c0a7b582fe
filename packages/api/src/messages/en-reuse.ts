/** English texts of the study page about using the data again: challenges, training material, similar studies. */
export const reuseEn = {
  'reuse.challenge': 'Challenge: ground truth and results',
  'similar.title': 'Similar data',
  'similar.same.organism': 'same organism: {values}',
  'similar.same.cellType': 'same cell type: {values}',
  'similar.same.gene': 'same gene or protein: {values}',
  'similar.same.condition': 'same treatment: {values}',
  'similar.same.method': 'same method: {values}',
  'similar.close.mean_speed': 'moves about as fast: mean speed {there} there, {here} here ({unit})',
  'similar.close.straightness': 'moves about as straight: straightness {there} there, {here} here',
} as const;
