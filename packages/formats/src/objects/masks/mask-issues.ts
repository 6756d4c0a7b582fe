import { defineIssues } from '@micrarium/model';

/** What making objects out of masks may find. */
export const maskIssue = defineIssues({
  'computed-from-mask': {
    severity: 'info',
    meaning:
      'These objects were not in the file: they were computed here from the pixels of a mask. How is kept with them.',
  },
  'not-a-mask': {
    severity: 'error',
    meaning:
      'The image is no mask: a mask has one value for the background (0) and one for the objects, or one value for each object.',
    hint: 'Segment the image first, and save the result as a binary or label image.',
  },
  'mask-unreadable': {
    severity: 'error',
    meaning: 'The pixels of the mask cannot be read. What had been computed until then counts.',
    hint: 'Save the mask again as an uncompressed TIFF.',
  },
  'mask-empty': {
    severity: 'warning',
    meaning: 'Every pixel of the mask is background.',
    hint: 'Objects must be other than 0. Where objects are black on white, invert the mask.',
  },
  'mask-further-channels': {
    severity: 'info',
    meaning: 'The image has several channels; only the first is taken as the mask.',
  },
  'label-in-pieces': {
    severity: 'info',
    meaning: 'Some labels have several pieces in one frame. Each label is one object, with all of its pieces.',
  },
  'mask-holes': {
    severity: 'info',
    meaning: 'Some objects have holes. Their outlines run around the outside only; their area counts the pixels.',
  },
});

/** Codes of the catalogue of masks. */
export type MaskIssueCode = keyof typeof maskIssue.catalogue;
