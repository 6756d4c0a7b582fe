import { PixelsUnreadable } from '@micrarium/formats';
import { defineIssues, type Issue } from '@micrarium/model';
import { BlobMissing } from './ports/blob-store.ts';

/** Issues of making stored forms out of deposited files. The files themselves stay deposited as they are. */
export const ingestIssue = defineIssues({
  'ingest-reader-failed': {
    severity: 'error',
    meaning: 'The file could not be read to its end. It stays deposited as it is; nothing can be shown of it.',
    hint: 'Open it in the program that made it and save it again; if it opens there, tell us.',
  },
  'ingest-pixels-unreadable': {
    severity: 'error',
    meaning:
      'The pixels of an image are damaged or compressed in a way we cannot decode, so there is no picture to show.',
    hint: 'Export the image without compression, as OME-TIFF or TIFF.',
  },
  'ingest-pixels-not-stored': {
    severity: 'warning',
    meaning:
      'The pixels are of a kind (complex numbers) that the stored form cannot hold; the original can be downloaded.',
  },
  'converted-by-other-program': {
    severity: 'info',
    meaning:
      'We do not decode the pixels of this format. What is shown was read by another program (bioformats2raw); its version and arguments stand with the conversion, and the file is kept as deposited.',
  },
  'converter-failed': {
    severity: 'warning',
    meaning:
      'The converter of this site (bioformats2raw) was tried on the file and gave no usable image. The file is kept as deposited.',
    hint: 'Export the image as OME-TIFF from the program that made it, and deposit that beside the original.',
  },
  'ingest-no-thumbnail': {
    severity: 'info',
    meaning: 'No small picture could be made of an image.',
  },
  'ingest-item-changed': {
    severity: 'error',
    meaning: 'The files were recognised as something else when they were read again.',
    hint: 'Take the files out of the study and add them again.',
  },
});

/** Is an error one of the machine (disk full, blob gone), which repeating may heal, and not one of the data? */
export function isStorageFault(error: unknown): boolean {
  if (error instanceof BlobMissing) return true;
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return (typeof code === 'string' && /^E[A-Z0-9]+$/.test(code)) || (cause !== undefined && isStorageFault(cause));
}

/** What a reader threw, as a finding. */
export function readerFinding(error: unknown, file: string): Issue {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof PixelsUnreadable ? 'ingest-pixels-unreadable' : 'ingest-reader-failed';
  return ingestIssue(code, `${file}: ${message}`.slice(0, 1000), { where: { file } });
}
