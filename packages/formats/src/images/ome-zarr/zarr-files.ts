import { zipWriter } from '../../containers/zip/write-zip.ts';
import type { FileSink, FileSinkWriter } from '../../tracks/track-reader.ts';

/** Where the files of a Zarr go. Each is given whole, in parts. */
export interface ZarrFiles {
  put(path: string, parts: readonly Uint8Array[]): Promise<void>;
  finish(): Promise<void>;
}

/** Files below a folder. */
export function folderFiles(sink: FileSink): ZarrFiles {
  return {
    async put(path, parts) {
      const file = await sink.create(path);
      for (const part of parts) await file.write(part);
      await file.close();
    },
    finish: () => Promise.resolve(),
  };
}

/** Entries of one zip without compression. */
export function zippedFiles(out: FileSinkWriter, comment?: string): ZarrFiles {
  const zip = zipWriter(out, comment === undefined ? {} : { comment });
  return {
    async put(path, parts) {
      await zip.add(path, parts);
    },
    async finish() {
      await zip.finish();
      await out.close();
    },
  };
}
