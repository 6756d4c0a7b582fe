/** One sub-block to write. Dimensions in any order, X and Y among them. */
export interface WrittenBlock {
  dimensions: { name: string; start: number; size: number; stored?: number }[];
  pixelType: number;
  compression?: number;
  data: Uint8Array;
  metadata?: string;
}

const segmentHeader = 32;
const padded = (length: number): number => Math.ceil(length / 32) * 32;
const ascii = (text: string, length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes.set(new TextEncoder().encode(text).subarray(0, length));
  return bytes;
};

function segment(id: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(padded(segmentHeader + data.length));
  const view = new DataView(out.buffer);
  out.set(ascii(id, 16));
  view.setBigInt64(16, BigInt(out.length - segmentHeader), true);
  view.setBigInt64(24, BigInt(data.length), true);
  out.set(data, segmentHeader);
  return out;
}

/** The directory entry of a block, which stands in its own header too. */
function entryOf(block: WrittenBlock, position: number): Uint8Array {
  const out = new Uint8Array(32 + 20 * block.dimensions.length);
  const view = new DataView(out.buffer);
  out.set(ascii('DV', 2));
  view.setInt32(2, block.pixelType, true);
  view.setBigInt64(6, BigInt(position), true);
  view.setInt32(18, block.compression ?? 0, true);
  view.setInt32(28, block.dimensions.length, true);
  for (const [n, { name, start, size, stored = size }] of block.dimensions.entries()) {
    const at = 32 + 20 * n;
    out.set(ascii(name, 4), at);
    view.setInt32(at + 4, start, true);
    view.setInt32(at + 8, size, true);
    view.setFloat32(at + 12, start, true);
    view.setInt32(at + 16, stored, true);
  }
  return out;
}

function blockSegment(block: WrittenBlock, position: number): Uint8Array {
  const metadata = new TextEncoder().encode(block.metadata ?? '');
  const entry = entryOf(block, position);
  const head = Math.max(256, 16 + entry.length);
  const data = new Uint8Array(head + metadata.length + block.data.length);
  const view = new DataView(data.buffer);
  view.setInt32(0, metadata.length, true);
  view.setBigInt64(8, BigInt(block.data.length), true);
  data.set(entry, 16);
  data.set(metadata, head);
  data.set(block.data, head + metadata.length);
  return segment('ZISRAWSUBBLOCK', data);
}

/** Writes a CZI from the published layout of its segments. `times` become the attachment `TimeStamps`. */
export function cziFile(blocks: readonly WrittenBlock[], xml: string, times: readonly number[] = []): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = segmentHeader + 512;
  const add = (part: Uint8Array): number => {
    parts.push(part);
    size += part.length;
    return size - part.length;
  };
  const positions = blocks.map((block) => add(blockSegment(block, size)));
  const text = new TextEncoder().encode(xml);
  const metadata = new Uint8Array(256 + text.length);
  new DataView(metadata.buffer).setInt32(0, text.length, true);
  metadata.set(text, 256);
  const metadataAt = add(segment('ZISRAWMETADATA', metadata));
  const entries = blocks.map((block, n) => entryOf(block, positions[n]!));
  const directory = new Uint8Array(128 + entries.reduce((sum, entry) => sum + entry.length, 0));
  new DataView(directory.buffer).setInt32(0, entries.length, true);
  let at = 128;
  for (const entry of entries) {
    directory.set(entry, at);
    at += entry.length;
  }
  const directoryAt = add(segment('ZISRAWDIRECTORY', directory));
  const attachmentsAt = times.length > 0 ? add(timeStamps(times, size)) : 0;
  const out = new Uint8Array(size);
  out.set(segment('ZISRAWFILE', new Uint8Array(512)));
  const view = new DataView(out.buffer);
  view.setInt32(32, 1, true);
  view.setBigInt64(84, BigInt(directoryAt), true);
  view.setBigInt64(92, BigInt(metadataAt), true);
  view.setBigInt64(104, BigInt(attachmentsAt), true);
  let from = segmentHeader + 512;
  for (const part of parts) {
    out.set(part, from);
    from += part.length;
  }
  return out;
}

/** The directory of attachments with one entry, and behind it the attachment. */
function timeStamps(times: readonly number[], position: number): Uint8Array {
  const directory = new Uint8Array(256 + 128);
  const view = new DataView(directory.buffer);
  view.setInt32(0, 1, true);
  directory.set(ascii('A1', 2), 256);
  view.setBigInt64(256 + 12, BigInt(position + padded(segmentHeader + directory.length)), true);
  directory.set(ascii('CZTIMS', 8), 256 + 40);
  directory.set(ascii('TimeStamps', 80), 256 + 48);
  const content = new Uint8Array(256 + 8 + 8 * times.length);
  const values = new DataView(content.buffer);
  values.setInt32(0, 8 + 8 * times.length, true);
  values.setInt32(256, 8 + 8 * times.length, true);
  values.setInt32(260, times.length, true);
  for (const [n, time] of times.entries()) values.setFloat64(264 + 8 * n, time, true);
  const [first, second] = [segment('ZISRAWATTDIR', directory), segment('ZISRAWATTACH', content)];
  const out = new Uint8Array(first.length + second.length);
  out.set(first);
  out.set(second, first.length);
  return out;
}
