import { defineIssues } from '@micrarium/model';

/** What recognising and inspecting may find, whatever the format. */
export const recognitionIssue = defineIssues({
  'not-recognised': {
    severity: 'warning',
    meaning: 'The content is of no format we know. The file is kept as deposited.',
    hint: 'If a program can export it in a common format (TIFF, CSV, TrackMate XML), deposit that beside it.',
  },
  'format-possible': {
    severity: 'warning',
    meaning: 'The content may be of a format, but too little speaks for it. It is not read as such without asking.',
    hint: 'Say which format it is, or which column means what, where the guess is right.',
    example: 'A table without a header line whose columns look like row, track, time and position.',
  },
  'extension-not-as-content': {
    severity: 'info',
    meaning: 'The ending of the file name promises another kind of content. The content decides.',
    hint: 'Rename the file if others shall open it by its name.',
    example: 'A table of tabulator-separated text that is called `tracks.xls`.',
  },
  'native-without-export': {
    severity: 'info',
    meaning:
      'The file is of a commercial program, and nothing beside it is in a format that any program reads. In some years perhaps nobody can open it.',
    hint: 'Deposit an export beside it: OME-TIFF or OME-Zarr for images, CSV or XML for tracks.',
    example: 'A file `cells.ims` of Imaris without `cells_Position.csv`.',
  },
  'empty-file': {
    severity: 'warning',
    meaning: 'The file has no bytes.',
    hint: 'Copy it again from where it was made, or leave it out.',
  },
  'path-missing': {
    severity: 'error',
    meaning: 'There is no file or folder at this path, or it cannot be opened.',
    hint: 'Check the spelling and the rights of the file.',
  },
  'recognised-not-read': {
    severity: 'info',
    meaning:
      'The format is recognised and the file is kept exactly as deposited, but its content is not read yet: there are no counts, tracks or pixels from it.',
    hint: 'Nothing is lost. To see the content now, deposit an export in a format that is read as well.',
  },
  'hierarchy-of-no-format': {
    severity: 'info',
    meaning:
      'The file is an HDF5 file or a Zarr hierarchy, and what lies inside follows no format we know. It is kept exactly as deposited; no tracks or pixels are read from it.',
    hint: 'See its tree, attributes and values with “Look inside” in its row on the deposit page, or with `micrarium look FILE`. If a program can export it in a common format, deposit that beside it.',
    example: '`results.h5` of a script of one’s own, with the data set `a/b`.',
  },
  'gzip-ratio': {
    severity: 'error',
    meaning:
      'The file is packed with gzip and unpacks to far more than its size lets expect (200 to 1, or 64 GiB), as files made to exhaust a computer do. Its content is not read.',
    hint: 'If the content is right, deposit it unpacked, or in a zip archive or as Parquet.',
    example: 'A file `tracks.csv.gz` of 1 MB that holds a thousand million zeros.',
  },
  'entities-declared': {
    severity: 'error',
    meaning:
      'The XML declares a document type or entities (DOCTYPE, ENTITY). They can name other files or expand without end, so they are never resolved.',
    hint: 'Remove the DOCTYPE, or export the file again without it.',
  },
  'recogniser-failed': {
    severity: 'warning',
    meaning: 'Our program failed while recognising the file; the answer of the other formats was used.',
    hint: 'Please report this with the file, if it can be shared.',
  },
  'reader-failed': {
    severity: 'error',
    meaning: 'Our program failed while reading the file. What had been read until then is shown.',
    hint: 'Please report this with the file, if it can be shared. The file is kept as deposited.',
  },
  'inspection-stopped': {
    severity: 'error',
    meaning: 'Reading took longer, or more memory, than inspection may use; it was stopped.',
    hint: 'Check whether the file is damaged. Larger files can be inspected with a longer limit.',
  },
  'bytes-unreadable': {
    severity: 'error',
    meaning: 'The disk or the network did not deliver the bytes of the file.',
    hint: 'Check that the file is still there and can be opened, then try again.',
  },
});
