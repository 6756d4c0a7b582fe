import type { ByteSource } from '../../bytes/byte-source.ts';

const mark = 0x0abeceda;
const mostMapBytes = 512 << 20;

/** Where the chunks of an ND2 file lie. */
export interface Nd2Chunks {
  /** Offset of every chunk that is no image, by its name with the final `!`. */
  named: ReadonlyMap<string, number>;
  /** Offset of the image chunks, by their number. */
  images: ReadonlyMap<number, number>;
}

/** Where the data of a chunk lie; `undefined` where there is no chunk at this offset or it leaves the file. */
export async function chunkData(
  source: ByteSource,
  offset: number,
  signal?: AbortSignal,
): Promise<{ offset: number; length: number } | undefined> {
  if (offset < 0 || offset + 16 > source.size) return undefined;
  const head = await source.read(offset, 16, signal);
  if (head.length < 16) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const start = offset + 16 + view.getUint32(4, true);
  const length = Number(view.getBigUint64(8, true));
  return view.getUint32(0, true) === mark && start <= source.size ? { offset: start, length } : undefined;
}

/** Bytes of a named chunk, at most `limit`; `undefined` where it is absent or damaged. */
export async function readChunk(
  source: ByteSource,
  { named }: Nd2Chunks,
  name: string,
  limit = 64 << 20,
): Promise<Uint8Array | undefined> {
  const at = named.get(name);
  const data = at === undefined ? undefined : await chunkData(source, at);
  if (!data || data.length > limit || data.offset + data.length > source.size) return undefined;
  return source.read(data.offset, data.length);
}

/** Reads the map at the end of the file; `undefined` where there is none, as in a file that was cut off. */
export async function readChunkMap(source: ByteSource, signal?: AbortSignal): Promise<Nd2Chunks | undefined> {
  if (source.size < 56) return undefined;
  const tail = await source.read(source.size - 8, 8, signal);
  const at = Number(new DataView(tail.buffer, tail.byteOffset).getBigUint64(0, true));
  const map = Number.isSafeInteger(at) ? await chunkData(source, at, signal) : undefined;
  if (!map) return undefined;
  // The length of the map counts its padding, which may reach past the end of the file.
  const bytes = await source.read(map.offset, Math.min(map.length, mostMapBytes, source.size - map.offset), signal);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const named = new Map<string, number>();
  const images = new Map<number, number>();
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x21, start);
    if (end < 0 || end - start > 1024 || end + 17 > bytes.length) break;
    const name = new TextDecoder('latin1').decode(bytes.subarray(start, end + 1));
    if (name.startsWith('ND2 CHUNK MAP')) break;
    const offset = Number(view.getBigUint64(end + 1, true));
    const image = /^ImageDataSeq\|(\d{1,9})!$/.exec(name);
    if (image) images.set(Number(image[1]), offset);
    else named.set(name, offset);
    start = end + 17;
  }
  return { named, images };
}
