import type { Issue } from '@micrarium/model';
import { type FileEntry, type FileTree, subTree } from '../bytes/file-tree.ts';
import { openZip } from '../containers/zip/open-zip.ts';
import type { FormatId } from './format-id.ts';
import type { Item } from './item.ts';
import { unpackedTree } from './packed-item.ts';
import { type Recognised, recogniseFile, recogniseFolder } from './recognise.ts';

/** Most entries that are recognised one by one to see whether an archive holds one known item. */
const mostEntries = 200;

const documents: ReadonlySet<FormatId> = new Set(['unknown', 'text', 'pdf', 'zip']);

/**
 * The item a zip archive is: the one known item it holds (an OME-Zarr, a Mastodon project, one TrackMate file beside
 * a README), else `zip`. Nothing is unpacked but what recognition reads; archives inside the archive stay closed.
 */
export async function archiveItem(entry: FileEntry, recognised: Recognised, signal?: AbortSignal): Promise<Item> {
  const { tree, issues, verify } = await openZip(await entry.open(), signal ? { signal } : {});
  const held = await heldItem(tree, signal);
  const found = held?.recognised ?? recognised;
  return {
    path: entry.path,
    files: [entry],
    tree: held?.tree ?? tree,
    format: found.format,
    recognition: held ? { ...found.recognition, reason: `archive: ${found.recognition.reason}` } : found.recognition,
    ...(found.descriptor ? { descriptor: found.descriptor } : {}),
    issues: issues.map((issue) => atArchive(issue, entry.path)),
    verifyArchive: async (verifySignal) => (await verify(verifySignal)).map((issue) => atArchive(issue, entry.path)),
  };
}

function atArchive(issue: Issue, path: string): Issue {
  return { ...issue, where: { ...issue.where, file: path } };
}

async function heldItem(
  tree: FileTree,
  signal?: AbortSignal,
): Promise<{ recognised: Recognised; tree: FileTree } | undefined> {
  for (const folder of possibleRoots(tree)) {
    const recognised = await recogniseFolder(tree, folder);
    if (recognised) return { recognised, tree: subTree(tree, folder) };
  }
  if (tree.entries.length > mostEntries) return undefined;
  let only: { recognised: Recognised; tree: FileTree } | undefined;
  const seen = new Set<string>();
  for (const entry of tree.entries) {
    signal?.throwIfAborted();
    if (seen.has(entry.path)) continue;
    const recognised = await recogniseFile(entry, tree, signal);
    if (documents.has(recognised.format)) continue;
    if (only) return undefined;
    const members = recognised.recognition.members ?? [entry.path];
    for (const member of members) seen.add(member);
    const held = { name: tree.name, entries: tree.entries.filter(({ path }) => members.includes(path)) };
    only = { recognised, tree: recognised.isPacked ? unpackedTree(held) : held };
  }
  return only;
}

/** The archive's own root, and the one folder everything lies in. */
function possibleRoots(tree: FileTree): string[] {
  const first = tree.entries[0]?.path.split('/')[0];
  const single = first !== undefined && tree.entries.every(({ path }) => path.startsWith(`${first}/`));
  return single ? ['', first] : [''];
}
