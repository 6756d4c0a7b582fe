import { type ImageDescription, type PixelBlock, type Quantity, parseSpaceUnit, toMicrometers } from '@micrarium/model';
import type { FileSinkWriter } from '../../tracks/track-reader.ts';
import { type FieldToWrite, aligned, directorySize, encodeDirectory, rational, tiffText } from './encode-directory.ts';
import { tag } from './tags.ts';
import { classicLimit, exactly, pageFields, planeBytes, writePlane } from './write-blocks.ts';

/** Pixel types ImageJ opens as stacks. */
export const imagejTypes: readonly string[] = ['uint8', 'uint16', 'float32'];

/**
 * Writes an ImageJ hyperstack as the planes come: little endian, uncompressed, planes without gaps. Up to 4 GB every
 * plane has a directory, so that any TIFF reader finds it; above, only the first, as ImageJ itself does.
 * @param planes every plane once, c fastest, then z, then t
 * @throws TypeError where the type is not one of ImageJ's, or the planes are not those announced
 */
export async function writeImageJHyperstack(
  writer: FileSinkWriter,
  description: ImageDescription,
  planes: AsyncIterable<PixelBlock>,
): Promise<void> {
  const { sizes, type, samples = 1 } = description;
  if (!imagejTypes.includes(type) || (samples !== 1 && !(samples === 3 && type === 'uint8')))
    throw new TypeError(`ImageJ has no images of type ${type} with ${samples} samples`);
  const count = sizes.t * sizes.c * sizes.z;
  const bytes = planeBytes(description);
  const own = firstFields(description);
  const start = 8 + directorySize([...pageFields(description, 0, false), ...own], false);
  const others = directorySize(pageFields(description, 0, false), false);
  const behind = aligned(start + count * bytes);
  const everyPage = count > 1 && behind + (count - 1) * others <= classicLimit;
  if (start + bytes > classicLimit) throw new TypeError('one plane is larger than a classic TIFF can hold');
  const header = new Uint8Array(8);
  const view = new DataView(header.buffer);
  view.setUint32(0, 0x002a4949, true);
  view.setUint32(4, 8, true);
  await writer.write(header);
  const fields = [...pageFields(description, start, false), ...own];
  await writer.write(encodeDirectory(fields, 8, everyPage ? behind : 0, false));
  for await (const plane of exactly(planes, count)) await writePlane(writer, description, plane);
  if (!everyPage) return;
  await writer.write(new Uint8Array(behind - start - count * bytes));
  for (let index = 1; index < count; index++) {
    const at = behind + (index - 1) * others;
    const next = index === count - 1 ? 0 : at + others;
    await writer.write(encodeDirectory(pageFields(description, start + index * bytes, false), at, next, false));
  }
}

function firstFields(description: ImageDescription): FieldToWrite[] {
  const { voxelSize } = description;
  const x = micrometers(voxelSize?.x);
  const y = micrometers(voxelSize?.y) ?? x;
  const { counts, bytes } = metadata(description);
  return [
    { tag: tag.imageDescription, type: 2, values: tiffText(imagejDescription(description)) },
    ...(x === undefined
      ? []
      : ([
          { tag: tag.xResolution, type: 5, values: rational(1 / x) },
          { tag: tag.yResolution, type: 5, values: rational(1 / (y ?? x)) },
          { tag: tag.resolutionUnit, type: 3, values: [1] },
        ] as const)),
    ...(counts.length === 0
      ? []
      : ([
          { tag: tag.imagejMetadataCounts, type: 4, values: counts },
          { tag: tag.imagejMetadata, type: 1, values: bytes },
        ] as const)),
  ];
}

function micrometers(length: Quantity | undefined): number | undefined {
  const unit = length && parseSpaceUnit(length.unit);
  return unit === undefined ? undefined : toMicrometers({ value: length!.value, unit });
}

/** The lines ImageJ reads. */
export function imagejDescription(description: ImageDescription): string {
  const { sizes, channels, timeStep, voxelSize } = description;
  const [window] = channels.map((channel) => channel.window);
  const z = micrometers(voxelSize?.z);
  const lines = ['ImageJ=1.54f', `images=${sizes.t * sizes.c * sizes.z}`];
  if (sizes.c > 1) lines.push(`channels=${sizes.c}`);
  if (sizes.z > 1) lines.push(`slices=${sizes.z}`);
  if (sizes.t > 1) lines.push(`frames=${sizes.t}`);
  lines.push('hyperstack=true');
  if (sizes.c > 1) lines.push('mode=composite');
  if (voxelSize?.x) lines.push('unit=um');
  if (z !== undefined) lines.push(`spacing=${z}`);
  if (timeStep?.unit === 'second') lines.push(`finterval=${timeStep.value}`);
  lines.push('loop=false');
  if (window) lines.push(`min=${window.start}`, `max=${window.end}`);
  return `${lines.join('\n')}\n`;
}

/** Display ranges, colour tables and, where every plane is a channel, the labels with the channels' names. */
function metadata({ channels, sizes }: ImageDescription): { counts: number[]; bytes: Uint8Array } {
  const blocks: { kind: string; bytes: Uint8Array }[] = [];
  if (sizes.t === 1 && sizes.z === 1 && sizes.c > 1 && channels.some((channel) => channel.name !== ''))
    for (const channel of channels) blocks.push({ kind: 'labl', bytes: wideText(channel.name) });
  if (channels.length > 0 && channels.every((channel) => channel.window))
    blocks.push({ kind: 'rang', bytes: ranges(channels.map((channel) => channel.window!)) });
  if (channels.length > 0 && channels.every((channel) => channel.color))
    for (const channel of channels) blocks.push({ kind: 'luts', bytes: colourTable(channel.color!) });
  if (blocks.length === 0) return { counts: [], bytes: new Uint8Array(0) };
  const kinds = [...new Set(blocks.map((block) => block.kind))];
  const header = new Uint8Array(4 + kinds.length * 8);
  const view = new DataView(header.buffer);
  view.setUint32(0, codeOf('IJIJ'), true);
  for (const [index, kind] of kinds.entries()) {
    view.setUint32(4 + index * 8, codeOf(kind), true);
    view.setUint32(8 + index * 8, blocks.filter((block) => block.kind === kind).length, true);
  }
  const parts = [header, ...blocks.map((block) => block.bytes)];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { counts: parts.map((part) => part.length), bytes };
}

/** Four letters as the number ImageJ compares with. */
function codeOf(kind: string): number {
  return [...kind].reduce((code, letter) => code * 256 + letter.charCodeAt(0), 0);
}

function wideText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index++) view.setUint16(index * 2, text.charCodeAt(index), true);
  return bytes;
}

function ranges(windows: readonly { start: number; end: number }[]): Uint8Array {
  const bytes = new Uint8Array(windows.length * 16);
  const view = new DataView(bytes.buffer);
  for (const [index, { start, end }] of windows.entries()) {
    view.setFloat64(index * 16, start, true);
    view.setFloat64(index * 16 + 8, end, true);
  }
  return bytes;
}

/** A table from black to the colour: 256 red, 256 green, 256 blue. */
function colourTable(color: string): Uint8Array {
  const table = new Uint8Array(768);
  for (let part = 0; part < 3; part++) {
    const full = Number.parseInt(color.slice(part * 2, part * 2 + 2), 16) || 0;
    for (let step = 0; step < 256; step++) table[part * 256 + step] = Math.round((full * step) / 255);
  }
  return table;
}
