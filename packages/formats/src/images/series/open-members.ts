import type { ByteSource } from '../../bytes/byte-source.ts';
import type { FileEntry } from '../../bytes/file-tree.ts';
import type { ImagePixels } from '../image-reader.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import { openPlane } from './member.ts';

/** Members that are kept open; files beyond are closed and opened again when needed. */
const maxOpen = 16;

/** Planes of member files, the last few kept open. */
export class OpenMembers {
  readonly #entries: ReadonlyMap<string, FileEntry>;
  readonly #open = new Map<string, Promise<ImagePixels | undefined>>();
  readonly #openPlane: (source: ByteSource, path: string) => Promise<ImagePixels | undefined>;

  /** @param open opens the one plane of a file; `undefined` where it holds something else */
  constructor(entries: readonly FileEntry[], open: typeof openPlane = openPlane) {
    this.#entries = new Map(entries.map((entry) => [entry.path, entry]));
    this.#openPlane = open;
  }

  plane(path: string): Promise<ImagePixels | undefined> {
    const entry = this.#entries.get(path);
    const plane =
      this.#open.get(path) ?? (entry ? this.#openPlane(reopeningSource(entry), path) : Promise.resolve(undefined));
    plane.catch(() => this.#open.delete(path));
    this.#open.delete(path);
    this.#open.set(path, plane);
    const [oldest] = this.#open.keys();
    if (this.#open.size > maxOpen && oldest !== undefined) {
      this.#open.delete(oldest);
      void this.#entries.get(oldest)?.close?.();
    }
    return plane;
  }
}
