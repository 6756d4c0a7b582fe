import { deepestJson, type Json } from '../json/json.ts';

/** Why a text is no YAML that is read here, and where. */
export interface YamlFault {
  reason: string;
  line: number;
}

interface Line {
  indent: number;
  /** Without indentation and trailing spaces. */
  text: string;
  line: number;
}

class Fault extends Error {
  readonly line: number;

  constructor(reason: string, line: number) {
    super(reason);
    this.line = line;
  }
}

/**
 * Reads the YAML that metadata are written in (1.2, core schema): mappings and lists in blocks or in brackets, plain, quoted
 * and block texts, comments; the first document of several. Anchors, aliases and tags are refused: what they can build grows
 * beyond all bounds, and no form of metadata needs them.
 */
export function readYaml(text: string): { document: Json } | { fault: YamlFault } {
  try {
    return { document: new YamlReading(text).document() };
  } catch (error) {
    if (error instanceof Fault) return { fault: { reason: error.message, line: error.line } };
    throw error;
  }
}

class YamlReading {
  private readonly raw: readonly string[];
  private at = 0;

  constructor(text: string) {
    const all = text.replace(/^\ufeff/, '').split(/\r\n?|\n/);
    const start = all.findIndex((line) => /^---(\s|$)/.test(line));
    const isHead = start >= 0 && all.slice(0, start).every((line) => /^(%|\s*(#|$))/.test(line));
    this.at = isHead ? start + 1 : 0;
    const end = all.findIndex((line, index) => index >= this.at && /^(---|\.\.\.)(\s|$)/.test(line));
    this.raw = end < 0 ? all : all.slice(0, end);
  }

  document(): Json {
    const first = this.peek();
    if (!first) return null;
    const value = this.block(first.indent, 0);
    const rest = this.peek();
    if (rest) throw new Fault('this line stands further left than what it should belong to', rest.line);
    return value;
  }

  /** The next line that says something. */
  private peek(): Line | undefined {
    for (; this.at < this.raw.length; this.at++) {
      const raw = this.raw[this.at]!;
      const text = raw.trim();
      if (text === '' || text.startsWith('#')) continue;
      const indent = raw.length - raw.trimStart().length;
      if (raw.slice(0, indent).includes('\t'))
        throw new Fault('a line is indented by a tab; YAML wants spaces', this.at + 1);
      return { indent, text, line: this.at + 1 };
    }
    return undefined;
  }

  private block(indent: number, depth: number): Json {
    const first = this.peek()!;
    if (depth > deepestJson) throw new Fault(`parts nest more than ${deepestJson} levels`, first.line);
    if (/^-(\s|$)/.test(first.text)) return this.list(indent, depth);
    if (keyOf(first) !== undefined) return this.mapping(indent, depth);
    this.at++;
    return this.scalar(first.text, first, indent - 1);
  }

  private list(indent: number, depth: number): Json[] {
    const list: Json[] = [];
    for (;;) {
      const line = this.peek();
      if (!line || line.indent !== indent || !/^-(\s|$)/.test(line.text)) return list;
      const inner = line.text.slice(1).trimStart();
      if (inner === '' || inner.startsWith('#')) {
        this.at++;
        const next = this.peek();
        list.push(next && next.indent > indent ? this.block(next.indent, depth + 1) : null);
        continue;
      }
      const at = indent + line.text.length - inner.length;
      const moved = { indent: at, text: inner, line: line.line };
      if (/^-(\s|$)/.test(inner) || keyOf(moved) !== undefined) {
        // What follows the dash begins a block of its own, as if the dash were a space.
        (this.raw as string[])[this.at] = `${' '.repeat(at)}${inner}`;
        list.push(this.block(at, depth + 1));
      } else {
        this.at++;
        list.push(this.scalar(inner, line, indent));
      }
    }
  }

  private mapping(indent: number, depth: number): Json {
    const members = new Map<string, Json>();
    for (;;) {
      const line = this.peek();
      if (!line || line.indent < indent) break;
      const key = line.indent === indent ? keyOf(line) : undefined;
      if (key === undefined) throw new Fault('a name followed by a colon is wanted here', line.line);
      if (members.has(key.name)) throw new Fault(`“${key.name}” is said twice`, line.line);
      this.at++;
      members.set(key.name, this.member(key.rest, line, indent, depth));
    }
    return Object.fromEntries(members);
  }

  private member(rest: string, line: Line, indent: number, depth: number): Json {
    if (rest !== '' && !rest.startsWith('#')) return this.scalar(rest, line, indent);
    const next = this.peek();
    const isInner = next && (next.indent > indent || (next.indent === indent && /^-(\s|$)/.test(next.text)));
    return isInner ? this.block(next.indent, depth + 1) : null;
  }

  /** A value that begins in a line, and goes on in lines that stand further right than `indent`. */
  private scalar(text: string, { line }: Line, indent: number): Json {
    const [first = ''] = text;
    if ('&*!'.includes(first)) throw new Fault('anchors, aliases and tags are not read', line);
    if ('%@`'.includes(first)) throw new Fault(`a text cannot begin with “${first}”; put it in quotes`, line);
    if (first === '|' || first === '>') return this.blockText(text, line, indent);
    if (first === '"' || first === "'" || first === '{' || first === '[') {
      let whole = text;
      for (;;) {
        const read = new Flow(whole, line).whole();
        if (read !== undefined) return read;
        const next = this.raw[this.at];
        if (next === undefined)
          throw new Fault(`the ${first === '{' || first === '[' ? 'bracket' : 'quote'} is not closed`, line);
        // Each line reads the whole again, so both are bounded.
        if (whole.length > 1 << 16 || this.at - line > 500)
          throw new Fault('a value in quotes or brackets is longer than any real one', line);
        this.at++;
        whole += next.trim() === '' ? '\n' : ` ${next.trim()}`;
      }
    }
    let plain = uncommented(text);
    for (let next = this.peek(); next && next.indent > indent && indent >= 0; next = this.peek()) {
      if (keyOf(next) !== undefined)
        throw new Fault('a name with a colon stands where a text goes on; put it in quotes', next.line);
      this.at++;
      plain += ` ${uncommented(next.text)}`;
    }
    return plainValue(plain);
  }

  private blockText(head: string, line: number, indent: number): string {
    const found = /^([|>])([1-9]?)([+-]?)([1-9]?)\s*(#.*)?$/.exec(head);
    if (!found) throw new Fault('a block text begins with | or > alone', line);
    const lines: string[] = [];
    let width = found[2] || found[4] ? Math.max(indent, 0) + Number(found[2] || found[4]) : 0;
    for (; this.at < this.raw.length; this.at++) {
      const raw = this.raw[this.at]!;
      const own = raw.length - raw.trimStart().length;
      if (raw.trim() === '') lines.push('');
      else if (own <= indent) break;
      else {
        width ||= own;
        lines.push(raw.slice(Math.min(width, own)));
      }
    }
    while (lines.at(-1) === '') lines.pop();
    const text = found[1] === '|' ? lines.join('\n') : folded(lines);
    return found[3] === '-' || text === '' ? text : `${text}\n`;
  }
}

/** Lines of a folded text: one break is a space, an empty line a break; lines further right stay as they are. */
function folded(lines: readonly string[]): string {
  let text = '';
  lines.forEach((line, index) => {
    const before = lines[index - 1];
    if (index === 0) text = line;
    else if (line === '') text += '\n';
    else if (before === '') text += line;
    else text += /^\s/.test(line) || /^\s/.test(before!) ? `\n${line}` : ` ${line}`;
  });
  return text;
}

const uncommented = (text: string) => text.replace(/\s#.*$/, '').trimEnd();

/** The name before the colon of a line, and what stands behind. */
function keyOf({ text, line }: Line): { name: string; rest: string } | undefined {
  const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)')\s*:(?:\s+(.*))?$/.exec(text);
  if (quoted) {
    const name = quoted[1] === undefined ? quoted[2]!.replaceAll("''", "'") : unescaped(quoted[1], line);
    return { name, rest: quoted[3] ?? '' };
  }
  if (/^["'{[#&*!|>%@`]/.test(text)) return undefined;
  const at = text.search(/:(\s|$)/);
  const comment = text.search(/\s#/);
  if (at <= 0 || (comment >= 0 && comment < at)) return undefined;
  return { name: text.slice(0, at).trimEnd(), rest: text.slice(at + 1).trim() };
}

function plainValue(text: string): Json {
  if (/^(null|Null|NULL|~|)$/.test(text)) return null;
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  if (/^[-+]?(0|[1-9]\d{0,14})$/.test(text) || /^[-+]?(\d+\.\d*|\.\d+)([eE][-+]?\d+)?$/.test(text)) return Number(text);
  return text;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', e: '\u001b', _: '\u00a0' };

function unescaped(text: string, line: number): string {
  return text.replace(/\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|[\s\S])/gi, (_all, code: string) => {
    if (code.length === 1) return escapes[code] ?? code;
    const point = Number.parseInt(code.slice(1), 16);
    if (point > 0x10ffff) throw new Fault('an escape names no character', line);
    return String.fromCodePoint(point);
  });
}

/** A value in quotes or brackets. */
class Flow {
  private at = 0;
  private readonly text: string;
  private readonly line: number;

  constructor(text: string, line: number) {
    this.text = text;
    this.line = line;
  }

  /** `undefined` where the text ends before the value does. */
  whole(): Json | undefined {
    const value = this.value(0);
    if (value === undefined) return undefined;
    const rest = this.text.slice(this.at).trim();
    if (rest !== '' && !rest.startsWith('#'))
      throw new Fault(`“${rest.slice(0, 40)}” stands behind the end of the value`, this.line);
    return value;
  }

  private skip(): string | undefined {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
    return this.text[this.at];
  }

  private value(depth: number): Json | undefined {
    if (depth > deepestJson) throw new Fault(`parts nest more than ${deepestJson} levels`, this.line);
    const first = this.skip();
    if (first === undefined) return undefined;
    if (first === '"' || first === "'") return this.quoted(first);
    if (first === '[') return this.list(depth);
    if (first === '{') return this.mapping(depth);
    if ('&*!'.includes(first)) throw new Fault('anchors, aliases and tags are not read', this.line);
    const found = /^(?:[^,\]}:]|:(?=[^\s,\]}]))*/.exec(this.text.slice(this.at))![0];
    this.at += found.length;
    return this.at >= this.text.length ? undefined : plainValue(found.trim());
  }

  private quoted(quote: string): string | undefined {
    const pattern = quote === '"' ? /"((?:[^"\\]|\\[\s\S])*)"/y : /'((?:[^']|'')*)'/y;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (!found) return undefined;
    this.at = pattern.lastIndex;
    return quote === '"' ? unescaped(found[1]!, this.line) : found[1]!.replaceAll("''", "'");
  }

  private list(depth: number): Json[] | undefined {
    const list: Json[] = [];
    this.at++;
    for (;;) {
      const next = this.skip();
      if (next === undefined) return undefined;
      if (next === ']') {
        this.at++;
        return list;
      }
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      list.push(value);
      if (!this.separator(']')) return undefined;
    }
  }

  private mapping(depth: number): Json | undefined {
    const members = new Map<string, Json>();
    this.at++;
    for (;;) {
      const next = this.skip();
      if (next === undefined) return undefined;
      if (next === '}') {
        this.at++;
        return Object.fromEntries(members);
      }
      const name = this.value(depth + 1);
      if (name === undefined) return undefined;
      if (typeof name === 'object' && name !== null) throw new Fault('a name is wanted here', this.line);
      let value: Json = null;
      if (this.skip() === ':') {
        this.at++;
        const read = this.skip() === ',' || this.skip() === '}' ? null : this.value(depth + 1);
        if (read === undefined) return undefined;
        value = read;
      }
      members.set(String(name), value);
      if (!this.separator('}')) return undefined;
    }
  }

  /** Takes a comma; is the text not at its end? */
  private separator(close: string): boolean {
    const next = this.skip();
    if (next === ',') this.at++;
    else if (next !== undefined && next !== close) throw new Fault(`“,” or “${close}” is wanted here`, this.line);
    return next !== undefined;
  }
}
