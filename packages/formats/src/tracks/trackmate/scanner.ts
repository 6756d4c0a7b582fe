import type { AttributeRows } from './attribute-rows.ts';
import { needsMore, unusual } from './attribute-rows.ts';
import { viewOf } from './decimal.ts';
import { findAfter, isElement, readTag, type Tag, tagEnd } from './tags.ts';

/** No tracking file nests elements deeper than about ten. */
const deepest = 256;

/** Why the scanner stopped: it needs the next window, a batch is full, the object list begins, or reading is over. */
export type ScanStop = 'more' | 'batch' | 'objects' | 'end';

/** What ended the reading before the root element was closed. */
export interface ScanFault {
  code: 'xml-doctype-refused' | 'xml-too-deep' | 'xml-malformed' | 'not-trackmate' | 'xml-truncated' | 'xml-too-long';
  message: string;
  /** Byte offset in the text. */
  offset: number;
}

/** Takes what the scanner meets. Rows of `Spot` and `Edge` are in `AttributeRows`, read but not committed. */
export interface ScanHandler {
  /** A start tag other than Spot and Edge, with the names of the elements around it. */
  element(tag: Tag, path: readonly string[]): void;
  /** End of an element other than Spot and Edge. */
  endElement(name: string): void;
  /** A Spot; `outline` is the text in it, as byte range. `true` commits the row. */
  spot(bytes: Uint8Array, outlineStart: number, outlineEnd: number): boolean;
  /** An Edge. `true` commits the row. */
  edge(): boolean;
}

/** Elements whose attributes somebody wants; all others are only passed. */
const wantedElements = new Set(['TrackMate', 'Model', 'Feature', 'AllSpots', 'SpotsInFrame', 'Track', 'TrackID']);

/**
 * Walks TrackMate XML in windows, synchronously within each: hops from `<` to `<`, reads Spot and Edge straight from
 * the bytes, everything else with all the rules of XML. DOCTYPE is refused, depth is limited.
 */
export class TrackmateScanner {
  fault: ScanFault | undefined;
  spots: AttributeRows | undefined;
  edges: AttributeRows | undefined;
  private readonly handler: ScanHandler;
  private readonly decoder: TextDecoder;
  private bytes: Uint8Array = new Uint8Array(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  private at = 0;
  /** Offset of `bytes[0]` in the text. */
  private base = 0;
  private readonly path: string[] = [];
  private rootSeen = false;
  private ended = false;
  private objectsAnnounced = false;

  constructor(handler: ScanHandler, encoding: string) {
    this.handler = handler;
    this.decoder = new TextDecoder(encoding);
  }

  /** Bytes in the window that were not read yet. */
  get pending(): Uint8Array {
    return this.bytes.subarray(this.at);
  }

  /** Byte offset of the next byte to read. */
  get offset(): number {
    return this.base + this.at;
  }

  /** Goes on with a window that begins with the pending bytes of the last. */
  feed(window: Uint8Array): void {
    this.base += this.at;
    this.at = 0;
    this.bytes = window;
    this.view = viewOf(window);
  }

  /** No more windows: says whether the document was complete. */
  finish(): void {
    if (this.ended || this.fault) return;
    const inside = this.path.length > 0 ? `inside <${this.path.at(-1)}>` : 'before any element';
    this.fault = { code: 'xml-truncated', message: `the file ends ${inside}`, offset: this.base + this.bytes.length };
  }

  /** Reads on until something must be done. */
  scan(): ScanStop {
    for (;;) {
      if (this.fault) return 'end';
      if (this.isFull()) return 'batch';
      const open = this.nextTag();
      if (open < 0) return 'more';
      const step = this.readAt(open);
      if (step === 'more') return 'more';
      if (step !== undefined) return step;
    }
  }

  private isFull(): boolean {
    const { spots, edges } = this;
    return (
      (spots !== undefined && spots.count === spots.capacity) ||
      (edges?.count === edges?.capacity && edges !== undefined)
    );
  }

  /** Position of the next `<` with at least one byte after it. Text between elements is passed. */
  private nextTag(): number {
    const { bytes } = this;
    const near = Math.min(bytes.length, this.at + 24);
    for (let at = this.at; at < near; at++) if (bytes[at] === 60) return this.tagAt(at);
    return this.tagAt(bytes.indexOf(60, near));
  }

  private tagAt(open: number): number {
    this.at = open < 0 ? this.bytes.length : open;
    return open < 0 || open + 1 >= this.bytes.length ? -1 : open;
  }

  private readAt(open: number): ScanStop | undefined {
    const { bytes } = this;
    const next = bytes[open + 1]!;
    if (next === 83 && this.spots && isElement(bytes, open + 1, 'Spot')) return this.readSpot(open, this.spots);
    if (next === 69 && this.edges && isElement(bytes, open + 1, 'Edge')) return this.readEdge(open, this.edges);
    if (next === 47) return this.readEndTag(open);
    if (next === 33) return this.readMarkup(open);
    if (next === 63) return this.pass(findAfter(bytes, open + 2, bytes.length, '?>'));
    return this.readStartTag(open);
  }

  private pass(end: number): ScanStop | undefined {
    if (end < 0) return 'more';
    this.at = end;
    return undefined;
  }

  private readMarkup(open: number): ScanStop | undefined {
    const { bytes } = this;
    if (open + 9 > bytes.length) return 'more';
    const head = this.decoder.decode(bytes.subarray(open, open + 9));
    if (head.startsWith('<!--')) return this.pass(findAfter(bytes, open + 4, bytes.length, '-->'));
    if (head === '<![CDATA[') return this.pass(findAfter(bytes, open + 9, bytes.length, ']]>'));
    if (head.toUpperCase() === '<!DOCTYPE')
      return this.stop('xml-doctype-refused', 'the file has a DOCTYPE declaration', open);
    return this.stop('xml-malformed', 'markup starts with "<!" but is neither comment nor CDATA', open);
  }

  private readEndTag(open: number): ScanStop | undefined {
    const end = this.bytes.indexOf(62, open + 2);
    if (end < 0) return 'more';
    const name = this.decoder.decode(this.bytes.subarray(open + 2, end)).trimEnd();
    const expected = this.path.at(-1);
    if (expected !== name)
      return this.stop(
        'xml-malformed',
        expected === undefined ? `</${short(name)}> closes nothing` : `<${expected}> is closed by </${short(name)}>`,
        open,
      );
    this.path.pop();
    this.at = end + 1;
    this.handler.endElement(name);
    return this.closed();
  }

  private closed(): ScanStop | undefined {
    if (this.path.length > 0) return undefined;
    this.ended = true;
    this.at = this.bytes.length;
    return 'end';
  }

  private readStartTag(open: number): ScanStop | undefined {
    const { bytes } = this;
    const end = tagEnd(bytes, open + 1, bytes.length);
    if (end < 0) return 'more';
    const name = this.nameAt(open + 1, end);
    if (!this.rootSeen && name !== 'TrackMate')
      return this.stop('not-trackmate', `the root element is ${short(name) || 'missing'}, not TrackMate`, open);
    this.rootSeen = true;
    if (name === 'AllSpots' && !this.objectsAnnounced) {
      this.objectsAnnounced = true;
      return 'objects';
    }
    let selfClosed = bytes[end - 2] === 47;
    if (wantedElements.has(name)) {
      const tag = readTag(this.decoder.decode(bytes.subarray(open, end)));
      if (typeof tag === 'string') return this.stop('xml-malformed', tag, open);
      selfClosed = tag.selfClosed;
      this.handler.element(tag, this.path);
    }
    this.at = end;
    if (selfClosed) {
      if (wantedElements.has(name)) this.handler.endElement(name);
      return this.closed();
    }
    return this.enter(name, open);
  }

  private enter(name: string, open: number): ScanStop | undefined {
    this.path.push(name);
    if (this.path.length > deepest)
      return this.stop('xml-too-deep', `elements are nested more than ${deepest} deep`, open);
    return undefined;
  }

  private nameAt(start: number, end: number): string {
    let at = start;
    while (at < end - 1 && at - start < 200 && isNamePart(this.bytes[at]!)) at++;
    return this.decoder.decode(this.bytes.subarray(start, at));
  }

  private readSpot(open: number, rows: AttributeRows): ScanStop | undefined {
    const end = this.readRow(open, 5, rows);
    if (typeof end !== 'number') return end;
    if (rows.selfClosed) {
      this.at = end;
      this.finishRow(rows, this.handler.spot(this.bytes, end, end));
      return undefined;
    }
    const next = this.bytes.indexOf(60, end);
    if (next < 0 || next + 1 >= this.bytes.length) return 'more';
    this.finishRow(rows, this.handler.spot(this.bytes, end, next));
    this.at = next;
    return this.enter('Spot', open);
  }

  private readEdge(open: number, rows: AttributeRows): ScanStop | undefined {
    const end = this.readRow(open, 5, rows);
    if (typeof end !== 'number') return end;
    this.finishRow(rows, this.handler.edge());
    this.at = end;
    return rows.selfClosed ? undefined : this.enter('Edge', open);
  }

  private finishRow(rows: AttributeRows, keep: boolean): void {
    if (keep) rows.commit();
    else rows.discard();
  }

  /** Reads the attributes of Spot or Edge into the row; position after the tag, or why to stop. */
  private readRow(open: number, nameLength: number, rows: AttributeRows): number | ScanStop {
    const { bytes } = this;
    const end = rows.readTag(bytes, this.view, open + nameLength);
    if (end >= 0) return end;
    if (end === needsMore) return 'more';
    if (end !== unusual) return 'more';
    const tagStop = tagEnd(bytes, open + 1, bytes.length);
    if (tagStop < 0) return 'more';
    const tag = readTag(this.decoder.decode(bytes.subarray(open, tagStop)));
    if (typeof tag === 'string') return this.stop('xml-malformed', tag, open);
    rows.discard();
    for (const [name, value] of tag.attributes) rows.setText(name, value);
    rows.selfClosed = tag.selfClosed;
    return tagStop;
  }

  private stop(code: ScanFault['code'], message: string, at: number): 'end' {
    this.fault = { code, message, offset: this.base + at };
    return 'end';
  }
}

function short(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}...` : name;
}

/** Is the byte part of a name, that is, neither white space nor `/` nor `>`? */
function isNamePart(byte: number): boolean {
  return byte > 32 && byte !== 47 && byte !== 62;
}
