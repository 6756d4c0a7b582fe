/** What the beginning of a JSON text shows: the paths of its keys, and the short texts at them. */
export interface JsonOutline {
  /** Is the outermost value an object or an array? */
  root: 'object' | 'array';
  /**
   * Key paths with dots, elements of arrays as `[]`: `resources[].name`, `[].points[]`. At most `depth` keys deep.
   */
  paths: ReadonlySet<string>;
  /** Texts and numbers by path, the first few of each path, each at most 300 characters. */
  values: ReadonlyMap<string, readonly string[]>;
}

interface Frame {
  path: string;
  array: boolean;
  key?: string;
}

/**
 * Reads the outline of a JSON text that may be cut off (the first 64 KiB of a large file). One pass, no recursion:
 * deep nesting costs nothing. `undefined` where the text does not begin as a JSON object or array.
 */
export function jsonOutline(text: string, depth = 4): JsonOutline | undefined {
  const begin = /^\s*(?:(\{)\s*["}]|(\[)\s*["[\]{\dtfn-])/.exec(text)?.[0]?.trim()[0];
  if (!begin) return undefined;
  const paths = new Set<string>();
  const values = new Map<string, string[]>();
  const stack: Frame[] = [];
  const here = () => {
    const frame = stack.at(-1);
    if (!frame) return '';
    return frame.array ? `${frame.path}[]` : frame.path === '' ? (frame.key ?? '') : `${frame.path}.${frame.key ?? ''}`;
  };
  const note = (value: string) => {
    if (stack.length > depth) return;
    const path = here();
    paths.add(path);
    const known = values.get(path);
    if (!known) values.set(path, [value]);
    else if (known.length < 20) known.push(value);
  };
  let expectKey = false;
  let tooDeep = 0;
  for (const { text: word, quoted } of tokens(text)) {
    const opens = !quoted && (word === '{' || word === '[');
    const closes = !quoted && (word === '}' || word === ']');
    if (tooDeep > 0) tooDeep += opens ? 1 : closes ? -1 : 0;
    else if (opens && stack.length > depth) tooDeep = 1;
    else if (opens) {
      const path = here();
      if (path) paths.add(path);
      stack.push({ path, array: word === '[' });
      expectKey = word === '{';
    } else if (closes) {
      stack.pop();
      if (stack.length === 0) break;
      expectKey = false;
    } else if (!quoted && word === ',') expectKey = stack.at(-1)?.array === false;
    else if (!quoted && word === ':') expectKey = false;
    else if (expectKey && quoted) {
      const frame = stack.at(-1);
      if (frame) frame.key = word.slice(0, 200);
    } else note(word.slice(0, 300));
  }
  return { root: begin === '{' ? 'object' : 'array', paths, values };
}

/** Words, texts and punctuation of a JSON text, in one pass; escapes in texts are left as they are. */
function* tokens(text: string): Generator<{ text: string; quoted: boolean }> {
  const punctuation = '{}[]:,';
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (char === '"') {
      let end = at + 1;
      while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
      yield { text: text.slice(at + 1, end), quoted: true };
      at = end + 1;
    } else if (punctuation.includes(char)) {
      yield { text: char, quoted: false };
      at++;
    } else if (char <= ' ') at++;
    else {
      let end = at + 1;
      while (end < text.length && text[end]! > ' ' && text[end] !== '"' && !punctuation.includes(text[end]!)) end++;
      yield { text: text.slice(at, end), quoted: false };
      at = end;
    }
  }
}

/** Has the outline this text at this path? */
export function outlineHas(outline: JsonOutline, path: string, value: string | RegExp): boolean {
  const values = outline.values.get(path) ?? [];
  return values.some((found) => (typeof value === 'string' ? found === value : value.test(found)));
}
