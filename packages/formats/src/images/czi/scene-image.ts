import type { ImageDescription, PixelBlock, PlaneIndex } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { release } from '../../objects/texts.ts';
import { PlaneMemory } from '../block-memory.ts';
import { type ImageLevel, type ImagePixels, type Region, PixelsUnreadable } from '../image-reader.ts';
import { type PixelArray, asBytes, asPixels } from '../pixel-arrays.ts';
import { checkedRegion, pasteTile, readStrided, singleLevel } from '../stored/strided-image.ts';
import { blockOf, emptyBlock } from '../tiff/paged-image.ts';
import {
  type CziPixels,
  blockData,
  cziCompression,
  isCziCompressionRead,
  isPackedBelievable,
  unpackBlock,
} from './block-pixels.ts';
import type { CziBlock } from './directory.ts';

/** Further axes of the format, by their letter, and what we call them. */
export const cziAxes = { H: 'phase', I: 'illumination', V: 'view', R: 'rotation', B: 'block' } as const;

/** Blocks of one scene and one pixel type, and how their places are counted. */
export interface CziScene {
  blocks: CziBlock[];
  pixels: CziPixels;
  /** Smallest x and y of the scene. */
  left: number;
  top: number;
  /** Place on an axis of every index of the file, by the letter of the axis. */
  places: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

const keptBytes = 128 << 20;
/** Packed planes of one block up to this size are to be read as a whole. */
const mostWholeBytes = 32 << 20;
const letters = ['T', 'C', 'Z', ...Object.keys(cziAxes)];

/** The image of a scene: its tiles are laid side by side, those with a higher mosaic number on top. */
export function sceneImage(scene: CziScene, description: ImageDescription, source: ByteSource): ImagePixels {
  const byPlane = new Map<string, CziBlock[]>();
  for (const block of scene.blocks) {
    const key = letters.map((letter) => scene.places.get(letter)?.get(block.starts[letter] ?? 0) ?? 0).join();
    const list = byPlane.get(key);
    if (list) list.push(block);
    else byPlane.set(key, [block]);
  }
  for (const list of byPlane.values()) list.sort((a, b) => (a.starts['M'] ?? 0) - (b.starts['M'] ?? 0));
  const tiles = new TileReader(scene, description, source);
  const level = levelOf(scene, description);
  const isSmall = level.width * level.height * scene.pixels.bytes <= mostWholeBytes / 2;
  return {
    description,
    levels: [level],
    givesBlocksAway: true,
    giveBack: (block) => tiles.memory.giveBack(asBytes(block.data)),
    // Whole planes are unpacked by the thread pool.
    ...(scene.blocks[0]?.compression && isSmall ? { readsAtOnce: 2 } : {}),
    async readRegion(plane, wanted, level = 0, signal) {
      const region = checkedRegion(description, plane, wanted, level);
      const list = byPlane.get(keyOf(plane)) ?? [];
      const alone = list.length === 1 ? tiles.alone(list[0]!, region, signal) : undefined;
      if (alone) return blockOf(description, region, alone);
      const block = emptyBlock(description, region);
      for (const one of list) await tiles.paste(one, region, block, signal);
      return block;
    },
  };
}

/** A packed block that is a whole plane is unpacked in one piece. */
function levelOf({ blocks: [first], pixels }: CziScene, description: ImageDescription): ImageLevel {
  const level = singleLevel(description);
  const isPlane = first && first.width === level.width && first.height === level.height && first.compression !== 0;
  const isSmall = level.width * level.height * pixels.bytes <= mostWholeBytes;
  return isPlane && isSmall ? { ...level, tileHeight: level.height } : level;
}

function keyOf({ t, c, z, other }: PlaneIndex): string {
  return [t, c, z, ...Object.values(cziAxes).map((axis) => other?.[axis] ?? 0)].join();
}

/**
 * Reads tiles. Those of which a region takes a part are kept, up to 128 MiB, until their last corner was read, so that reading
 * by regions unpacks each once; those that are taken whole are given back at once.
 */
class TileReader {
  readonly #scene: CziScene;
  readonly #description: ImageDescription;
  readonly #source: ByteSource;
  readonly memory = new PlaneMemory();
  readonly #kept = new Map<CziBlock, PixelArray>();
  #keptBytes = 0;

  constructor(scene: CziScene, description: ImageDescription, source: ByteSource) {
    this.#scene = scene;
    this.#description = description;
    this.#source = source;
  }

  /**
   * How a region is read that lies in one tile, without a copy: any part of an uncompressed tile, all of a packed one.
   * `undefined` where it must be pasted.
   */
  alone(tile: CziBlock, region: Region, signal?: AbortSignal): (() => Promise<PixelArray>) | undefined {
    const x = region.x - (tile.x - this.#scene.left);
    const y = region.y - (tile.y - this.#scene.top);
    const { width, height } = region;
    if (x < 0 || y < 0 || x + width > tile.width || y + height > tile.height) return undefined;
    if (tile.compression === 0) return () => this.#stored(tile, { x, y, width, height }, signal);
    const isAll = width === tile.width && height === tile.height;
    return isAll && !this.#kept.has(tile) ? () => this.#unpacked(tile, signal) : undefined;
  }

  /** Copies what a tile and a region share into the block. */
  async paste(tile: CziBlock, region: Region, block: PixelBlock, signal?: AbortSignal): Promise<void> {
    const x = tile.x - this.#scene.left;
    const y = tile.y - this.#scene.top;
    const left = Math.max(x, region.x);
    const top = Math.max(y, region.y);
    const width = Math.min(x + tile.width, region.x + region.width) - left;
    const height = Math.min(y + tile.height, region.y + region.height) - top;
    if (width <= 0 || height <= 0) return;
    if (tile.compression !== 0) {
      const known = this.#kept.get(tile);
      const data = known ?? (await this.#unpacked(tile, signal));
      pasteTile({ x, y, width: tile.width, height: tile.height, data }, region, block);
      const isWhole = width === tile.width && height === tile.height;
      const isLast = left + width === x + tile.width && top + height === y + tile.height;
      // Others may be about to paste what was kept: only what nobody else has seen is taken away from under it.
      if (isWhole && !known) this.memory.giveBack(asBytes(data));
      else if (isLast) this.#drop(tile);
      else if (!known) this.#keep(tile, data);
      return;
    }
    const data = await this.#stored(tile, { x: left - x, y: top - y, width, height }, signal);
    pasteTile({ x: left, y: top, width, height, data }, region, block);
  }

  /** A part of an uncompressed tile. */
  async #stored(tile: CziBlock, part: Region, signal?: AbortSignal): Promise<PixelArray> {
    const { bytes, samples } = this.#scene.pixels;
    const { offset, length } = await blockData(this.#source, tile, signal);
    if (length < tile.width * tile.height * bytes)
      throw new PixelsUnreadable(`${this.#source.name}: the block at offset ${tile.position} is too short`);
    const layout = { offset, xStride: bytes, yStride: bytes * tile.width };
    const parts = { description: this.#description, source: this.#source, littleEndian: true };
    const data = await readStrided(parts, layout, part, signal);
    if (samples > 1) turnColours(data, samples);
    return data;
  }

  async #unpacked(tile: CziBlock, signal?: AbortSignal): Promise<PixelArray> {
    const { name } = this.#source;
    if (!isCziCompressionRead(tile.compression))
      throw new PixelsUnreadable(`${name}: the pixels are compressed with ${cziCompression(tile.compression)}`);
    const { type, samples, bytes: pixelBytes } = this.#scene.pixels;
    const expected = tile.width * tile.height * pixelBytes;
    const { offset, length } = await blockData(this.#source, tile, signal);
    if (!isPackedBelievable(length, expected, tile.compression))
      throw new PixelsUnreadable(`${name}: ${length} packed bytes cannot be ${tile.width} x ${tile.height} pixels`);
    const packed = await this.#source.read(offset, length, signal);
    const bytes = await unpackBlock(packed, tile, expected, name, samples, this.memory);
    release(packed);
    const data = asPixels(bytes, type);
    if (samples > 1) turnColours(data, samples);
    return data;
  }

  #keep(tile: CziBlock, data: PixelArray): void {
    this.#drop(tile);
    this.#kept.set(tile, data);
    this.#keptBytes += data.byteLength;
    for (const oldest of this.#kept.keys()) {
      if (this.#keptBytes <= keptBytes || oldest === tile) break;
      this.#drop(oldest);
    }
  }

  #drop(tile: CziBlock): void {
    this.#keptBytes -= this.#kept.get(tile)?.byteLength ?? 0;
    this.#kept.delete(tile);
  }
}

/** Blue, green, red to red, green, blue. */
function turnColours(values: PixelArray, samples: number): void {
  const numbers = values as Uint8Array;
  for (let at = 0; at + samples <= numbers.length; at += samples) {
    const blue = numbers[at]!;
    numbers[at] = numbers[at + 2]!;
    numbers[at + 2] = blue;
  }
}
