import { baseName, folderOf } from '../bytes/file-tree.ts';
import type { Probe } from '../recognition/descriptor.ts';

/** Name of a snapshot of a run: what comes before, its number, and the end. */
export const snapshotName = /^(.*?)(\d{4,})(\.xml)$/i;

/** The snapshots of one run and the matrices beside them: same name but for the number, in one folder. */
export function snapshotMembers(probe: Probe): readonly string[] | undefined {
  const { path } = probe.entry;
  const own = snapshotName.exec(baseName(path));
  const stem = own?.[1] ?? baseName(path).replace(/\.xml$/i, '');
  const members = probe.tree.entries
    .map((entry) => entry.path)
    .filter((one) => {
      if (folderOf(one) !== folderOf(path) || !baseName(one).startsWith(stem)) return false;
      const rest = baseName(one).slice(stem.length);
      return own ? /^\d{4,}(\.xml|.*\.mat)$/i.test(rest) : /^(\.xml|_.*\.mat)$/i.test(rest);
    });
  return members.length > 1 ? members : undefined;
}
