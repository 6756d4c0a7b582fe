import { createHash } from 'node:crypto';
import type { StudyMetadata } from '@micrarium/model';
import { type DepositPorts, expectFiles, fileArrived } from '../deposit.ts';
import { type JobPorts, workOnJobs } from '../job-handlers.ts';
import { MemoryArchive } from './memory-archive.ts';
import { MemoryBlobs } from './memory-blobs.ts';
import { MemoryDerived } from './memory-derived.ts';
import { MemoryJobs } from './memory-jobs.ts';
import { MemoryStudies } from './memory-studies.ts';
import { MemoryUploads } from './memory-uploads.ts';

/** All ports, with the jobs' handlers at work: for tests of use cases. */
export interface Workbench extends JobPorts {
  studies: MemoryStudies;
  jobs: MemoryJobs;
}

/**
 * Sets up a workbench; the clock stands at noon of 20 November 2026.
 * @param storage where bytes lie; in memory where left out
 */
export async function openWorkbench(storage: WorkbenchStorage = memoryStorage()): Promise<Workbench> {
  const { uploads, blobs, archive, derived } = storage;
  const bench: Workbench = {
    uploads,
    blobs,
    archive,
    derived,
    studies: new MemoryStudies(),
    jobs: new MemoryJobs(),
    clock: { now: () => new Date('2026-11-20T12:00:00Z') },
    people: { nameOf: async (userId) => `Name of ${userId}` },
  };
  await workOnJobs(bench);
  return bench;
}

type WorkbenchStorage = Pick<JobPorts, 'uploads' | 'blobs' | 'archive' | 'derived'>;

function memoryStorage(): WorkbenchStorage {
  const uploads = new MemoryUploads();
  const blobs = new MemoryBlobs(uploads);
  return { uploads, blobs, archive: new MemoryArchive(blobs), derived: new MemoryDerived() };
}

/** Deposits files the way a client does: announce, send what is asked for, say that it arrived. Jobs are left to be run. */
export async function depositFiles(
  bench: DepositPorts,
  draftId: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  const contents = Object.entries(files).map(([path, bytes]) => ({
    path,
    bytes: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes,
  }));
  const announced = contents.map(({ path, bytes }) => ({
    path,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  const rows = await expectFiles(bench, draftId, announced);
  for (const [index, row] of rows.entries()) {
    if (row.state !== 'expected') continue;
    const uploadId = `upload-${index}-${Math.random().toString(36).slice(2)}`;
    await bench.uploads.create(uploadId);
    await bench.uploads.append(uploadId, 0, once(contents[index]!.bytes));
    await fileArrived(bench, draftId, row.path, uploadId);
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Metadata with every required field of the archive tier. */
export const completeMetadata: StudyMetadata = {
  values: {
    title: 'Simulated cells that migrate and divide',
    description: 'A film and its tracks.',
    releaseDate: '2026-11-20',
    licence: 'CC-BY-4.0',
    contactFirstName: 'Hanako',
    contactLastName: 'Yamada',
    contactEmail: 'h.yamada@example.org',
    contactOrganisation: 'Example University',
    dataFormats: ['TIFF', 'TrackMate XML'],
    dataSize: '1 MB',
    organism: [{ label: 'Caenorhabditis elegans', id: 'NCBITaxon:6239' }],
  },
  origins: {},
};
