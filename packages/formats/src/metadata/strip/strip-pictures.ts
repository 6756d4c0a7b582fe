import { type ByteSource, memorySource } from '../../bytes/byte-source.ts';
import { crc32 } from '../../containers/zip/crc32.ts';
import { blankPrivate, noStripping, type Stripping } from './patches.ts';
import { stripTiff } from './strip-tiff.ts';

/** Segments or chunks of a picture that are looked at. */
const mostParts = 2000;
const latin1 = new TextDecoder('latin1');

/** The Exif block of a picture with nothing in it that tells of persons; how many things were taken out. */
async function strippedExif(block: Uint8Array): Promise<{ bytes: Uint8Array; count: number }> {
  const found = await stripTiff(memorySource('exif', block));
  const bytes = block.slice();
  for (const { at, length } of found?.erased ?? []) bytes.fill(0, at, at + length);
  for (const patch of found?.patches ?? []) bytes.set(patch.bytes, patch.at);
  return { bytes, count: found?.count ?? 0 };
}

/**
 * What takes details of persons out of a JPEG: its Exif block keeps all but persons, places and serial numbers (so that it is turned as before);
 * texts of other blocks before the pixels (XMP, IPTC, comments) are blanked. Packed pixels are not touched.
 */
export async function stripJpeg(source: ByteSource, signal?: AbortSignal): Promise<Stripping> {
  const found = noStripping();
  for (let at = 2, part = 0; part < mostParts; part++) {
    const head = await source.read(at, 4, signal);
    if (head.length < 4 || head[0] !== 0xff) break;
    const marker = head[1]!;
    if (marker === 0xff) at += 1;
    else if (marker === 0xda || marker === 0xd9) break;
    else {
      const length = Math.max(2, head[2]! * 256 + head[3]!);
      const isText = marker === 0xfe || (marker >= 0xe1 && marker <= 0xef && marker !== 0xe2 && marker !== 0xee);
      const body = isText ? await source.read(at + 4, length - 2, signal) : new Uint8Array();
      if (marker === 0xe1 && latin1.decode(body.subarray(0, 6)) === 'Exif\0\0') {
        const { bytes, count } = await strippedExif(body.subarray(6));
        if (count > 0) found.patches.push({ at: at + 10, bytes });
        found.count += count;
      } else {
        const count = blankPrivate(body);
        if (count > 0) found.patches.push({ at: at + 4, bytes: body });
        found.count += count;
      }
      at += 2 + length;
    }
  }
  return found;
}

/** What takes them out of a PNG: its Exif block and its texts, with their checksums. Packed texts become chunks that say nothing. */
export async function stripPng(source: ByteSource, signal?: AbortSignal): Promise<Stripping> {
  const found = noStripping();
  for (let at = 8, part = 0; part < mostParts && at + 12 <= source.size; part++) {
    const head = await source.read(at, 8, signal);
    const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
    const kind = latin1.decode(head.subarray(4));
    if (['eXIf', 'tEXt', 'iTXt', 'zTXt'].includes(kind) && at + 12 + length <= source.size) {
      const body = await source.read(at + 8, length, signal);
      const { bytes, count } = await strippedChunk(kind, body);
      if (count > 0) {
        const chunk = new Uint8Array(length + 8);
        chunk.set(bytes.kind);
        chunk.set(bytes.body, 4);
        new DataView(chunk.buffer).setUint32(length + 4, crc32(chunk.subarray(0, length + 4)));
        found.patches.push({ at: at + 4, bytes: chunk });
        found.count += count;
      }
    }
    at += 12 + length;
  }
  return found;
}

async function strippedChunk(kind: string, body: Uint8Array) {
  const same = new TextEncoder().encode(kind);
  if (kind === 'eXIf') {
    const { bytes, count } = await strippedExif(body);
    return { bytes: { kind: same, body: bytes }, count };
  }
  const isPacked = kind === 'zTXt' || (kind === 'iTXt' && body[body.indexOf(0) + 1] === 1);
  // What nobody can look into here goes as a whole; a private chunk of zeros is passed over by whoever reads the picture.
  if (isPacked)
    return { bytes: { kind: new TextEncoder().encode('voId'), body: new Uint8Array(body.length) }, count: 1 };
  const text = body.slice();
  const count = blankPrivate(text);
  return { bytes: { kind: same, body: text }, count };
}
