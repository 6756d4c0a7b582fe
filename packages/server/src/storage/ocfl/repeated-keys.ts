/** A key that an object of the JSON has twice, under the code of the specification for its place. */
export interface RepeatedKey {
  code: string;
  message: string;
}

/**
 * Keys that occur twice in one object of an inventory: a parser keeps the last and says nothing, so that a digest that is written twice goes
 * unseen.
 * @param text JSON that a parser has read
 */
export function repeatedKeys(text: string): RepeatedKey[] {
  const found: RepeatedKey[] = [];
  /** Keys so far of each object that is open; `undefined` for a list. */
  const open: (Set<string> | undefined)[] = [];
  const place: string[] = [];
  const tokens = /"(?:[^"\\]|\\.)*"|[[\]{}]/g;
  for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
    const [word] = token;
    if (word === '{' || word === '[') open.push(word === '{' ? new Set() : undefined);
    else if (word === '}' || word === ']') {
      open.pop();
      place.length = Math.max(0, open.length - 1);
    } else if (open.at(-1) && /^\s*:/.test(text.slice(tokens.lastIndex, tokens.lastIndex + 16))) {
      const key = JSON.parse(word) as string;
      const keys = open.at(-1)!;
      place[open.length - 1] = key;
      if (keys.has(key))
        found.push({
          code: codeOf(place.slice(0, open.length - 1)),
          message: `the key ${key.slice(0, 32)} occurs twice`,
        });
      keys.add(key);
    }
  }
  return found;
}

function codeOf(place: readonly string[]): string {
  if (place[0] === 'manifest') return 'E096';
  if (place[0] === 'fixity') return 'E097';
  if (place[0] === 'versions' && place[2] === 'state') return 'E050';
  return 'E034';
}
