/** Longer titles are compared by their beginnings, so that a hostile one costs no time. */
const longest = 100;
/** Titles compared at most. */
const mostTitles = 200;

const bare = (text: string) =>
  text
    .slice(0, 4 * longest)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .slice(0, longest);

/**
 * The title of a list that a title which is not in it most likely means: the same but for case, spaces and signs; else the
 * only one that it is part of, or that is part of it; else the one with the fewest letters to change (Levenshtein), where
 * that is at most a third of the longer and no other is as near. `undefined` where nothing is that near.
 */
export function nearestTitle(wanted: string, titles: Iterable<string>): string | undefined {
  const asked = bare(wanted);
  if (asked === '') return undefined;
  const known = [...new Set(titles)].slice(0, mostTitles).map((title) => ({ title, said: bare(title) }));
  const only = (found: typeof known) => (found.length === 1 ? found[0]!.title : undefined);
  const same = known.filter(({ said }) => said === asked);
  if (same.length > 0) return only(same);
  // Words, not letters: “S” is part of every title.
  const holds = (whole: string, part: string) => part.length > 3 && ` ${whole} `.includes(` ${part} `);
  const part = known.filter(({ said }) => holds(said, asked) || holds(asked, said));
  if (part.length === 1) return only(part);
  const far = known
    .flatMap(({ title, said }) => {
      const most = Math.floor(Math.max(said.length, asked.length) / 3);
      const letters = said === '' ? Number.POSITIVE_INFINITY : editDistance(asked, said, most);
      return letters <= most ? [{ title, letters }] : [];
    })
    .sort((a, b) => a.letters - b.letters);
  return far[0] !== undefined && far[0].letters < (far[1]?.letters ?? Number.POSITIVE_INFINITY)
    ? far[0].title
    : undefined;
}

/** Letters to add, drop or change between two texts; infinity as soon as it is more than `most`. */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return Number.POSITIVE_INFINITY;
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++)
      line.push(
        Math.min(
          above[column]! + 1,
          line[column - 1]! + 1,
          above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1),
        ),
      );
    if (Math.min(...line) > most) return Number.POSITIVE_INFINITY;
    above = line;
  }
  const letters = above[b.length]!;
  return letters > most ? Number.POSITIVE_INFINITY : letters;
}
