import { IdTable } from './id-table.ts';
import { NumberTexts, type Texts } from './texts.ts';
import { type WritableSet, textsOf } from './writable-set.ts';

/**
 * Ids of the objects of all sets: those the source gave where they can be written and name one thing each, else
 * numbers, with that of the set before them where there are several. An id may stand in several sets where it is one
 * thing there too: a component of BDML that is measured as a nucleus and as a cell. Then it is at one time, and has the
 * same links wherever both ends are.
 */
export function idsOf(sets: readonly WritableSet[], canBeWritten: (ids: Texts, row: number) => boolean): Texts[] {
  const given = sets.map(({ objects }) =>
    textsOf(objects.columns.find(({ sourceKey, type }) => sourceKey === 'ID' && type === 'string')),
  );
  const wanted = sets.map(({ objects }, at) => given[at] ?? new NumberTexts(objects.id));
  // Ids of one set are different.
  if (sets.length === 1 && !given[0]) return wanted;
  if (nameOneThing(sets, wanted, given, canBeWritten)) return wanted;
  return sets.map(({ objects }, at) => new NumberTexts(objects.id, sets.length > 1 ? `${at}_` : ''));
}

function nameOneThing(
  sets: readonly WritableSet[],
  wanted: readonly Texts[],
  given: readonly (Texts | undefined)[],
  canBeWritten: (ids: Texts, row: number) => boolean,
): boolean {
  let [rows, bytes] = [0, 0];
  for (const ids of wanted) {
    rows += ids.length;
    for (let row = 0; row < ids.length; row++) bytes += ids.bytesAt(row);
  }
  const table = new IdTable(rows, bytes);
  try {
    return haveOneMeaning(sets, wanted, given, canBeWritten, table);
  } finally {
    table.release();
  }
}

function haveOneMeaning(
  sets: readonly WritableSet[],
  wanted: readonly Texts[],
  given: readonly (Texts | undefined)[],
  canBeWritten: (ids: Texts, row: number) => boolean,
  table: IdTable,
): boolean {
  const [lastSet, frames]: [number[], number[]] = [[], []];
  let isShared = false;
  for (const [at, ids] of wanted.entries())
    for (let row = 0; row < ids.length; row++) {
      if (given[at] && (ids.bytesAt(row) === 0 || !canBeWritten(ids, row))) return false;
      const before = table.size;
      const number = table.addText(ids, row);
      if (sets.length === 1) {
        if (number !== before) return false;
        continue;
      }
      const frame = sets[at]!.objects.frame[row]!;
      if (number !== before) {
        // Numbers of ours mean nothing across sets.
        if (lastSet[number] === at || frames[number] !== frame || !given[at]) return false;
        isShared = true;
      }
      lastSet[number] = at;
      frames[number] = frame;
    }
  return !isShared || haveSameLinks(sets, wanted, table);
}

/** Do sets that have both ends of a link all have the link? */
function haveSameLinks(sets: readonly WritableSet[], ids: readonly Texts[], table: IdTable): boolean {
  const numbers = ids.map((texts) =>
    Float64Array.from({ length: texts.length }, (_, row) => table.addText(texts, row)),
  );
  const members = numbers.map((all) => new Set(all));
  const links = sets.map(({ edges }, at) => {
    const number = (row: number) => numbers[at]![row]!;
    return new Map(
      Array.from({ length: edges.count }, (_, edge): [string, [number, number]] => {
        const pair: [number, number] = [number(edges.source[edge]!), number(edges.target[edge]!)];
        return [pair.join(' '), pair];
      }),
    );
  });
  return links.every((own, at) =>
    [...own].every(([key, [from, to]]) =>
      members.every((member, other) => other === at || !member.has(from) || !member.has(to) || links[other]!.has(key)),
    ),
  );
}
