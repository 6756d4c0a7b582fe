import { defineIssues } from '@micrarium/model';

/** What a result of the Cell Tracking Challenge can have wrong, and what it cannot hold. */
export const ctcIssue = defineIssues({
  'mask-without-label': {
    severity: 'warning',
    meaning:
      'A label image shows a label that the track table does not list, or not in that frame. The object is kept without edges.',
    hint: 'Add the label to the track table, or remove it from the image.',
    example: 'mask012.tif shows the value 9, and res_track.txt has no line that begins with 9.',
  },
  'label-without-mask': {
    severity: 'warning',
    meaning:
      'The track table lists a label in a frame whose label image does not show it. There is no object; the edge goes on to the next frame that shows it.',
    hint: 'Check whether label images are missing.',
    example: 'res_track.txt has “7 0 20 0”, and mask012.tif shows no pixel of the value 7.',
  },
  'label-images-missing': {
    severity: 'warning',
    meaning: 'There are no label images beside the track table. Lineages are read, objects have no positions.',
    hint: 'Deposit the folder with the label images (mask000.tif or man_track000.tif).',
  },
  'label-image-unreadable': {
    severity: 'error',
    meaning: 'A label image cannot be read. Its frame has no objects.',
    hint: 'Copy the image again, or save it as an uncompressed 16-bit TIFF.',
  },
  'track-table-malformed': {
    severity: 'error',
    meaning: 'A line of the track table is not made of four whole numbers (label, first frame, last frame, parent).',
    hint: 'Correct the line.',
  },
  'track-table-missing': {
    severity: 'error',
    meaning: 'There is no track table (res_track.txt or man_track.txt) that can be read.',
  },
  'track-table-too-long': {
    severity: 'error',
    meaning: 'The track table promises more objects than a table of its kind can have. What goes beyond is left out.',
    hint: 'Check the first and last frames of the labels.',
  },
  'duplicate-label': {
    severity: 'error',
    meaning: 'A label has several lines in the track table. The first counts.',
  },
  'parent-not-before': {
    severity: 'warning',
    meaning:
      'A label names a parent that is not in the table, or that does not end before the label begins. There is no edge.',
  },
  'pixel-units-only': {
    severity: 'info',
    meaning: 'Positions are in pixels; lengths and speeds need the pixel size.',
    hint: 'Give the pixel size, or pair the tracks with their film.',
  },
  'ctc-merges-lost': {
    severity: 'warning',
    meaning:
      'A label has one parent at most: of the edges into a merge only the first is written. Edges of objects that cannot be shown go as well.',
    hint: 'Choose GEFF, which holds merges.',
  },
  'ctc-features-lost': {
    severity: 'warning',
    meaning: 'The track table and label images have no place for features of objects, edges and tracks.',
    hint: 'Choose GEFF or Parquet to keep them.',
  },
  'ctc-outlines-lost': {
    severity: 'warning',
    meaning:
      'Objects are drawn as discs of their radius (3 pixels where it is not known); outlines and meshes are left out.',
    hint: 'Choose GEFF or Parquet to keep them.',
  },
  'ctc-positions-rounded': {
    severity: 'warning',
    meaning: 'A position becomes the centre of mass of the pixels that show the object.',
    hint: 'Choose GEFF to keep exact positions.',
  },
  'ctc-positions-missing': {
    severity: 'warning',
    meaning:
      'An object without a position is listed in the track table, but no label image shows it, so it does not come back.',
  },
  'ctc-scale-lost': {
    severity: 'warning',
    meaning: 'Units, pixel size and times have no place: positions are written in pixels, times as frames.',
  },
  'ctc-ids-lost': {
    severity: 'info',
    meaning: 'Ids of objects and names have no place: an object is a label in a frame, and labels are numbered anew.',
  },
  'ctc-shifted': {
    severity: 'warning',
    meaning: 'Label images begin at 0 in every direction and frame, so all positions or frames are moved.',
  },
  'ctc-too-large': {
    severity: 'error',
    meaning: 'The label images would be too large to be written.',
    hint: 'Check the unit of the positions and the pixel size.',
  },
  'ctc-provenance-lost': {
    severity: 'info',
    meaning: 'What is known of the tracking program and the film has no place.',
  },
});

/** Codes of the catalogue. */
export type CtcIssueCode = keyof typeof ctcIssue.catalogue;
