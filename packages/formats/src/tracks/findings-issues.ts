import { defineIssues } from '@micrarium/model';

/**
 * What can be found in any set of objects and tracks, whatever format it came in. Readers say some of these themselves,
 * where they know more; then theirs counts.
 */
export const trackFinding = defineIssues({
  'no-units': {
    severity: 'warning',
    meaning: 'The file does not say in which unit positions or times are.',
    hint: 'Say the units when depositing.',
    example: 'A table with the columns `x`, `y` and `frame`: 12.5 may be pixels or micrometers.',
  },
  'pixel-units-only': {
    severity: 'info',
    meaning: 'Positions are in pixels; lengths and speeds need the pixel size.',
    hint: 'Give the pixel size, or pair the tracks with their film.',
    example: 'A TrackMate file with `spatialunits="pixel"`, made from a TIFF without calibration.',
  },
  'no-frame-interval': {
    severity: 'info',
    meaning: 'Times are counted in frames, and nothing says how long a frame is, so speeds cannot be computed.',
    hint: 'Say the interval between frames when depositing.',
    example: 'A Cell Tracking Challenge result: the format has no place for the interval.',
  },
  'frame-base-unknown': {
    severity: 'info',
    meaning:
      'The first frame number is above 0, and the file does not say whether counting starts at 0 or 1. Frames are kept as written.',
    hint: 'Pair the tracks with their film, or say the number of the first frame.',
    example:
      'The smallest frame of a table is 1: either the film is counted from 1, or its first frame has no objects.',
  },
  'frame-gap': {
    severity: 'info',
    meaning: 'Frames between the first and the last hold no object at all: frames may have been lost on the way.',
    hint: 'Check whether the film has these frames, and whether the export left some out.',
    example: 'Objects in frames 0 to 40 and 61 to 100, because a second file of the film was tracked separately.',
  },
  'untracked-objects': {
    severity: 'info',
    meaning: 'Some objects belong to no track. They are kept as single objects.',
    hint: 'Nothing, if these are detections that were not linked.',
    example: 'Spots of a TrackMate file that lie in no `Track`.',
  },
  'single-object-track': {
    severity: 'info',
    meaning:
      'A track the file names has one object only, so nothing moves in it. The object is kept; there is no edge.',
    hint: 'Leave such tracks out in the tracking program if they are noise.',
    example: 'A table in which the track number 17 occurs in one row.',
  },
  'invisible-objects': {
    severity: 'info',
    meaning: 'Objects that a filter hides are among the data. A column says which.',
    hint: 'Use the column `visible` to see what the tracking program showed.',
    example: 'Spots with `VISIBILITY="0"` in a TrackMate file.',
  },
  'filtered-tracks': {
    severity: 'info',
    meaning: 'Tracks that a filter hides are among the data. A column of the source tracks says which.',
    hint: 'Use the column `visible` of the source tracks to see what the tracking program showed.',
    example: 'A TrackMate file with seven tracks, two of them under `FilteredTracks`.',
  },
  'axis-order-suspect': {
    severity: 'warning',
    meaning:
      'z and time look swapped: what stands as z counts up along the tracks, and what stands as frame does not. Nothing is changed.',
    hint: 'Check the order of the axes in the program that wrote the file. In ImageJ: Image, Properties, slices and frames.',
    example:
      'A film opened as a stack: 100 slices, 1 frame. The tracks then have z from 0 to 99 and frame 0 throughout.',
  },
  'id-reused': {
    severity: 'warning',
    meaning:
      'Ids are given again in later frames, so an id does not name one object. Objects are numbered anew; edges that name an id go to its first object.',
    hint: 'Export ids that are unique in the whole file, or tell objects apart by frame and id.',
    example: 'Object 1 in frame 0 and another object 1 in frame 1, numbered anew in every frame.',
  },
  'disagreeing-duplicate': {
    severity: 'warning',
    meaning:
      'An object occurs more than once in one frame, each time with other values. Both are kept; it is not known which one holds.',
    hint: 'Find out which row is right, and remove the other.',
    example: 'Object 5, frame 3 at (10, 10) and again at (12, 9), because two exports were joined.',
  },
  'tracking-method-missing': {
    severity: 'info',
    meaning:
      'The file has tracks and does not say which program made them, nor with which detector, linker and parameters (MIAPTE asks for these).',
    hint: 'Say it when depositing: nobody can repeat the tracking without.',
    example: 'A table of positions and track numbers that was saved from a spreadsheet.',
  },
  'column-without-meaning': {
    severity: 'info',
    meaning: 'Columns of numbers have neither a unit nor a description, so nobody can say what they mean.',
    hint: 'Describe the columns in a data dictionary (a Table Schema beside the table), with their units.',
    example: 'A column `m2` of a particle table, without unit or description.',
  },
});
