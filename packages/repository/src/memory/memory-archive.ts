import { createHash } from 'node:crypto';
import type { StudyVersion } from '@micrarium/model';
import type { ArchivedFile, ArchiveStore } from '../ports/archive-store.ts';
import { parseVersion, referencesPath } from '../references.ts';
import type { MemoryBlobs } from './memory-blobs.ts';

/** A version holds other files already, or one before it is missing. */
class ArchiveConflict extends Error {
  override readonly name = 'ArchiveConflict';
}

/** Published versions in memory, for tests of use cases. */
export class MemoryArchive implements ArchiveStore {
  private readonly blobs: MemoryBlobs;
  private readonly studies = new Map<string, Map<string, Uint8Array>[]>();

  constructor(blobs: MemoryBlobs) {
    this.blobs = blobs;
  }

  async writeVersion(
    accession: string,
    version: number,
    files: readonly ArchivedFile[],
  ): Promise<{ inventorySha512: string }> {
    const contents = new Map(
      files.map((file) => [file.logicalPath, file.content ?? this.blobs.bytesOf(file.sha256 ?? '')]),
    );
    const versions = this.studies.get(accession) ?? [];
    const there = versions[version - 1];
    if (there) {
      for (const [path, bytes] of contents)
        if (path.startsWith('files/') && Buffer.compare(bytes, there.get(path) ?? new Uint8Array(0)) !== 0)
          throw new ArchiveConflict(path);
    } else {
      if (versions.length !== version - 1) throw new ArchiveConflict(`${accession} has ${versions.length} versions`);
      this.studies.set(accession, [...versions, contents]);
    }
    for (const file of files) if (file.sha256) this.blobs.moveToArchive(file.sha256);
    const hash = createHash('sha512');
    for (const path of contents.keys()) hash.update(path);
    return { inventorySha512: hash.digest('hex') };
  }

  async readVersion(accession: string, version: number): Promise<StudyVersion> {
    const contents = this.studies.get(accession)?.[version - 1];
    const bytes = contents?.get('metadata/study.json');
    if (!bytes) throw new Error(`No version ${version} of ${accession}`);
    return parseVersion(bytes, contents?.get(referencesPath));
  }

  async hasVersion(accession: string, version: number): Promise<boolean> {
    return this.studies.get(accession)?.[version - 1] !== undefined;
  }

  async *list(): AsyncGenerator<{ accession: string; versions: number[] }> {
    for (const [accession, versions] of this.studies) yield { accession, versions: versions.map((_, at) => at + 1) };
  }

  async recover(): Promise<{ finished: string[]; rolledBack: string[] }> {
    return { finished: [], rolledBack: [] };
  }

  async verify(): Promise<{ code: string; path: string; message: string }[]> {
    return [];
  }
}
