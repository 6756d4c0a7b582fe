import { type Issue, defineIssues } from '@micrarium/model';

/** What files of smaller tracking programs can have wrong, or a reader of their tracks should know. */
export const trackFileIssue = defineIssues({
  'not-seen-on-a-real-file': {
    severity: 'info',
    meaning:
      'This reader was made from descriptions of the format and tested on files we generated; no file of a real program has been at hand yet.',
    hint: 'Compare the numbers with those of your program, and tell us if they differ.',
  },
  'track-file-damaged': {
    severity: 'error',
    meaning: 'The content breaks off, or is not laid out as the format wants it. What was read until there counts.',
    hint: 'Copy the file again, or export it anew.',
  },
  'track-file-too-large': {
    severity: 'error',
    meaning: 'The file is larger than files of this format can sensibly be, and is not read.',
    hint: 'Export the tracks in a format made for large data, such as GEFF or CSV.',
  },
  'workbook-encrypted': {
    severity: 'error',
    meaning: 'The workbook is protected by a password and cannot be read.',
    hint: 'Save it without a password.',
  },
  'second-sheet': {
    severity: 'info',
    meaning: 'The workbook has several sheets with tracks. Each is a set of its own; track numbers start anew in each.',
    hint: 'Nothing has to be done; name the sheets so that the sets can be told apart.',
    example: 'A workbook of Icy has the sheets “Swimming Pool” and “Group 2”, both with tracks that begin at 0.',
  },
  'track-count-differs': {
    severity: 'warning',
    meaning: 'The file says how many tracks it holds, and holds another number.',
    hint: 'The file may have been cut or edited by hand: export it again.',
    example: '`nTracks="12"` above 11 particles.',
  },
  'virtual-detections': {
    severity: 'info',
    meaning: 'Some detections were filled in by the tracking program, not found in the image. A column says which.',
  },
  'branching-lost': {
    severity: 'warning',
    meaning:
      'A track has several detections in one frame: it branched, and the export flattened it. Its detections are kept and not linked, because the branches are not known.',
    hint: 'Deposit the full file of the tracking program beside it.',
    example:
      'Track 3 of an export has two detections in frame 20: it divided there, and the table has no column for it.',
  },
  'duplicate-frame-in-track': {
    severity: 'warning',
    meaning:
      'A track has more than one object in one frame. All objects are kept, and none of that frame is linked, because it is not known which one goes on.',
    hint: 'Correct the tracks in the tracking program if the links matter.',
  },
  'track-parent-unknown': {
    severity: 'warning',
    meaning:
      'A track names a parent or neighbour that is not there, or that does not come before it. There is no edge.',
  },
  'track-left-out': {
    severity: 'warning',
    meaning:
      'A track is stored in a way that is not read here, such as in sparse arrays, or lacks a part. It is left out.',
    hint: 'In MATLAB, store the tracks as full arrays: full(tracksFinal(i).tracksCoordAmpCG).',
  },
  'statistic-not-joined': {
    severity: 'warning',
    meaning:
      'A table of statistics beside a table of positions names an object more than once, so its values cannot be joined to objects. It is kept as deposited and left out of the columns.',
    example: 'cells_Contact.csv has two rows for object 12, one for each neighbour.',
  },
  'no-position-columns': {
    severity: 'info',
    meaning: 'No columns with an x and a y position were found, so the file is kept as a plain table.',
    hint: 'If it does hold positions, say which columns they are.',
  },
  'detection-without-time': {
    severity: 'warning',
    meaning: 'A detection has no usable time or frame and is left out.',
  },
  'no-units': {
    severity: 'warning',
    meaning: 'The file does not say in which unit positions or times are.',
    hint: 'Say the unit of the columns, or pair the tracks with their film: there you are asked for it.',
  },
  'pixel-units-only': {
    severity: 'info',
    meaning: 'Positions are in pixels; lengths and speeds need the pixel size.',
    hint: 'Write the pixel size into the method summary, so that others can compute them.',
  },
  'z-all-zero': {
    severity: 'info',
    meaning: 'Every z is 0: the data are planar and z is left out.',
  },
  'links-inferred': {
    severity: 'info',
    meaning:
      'The file lists detections by track and no edges; edges join detections of a track that follow each other in time.',
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
  'untracked-objects': {
    severity: 'info',
    meaning: 'Some objects belong to no track. They are kept as single objects.',
  },
  'xml-doctype-refused': {
    severity: 'error',
    meaning:
      'The file has a document type declaration (DOCTYPE), which can pull in other files or grow without end. It is not read.',
    hint: 'Remove the DOCTYPE; no tracking program writes one.',
  },
  'xml-malformed': {
    severity: 'error',
    meaning: 'The file is not well-formed XML. What was read before the fault counts.',
    hint: 'Save the file again in the tracking program; hand edits often leave a tag open.',
  },
});

/** Codes of the catalogue. */
export type TrackFileIssueCode = keyof typeof trackFileIssue.catalogue;

/** Says that a reader has met no real file yet. */
export function unseen(file: string, format: string): Issue {
  return trackFileIssue('not-seen-on-a-real-file', `files of ${format} were not at hand when this reader was made`, {
    where: { file },
  });
}
