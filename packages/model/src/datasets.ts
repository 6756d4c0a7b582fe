import type { Dataset, Pair, StudyItem } from './study.ts';

/**
 * The data sets of a study: items joined by confirmed pairs lie in one, every other item with images, tracks, objects
 * or tables makes its own. Titles are the name of the first item unless the depositor gave one.
 * @param titles titles given by the depositor, by data set id
 */
export function groupDatasets(
  items: readonly StudyItem[],
  pairs: readonly Pair[],
  titles: Readonly<Record<string, string>> = {},
): Dataset[] {
  const data = items.filter((item) => item.kind !== 'unknown' && item.kind !== 'metadata');
  const groupOf = new Map(data.map((item) => [item.id, item.id]));
  const find = (id: string): string => (groupOf.get(id) === id ? id : find(groupOf.get(id)!));
  for (const pair of pairs) {
    if (!pair.confirmed || !groupOf.has(pair.imageItem) || !groupOf.has(pair.trackItem)) continue;
    groupOf.set(find(pair.trackItem), find(pair.imageItem));
  }
  const groups = new Map<string, StudyItem[]>();
  for (const item of data) groups.set(find(item.id), [...(groups.get(find(item.id)) ?? []), item]);
  return [...groups.values()].map((members) => {
    const first = members.find((item) => item.images.length > 0) ?? members[0]!;
    const id = `d-${first.id}`;
    return {
      id,
      title: titles[id] ?? first.path.slice(first.path.lastIndexOf('/') + 1),
      // An image that could not be read, or a film made for showing, is no quantitative data either.
      imageItems: members.filter((item) => item.images.length > 0 || item.kind === 'image').map((item) => item.id),
      quantitativeItems: members
        .filter((item) => (item.images.length === 0 && item.kind !== 'image') || item.trackSets.length > 0)
        .map((item) => item.id),
    };
  });
}
