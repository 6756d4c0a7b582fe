import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { type ByteSource, readWindows } from '../../bytes/byte-source.ts';
import { sniffEncoding } from '../../tables/delimited/text-windows.ts';
import type { XmlFault } from '../../tracks/simple/xml-elements.ts';
import { viewOf } from '../../tracks/trackmate/decimal.ts';
import { findAfter, tagEnd } from '../../tracks/trackmate/tags.ts';
import { release } from '../texts.ts';
import { ComponentBytes, isComponent, needsMore, unusual } from './component-bytes.ts';
import type { TakeComponent } from './document.ts';
import { BdmlWalk } from './element-walk.ts';
import { type WalkOptions, type WalkedBdml, walkBdmlByElements } from './saxes-walk.ts';

const windowBytes = 1 << 20;
/** Text of so many bytes is handed to the XML parser at once. */
const longestChunk = 1 << 16;
/** Bytes of one tag or text, after which the file is no BDML. */
const longestPiece = 1 << 24;
/** A component that is longer is read element by element. */
const longestComponent = 1 << 23;
const deepest = 200;

/**
 * Walks a document once, in bounded memory. Components as programs write them are read straight from the bytes; all
 * else (header, definitions, components with anything rare in them) goes through an XML parser, which never sees the
 * others: each is complete in itself, so what is left is well-formed where the whole is.
 */
export async function walkBdml(
  source: ByteSource,
  take: TakeComponent,
  options: WalkOptions = {},
): Promise<WalkedBdml> {
  const head = await source.read(0, 65_536, options.signal);
  const isBytewise = sniffEncoding(head) === 'utf-8' && head[0] !== 0 && head[1] !== 0;
  if (!isBytewise) return walkBdmlByElements(source, take, options);
  const scanner = new BdmlScanner(take);
  for await (const { offset, bytes } of readWindows(source, windowBytes, options.signal)) {
    if (bytes.length === 0) break;
    const done = offset + bytes.length;
    scanner.feed(bytes);
    for (let waiting = scanner.scan(); waiting; waiting = scanner.scan()) await waiting;
    options.onBytes?.(done);
    if (scanner.fault) break;
  }
  const waiting = scanner.finish();
  if (waiting) await waiting;
  return { document: scanner.walk.document, fault: scanner.fault };
}

/** What the elements say so far, and the parser that reads what is rare. */
class BdmlScanner {
  fault: XmlFault | undefined;
  readonly walk: BdmlWalk;
  private readonly take: TakeComponent;
  private readonly parser = new SaxesParser();
  private readonly components = new ComponentBytes();
  private decoder = new TextDecoder('utf-8', { fatal: true });
  private waiting: Promise<void>[] = [];
  private room: Uint8Array = new Uint8Array(0);
  /** What is left of the room to read. */
  private bytes: Uint8Array = this.room;
  private view: DataView = viewOf(this.room);
  private at = 0;
  private depth = 0;
  /** Line ends in what the parser never saw. */
  private linesPassed = 0;
  private isUtf8 = true;

  constructor(take: TakeComponent) {
    this.take = take;
    this.walk = new BdmlWalk(take);
    const { parser } = this;
    const stop = (code: XmlFault['code'], message: string) => this.stop(code, message);
    const wait = (answer: Promise<void> | undefined | void) => {
      if (answer) this.waiting.push(answer);
    };
    parser.on('doctype', () => stop('xml-doctype-refused', 'the file has a document type'));
    parser.on('error', (error) => stop('xml-malformed', error.message.replace(/^\d+:\d+: /, '')));
    parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
      if (this.fault) return;
      if (++this.depth > deepest) stop('xml-malformed', `elements are nested more than ${deepest} deep`);
      else this.walk.open(name, attributes);
    });
    parser.on('closetag', ({ name }) => {
      this.depth--;
      if (!this.fault) wait(this.walk.close(name));
    });
    const text = (piece: string) => {
      if (!this.fault) this.walk.text(piece);
    };
    parser.on('text', text);
    parser.on('cdata', text);
  }

  /** Goes on with a window, whose memory is given back: megabytes that wait for the collector add up to a hundred. */
  feed(window: Uint8Array): void {
    const pending = this.bytes.length - this.at;
    const length = pending + window.length;
    if (length > this.room.length) {
      const room = new Uint8Array(length + (windowBytes >> 2));
      room.set(this.bytes.subarray(this.at));
      release(this.room);
      this.room = room;
    } else this.room.copyWithin(0, this.at, this.at + pending);
    this.room.set(window, pending);
    release(window);
    this.bytes = this.room.subarray(0, length);
    this.view = viewOf(this.bytes);
    this.at = 0;
  }

  /** Reads on to the end of the window; a promise where somebody must be waited for first. */
  scan(): Promise<unknown> | undefined {
    while (!this.fault) {
      const full = this.walk.isAmongComponents ? this.passComponents() : undefined;
      if (full) return full;
      if (!this.passOther()) return this.settled();
      if (this.waiting.length > 0) return this.settled();
    }
    return this.settled();
  }

  /** The end of the file: what is left must be the end of the document. */
  finish(): Promise<unknown> | undefined {
    if (!this.fault) {
      this.write(this.bytes.length, false);
      this.parser.close();
    }
    return this.settled();
  }

  private settled(): Promise<unknown> | undefined {
    return this.waiting.length > 0 ? Promise.all(this.waiting.splice(0)) : undefined;
  }

  private stop(code: XmlFault['code'], message: string): void {
    this.fault ??= { code, message, line: this.parser.line + this.linesPassed };
  }

  /** Takes the components that lie here, one after the other, until there is something else. */
  private passComponents(): Promise<void> | undefined {
    const { bytes, components } = this;
    while (this.isUtf8) {
      let { at } = this;
      let lines = 0;
      for (; bytes[at] !== 60; at++) {
        const byte = bytes[at];
        if (byte === 10) lines++;
        else if (byte !== 32 && byte !== 9 && !(byte === 13 && bytes[at + 1] === 10)) return undefined;
      }
      if (!isComponent(this.view, at)) return undefined;
      const end = components.read(bytes, this.view, at);
      if (end === unusual || (end === needsMore && bytes.length - at <= longestComponent)) return undefined;
      if (end < 0) return undefined;
      this.at = end;
      this.linesPassed += lines + components.lines;
      const full = this.take(components.component);
      if (full) return full;
    }
    return undefined;
  }

  /** Gives the parser what is no plain component; `false` where more bytes are needed first. */
  private passOther(): boolean {
    const { bytes } = this;
    const isPlainComponent = this.walk.isAmongComponents && this.isUtf8 && this.isCutComponent();
    if (isPlainComponent) return false;
    let end = this.at;
    while (end - this.at < longestChunk) {
      const next = pieceEnd(bytes, end);
      if (next < 0) break;
      const isTurn = isTurningPoint(bytes, end, next);
      end = next;
      if (isTurn) break;
    }
    if (end === this.at) {
      if (bytes.length - this.at > longestPiece)
        this.stop('xml-malformed', 'a single tag or text is longer than 16 million bytes');
      return false;
    }
    this.write(end, true);
    return true;
  }

  /** Does a component lie here whose end is not in the window yet? */
  private isCutComponent(): boolean {
    const { bytes } = this;
    let { at } = this;
    while (bytes[at] === 32 || bytes[at] === 9 || bytes[at] === 10 || bytes[at] === 13) at++;
    if (bytes.length - at < 16) return true;
    return (
      isComponent(this.view, at) &&
      bytes.length - at <= longestComponent &&
      this.components.read(bytes, this.view, at) === needsMore
    );
  }

  /** Gives the parser the bytes up to `end`. */
  private write(end: number, stream: boolean): void {
    const part = this.bytes.subarray(this.at, end);
    this.at = end;
    let text: string;
    try {
      text = this.decoder.decode(part, { stream });
    } catch {
      this.isUtf8 = false;
      this.decoder = new TextDecoder('windows-1252');
      text = this.decoder.decode(part, { stream });
    }
    this.parser.write(text);
  }
}

/** Where the tag, comment or text at a position ends; -1 where it goes on past the window. */
function pieceEnd(bytes: Uint8Array, at: number): number {
  const { length } = bytes;
  if (at >= length) return -1;
  if (bytes[at] !== 60) {
    const next = bytes.indexOf(60, at);
    return next < 0 ? length : next;
  }
  if (length - at < 9) {
    const end = bytes.indexOf(62, at);
    return bytes[at + 1] === 33 || bytes[at + 1] === 63 || end < 0 ? -1 : end + 1;
  }
  if (bytes[at + 1] === 63) return findAfter(bytes, at + 2, length, '?>');
  if (bytes[at + 1] !== 33) return tagEnd(bytes, at + 1, length);
  if (bytes[at + 2] === 45) return findAfter(bytes, at + 4, length, '-->');
  if (bytes[at + 2] === 91) return findAfter(bytes, at + 9, length, ']]>');
  return tagEnd(bytes, at + 1, length);
}

/** After `<data>` and the end of a component, plain components may follow. */
function isTurningPoint(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (bytes[start] !== 60 || length > 40) return false;
  const text = String.fromCharCode(...bytes.subarray(start, end));
  return text.endsWith('component>') || text.endsWith('data>') || text.startsWith('<data');
}
