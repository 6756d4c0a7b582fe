import { defineIssues } from '@micrarium/model';

/** What is worth saying about a series of files. */
export const seriesIssue = defineIssues({
  'series-axes-guessed': {
    severity: 'info',
    meaning:
      'Files whose names count are read as one image. Which number is time, channel or slice is guessed from the names.',
    hint: 'Check the numbers of times, channels and slices shown. Where they are wrong, deposit the series as one OME-TIFF beside it.',
  },
  'series-member-differs': {
    severity: 'error',
    meaning:
      'A file of the series cannot be read, or is not of the size and type of the others. Its plane cannot be shown.',
    hint: 'Move the file out of the folder if it does not belong to the series.',
  },
});
