import { Hdf5Fault } from '../../containers/hdf5/fault.ts';
import type { FormatChecker } from '../../recognition/checker.ts';
import { bd5Issue } from './issues.ts';
import { lintBd5 } from './lint-bd5.ts';
import { repairBd5 } from './repair-bd5.ts';

/** The linter of BD5 and its repairs. */
export const bd5Checker: FormatChecker = {
  async check(item, { signal } = {}) {
    const entry = item.tree.entries[0] ?? item.files[0];
    return entry ? lintBd5(await entry.open(), item.path, signal) : [];
  },
  async fix(item, sink, { signal } = {}) {
    const entry = item.tree.entries[0] ?? item.files[0];
    if (!entry) return { changes: [] };
    try {
      return { changes: await repairBd5(await entry.open(), sink, signal) };
    } catch (error) {
      if (!(error instanceof Hdf5Fault)) throw error;
      return { changes: [], unreadable: bd5Issue('hdf5-unreadable', error.message, { where: { file: item.path } }) };
    }
  },
};
