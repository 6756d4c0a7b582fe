import { createHash } from 'node:crypto';
import type { StudyVersion } from '@micrarium/model';
import { everyByte } from '../byte-stream.ts';
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
  ): Promise<{ inventorySha512: string; isNew: boolean }> {
    const contents = new Map<string, Uint8Array>();
    for (const { logicalPath, content, sha256 } of files) {
      const bytes = typeof content === 'function' ? await everyByte(content()) : content;
      contents.set(logicalPath, bytes ?? this.blobs.bytesOf(sha256 ?? ''));
    }
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
    return { inventorySha512: hash.digest('hex'), isNew: there === undefined };
  }

  async readVersion(accession: string, version: number): Promise<StudyVersion> {
    const contents = this.studies.get(accession)?.[version - 1];
    const bytes = contents?.get('metadata/study.json');
    if (!bytes) throw new Error(`No version ${version} of ${accession}`);
    return await parseVersion(bytes, contents?.get(referencesPath));
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
