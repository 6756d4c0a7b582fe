import { stat } from 'node:fs/promises';
import { type ByteSource, crc32 } from '@micrarium/formats';
import type { DerivedStore } from '@micrarium/repository';
import { diskSource } from './zip-folders.ts';

/** Bytes that take the place of others, as many, from an offset on. */
export interface Patch {
  at: number;
  bytes: Uint8Array;
}

/** Longer texts within a form are no metadata. */
const longestText = 16 * 2 ** 20;
const metadataEntry = /(?:^|\/)[^/]*\.(?:json|xml|txt)$|(?:^|\/)\.z(?:attrs|group|array|metadata)$/i;
const mask = 'x'.charCodeAt(0);

/** How a value may stand in a metadata text: as it is, within JSON, within XML, and within XML within JSON. */
function spellings(value: string): Uint8Array[] {
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  const inXml = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return [...new Set([value, inJson(value), inXml, inJson(inXml)])].map((text) => new TextEncoder().encode(text));
}

/** Bytes as letters, one each, with the capitals of ASCII made small: places in it are places in the bytes. */
const folded = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[A-Z]+/g, (part) => part.toLowerCase());

/** Puts `x` for every value in a text, byte for byte; `undefined` where there is none. */
export function maskedText(text: Uint8Array, values: readonly string[]): Uint8Array | undefined {
  const all = values.flatMap(spellings).sort((one, other) => other.length - one.length);
  let letters = folded(text);
  let out: Uint8Array | undefined;
  for (const value of all) {
    const wanted = folded(value);
    for (let at = letters.indexOf(wanted); at >= 0; at = letters.indexOf(wanted, at + wanted.length)) {
      // A buffer of Node gives a view for a slice.
      out ??= Uint8Array.from(text);
      out.fill(mask, at, at + wanted.length);
    }
    if (out) letters = folded(out);
  }
  return out;
}

/** What is to be put over the metadata of a stored form, so that no value stands in them; pixels and numbers are not looked at. */
export async function patchesOver(path: string, source: ByteSource, values: readonly string[]): Promise<Patch[]> {
  if (path.endsWith('.parquet')) return await overFooter(source, values);
  if (path.endsWith('.ozx')) return await overArchive(source, values);
  if (!/\.(?:json|txt)$/.test(path) || source.size > longestText) return [];
  const text = maskedText(await source.read(0, source.size), values);
  return text ? [{ at: 0, bytes: text }] : [];
}

/** Names of columns and key-value metadata of a Parquet file stand at its end (Apache Parquet, file layout). */
async function overFooter(source: ByteSource, values: readonly string[]): Promise<Patch[]> {
  if (source.size < 12) return [];
  const end = await source.read(source.size - 8, 8);
  const length = new DataView(end.buffer, end.byteOffset).getUint32(0, true);
  const at = source.size - 8 - length;
  if (at < 4 || length > longestText) return [];
  const text = maskedText(await source.read(at, length), values);
  return text ? [{ at, bytes: text }] : [];
}

/** An entry of an archive without compression: where its directory record, its header and its bytes are. */
interface Place {
  record: number;
  header: number;
  size: number;
}

/** Metadata of an OME-Zarr in one file are entries of their own; their sums in header and directory are those of the new text. */
async function overArchive(source: ByteSource, values: readonly string[]): Promise<Patch[]> {
  const patches: Patch[] = [];
  for (const { record, header, size } of await metadataEntries(source)) {
    const start = await source.read(header, 30);
    const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
    const data = header + 30 + view.getUint16(26, true) + view.getUint16(28, true);
    const text = maskedText(await source.read(data, size), values);
    if (!text) continue;
    const sum = new Uint8Array(4);
    new DataView(sum.buffer).setUint32(0, crc32(text), true);
    // Where the sum follows the data, it stands behind a mark of four bytes.
    const isTrailing = (view.getUint16(6, true) & 8) !== 0;
    const places = [record + 16, isTrailing ? data + size + 4 : header + 14];
    patches.push({ at: data, bytes: text }, ...places.map((at) => ({ at, bytes: sum })));
  }
  return patches;
}

/** Entries that hold metadata, by the central directory (APPNOTE 6.3, sections 4.3.12 to 4.3.16). */
async function metadataEntries(source: ByteSource): Promise<Place[]> {
  const directory = await centralDirectory(source);
  if (!directory) return [];
  const { at: begin, bytes } = directory;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Place[] = [];
  for (let at = 0; at + 46 <= bytes.length && view.getUint32(at, true) === 0x02014b50; ) {
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    const size = view.getUint32(at + 24, true);
    let header = view.getUint32(at + 42, true);
    const path = Buffer.from(bytes.subarray(at + 46, at + 46 + name)).toString('utf8');
    // A small entry behind 4 GB: the offset alone stands in the field of zip64.
    if (header === 0xffffffff && extra >= 12) header = Number(view.getBigUint64(at + 46 + name + 4, true));
    const isPlain = view.getUint16(at + 10, true) === 0 && size <= longestText;
    if (isPlain && metadataEntry.test(path)) found.push({ record: begin + at, header, size });
    at += 46 + name + extra + comment;
  }
  return found;
}

async function centralDirectory(source: ByteSource): Promise<{ at: number; bytes: Uint8Array } | undefined> {
  const tail = await source.read(Math.max(0, source.size - 65_557 - 76), Math.min(source.size, 65_557 + 76));
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    let [size, begin] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
    const isBig = at >= 76 && view.getUint32(at - 76, true) === 0x06064b50;
    if (isBig)
      [size, begin] = [40, 48].map((field) => Number(view.getBigUint64(at - 76 + field, true))) as [number, number];
    return { at: begin, bytes: await source.read(begin, size) };
  }
  return undefined;
}

/** Bytes with patches put over them. */
function patched<Source extends ByteSource>(source: Source, patches: readonly Patch[], name: string): Source {
  const read: ByteSource['read'] = async (offset, length, signal) => {
    const bytes = await source.read(offset, length, signal);
    const touched = patches.filter(({ at, bytes: over }) => at < offset + bytes.length && at + over.length > offset);
    if (touched.length === 0) return bytes;
    const out = Uint8Array.from(bytes);
    for (const { at, bytes: over } of touched) {
      const from = Math.max(0, offset - at);
      out.set(over.subarray(from, Math.min(over.length, offset + out.length - at)), at + from - offset);
    }
    return out;
  };
  return Object.assign(Object.create(source) as Source, { name, size: source.size, read });
}

/** A file of a form by the shared handles: who answers with it need not close it. */
async function onDisk(derived: DerivedStore, key: string, path: string): ReturnType<DerivedStore['open']> {
  const file = await derived.pathOf(key, path);
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
  return file === undefined || !found ? undefined : { ...diskSource(file, found.size), close: async () => {} };
}

/** Patches of forms that were read a moment ago: a viewer asks for hundreds of chunks of one form. */
const remembered = new Map<string, Promise<Patch[]>>();
const mostRemembered = 200;

/**
 * Stored forms in whose metadata no value stands, as if they lay elsewhere: nothing is given out by its path on this machine. Sizes and
 * offsets stay. What a microscope or a tracking program wrote of its user is read past this by nobody.
 * @param values of three letters and more
 */
export function derivedWithout(derived: DerivedStore, values: readonly string[]): DerivedStore {
  const open: DerivedStore['open'] = async (key, path) => {
    const source = await (derived.isElsewhere ? derived.open(key, path) : onDisk(derived, key, path));
    if (!source) return undefined;
    const name = `${key}/${path} without ${values.join('\n')}`;
    let patches = remembered.get(name);
    if (!patches) {
      remembered.set(name, (patches = patchesOver(path, source, values)));
      patches.catch(() => remembered.delete(name));
      if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value!);
    }
    return patched(source, await patches, name);
  };
  return {
    isElsewhere: true,
    open,
    pathOf: async () => undefined,
    list: (key) => derived.list(key),
    build: (key, make, options) => derived.build(key, make, options),
    drop: (key) => derived.drop(key),
  };
}
