import type { Column, TrackSet } from '@micrarium/model';
import { type Loss, differences } from './differences.ts';
import { lossInWords } from './report.ts';
import { type Surviving, wholly } from './surviving.ts';

/**
 * What a set that was read back lacks of a set that was expected: objects are matched by their ids, columns by their
 * names. What came back and was not expected (columns that a format always has) is no loss.
 */
export function missingFrom(expected: TrackSet, back: TrackSet): Loss[] {
  const rowOfId = new Map<number, number>();
  for (let row = 0; row < expected.objects.count; row++) rowOfId.set(expected.objects.id[row]!, row);
  const rows = Uint32Array.from(back.objects.id, (id) => rowOfId.get(id) ?? 0);
  const strangers = back.objects.id.reduce((sum, id) => sum + (rowOfId.has(id) ? 0 : 1), 0);
  const named = (wanted: readonly Column[], columns: readonly Column[]) =>
    wanted.map(({ name }) => columns.find((column) => column.name === name));
  const after: Surviving = {
    ...wholly(back),
    rows,
    columns: {
      objects: named(expected.objects.columns, back.objects.columns),
      edges: named(expected.edges.columns, back.edges.columns),
      tracks: named(expected.sourceTracks?.columns ?? [], back.sourceTracks?.columns ?? []),
    },
  };
  const losses = differences(expected, after);
  return strangers > 0 ? [{ kind: 'ids', count: strangers }, ...losses] : losses;
}

/**
 * How sets that were read back depart from what a writer foretold of them, in words; nothing where the loss report is
 * exact: what it lists is missing, and nothing else is.
 */
export function departures(survivors: readonly (Surviving | undefined)[], back: readonly TrackSet[]): string[] {
  const foretold = survivors.filter((one) => one !== undefined);
  if (back.length !== foretold.length) return [`sets: ${back.length} of ${foretold.length}`];
  return foretold.flatMap(({ set }, i) => {
    const found = back[i]!;
    // One set in a file is called as the file.
    const wrong = missingFrom(set, found)
      .filter(({ kind }) => kind !== 'set-name' || foretold.length > 1)
      .map((loss) => `${loss.kind}: ${lossInWords(loss)}`);
    if (found.objects.count > set.objects.count) wrong.push(`more objects: ${found.objects.count}`);
    if (found.edges.count > set.edges.count) wrong.push(`more edges: ${found.edges.count}`);
    if ((found.objects.z === undefined) !== (set.objects.z === undefined)) wrong.push('depth: appears or goes');
    return wrong;
  });
}
