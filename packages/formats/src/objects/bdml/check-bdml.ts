import { type Issue, hasErrors } from '@micrarium/model';
import type { FormatChecker } from '../../recognition/checker.ts';
import { readTrackSets } from '../../tracks/collect.ts';
import { bdmlIssue } from './issues.ts';
import { lintBdml } from './lint-bdml.ts';
import { bdmlReader, documentOf } from './read-bdml.ts';
import { bdmlWriterFor } from './write-bdml.ts';

/** The linter of BDML and its repairs: the document is written anew from what could be read of it. */
export const bdmlChecker: FormatChecker = {
  async check(item, options = {}) {
    const entry = documentOf(item);
    return entry ? lintBdml(await entry.open(), item.path, options.signal) : [];
  },
  async fix(item, sink, options = {}) {
    const { sets, issues } = await readTrackSets(bdmlReader, item, options);
    if (sets.every(({ objects }) => objects.count === 0)) {
      const worst = issues.find(({ severity }) => severity === 'error');
      const where = { where: { file: item.path } };
      return {
        changes: [],
        unreadable: worst ?? bdmlIssue('bdml-without-data', 'the document holds no objects', where),
      };
    }
    const writer = bdmlWriterFor();
    const changes = [
      ...issues.filter(({ severity }) => severity !== 'info').map((issue) => fixed(issue.message)),
      ...writer.losses(sets).map((issue) => (hasErrors([issue]) ? issue : fixed(issue.message))),
    ];
    await writer.write(sets, sink, { ...options, title: item.path });
    return { changes };
  },
};

function fixed(message: string): Issue {
  return bdmlIssue('bdml-fixed', message);
}
