import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

/** Text up to this length is parsed in one go, in bytes. */
const bytesInOneGo = 2 ** 20;
/** Bytes looked through, or digested, after which others get their turn. */
const bytesInOneTurn = 2 ** 23;

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openObject, closeObject, openList, closeList] = [0x7b, 0x7d, 0x5b, 0x5d];
const isSpace = (byte: number | undefined) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * `JSON.parse` of UTF-8 bytes that gives others their turn: the inventory of a hundred thousand files, fifty megabytes, would hold up every
 * request for most of a second.
 * @throws SyntaxError
 */
export async function parseJsonInTurns(bytes: Uint8Array): Promise<unknown> {
  const text = new Text(bytes);
  if (bytes.length <= bytesInOneGo) return text.parsed(0, bytes.length, '', '');
  const start = text.afterSpace(0);
  const value = await text.value(start, await text.endOf(start));
  if (text.afterSpace(text.looked) < bytes.length) throw wrong(text.looked);
  return value;
}

/** A digest of bytes that gives others their turn, lower-case hex. */
export async function digestInTurns(algorithm: string, bytes: Uint8Array): Promise<string> {
  const hash = createHash(algorithm);
  for (let at = 0; at < bytes.length; at += bytesInOneTurn) {
    if (at > 0) await setImmediate();
    hash.update(bytes.subarray(at, at + bytesInOneTurn));
  }
  return hash.digest('hex');
}

const wrong = (at: number) => new SyntaxError(`This is no JSON at byte ${at}`);

class Text {
  private readonly bytes: Buffer;
  private sinceTurn = 0;
  /** End of the value that was looked at last. */
  looked = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** What stands between two places, with something before and behind it. */
  parsed(start: number, end: number, before: string, behind: string): unknown {
    return JSON.parse(before + this.bytes.toString('utf8', start, end) + behind);
  }

  afterSpace(at: number): number {
    let next = at;
    while (isSpace(this.bytes[next])) next++;
    return next;
  }

  /** The value between two places: what is long of it member by member. */
  async value(start: number, end: number): Promise<unknown> {
    const isList = this.bytes[start] === openList;
    if (end - start <= bytesInOneGo || (!isList && this.bytes[start] !== openObject))
      return this.parsed(start, end, '', '');
    if (this.bytes[end - 1] !== (isList ? closeList : closeObject)) throw wrong(end - 1);
    const list: unknown[] = [];
    const object: Record<string, unknown> = {};
    const take = (from: number, to: number) => {
      if (from === to) return;
      if (isList) for (const one of this.parsed(from, to, '[', ']') as unknown[]) list.push(one);
      else for (const [key, one] of Object.entries(this.parsed(from, to, '{', '}') as object)) set(object, key, one);
    };
    // Members one after the other, from `waiting` to `at`, are parsed together.
    let waiting = this.afterSpace(start + 1);
    if (waiting === end - 1) return isList ? list : object;
    for (let at = waiting; ; ) {
      if (!isList && this.bytes[at] !== quote) throw wrong(at);
      const key = isList ? undefined : { start: at, end: await this.endOf(at) };
      const first = key ? this.afterColon(key.end) : at;
      const last = await this.endOf(first);
      if (last - first > bytesInOneGo) {
        take(waiting, this.withoutComma(waiting, at));
        const one = await this.value(first, last);
        if (key) set(object, this.parsed(key.start, key.end, '', '') as string, one);
        else list.push(one);
        waiting = last;
      }
      const behind = this.afterSpace(last);
      if (behind === end - 1) {
        take(waiting, last);
        this.looked = end;
        return isList ? list : object;
      }
      if (this.bytes[behind] !== comma) throw wrong(behind);
      at = this.afterSpace(behind + 1);
      if (waiting === last) waiting = at;
      else if (last - waiting > bytesInOneGo) {
        take(waiting, last);
        waiting = at;
      }
    }
  }

  /** Where a value ends that starts here. Only brackets and texts are looked at: what is wrong within is found when it is parsed. */
  async endOf(start: number): Promise<number> {
    const { bytes } = this;
    let depth = 0;
    let at = start;
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === quote) at = this.endOfText(at) - 1;
      else if (byte === openObject || byte === openList) depth++;
      else if (byte === closeObject || byte === closeList) depth--;
      else if (depth > 0 || !(byte === comma || byte === colon || isSpace(byte))) continue;
      else break;
      if (depth < 0) break;
      if (depth === 0) {
        at++;
        break;
      }
    }
    if (at === start || depth > 0) throw wrong(at);
    this.sinceTurn += at - start;
    if (this.sinceTurn > bytesInOneTurn) {
      this.sinceTurn = 0;
      await setImmediate();
    }
    this.looked = at;
    return at;
  }

  private endOfText(start: number): number {
    for (let end = this.bytes.indexOf(quote, start + 1); end > 0; end = this.bytes.indexOf(quote, end + 1)) {
      let before = end;
      while (this.bytes[before - 1] === backslash) before--;
      if ((end - before) % 2 === 0) return end + 1;
    }
    throw wrong(start);
  }

  private afterColon(at: number): number {
    const place = this.afterSpace(at);
    if (this.bytes[place] !== colon) throw wrong(place);
    return this.afterSpace(place + 1);
  }

  /** End of the members that stand before a place. */
  private withoutComma(start: number, at: number): number {
    let end = at;
    while (end > start && (isSpace(this.bytes[end - 1]) || this.bytes[end - 1] === comma)) end--;
    return end;
  }
}

/** A member as `JSON.parse` makes it, whatever it is called. */
function set(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}
