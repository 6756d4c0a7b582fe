import { defineIssues } from '@micrarium/model';

/** What tables of CellProfiler's TrackObjects can have wrong, or a reader of the tracks should know. */
export const cellprofilerIssue = defineIssues({
  'no-absolute-position': {
    severity: 'warning',
    meaning:
      'The table holds only displacements from frame to frame, no positions. Each track is rebuilt by adding up its displacements from an origin of 0, so positions are relative: right within a track, meaningless between tracks and on the film.',
    hint: 'Add MeasureObjectSizeShape to the pipeline and export Location_Center_X and Location_Center_Y.',
    example:
      'The table has TrackObjects_TrajectoryX and _TrajectoryY and no Location_Center_X: every track begins at (0, 0).',
  },
  'no-position-columns': {
    severity: 'info',
    meaning: 'No columns with an x and a y position were found, so the file is kept as a plain table.',
    hint: 'If it does hold positions, say which columns they are.',
  },
  'not-a-table': {
    severity: 'error',
    meaning: 'The content cannot be cut into a table with the same columns in every row.',
    hint: 'Export the table again from CellProfiler.',
  },
  'several-trackings': {
    severity: 'info',
    meaning:
      'The table holds the results of several trackings (other objects, or other search distances). The first is read; the others stay as columns.',
  },
  'parent-not-found': {
    severity: 'warning',
    meaning: 'An object names a parent that is not in the table. It starts a track.',
    hint: 'Export all objects, also those that later steps of the pipeline filter out.',
  },
  'object-key-not-unique': {
    severity: 'error',
    meaning:
      'Two rows carry the same image and object number, so parents that name it are ambiguous. Both are kept; parents lead to the first.',
    hint: 'Do not join tables of several pipelines; export them one by one.',
  },
  'row-without-image': {
    severity: 'warning',
    meaning: 'A row has no usable image number and is left out.',
  },
  'filtered-objects': {
    severity: 'info',
    meaning: 'Some objects have no track label, because a filter of TrackObjects removed them. They are kept.',
  },
  'groups-in-one-set': {
    severity: 'info',
    meaning:
      'The rows of several image groups (films) are mixed. They are read as one set; the column with the group tells them apart.',
    hint: 'Sort the table by group to have each film as a set of its own.',
  },
  'frames-from-image-numbers': {
    severity: 'info',
    meaning:
      'The table does not say which film each image belongs to; image numbers are taken as frames of one film, the first being frame 0.',
    hint: 'If several films were tracked in one run, add the group and frame of each image to the export.',
  },
  'pixel-units-only': {
    severity: 'info',
    meaning: 'Positions are in pixels; lengths and speeds need the pixel size.',
    hint: 'Give the pixel size, or pair the tracks with their film.',
  },
  'planar-stored-as-3d': {
    severity: 'info',
    meaning: 'Every object has the same z, so the data are planar; z is left out.',
  },
});

/** Codes of the catalogue. */
export type CellprofilerIssueCode = keyof typeof cellprofilerIssue.catalogue;
