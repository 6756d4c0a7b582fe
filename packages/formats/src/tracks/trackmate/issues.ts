import { defineIssues } from '@micrarium/model';

/** What a TrackMate file can have wrong, or a reader of its tracks should know. */
export const trackmateIssue = defineIssues({
  'xml-doctype-refused': {
    severity: 'error',
    meaning:
      'The file has a document type declaration (DOCTYPE), which can pull in other files or grow without end. It is not read.',
    hint: 'Remove the DOCTYPE; no tracking program writes one.',
  },
  'xml-too-deep': {
    severity: 'error',
    meaning: 'Elements are nested deeper than any tracking file needs. Reading stops there.',
    hint: 'Check that this is the file the tracking program wrote.',
  },
  'xml-too-long': {
    severity: 'error',
    meaning: 'A single tag, comment or outline is longer than 64 MiB. Reading stops there.',
    hint: 'Check that this is the file the tracking program wrote.',
  },
  'xml-malformed': {
    severity: 'error',
    meaning: 'The file is not well-formed XML. What was read before the fault counts.',
    hint: 'Save the file again in the tracking program; hand edits often leave a tag open.',
  },
  'xml-truncated': {
    severity: 'error',
    meaning: 'The file ends before its root element is closed. What was read up to there counts.',
    hint: 'Copy the file again, or save it again in the tracking program.',
  },
  'not-trackmate': {
    severity: 'error',
    meaning: 'The root element is not TrackMate.',
  },
  'no-units': {
    severity: 'warning',
    meaning: 'The file does not say in which unit positions or times are.',
    hint: 'Pair the tracks with their film: there you are asked for the unit.',
  },
  'unknown-unit': {
    severity: 'warning',
    meaning: 'A unit is spelled in a way we do not know. The values are kept, the unit is kept as text.',
    hint: 'Where the tracks are paired with a film and the unit decides, you are asked for it.',
  },
  'pixel-units-only': {
    severity: 'info',
    meaning: 'Positions are in pixels: lengths and speeds are not physical until a pixel size is given.',
    hint: 'Write the pixel size into the method summary, so that others can compute them.',
  },
  'no-frame-interval': {
    severity: 'info',
    meaning: 'No interval between frames is recorded in a physical unit, so times are frames.',
    hint: 'Write the frame interval into the method summary.',
  },
  'planar-stored-as-3d': {
    severity: 'info',
    meaning: 'Every object has z = 0: the set is planar, and z is left out.',
  },
  'untracked-objects': {
    severity: 'info',
    meaning: 'Objects that no edge touches. They are kept and belong to no track.',
  },
  'invisible-objects': {
    severity: 'info',
    meaning: 'Objects the tracking program hid by a filter. They are kept and marked in the column visible.',
  },
  'filtered-tracks': {
    severity: 'info',
    meaning: 'Tracks the tracking program hid by a filter. They are kept and marked in the column visible.',
  },
  'undeclared-feature': {
    severity: 'warning',
    meaning:
      'An attribute is neither declared at the start of the file nor seen at its start or end. Its values are left out.',
    hint: 'Save the file again with the program version that computes this feature, so that it is declared.',
    example: 'Spots have an attribute MY_RATIO that no <Feature> of <SpotFeatures> declares.',
  },
  'feature-value-unreadable': {
    severity: 'warning',
    meaning: 'A value of a numeric feature is not a number of the declared kind. It counts as absent.',
  },
  'frame-disagrees': {
    severity: 'warning',
    meaning: 'The frame of an object differs from the frame it is listed under. The list decides.',
  },
  'object-incomplete': {
    severity: 'error',
    meaning: 'An object has no usable id, or is listed under no usable frame. It is left out.',
  },
  'edge-incomplete': {
    severity: 'error',
    meaning: 'An edge does not name both its objects. It is left out.',
  },
  'object-count-disagrees': {
    severity: 'warning',
    meaning: 'The file announces another number of objects than it holds.',
  },
  'outline-unreadable': {
    severity: 'warning',
    meaning: 'The outline of an object has another number of points than announced, or is not made of numbers.',
  },
});
