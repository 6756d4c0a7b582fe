/** One statement of a Turtle document: subject and predicate in full, object as address or as text with its language. */
export interface TurtleStatement {
  /** Address in full, or `_:` and a number. */
  subject: string;
  predicate: string;
  object: { iri: string } | { text: string; language?: string };
}

/** The text is no Turtle. */
export class TurtleFault extends Error {
  override readonly name = 'TurtleFault';
  readonly line: number;

  constructor(reason: string, line: number) {
    super(`Line ${line}: ${reason}`);
    this.line = line;
  }
}

const typeIri = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';
/** Deepest nesting of blank nodes and lists that is read. */
const deepest = 200;

/** Each token at a place; sticky, so that a long text is never copied. */
const tokens = {
  iri: /<([^<>"{}|^`\\\s]*)>/y,
  name: /([A-Za-z_\u00c0-\uffff][\w.\-\u00b7-\uffff]*)?:((?:[\w\-:\u00b7-\uffff]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]|\.(?=[\w\-:%\\\u00b7-\uffff]))*)/y,
  label: /_:([\w\u00b7-\uffff][\w.\-\u00b7-\uffff]*)/y,
  directive: /@?(prefix|base)\b/iy,
  language: /@([A-Za-z]+(?:-[A-Za-z0-9]+)*)/y,
  number: /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y,
  word: /(true|false|a)(?=[\s<"'[(#;,.\])])/y,
} as const;

const escapes: Readonly<Record<string, string>> = { t: '\t', b: '\b', n: '\n', r: '\r', f: '\f' };
const unescaped = (text: string) =>
  text.includes('\\')
    ? text.replace(
        /\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)/gs,
        (_all, short: string, long: string, one: string) =>
          one === undefined
            ? String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(short ?? long, 16)))
            : (escapes[one] ?? one),
      )
    : text;

/** What holds for the statements that follow, where a document is read in parts. */
export interface TurtleState {
  base: string;
  prefixes: Map<string, string>;
  /** Blank nodes without a name so far. */
  blanks: number;
  /** Lines before the text. */
  lines: number;
}

/** Before the first statement. */
export const turtleStart = (): TurtleState => ({ base: '', prefixes: new Map(), blanks: 0, lines: 0 });

/**
 * Reads Turtle 1.1, statement by statement, without keeping any. Relative addresses stay as they are where no base is told.
 * @param state of the text before, changed by this one
 * @throws TurtleFault
 */
export function* readTurtle(text: string, state: TurtleState = turtleStart()): Generator<TurtleStatement> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const { prefixes } = state;
  const out: TurtleStatement[] = [];
  const fail = (reason: string): never => {
    let line = state.lines + 1;
    for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line++;
    throw new TurtleFault(reason, line);
  };
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found ?? undefined;
  };
  const skip = () => {
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 32 || code === 9 || code === 10 || code === 13) at++;
      else if (code === 35) at = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
      else return;
    }
  };
  const mark = (sign: string): boolean => {
    skip();
    if (!text.startsWith(sign, at)) return false;
    at += sign.length;
    return true;
  };
  const resolved = (iri: string) =>
    state.base === '' || /^[a-z][a-z0-9+.-]*:/i.test(iri) || !URL.canParse(iri, state.base)
      ? iri
      : new URL(iri, state.base).href;
  const address = (): string | undefined => {
    skip();
    const iri = take(tokens.iri);
    if (iri) return resolved(unescaped(iri[1]!));
    const label = take(tokens.label);
    if (label) return `_:${label[1]}`;
    const name = take(tokens.name);
    if (!name) return undefined;
    const start = prefixes.get(name[1] ?? '');
    return start === undefined
      ? fail(`The prefix “${name[1] ?? ''}:” is not told`)
      : start + name[2]!.replaceAll('\\', '');
  };
  const literal = (): TurtleStatement['object'] | undefined => {
    const end = endOfLiteral(text, at);
    if (end > at) {
      const quotes = text.startsWith(text[at]!.repeat(3), at) ? 3 : 1;
      const value = unescaped(text.slice(at + quotes, end - quotes));
      at = end;
      const language = take(tokens.language)?.[1];
      if (language === undefined && text.startsWith('^^', at)) {
        at += 2;
        if (address() === undefined) fail('A type is wanted here');
      }
      return language === undefined ? { text: value } : { text: value, language };
    }
    const number = take(tokens.number);
    return number ? { text: number[0] } : undefined;
  };
  const node = (depth: number): TurtleStatement['object'] => {
    if (depth > deepest) fail('Blank nodes nest too deeply');
    skip();
    if (mark('[')) {
      const id = `_:${++state.blanks}`;
      if (!mark(']')) {
        predicates(id, depth + 1);
        if (!mark(']')) fail('“]” is wanted here');
      }
      return { iri: id };
    }
    if (mark('(')) {
      // Members of lists tell nothing that is asked for here; they are read so that what stands in them is.
      while (!mark(')')) {
        if (at >= text.length) fail('“)” is wanted here');
        node(depth + 1);
      }
      return { iri: `_:${++state.blanks}` };
    }
    const word = take(tokens.word);
    if (word && word[1] !== 'a') return { text: word[1]! };
    const said = literal();
    if (said) return said;
    const iri = address();
    return iri === undefined ? fail('A value is wanted here') : { iri };
  };
  const predicates = (subject: string, depth: number) => {
    for (;;) {
      skip();
      if (text[at] === ';') {
        at++;
        continue;
      }
      if (text[at] === '.' || text[at] === ']' || at >= text.length) return;
      const predicate = take(tokens.word) ? typeIri : (address() ?? fail('A property is wanted here'));
      do out.push({ subject, predicate, object: node(depth) });
      while (mark(','));
      skip();
      if (text[at] !== ';') return;
    }
  };
  for (;;) {
    skip();
    if (at >= text.length) return;
    const directive = take(tokens.directive);
    if (directive) {
      skip();
      const isPrefix = directive[1]!.toLowerCase() === 'prefix';
      const name = isPrefix ? take(tokens.name) : undefined;
      if (isPrefix && !name) fail('A prefix is wanted here');
      skip();
      const iri = take(tokens.iri) ?? fail('An address is wanted here');
      if (isPrefix) prefixes.set(name![1] ?? '', resolved(unescaped(iri[1]!)));
      else state.base = resolved(unescaped(iri[1]!));
      mark('.');
      continue;
    }
    const isBlank = text[at] === '[';
    const subject = isBlank ? (node(0) as { iri: string }).iri : (address() ?? fail('A subject is wanted here'));
    predicates(subject, 0);
    if (!mark('.')) fail('“.” is wanted here');
    yield* out.splice(0);
  }
}

/**
 * Where a text in quotes ends that begins at `from`, behind its last quote; `from` where none begins there, or its end is not there.
 * By hand, not by a pattern: the engine keeps its way through a pattern on a stack, and a text of some megabytes overruns that.
 */
function endOfLiteral(text: string, from: number): number {
  const quote = text[from];
  if (quote !== '"' && quote !== "'") return from;
  const isLong = text.startsWith(quote.repeat(3), from);
  const mark = isLong ? quote.repeat(3) : quote;
  const begin = from + mark.length;
  for (let end = text.indexOf(mark, begin); end >= 0; end = text.indexOf(mark, end + 1)) {
    let slashes = 0;
    while (end - slashes > begin && text[end - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 1) continue;
    const line = isLong ? -1 : text.slice(begin, end).indexOf('\n');
    return line >= 0 ? from : end + mark.length;
  }
  return from;
}

/** Signs that begin something else than names and blanks: `"` `'` `#` `.` `<` `[` `]` `(` `)`. */
const isSign = (code: number) =>
  code === 34 ||
  code === 39 ||
  code === 35 ||
  code === 46 ||
  code === 60 ||
  code === 91 ||
  code === 93 ||
  code === 40 ||
  code === 41;

/** Where the part of a document ends that begins at `from`: an address, text, remark, sign, or what is between them; `from` where its end is not there. */
function endOfPart(text: string, from: number): number {
  switch (text[from]) {
    case undefined:
      return from;
    case '"':
    case "'":
      return endOfLiteral(text, from);
    case '#':
      return text.indexOf('\n', from) + 1 || from;
    case '<': {
      const end = text.indexOf('>', from) + 1;
      return end > 0 && !/[<\s]/.test(text.slice(from + 1, end)) ? end : from;
    }
    case '[':
    case ']':
    case '(':
    case ')':
    case '.':
      return from + 1;
    default: {
      let end = from + 1;
      while (end < text.length && !isSign(text.charCodeAt(end))) end++;
      return end;
    }
  }
}

/** Cuts pieces of a Turtle document where statements end, so that no more than one of them is held that is not complete. */
export class TurtlePieces {
  private rest = '';
  /** Up to where the rest was cut into parts. */
  private seen = 0;
  private depth = 0;

  /** Whole statements up to the last that is complete; `''` where none is. */
  take(piece: string): string {
    const text = this.rest + piece;
    let at = this.seen;
    let end = 0;
    for (;;) {
      const next = endOfPart(text, at);
      const sign = text[at]!;
      // At the end of the piece a text may go on (`""` before `"`), and a full stop stand within a name or number.
      if (next === at || (next === text.length && /["'.]/.test(sign))) break;
      at = next;
      if (sign === '[' || sign === '(') this.depth++;
      else if (sign === ']' || sign === ')') this.depth--;
      else if (sign === '.' && this.depth <= 0 && /[\s#]/.test(text[at] ?? '')) {
        end = at;
        this.depth = 0;
      }
    }
    this.rest = text.slice(end);
    this.seen = at - end;
    return text.slice(0, end);
  }

  /** Characters of the statement that is not complete. */
  get waiting(): number {
    return this.rest.length;
  }

  /** The rest, when the document is at its end. */
  end(): string {
    const { rest } = this;
    this.rest = '';
    return rest;
  }
}
