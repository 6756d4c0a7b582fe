import type { FileList, WorkFile } from '../workers/work.ts';

/** Names files to a worker. @param server address below which the server serves those it has */
export function listOf(files: readonly WorkFile[], server = ''): FileList {
  return {
    paths: files.map(({ path }) => `${path}\0`).join(''),
    sizes: Float64Array.from(files, ({ size }) => size),
    times: Float64Array.from(files, ({ modifiedAt }) => modifiedAt ?? Number.NaN),
    here: Uint8Array.from(files, ({ open }) => (open ? 1 : 0)),
    server,
  };
}
