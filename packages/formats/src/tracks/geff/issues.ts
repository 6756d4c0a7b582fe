import { defineIssues } from '@micrarium/model';

/** What a GEFF can have wrong, or a reader of its tracks should know. */
export const geffIssue = defineIssues({
  'geff-metadata-unreadable': {
    severity: 'error',
    meaning: 'The attributes of the group do not describe a GEFF: the object "geff" is missing or no JSON object.',
    hint: 'Write the GEFF again with the program that made it.',
  },
  'geff-array-unreadable': {
    severity: 'error',
    meaning:
      'An array that makes the graph (ids of nodes or edges, an axis) is missing or damaged. What was read until then counts.',
    hint: 'Copy the GEFF again; all its files must be there.',
  },
  'geff-property-unreadable': {
    severity: 'warning',
    meaning:
      'A property is missing, damaged, of another length than the ids, or of a kind that is not read. It is left out.',
  },
  'geff-axes-missing': {
    severity: 'warning',
    meaning:
      'The metadata do not say which properties are positions and time. They are taken by their names (t, z, y, x).',
    hint: 'Add "axes" to the metadata.',
  },
  'geff-no-time': {
    severity: 'warning',
    meaning:
      'No property holds a frame or a time, so all objects are in one frame and no edge can run forward in time.',
    hint: 'Add the time axis to the metadata.',
  },
  'geff-varlength-as-text': {
    severity: 'info',
    meaning: 'A property whose entries differ in length is kept as text (JSON).',
  },
  'geff-not-conforming': {
    severity: 'warning',
    meaning:
      'The metadata and the arrays do not agree: a property is in one and not in the other, or an axis has missing values.',
    hint: 'Write the GEFF again with the program that made it.',
  },
  'geff-labels-related': {
    severity: 'info',
    meaning:
      'The graph names a label image that shows its objects. The image is kept where it was deposited; it is not read here.',
    hint: 'Deposit the label image as well.',
  },
  'undirected-edges': {
    severity: 'info',
    meaning: 'The graph is undirected; its edges are read forward in time.',
  },
  'track-id-disagrees-with-graph': {
    severity: 'warning',
    meaning: 'The tracks the source names are not the connected parts of its links. The links count.',
    hint: 'Compare the tables of the source; where its tracks are right, an edge is missing.',
  },
  'ids-renumbered': {
    severity: 'info',
    meaning: 'Ids do not fit 53 bits, so objects are numbered by row; the ids are kept as text.',
  },
  'no-units': {
    severity: 'warning',
    meaning: 'The file does not say in which unit positions or times are.',
    hint: 'Pair the tracks with their film: there you are asked for the unit.',
  },
  'axis-units-differ': {
    severity: 'warning',
    meaning: 'The space axes have different units; positions are kept as written, without a unit.',
    hint: 'Write all space axes in one unit.',
  },
  'pixel-units-only': {
    severity: 'info',
    meaning: 'Positions are in pixels; lengths and speeds need the pixel size.',
    hint: 'Give the pixel size, or pair the tracks with their film.',
  },
  'frames-from-time': {
    severity: 'info',
    meaning: 'The table has times but no frames; frames were computed from the usual time step.',
  },
  'irregular-time': {
    severity: 'warning',
    meaning: 'The times are not multiples of one step; frames are numbered in the order of the times.',
    hint: 'Give a column with frame numbers if gaps matter.',
  },
  'geff-frame-range': {
    severity: 'warning',
    meaning: 'A time is no finite number, or too large for a frame. The object is put into frame 0.',
  },
});
