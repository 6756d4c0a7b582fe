import { defineIssues } from '@micrarium/model';

/**
 * What the deposit guidelines of SSBD say of images that were made for showing. None of them stands in the way of a
 * deposit in the archive tier: each says what was seen and why it matters.
 */
export const depositRule = defineIssues({
  'looks-like-screenshot': {
    severity: 'warning',
    meaning:
      'The image is called a screenshot, or has the exact size of a screen and large areas of exactly one colour, as windows have. What a screen shows has been scaled and coloured.',
    hint: 'Deposit the file of the microscope instead, or beside it.',
  },
  'burnt-in-marks': {
    severity: 'warning',
    meaning:
      'A scale bar, a time or a text seems to be drawn into the pixels: a rectangle of exactly the largest (on a bright picture the smallest) value, or a row of letters of one height, near an edge. The pixels below them are lost.',
    hint: 'Deposit the image without the marks. The viewer draws scale bar and time from the metadata.',
  },
  'merged-channels': {
    severity: 'warning',
    meaning:
      'The image seems to be channels of fluorescence merged into red, green and blue: half of it is dark and what is bright is of strong colours. The values of the channels cannot be told apart any more.',
    hint: 'Deposit the channels as they were recorded, one value for each pixel and channel.',
  },
  'jpeg-artefacts': {
    severity: 'warning',
    meaning:
      'The pixels have edges at every eighth column and row, as JPEG compression leaves them, although the file is not JPEG. Intensities were changed before it was saved.',
    hint: 'Deposit the file from before the compression, where it still exists.',
  },
  'single-frame': {
    severity: 'info',
    meaning:
      'The name counts a time point, and the file holds only one: it seems to be a single frame of a longer series.',
    hint: 'Deposit the whole series, so that what happened before and after can be seen.',
  },
  'looks-like-projection': {
    severity: 'info',
    meaning:
      'The name says that the image is a projection (as ImageJ names them: MAX_, AVG_, SUM_, STD_, MIN_, MED_), and it has one slice. Depth is lost in a projection.',
    hint: 'Deposit the stack it was made of; the viewer makes projections of it.',
  },
  'looks-like-figure': {
    severity: 'warning',
    meaning:
      'The image is called a figure, or is a colour picture with a wide white margin on all sides, as pages have. Figures are made of images and are not data themselves.',
    hint: 'Keep the figure as an illustration and deposit the images it shows.',
  },
});
