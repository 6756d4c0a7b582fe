import type { PixelType } from '@micrarium/model';
import { type XmlNode, nodeAt, nodesNamed } from '../stored/xml-tree.ts';

/** One dimension of an image: its length, physical extent, and the distance of its places in bytes. */
export interface LifAxis {
  id: number;
  count: number;
  /** From the first to the last place, in `unit`. */
  length: number;
  /** Value of the first place, in `unit`. */
  origin: number;
  unit: string;
  stride: number;
}

/** How the pixels of an image lie in its memory block. */
export interface LifLayout {
  axes: Map<string, LifAxis>;
  /** Byte offset of each channel. */
  channelOffsets: number[];
  channels: XmlNode[];
  type: PixelType;
  bits: number;
  /** Bytes from the first pixel to the end of the last one. */
  extent: number;
}

/** Dimensions of the format by their number. */
const axisNames: Readonly<Record<number, string>> = {
  1: 'x',
  2: 'y',
  3: 'z',
  4: 't',
  5: 'emission',
  6: 'rotation',
  7: 'xt',
  8: 'tslice',
  9: 'excitation',
  10: 'mosaic',
};

/** Reads the layout of an `Image` element; a text says why it cannot be an image. */
export function lifLayout(image: XmlNode): LifLayout | string {
  const description = nodeAt(image, 'ImageDescription');
  const channels = nodesNamed(nodeAt(description, 'Channels'), 'ChannelDescription');
  const dimensions = nodesNamed(nodeAt(description, 'Dimensions'), 'DimensionDescription');
  if (channels.length === 0 || dimensions.length === 0) return 'it names no channels or no dimensions';
  const axes = new Map<string, LifAxis>();
  for (const { attributes } of dimensions) {
    const id = Number(attributes['DimID']);
    const name = axisNames[id];
    const count = Number(attributes['NumberOfElements']);
    const stride = Number(attributes['BytesInc']);
    if (name === undefined || axes.has(name)) return `it has the dimension ${attributes['DimID'] ?? '?'}`;
    if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(stride) || stride < 0)
      return `its dimension ${name} has ${attributes['NumberOfElements']} places, ${attributes['BytesInc']} bytes apart`;
    const [length, origin] = [Number(attributes['Length']), Number(attributes['Origin'] ?? Number.NaN)];
    axes.set(name, { id, count, length, origin, unit: attributes['Unit'] ?? '', stride });
  }
  const bits = Number(channels[0]!.attributes['Resolution']);
  const isFloat = channels[0]!.attributes['DataType'] === '1';
  if (channels.some(({ attributes }) => Number(attributes['Resolution']) !== bits))
    return 'its channels differ in depth';
  const type = pixelType(bits, isFloat);
  if (!type) return `its pixels have ${bits} bits`;
  const bytes = type === 'uint8' ? 1 : type === 'uint16' ? 2 : type === 'float64' ? 8 : 4;
  const channelOffsets = channels.map(({ attributes }) => Number(attributes['BytesInc'] ?? 0));
  if (!channelOffsets.every((offset) => Number.isSafeInteger(offset) && offset >= 0))
    return 'its channels lie at impossible places';
  const span = [...axes.values()].reduce((sum, { count, stride }) => sum + (count - 1) * stride, 0);
  const extent = channelOffsets.reduce((a, b) => Math.max(a, b), 0) + span + bytes;
  const values = [...axes.values()].reduce((product, { count }) => product * count, channels.length);
  // Two places at one address, as damaged strides make them, would let a small file claim any size.
  if (values * bytes > extent) return 'its dimensions overlap';
  return { axes, channelOffsets, channels, type, bits, extent };
}

function pixelType(bits: number, isFloat: boolean): PixelType | undefined {
  if (isFloat) return bits === 32 ? 'float32' : bits === 64 ? 'float64' : undefined;
  if (bits >= 1 && bits <= 8) return 'uint8';
  if (bits <= 16) return 'uint16';
  return bits === 32 ? 'uint32' : undefined;
}
