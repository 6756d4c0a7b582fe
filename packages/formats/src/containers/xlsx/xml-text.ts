/** The XML of a part is refused: a declaration of entities, or no XML. */
export class PartXmlError extends Error {
  override readonly name = 'PartXmlError';
  readonly refused: boolean;

  constructor(message: string, refused = false) {
    super(message);
    this.refused = refused;
  }
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text with the five entities of XML and character references resolved; anything else stays as written. */
export function resolveEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return named[String(name).toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** Text of a cell with the escapes of Office Open XML resolved: `_x000D_` is a carriage return (ECMA-376, ST_Xstring). */
export function resolveEscapes(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** What a walk over a part is told. Texts come only while `wantsText`. */
export interface PartHandler {
  /** Is the text between tags wanted at this moment? */
  wantsText: boolean;
  /** A start tag: its local name and where its attributes stand in `text`; the end follows at once where `closed`. */
  open(name: string, text: string, from: number, to: number, closed: boolean): void;
  close(name: string): void;
  text(piece: string): void;
  /** Nothing more is wanted of the part. */
  done: boolean;
  /** Takes the element that begins at `at` at once, where it is one of the usual; the position after it, else -1. */
  quick?(text: string, at: number): number;
}

/** A tag or a piece without a tag longer than this is in no workbook (a cell holds 32,767 characters). */
const longestPiece = 1 << 22;

/**
 * Walks the XML of a part text by text: only what sheets and shared texts need (elements, attributes, text, CDATA),
 * hopping from tag to tag. Declarations of a document type are refused.
 * @throws PartXmlError
 */
export class PartWalker {
  private rest = '';
  private readonly handler: PartHandler;

  constructor(handler: PartHandler) {
    this.handler = handler;
  }

  /** Characters that wait for the next piece. */
  get waiting(): number {
    return this.rest.length;
  }

  /** Takes a further piece of the part. */
  feed(piece: string): void {
    // Joined rather than added: the characters of a text that was added up take four times as long to get at.
    const text = this.rest === '' ? piece : [this.rest, piece].join('');
    let at = 0;
    const { handler } = this;
    while (!handler.done) {
      const start = text.indexOf('<', at);
      if (start < 0) break;
      if (handler.wantsText && start > at) handler.text(text.slice(at, start));
      const after = handler.quick?.(text, start) ?? -1;
      if (after > 0) {
        at = after;
        continue;
      }
      const next = this.tag(text, start);
      at = next < 0 ? start : next;
      if (next < 0) break;
    }
    this.rest = handler.done ? '' : text.slice(at);
    if (this.rest.length > longestPiece) throw new PartXmlError('a tag or text is longer than 4 million characters');
  }

  /** Position after the tag that begins at `start`; -1 where it is not complete yet. */
  private tag(text: string, start: number): number {
    const first = text.charCodeAt(start + 1);
    if (Number.isNaN(first)) return -1;
    if (first === 33) return this.declaration(text, start);
    if (first === 63) {
      const end = text.indexOf('?>', start);
      return end < 0 ? -1 : end + 2;
    }
    // Nearly all tags of a sheet are `<v>`, `</v>` and `</c>`: these need no looking for their end.
    if (first === 47 && text.charCodeAt(start + 3) === 62) {
      this.handler.close(text[start + 2]!);
      return start + 4;
    }
    const end = text.charCodeAt(start + 2) === 62 ? start + 2 : tagEnd(text, start);
    if (end < 0) return -1;
    const isEnd = first === 47;
    let nameEnd = start + (isEnd ? 2 : 1);
    let nameStart = nameEnd;
    for (; nameEnd < end; nameEnd++) {
      const code = text.charCodeAt(nameEnd);
      if (code === 58) nameStart = nameEnd + 1;
      else if (code <= 32 || code === 47) break;
    }
    const name = text.slice(nameStart, nameEnd);
    if (isEnd) this.handler.close(name);
    else {
      const closed = text.charCodeAt(end - 1) === 47;
      this.handler.open(name, text, nameEnd, end, closed);
      if (closed) this.handler.close(name);
    }
    return end + 1;
  }

  private declaration(text: string, start: number): number {
    if (text.startsWith('<!--', start)) {
      const end = text.indexOf('-->', start + 4);
      return end < 0 ? -1 : end + 3;
    }
    if (text.startsWith('<![CDATA[', start)) {
      const end = text.indexOf(']]>', start);
      if (end < 0) return -1;
      if (this.handler.wantsText) this.handler.text(text.slice(start + 9, end).replaceAll('&', '&amp;'));
      return end + 3;
    }
    if (text.length - start < 9) return -1;
    throw new PartXmlError('a document type is declared', true);
  }
}

function tagEnd(text: string, start: number): number {
  const end = text.indexOf('>', start);
  if (end < 0) return -1;
  // A quotation mark or a slash before it, or no room for an attribute: the tag ends here. Others are looked through.
  const before = text.charCodeAt(end - 1);
  if (before === 34 || before === 47 || end - start < 5) return end;
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 62) return at;
    if (code === 34 || code === 39) {
      at = text.indexOf(code === 34 ? '"' : "'", at + 1);
      if (at < 0) return -1;
    }
  }
  return -1;
}

/** Value of an attribute of a tag, entities resolved; `undefined` where it has none. Names count without a prefix. */
export function attributeOf(text: string, from: number, to: number, name: string): string | undefined {
  for (let at = from; at < to; ) {
    const equals = text.indexOf('=', at);
    if (equals < 0 || equals >= to) return undefined;
    let nameEnd = equals;
    while (text.charCodeAt(nameEnd - 1) <= 32) nameEnd--;
    let open = equals + 1;
    while (text.charCodeAt(open) <= 32) open++;
    const close = text.indexOf(text[open]!, open + 1);
    if (close < 0 || close > to) return undefined;
    const start = nameEnd - name.length;
    const before = text.charCodeAt(start - 1);
    if (start >= at && text.startsWith(name, start) && (before <= 32 || before === 58))
      return resolveEntities(text.slice(open + 1, close));
    at = close + 1;
  }
  return undefined;
}
