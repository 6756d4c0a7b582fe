import { baseName, folderOf } from '../bytes/file-tree.ts';
import type { Probe } from '../recognition/descriptor.ts';

/** Name of a file of one frame: what comes before, the number of the frame, and the end. */
export const tgmmName = /^(.*?frame)(\d+)(\.xml)$/i;

/** The files of one run: same name but for the number of the frame, in one folder. */
export function tgmmMembers(probe: Probe): readonly string[] | undefined {
  const { path } = probe.entry;
  const own = tgmmName.exec(baseName(path));
  if (!own) return undefined;
  const prefix = path.slice(0, path.length - baseName(path).length);
  const members = probe.tree.entries
    .map((entry) => entry.path)
    .filter(
      (one) => folderOf(one) === folderOf(path) && one.startsWith(prefix + own[1]!) && tgmmName.test(baseName(one)),
    );
  return members.length > 1 ? members : undefined;
}
