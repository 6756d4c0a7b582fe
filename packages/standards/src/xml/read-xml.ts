/** An element of an XML document: the whole of it in memory, which metadata files are small enough for. */
export interface XmlElement {
  /** Name without its prefix. */
  name: string;
  /** Address of the namespace; `''` for none. */
  namespace: string;
  /** Attributes as written, by their name with prefix. */
  attributes: Record<string, string>;
  children: (XmlElement | string)[];
  /** One-based line of the start tag. */
  line: number;
}

/** Why a text is no XML that is read here. */
export interface XmlFault {
  line: number;
  reason: string;
}

const deepest = 256;
const mostElements = 2_000_000;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const nameThere = /[\p{L}_:][\p{L}\p{N}_:.\-·]*/uy;

/**
 * Reads a small XML document, strictly. Document types are refused: no metadata standard needs one, and entities
 * declared there are how files swell or reach out.
 */
export function readXml(text: string): { root: XmlElement } | { fault: XmlFault } {
  const reader = new XmlReader(text);
  try {
    return { root: reader.document() };
  } catch (error) {
    if (error instanceof XmlSyntaxError) return { fault: { line: reader.lineAt(error.at), reason: error.message } };
    throw error;
  }
}

class XmlSyntaxError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

class XmlReader {
  private readonly text: string;
  private at = 0;
  private lastLine = 1;
  private lastLineAt = 0;
  private elements = 0;

  constructor(text: string) {
    this.text = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  lineAt(at: number): number {
    if (at < this.lastLineAt) {
      this.lastLine = 1;
      this.lastLineAt = 0;
    }
    for (
      let next = this.text.indexOf('\n', this.lastLineAt);
      next >= 0 && next < at;
      next = this.text.indexOf('\n', next + 1)
    ) {
      this.lastLine++;
      this.lastLineAt = next + 1;
    }
    return this.lastLine;
  }

  document(): XmlElement {
    this.skipAround();
    if (this.text[this.at] !== '<') this.fail('there is no XML element at the start');
    const root = this.element({ '': '', xml: 'http://www.w3.org/XML/1998/namespace' });
    this.skipAround();
    if (this.at < this.text.length) this.fail('something follows the end of the document');
    return root;
  }

  private fail(reason: string, at = this.at): never {
    throw new XmlSyntaxError(reason, at);
  }

  private until(end: string, what: string): string {
    const stop = this.text.indexOf(end, this.at);
    if (stop < 0) this.fail(`${what} is not closed`);
    const inner = this.text.slice(this.at, stop);
    this.at = stop + end.length;
    return inner;
  }

  private skipAround(): void {
    for (;;) {
      while (/\s/.test(this.text[this.at] ?? '')) this.at++;
      if (this.text.startsWith('<?', this.at)) this.until('?>', 'a processing instruction');
      else if (this.text.startsWith('<!--', this.at)) this.until('-->', 'a comment');
      else if (/^<!doctype/i.test(this.text.slice(this.at, this.at + 9)))
        this.fail('the document declares a document type, which is refused');
      else return;
    }
  }

  private name(what: string): string {
    nameThere.lastIndex = this.at;
    const found = nameThere.exec(this.text)?.[0];
    if (found === undefined) this.fail(`${what} has no name`);
    this.at += found.length;
    return found;
  }

  private element(outer: Readonly<Record<string, string>>): XmlElement {
    const open: { element: XmlElement; tag: string; scope: Readonly<Record<string, string>> }[] = [];
    for (;;) {
      const scope = open.at(-1)?.scope ?? outer;
      const begun = this.startTag(scope);
      open.at(-1)?.element.children.push(begun.element);
      if (open.length === 0 && begun.isEmpty) return begun.element;
      if (!begun.isEmpty) open.push(begun);
      if (open.length > deepest) this.fail(`elements are nested more than ${deepest} deep`);
      for (;;) {
        const current = open.at(-1)!;
        this.textInto(current.element);
        if (!this.text.startsWith('</', this.at)) break;
        this.at += 2;
        const start = this.at;
        const closed = this.name('an end tag');
        if (closed !== current.tag) this.fail(`<${current.tag}> is closed by </${closed}>`, start);
        this.until('>', 'an end tag');
        open.pop();
        if (open.length === 0) return current.element;
      }
    }
  }

  private startTag(scope: Readonly<Record<string, string>>) {
    const start = this.at;
    if (++this.elements > mostElements) this.fail(`there are more than ${mostElements} elements`);
    this.at++;
    const tag = this.name('an element');
    const attributes: Record<string, string> = {};
    let inner: Record<string, string> | undefined;
    for (;;) {
      while (/\s/.test(this.text[this.at] ?? '')) this.at++;
      const next = this.text[this.at];
      if (next === '>' || next === '/') break;
      if (next === undefined) this.fail(`<${tag}> is not closed`, start);
      const name = this.name('an attribute');
      const equals = /\s*=\s*(["'])/y;
      equals.lastIndex = this.at;
      const quote = equals.exec(this.text);
      if (!quote) this.fail(`attribute ${name} has no quoted value`);
      this.at += quote[0].length;
      const raw = this.until(quote[1]!, `attribute ${name}`);
      if (Object.hasOwn(attributes, name)) this.fail(`attribute ${name} stands twice`);
      const value = this.unescape(raw);
      attributes[name] = value;
      if (name === 'xmlns' || name.startsWith('xmlns:')) inner = { ...(inner ?? scope), [name.slice(6)]: value };
    }
    const isEmpty = this.text[this.at] === '/';
    if (isEmpty) this.at++;
    if (this.text[this.at] !== '>') this.fail(`<${tag}> is not closed`, start);
    this.at++;
    const colon = tag.indexOf(':');
    const prefix = colon < 0 ? '' : tag.slice(0, colon);
    const known = inner ?? scope;
    if (!Object.hasOwn(known, prefix)) this.fail(`the prefix ${prefix} is not declared`, start);
    const line = this.lineAt(start);
    const element: XmlElement = {
      name: tag.slice(colon + 1),
      namespace: known[prefix]!,
      attributes,
      children: [],
      line,
    };
    return { element, tag, scope: known, isEmpty };
  }

  private textInto(element: XmlElement): void {
    for (;;) {
      const next = this.text.indexOf('<', this.at);
      if (next < 0) this.fail(`<${element.name}> is not closed`);
      if (next > this.at) element.children.push(this.unescape(this.text.slice(this.at, next)));
      this.at = next;
      if (this.text.startsWith('<!--', next)) this.until('-->', 'a comment');
      else if (this.text.startsWith('<![CDATA[', next)) {
        this.at += 9;
        element.children.push(this.until(']]>', 'a CDATA section'));
      } else if (this.text.startsWith('<?', next)) this.until('?>', 'a processing instruction');
      else return;
    }
  }

  private unescape(raw: string): string {
    if (!raw.includes('&')) return raw;
    return raw.replace(/&(#x[0-9a-fA-F]+|#\d+|[^;\s&]*);?/g, (whole, name: string) => {
      if (!whole.endsWith(';')) this.fail('an ampersand stands alone; it is written &amp;');
      const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      if (name.startsWith('#') && code > 0 && code <= 0x10ffff) return String.fromCodePoint(code);
      return Object.hasOwn(entities, name)
        ? entities[name]!
        : this.fail(`the entity ${name.slice(0, 20)} is not known`);
    });
  }
}

/** Child elements, all or those of one name. */
export function childrenOf(element: XmlElement, name?: string): XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => typeof child !== 'string' && (name === undefined || child.name === name),
  );
}

/** The first child element of a name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return childrenOf(element, name)[0];
}

/** All text within an element, trimmed, `<br/>` as a line end. */
export function textWithin(element: XmlElement): string {
  const pieces = (inner: XmlElement): string =>
    inner.children
      .map((child) => (typeof child === 'string' ? child : child.name === 'br' ? '\n' : pieces(child)))
      .join('');
  return pieces(element).trim();
}
