import { defineIssues } from '@micrarium/model';

/** What can be wrong with PNG, JPEG and GIF pictures. */
export const pictureIssue = defineIssues({
  'picture-broken': {
    severity: 'error',
    meaning: 'The header of the picture cannot be read, so not even its size is known.',
    hint: 'The file is damaged. Save it again from the program that made it.',
  },
  'picture-truncated': {
    severity: 'error',
    meaning: 'The picture ends before its pixels do, or its packed data cannot hold as many pixels as it claims.',
    hint: 'The file was cut off while it was copied. Copy it again from the source.',
  },
  'picture-too-large': {
    severity: 'warning',
    meaning:
      'The picture is larger than what we unpack at once (1 gigapixel, 1 GiB). It is described, its pixels are not read.',
    hint: 'Save the image as tiled TIFF or OME-Zarr and deposit that beside it.',
  },
});
