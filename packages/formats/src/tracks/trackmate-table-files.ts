import { baseName } from '../bytes/file-tree.ts';
import type { Probe } from '../recognition/descriptor.ts';

/** Tables that TrackMate exports together. */
export const tableKinds = ['spots', 'edges', 'tracks'] as const;

const kindInName = /(spots|edges|tracks)(?!.*(?:spots|edges|tracks))/i;

/** The tables of one export: files of one folder whose names differ only in "spots", "edges" and "tracks". */
export function trackmateTableMembers(probe: Probe): readonly string[] | undefined {
  const { path } = probe.entry;
  const name = baseName(path);
  const found = kindInName.exec(name);
  if (!found) return undefined;
  const prefix = path.slice(0, path.length - name.length) + name.slice(0, found.index);
  const end = name.slice(found.index + found[0].length);
  const wanted = new Set(tableKinds.map((kind) => `${prefix}${kind}${end}`.toLowerCase()));
  const members = probe.tree.entries.map((entry) => entry.path).filter((one) => wanted.has(one.toLowerCase()));
  return members.length > 1 ? members : undefined;
}
