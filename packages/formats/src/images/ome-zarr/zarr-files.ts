import { release } from '../../objects/texts.ts';
import { zipWriter } from '../../containers/zip/write-zip.ts';
import type { FileSink, FileSinkWriter, LeftBehind } from '../../tracks/track-reader.ts';

/** Where the files of a Zarr go. Each is given whole, in parts. */
export interface ZarrFiles {
  put(path: string, parts: readonly Uint8Array[]): Promise<void>;
  /** As `put`, of parts nobody uses any more: their memory is given back at once where it can be. */
  putAway(path: string, parts: readonly Uint8Array[]): Promise<void>;
  /** Is it there, from an earlier run? Then it is not put again. */
  has(path: string): boolean;
  finish(): Promise<void>;
}

/** Files below a folder. */
export function folderFiles(sink: FileSink, left?: LeftBehind): ZarrFiles {
  const there = new Set(left?.files);
  const put = async (path: string, parts: readonly Uint8Array[]): Promise<boolean> => {
    if (there.has(path)) return false;
    const file = await sink.create(path);
    for (const part of parts) await file.write(part);
    await file.close();
    return file.keepsNothing === true;
  };
  return {
    has: (path) => there.has(path),
    put: async (path, parts) => void (await put(path, parts)),
    async putAway(path, parts) {
      if (await put(path, parts)) for (const part of parts) release(part);
    },
    finish: () => Promise.resolve(),
  };
}

/** Entries of one zip without compression. */
export function zippedFiles(out: FileSinkWriter, comment?: string, left?: LeftBehind): ZarrFiles {
  const entries = left?.entries ?? [];
  const there = new Set(entries.map(({ path }) => path));
  const zip = zipWriter(out, { left: entries, ...(comment === undefined ? {} : { comment }) });
  const put = async (path: string, parts: readonly Uint8Array[]): Promise<void> => {
    if (!there.has(path)) await zip.add(path, parts);
  };
  return {
    has: (path) => there.has(path),
    put,
    async putAway(path, parts) {
      await put(path, parts);
      if (out.keepsNothing) for (const part of parts) release(part);
    },
    async finish() {
      await zip.finish();
      await out.close();
    },
  };
}
