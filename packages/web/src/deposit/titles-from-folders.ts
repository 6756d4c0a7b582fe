import { type LevelRole, readFolders } from '@micrarium/formats';
import { type Pair, type StudyItem, groupDatasets } from '@micrarium/model';

/** Levels that tell data sets of one study apart, in the order of a title. */
const telling: readonly LevelRole[] = ['data set', 'condition', 'plate', 'well', 'replicate'];

/**
 * Titles of data sets after the folders their first item lies in, such as "control, rep1"; by the id of the data set. Only
 * where the levels say something that the file names do not, and only titles that nobody has given.
 */
export function titlesFromFolders(
  levels: readonly LevelRole[],
  items: readonly StudyItem[],
  pairs: readonly Pair[],
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const pathOf = new Map(items.map(({ id, path }) => [id, path]));
  const titles: Record<string, string> = {};
  for (const { id } of groupDatasets(items, pairs)) {
    const path = pathOf.get(id.slice(2));
    if (path === undefined || given[id] !== undefined) continue;
    const { values } = readFolders(levels, [path])[0]!;
    const words = telling.flatMap((level) => values[level] ?? []);
    if (words.length > 0) titles[id] = `${words.join(', ')}: ${path.slice(path.lastIndexOf('/') + 1)}`;
  }
  return titles;
}
