import { type FileEntry, type FileTree, type InsideFile, fileTree, httpSource, lookInside } from '@micrarium/formats';
import { api, routes } from '../app/api.ts';
import { fileSource } from '../workers/file-source.ts';
import type { WorkFile } from '../workers/work.ts';

/** A file of the server one looks into: of a published version, or of a draft. `file` ends with `/` for a Zarr folder. */
export type InsidePlace = { study: string; version: number; file: string } | { draft: string; file: string };

/** The file is not there, or the server does not say how large it is. */
export class FileNotThere extends Error {
  override readonly name = 'FileNotThere';
}

const filesAtOnce = 1000;
/** Files of a Zarr folder; a hierarchy of more is opened from its `.ozx`. */
const mostFiles = 200_000;

/** Opens files of this browser or of the server, as an item of the deposit page has them. */
export function openWorkFiles(root: string, files: readonly WorkFile[]): Promise<InsideFile> {
  const entries = files.map((one): FileEntry => {
    const path = one.path.startsWith(`${root}/`) ? one.path.slice(root.length + 1) : one.path;
    return {
      path: files.length === 1 ? one.path.slice(one.path.lastIndexOf('/') + 1) : path,
      size: one.size,
      open: async () => (one.open ? fileSource(path, await one.open()) : httpSource(path, one.url!, one.size)),
    };
  });
  return lookInside(fileTree(root, entries));
}

/** Opens a file of the server by ranges. */
export async function openPlace(place: InsidePlace, signal: AbortSignal): Promise<InsideFile> {
  if (place.file.endsWith('/') && 'study' in place) return lookInside(await folderOf(place, signal));
  const url = urlOf(place, place.file);
  const answer = await fetch(url, { method: 'HEAD', signal });
  const size = Number(answer.headers.get('content-length') ?? Number.NaN);
  if (!answer.ok || !Number.isFinite(size)) throw new FileNotThere(place.file);
  const name = place.file.slice(place.file.lastIndexOf('/') + 1);
  return lookInside(fileTree('', [{ path: name, size, open: async () => httpSource(name, url, size) }]));
}

function urlOf(place: InsidePlace, path: string): string {
  return 'study' in place
    ? api.url(routes.getFile, { params: { accession: place.study, version: place.version, path } })
    : api.url(routes.getDraftFile, { params: { draft: place.draft, path } });
}

/** The files of a published folder, listed by the server. */
async function folderOf(
  place: { study: string; version: number; file: string },
  signal: AbortSignal,
): Promise<FileTree> {
  const entries: FileEntry[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } = { limit: filesAtOnce, ...(cursor === null ? {} : { cursor }) };
    const params = { accession: place.study, version: place.version };
    const page: { files: { path: string; size: number }[]; nextCursor: string | null } = await api.call(
      routes.listFiles,
      { params, query, signal },
    );
    for (const { path, size } of page.files) {
      if (!path.startsWith(place.file)) continue;
      const url = urlOf(place, path);
      entries.push({ path: path.slice(place.file.length), size, open: async () => httpSource(path, url, size) });
    }
    cursor = page.nextCursor;
  } while (cursor !== null && entries.length < mostFiles);
  if (entries.length === 0) throw new FileNotThere(place.file);
  return fileTree(place.file.slice(0, -1), entries);
}
