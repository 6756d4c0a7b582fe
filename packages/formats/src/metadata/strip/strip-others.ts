import type { ByteSource } from '../../bytes/byte-source.ts';
import { attachmentsOfCzi } from '../header-tags.ts';
import { dicomElements } from '../dicom-tags.ts';
import { blankPrivate, noStripping, type Stripping } from './patches.ts';

/** Longest metadata of a CZI, and longest file of text, that is looked through. */
const mostBytes = 64 << 20;

/** What takes details of persons out of a DICOM file: values of the elements that name them are blanked. Pixels are not touched. */
export async function stripDicom(source: ByteSource, signal?: AbortSignal): Promise<Stripping> {
  const found = noStripping();
  for (const { at, length, isPicture, field } of await dicomElements(source, signal)) {
    // A file that is a picture of a label cannot tell less: it is taken out as a whole.
    if (isPicture || length === 0 || at + length > source.size) continue;
    // Numbers of things are padded with zeros, all else with spaces (PS3.5, 6.2).
    const isUid = field === 'DeviceUID';
    found.patches.push({ at, bytes: new Uint8Array(length).fill(isUid ? 0 : 0x20) });
    found.count += 1;
  }
  return found;
}

/**
 * What takes them out of a CZI: texts of its metadata are blanked; pictures of the label and of the slide that ZEN attaches are put to zero, their
 * segments marked as deleted, and their names taken from the directory. Subblocks with pixels are not touched.
 */
export async function stripCzi(source: ByteSource, signal?: AbortSignal): Promise<Stripping> {
  const found = noStripping();
  const header = await source.read(0, 112, signal);
  if (header.length < 112) return found;
  const metadataAt = Number(new DataView(header.buffer, header.byteOffset).getBigInt64(92, true));
  const segment = metadataAt >= 112 ? await source.read(metadataAt, 36, signal) : new Uint8Array();
  if (segment.length === 36 && new TextDecoder('latin1').decode(segment.subarray(0, 15)) === 'ZISRAWMETADATA\0') {
    const size = new DataView(segment.buffer, segment.byteOffset).getUint32(32, true);
    const at = metadataAt + 32 + 256;
    if (size <= mostBytes && at + size <= source.size) {
      const xml = await source.read(at, size, signal);
      const count = blankPrivate(xml);
      if (count > 0) found.patches.push({ at, bytes: xml });
      found.count += count;
    }
  }
  const { directoryAt, entries } = await attachmentsOfCzi(source, signal);
  const shown = entries.filter(({ isOfSlide }) => isOfSlide);
  if (shown.length === 0) return found;
  for (const { segmentAt } of shown) {
    const head = await source.read(segmentAt, 32, signal);
    if (head.length < 32 || !new TextDecoder('latin1').decode(head).startsWith('ZISRAWATTACH')) continue;
    const used = Number(new DataView(head.buffer, head.byteOffset).getBigInt64(16, true));
    found.patches.push({ at: segmentAt, bytes: nameBytes('DELETED', 16) });
    found.erased.push({ at: segmentAt + 32, length: Math.max(0, Math.min(used, source.size - segmentAt - 32)) });
  }
  const kept = entries.filter(({ isOfSlide }) => !isOfSlide);
  const directory = new Uint8Array(entries.length * 128);
  for (const [at, { bytes }] of kept.entries()) directory.set(bytes, at * 128);
  const count = new Uint8Array(4);
  new DataView(count.buffer).setInt32(0, kept.length, true);
  found.patches.push({ at: directoryAt + 32, bytes: count }, { at: directoryAt + 288, bytes: directory });
  found.count += shown.length;
  return found;
}

const nameBytes = (name: string, length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes.set(new TextEncoder().encode(name));
  return bytes;
};

/** What takes them out of a file that is text from beginning to end; `undefined` where it is none. */
export async function stripText(source: ByteSource, signal?: AbortSignal): Promise<Stripping | undefined> {
  if (source.size > mostBytes) return undefined;
  const bytes = await source.read(0, source.size, signal);
  if (!isText(bytes)) return undefined;
  const count = blankPrivate(bytes);
  return { patches: count > 0 ? [{ at: 0, bytes }] : [], erased: [], count };
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
