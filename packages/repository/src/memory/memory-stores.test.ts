import { describe, it } from 'vitest';
import { archiveStoreSuite } from '../ports/archive-store-suite.ts';
import { blobStoreSuite } from '../ports/blob-store-suite.ts';
import { derivedStoreSuite } from '../ports/derived-store-suite.ts';
import { uploadAreaSuite } from '../ports/upload-area-suite.ts';
import { MemoryArchive } from './memory-archive.ts';
import { MemoryBlobs } from './memory-blobs.ts';
import { MemoryDerived } from './memory-derived.ts';
import { MemoryUploads } from './memory-uploads.ts';

function stores() {
  const uploads = new MemoryUploads();
  const blobs = new MemoryBlobs(uploads);
  return { uploads, blobs, archive: new MemoryArchive(blobs) };
}

const suites = {
  uploads: uploadAreaSuite(async () => new MemoryUploads()),
  blobs: blobStoreSuite(async () => stores()),
  archive: archiveStoreSuite(async () => stores()),
  'derived forms': derivedStoreSuite(async () => new MemoryDerived()),
};

for (const [name, cases] of Object.entries(suites))
  describe(`${name} in memory`, () => {
    for (const one of cases) it(one.name, () => one.run());
  });
