import { defineIssues } from '@micrarium/model';

/** What can be wrong with a TIFF file. */
export const tiffIssue = defineIssues({
  'tiff-broken-header': {
    severity: 'error',
    meaning: 'The file begins like a TIFF, but its first directory cannot be read.',
    hint: 'The file is damaged or its copy was cut off. Copy it again from the source.',
  },
  'tiff-directory-loop': {
    severity: 'error',
    meaning:
      'The directories of the file point back to one that was already read. Reading stops there; what came before is kept.',
    hint: 'The file is damaged. Save it again from the program that made it.',
  },
  'tiff-directory-outside': {
    severity: 'error',
    meaning: 'A directory lies outside the file or is damaged. Reading stops there; what came before is kept.',
    hint: 'The file was probably cut off while it was copied. Copy it again from the source.',
  },
  'tiff-field-outside': {
    severity: 'error',
    meaning: 'A field claims more values than the file has bytes. The field is ignored.',
    hint: 'The file is damaged. Copy it again from the source.',
  },
  'tiff-page-unusable': {
    severity: 'error',
    meaning: 'A page lacks what is needed to read it, such as its width or where its pixels lie. The page is left out.',
    hint: 'The file is damaged. Save it again from the program that made it.',
  },
  'tiff-too-many-pages': {
    severity: 'warning',
    meaning: 'The file has more pages than we count. Those after the limit are left out.',
  },
  'pixel-data-truncated': {
    severity: 'error',
    meaning: 'Pixels should lie past the end of the file. What is there can be read.',
    hint: 'The file was cut off while it was written or copied. Copy it again from the source.',
  },
  'planes-missing': {
    severity: 'error',
    meaning: 'The description of the image speaks of more planes than the file holds.',
    hint: 'The file was cut off, or pages were removed. Copy it again from the source.',
  },
  'imagej-counts-disagree': {
    severity: 'warning',
    meaning: 'ImageJ’s numbers of channels, slices and frames do not multiply to its number of images.',
    hint: 'Check how many channels, slices and frames the image has, and save it again from ImageJ.',
  },
  'plane-axis-unknown': {
    severity: 'info',
    meaning: 'A plain TIFF does not say whether its pages are times, slices or channels. They are read as times.',
    hint: 'Where they are slices or channels, save the image as OME-TIFF or ImageJ hyperstack, which say so, and deposit that file beside it.',
  },
});
