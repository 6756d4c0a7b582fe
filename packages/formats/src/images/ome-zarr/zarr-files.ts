import { zipWriter } from '../../containers/zip/write-zip.ts';
import type { FileSink, FileSinkWriter, LeftBehind } from '../../tracks/track-reader.ts';

/** Where the files of a Zarr go. Each is given whole, in parts. */
export interface ZarrFiles {
  put(path: string, parts: readonly Uint8Array[]): Promise<void>;
  /** Is it there, from an earlier run? Then it is not put again. */
  has(path: string): boolean;
  finish(): Promise<void>;
}

/** Files below a folder. */
export function folderFiles(sink: FileSink, left?: LeftBehind): ZarrFiles {
  const there = new Set(left?.files);
  return {
    has: (path) => there.has(path),
    async put(path, parts) {
      if (there.has(path)) return;
      const file = await sink.create(path);
      for (const part of parts) await file.write(part);
      await file.close();
    },
    finish: () => Promise.resolve(),
  };
}

/** Entries of one zip without compression. */
export function zippedFiles(out: FileSinkWriter, comment?: string, left?: LeftBehind): ZarrFiles {
  const entries = left?.entries ?? [];
  const there = new Set(entries.map(({ path }) => path));
  const zip = zipWriter(out, { left: entries, ...(comment === undefined ? {} : { comment }) });
  return {
    has: (path) => there.has(path),
    async put(path, parts) {
      if (!there.has(path)) await zip.add(path, parts);
    },
    async finish() {
      await zip.finish();
      await out.close();
    },
  };
}
