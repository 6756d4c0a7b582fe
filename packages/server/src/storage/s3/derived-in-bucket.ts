import { randomUUID } from 'node:crypto';
import type { ByteSource, FileSink } from '@micrarium/formats';
import { type DerivedStore, sideBySide } from '@micrarium/repository';
import { DerivedKeyWrong, type DerivedOnDisk, isFormKey, isInsidePath } from '../derived-on-disk.ts';
import { type Bucket, isMissing } from './bucket.ts';
import { bucketSource } from './bucket-source.ts';
import type { LocalCopies } from './local-copies.ts';

/** What a form consists of: written when all its files are there, so that it is seen whole or not at all. */
interface FormIndex {
  /** Folder of the files: every making has one of its own, so that two of them do not mix. */
  folder: string;
  files: { path: string; size: number }[];
}

const mostKnown = 2_000;

/**
 * Derived forms as objects `derived/ab/<key>/<making>/…`, named by an index `derived/ab/<key>.json` that is written last. They are made in
 * a folder of this machine, where what was begun is gone on with, and then stored.
 */
export class DerivedInBucket implements DerivedStore {
  readonly isElsewhere = true;
  private readonly bucket: Bucket;
  private readonly workshop: DerivedOnDisk;
  private readonly copies: LocalCopies;
  private readonly known = new Map<string, FormIndex>();
  private readonly running = new Map<string, Promise<void>>();

  /** @param workshop where forms are made; what is finished there does not stay */
  constructor(bucket: Bucket, workshop: DerivedOnDisk, copies: LocalCopies) {
    this.bucket = bucket;
    this.workshop = workshop;
    this.copies = copies;
  }

  build(
    key: string,
    make: (sink: FileSink, workFolder: string) => Promise<void>,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    const indexKey = this.indexOf(key);
    const inProgress = this.running.get(key);
    if (inProgress) return inProgress;
    const run = this.buildOnce(key, indexKey, make, options).finally(() => this.running.delete(key));
    this.running.set(key, run);
    return run;
  }

  async pathOf(key: string, path: string): Promise<string | undefined> {
    const found = await this.fileOf(key, path);
    if (!found) return undefined;
    try {
      return await this.copies.of(found.object, found.size);
    } catch (error) {
      return this.goneIfMissing(key, error);
    }
  }

  async open(key: string, path: string): Promise<(ByteSource & { close(): Promise<void> }) | undefined> {
    const found = await this.fileOf(key, path);
    if (!found) return undefined;
    const source = bucketSource(this.bucket, found.object, found.size, path.slice(path.lastIndexOf('/') + 1));
    return {
      ...source,
      read: async (offset, length, signal) => {
        try {
          return await source.read(offset, length, signal);
        } catch (error) {
          // Dropped by another process: the next question finds out.
          this.goneIfMissing(key, error);
          throw error;
        }
      },
    };
  }

  async list(key: string): Promise<{ path: string; size: number }[] | undefined> {
    const index = await this.read(key);
    return index?.files.map((file) => ({ ...file }));
  }

  async drop(key: string): Promise<void> {
    await this.bucket.remove(this.indexOf(key));
    this.known.delete(key);
    await this.bucket.removeBelow(`${this.folderOf(key)}/`);
  }

  private async buildOnce(
    key: string,
    indexKey: string,
    make: (sink: FileSink, workFolder: string) => Promise<void>,
    options: { signal?: AbortSignal | undefined },
  ): Promise<void> {
    this.known.delete(key);
    if (await this.read(key)) return;
    await this.workshop.build(key, make, options);
    const files = (await this.workshop.list(key)) ?? [];
    const folder = `${this.folderOf(key)}/${randomUUID()}`;
    await sideBySide(
      files,
      async ({ path, size }) => {
        const source = await this.workshop.open(key, path);
        if (!source) throw new Error(`The form ${key} lost ${path} while it was stored`);
        try {
          await this.bucket.putFrom(`${folder}/${path}`, size, (offset, length) => source.read(offset, length));
        } finally {
          await source.close();
        }
      },
      4,
    );
    const index = new TextEncoder().encode(JSON.stringify({ folder, files } satisfies FormIndex));
    const isOurs = !(await this.read(key)) && (await this.bucket.put(indexKey, index, { onlyNew: true }));
    // Somebody else made it meanwhile: theirs counts.
    if (!isOurs) await this.bucket.removeBelow(`${folder}/`);
    await this.workshop.drop(key);
  }

  private async fileOf(key: string, path: string): Promise<{ object: string; size: number } | undefined> {
    if (!isInsidePath(path)) throw new DerivedKeyWrong(path);
    const index = await this.read(key);
    const file = index?.files.find((one) => one.path === path);
    return index && file ? { object: `${index.folder}/${path}`, size: file.size } : undefined;
  }

  private async read(key: string): Promise<FormIndex | undefined> {
    const indexKey = this.indexOf(key);
    const known = this.known.get(key);
    if (known) return known;
    const bytes = await this.bucket.getIfThere(indexKey);
    if (!bytes) return undefined;
    const index = JSON.parse(new TextDecoder().decode(bytes)) as FormIndex;
    if (this.known.size >= mostKnown) this.known.delete(this.known.keys().next().value!);
    this.known.set(key, index);
    return index;
  }

  /** An index that names what is not there is not remembered. @throws every other fault */
  private goneIfMissing(key: string, error: unknown): undefined {
    if (!isMissing(error)) throw error;
    this.known.delete(key);
  }

  private folderOf(key: string): string {
    if (!isFormKey(key)) throw new DerivedKeyWrong(key);
    return `derived/${key.slice(0, 2)}/${key}`;
  }

  private indexOf(key: string): string {
    return `${this.folderOf(key)}.json`;
  }
}
