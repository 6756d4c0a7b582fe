import { baseName } from '../bytes/file-tree.ts';
import type { Probe } from '../recognition/descriptor.ts';

/** Tables that TrackMate exports together. */
export const tableKinds = ['spots', 'edges', 'tracks'] as const;

const kindInName = /(spots|edges|tracks)(?!.*(?:spots|edges|tracks))/i;

/** Titles of the result tables of TrackMate up to version 6, under which they were saved; blanks or low lines between. */
const titles = ['spots in tracks statistics', 'links in tracks statistics', 'track statistics'] as const;
const titleInName = /(?:spots[ _]in[ _]tracks|links[ _]in[ _]tracks|all[ _]spots|track)[ _]statistics/i;

/**
 * The tables of one export: files of one folder whose names differ only in "spots", "edges" and "tracks", or in the
 * titles of the tables of older versions. "All Spots statistics" stands in where there are no "Spots in tracks statistics".
 */
export function trackmateTableMembers(probe: Probe): readonly string[] | undefined {
  const { path } = probe.entry;
  const name = baseName(path);
  const title = titleInName.exec(name);
  const found = title ?? kindInName.exec(name);
  if (!found) return undefined;
  const prefix = path.slice(0, path.length - name.length) + name.slice(0, found.index);
  const end = name.slice(found.index + found[0].length);
  const wanted = (kind: string) => plain(`${prefix}${kind}${end}`);
  const paths = new Map(probe.tree.entries.map((entry) => [plain(entry.path), entry.path]));
  const membersOf = (kinds: readonly string[]) =>
    kinds.map((kind) => paths.get(wanted(kind))).filter((one) => one !== undefined);
  const spots = title && !paths.has(wanted(titles[0])) ? 'all spots statistics' : titles[0];
  const members = membersOf(title ? [spots, titles[1], titles[2]] : tableKinds);
  return members.length > 1 && members.includes(path) ? members : undefined;

  function plain(one: string): string {
    return title ? one.toLowerCase().replaceAll('_', ' ') : one.toLowerCase();
  }
}
