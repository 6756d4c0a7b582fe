import { defineIssues } from '@micrarium/model';

/** What can be wrong with an OME-Zarr, read or to be written. */
export const omeZarrIssue = defineIssues({
  'ome-zarr-version-unknown': {
    severity: 'error',
    meaning:
      'The version of OME-Zarr is one we do not read; versions 0.1 to 0.5 are read, and 0.6 with simple transformations.',
    hint: 'Write the image again as OME-Zarr 0.5 or 0.4.',
  },
  'ome-zarr-version-missing': {
    severity: 'error',
    meaning:
      'The metadata do not say which version of OME-Zarr they follow. The image is read as the version its files look like.',
    hint: 'Add the "version" the writer should have written.',
  },
  'ome-zarr-metadata-unreadable': {
    severity: 'error',
    meaning: 'A metadata file is no JSON, or not what its place in the hierarchy asks for.',
    hint: 'Write the image again, or repair the file named.',
  },
  'ome-zarr-no-image': {
    severity: 'error',
    meaning: 'The Zarr holds no OME-Zarr image: no multiscales, plate or bioformats2raw metadata were found.',
    hint: 'If it is a plain Zarr array, deposit it as a file; to be shown it needs OME-Zarr metadata.',
  },
  'ome-zarr-axes': {
    severity: 'error',
    meaning: 'The axes do not fit the arrays, or there is no y and x among them.',
  },
  'ome-zarr-array-unreadable': {
    severity: 'error',
    meaning: 'An array named in the metadata is missing or its metadata cannot be used.',
    hint: 'Add the missing folder, or write the image again.',
  },
  'ome-zarr-transformation': {
    severity: 'warning',
    meaning: 'A coordinate transformation cannot be used; the pixel size is left out.',
  },
  'ome-zarr-channels': {
    severity: 'info',
    meaning: 'Channel settings were not written as the specification asks; they were understood all the same.',
  },
  'ome-zarr-well-unreadable': {
    severity: 'error',
    meaning: 'A well or field that the plate lists is missing or has no metadata.',
    hint: 'Add the missing folder.',
  },
  'ome-zarr-invalid': {
    severity: 'error',
    meaning: 'A rule of the OME-Zarr specification that must be kept is broken; the field and the rule are named.',
    hint: 'Write the image again with a program that keeps the specification, or correct the field named.',
  },
  'ome-zarr-not-recommended': {
    severity: 'warning',
    meaning: 'Something the OME-Zarr specification recommends is missing or written in another way.',
  },
  'ome-zarr-no-arrays': {
    severity: 'warning',
    meaning: 'There are metadata and not one array: the metadata were checked, nothing can be shown.',
    hint: 'Add the folders of the arrays, if they were left out.',
  },
  'ome-zarr-more-multiscales': {
    severity: 'info',
    meaning: 'A group holds several versions of its image; the first is shown.',
  },
  'ome-zarr-type-not-written': {
    severity: 'error',
    meaning: 'Pixels of this type (complex numbers) cannot be written to OME-Zarr.',
  },
  'ome-zarr-loses-metadata': {
    severity: 'warning',
    meaning: 'OME-Zarr has no place for some of what is known of the image.',
    hint: 'Keep the original file beside the OME-Zarr.',
  },
  'ome-zarr-widens-type': {
    severity: 'info',
    meaning: 'Pixels are stored in a wider type with the same values.',
  },
  'ome-zarr-folds-axes': {
    severity: 'warning',
    meaning: 'Colour samples or further axes become channels, as OME-Zarr images have five axes.',
  },
});
