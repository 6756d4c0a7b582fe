import type { PixelBlock, PixelType } from '@micrarium/model';
import type { ImageSource, SourceRegion } from './sources.ts';
import { TileCache } from './tile-cache.ts';

/** Indices of the plane Viv asks for. */
export interface VivSelection {
  t: number;
  c: number;
  z: number;
  /** Indices on further axes, by name. */
  other?: Readonly<Record<string, number>>;
}

type DrawableArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Pixels as Viv takes them. */
export interface VivPixels {
  data: DrawableArray;
  width: number;
  height: number;
}

const vivType: Partial<Record<PixelType, string>> = {
  bool: 'Uint8',
  uint8: 'Uint8',
  int8: 'Int8',
  uint16: 'Uint16',
  int16: 'Int16',
  uint32: 'Uint32',
  int32: 'Int32',
  float32: 'Float32',
  float64: 'Float64',
  uint64: 'Float64',
  int64: 'Float64',
};

/** Can pixels of this type be drawn? 64-bit whole numbers are drawn as floats, complex numbers not at all. */
export function isDrawable(type: PixelType): boolean {
  return vivType[type] !== undefined;
}

interface CachedPixels extends VivPixels {
  byteLength: number;
}

/** Bytes of decoded tiles kept per open image. */
const cacheBytes = 192 * 2 ** 20;

/** Largest plane drawn as one picture instead of tiles, in pixels of its longer side. */
const wholePlaneLimit = 1024;

function drawable(block: PixelBlock): CachedPixels {
  const data =
    block.data instanceof BigInt64Array || block.data instanceof BigUint64Array
      ? Float64Array.from(block.data, Number)
      : block.data;
  return { data, width: block.width, height: block.height, byteLength: data.byteLength };
}

/** What Viv's layers take for "leave it out": they keep drawing the rest. */
const notRead = '__vivSignalAborted';

/** Decoded tiles of one open image, and how many of them are awaited to be drawn: those read ahead are not. */
export class ImageTiles extends TileCache<CachedPixels> {
  drawing = 0;
}

/** Most tiles of a plane that are read ahead of it. */
const mostAhead = 64;

/** One level of an image in the shape Viv's layers ask for (`PixelSource`). */
export class VivPixelSource {
  readonly shape: number[];
  readonly labels = ['t', 'c', 'z', 'y', 'x'] as const;
  readonly dtype: string;
  readonly tileSize: number;
  readonly meta = {};
  private readonly source: ImageSource;
  private readonly level: number;
  private readonly cache: ImageTiles;
  private readonly failed: (error: Error) => void;
  private readonly name: string;
  private asked = 0;
  /** Per channel, the newest request for a whole plane that was answered. */
  private readonly answered = new Map<number, number>();
  /** Tiles that were drawn of the newest plane: those of the next one that are wanted first. */
  private drawn: { plane: string; tiles: Map<string, { x: number; y: number }> } = { plane: '', tiles: new Map() };
  /** Is the whole plane of this level drawn, as the ground under tiles or all there is? */
  private isDrawnWhole = false;
  /** Per channel, the whole plane that is on its way. */
  private readonly underWay = new Map<number, AbortController>();

  /** @param name sets the tiles of this source apart from others in the same cache */
  constructor(source: ImageSource, level: number, cache: ImageTiles, failed: (error: Error) => void, name = '') {
    this.name = name;
    const { sizes, type } = source.description;
    const { width, height, tileWidth } = source.levels[level]!;
    this.source = source;
    this.level = level;
    this.cache = cache;
    this.failed = failed;
    this.shape = [sizes.t, sizes.c, sizes.z, height, width];
    this.dtype = vivType[type]!;
    // Viv asks for square tiles of one size on all levels, a power of two.
    this.tileSize = tileWidth >= 512 ? 512 : 256;
  }

  /** A tile by its column and row; smaller at the right and lower edge. */
  getTile({
    x,
    y,
    selection,
    signal,
  }: {
    x: number;
    y: number;
    selection: VivSelection;
    signal?: AbortSignal;
  }): Promise<VivPixels> {
    const plane = JSON.stringify([selection.t, selection.z, selection.other]);
    if (this.drawn.plane !== plane) this.drawn = { plane, tiles: new Map() };
    this.drawn.tiles.set(`${x},${y}`, { x, y });
    return this.drawing(this.load(`${x},${y}`, selection, this.tileRegion(x, y), signal));
  }

  /** Counts what is awaited to be drawn. */
  private async drawing<Read>(loading: Promise<Read>): Promise<Read> {
    this.cache.drawing++;
    try {
      return await loading;
    } finally {
      this.cache.drawing--;
    }
  }

  /**
   * Reads of a plane what is drawn of the newest one, before it is asked for. What cannot be read is told when it is asked for.
   */
  async readAhead(selection: VivSelection, signal: AbortSignal): Promise<void> {
    const tiles = [...this.drawn.tiles.values()].slice(0, mostAhead);
    const reads = [
      ...(this.isDrawnWhole ? [this.load('all', selection, undefined, signal, true)] : []),
      ...tiles.map(({ x, y }) => this.load(`${x},${y}`, selection, this.tileRegion(x, y), signal, true)),
    ];
    await Promise.all(reads.map((read) => read.catch(() => undefined)));
  }

  private tileRegion(x: number, y: number): SourceRegion {
    const [height, width] = [this.shape[3]!, this.shape[4]!];
    const region = { x: x * this.tileSize, y: y * this.tileSize, width: 0, height: 0 };
    region.width = Math.min(this.tileSize, width - region.x);
    region.height = Math.min(this.tileSize, height - region.y);
    return region;
  }

  /**
   * The whole plane of this level. Viv's `ImageLayer` draws whatever arrives last and cancels nothing: a plane that is passed
   * before it has come is given up here, and one that comes later than its successor is held back.
   */
  async getRaster({ selection, signal }: { selection: VivSelection; signal?: AbortSignal }): Promise<VivPixels> {
    this.isDrawnWhole = true;
    const order = ++this.asked;
    const { c } = selection;
    const passed = this.underWay.get(c);
    const stop = new AbortController();
    this.underWay.set(c, stop);
    try {
      const loading = this.load(
        'all',
        selection,
        undefined,
        signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
      );
      // After the new request: what both want is not read anew.
      passed?.abort();
      const pixels = await this.drawing(loading);
      if ((this.answered.get(c) ?? 0) > order) throw notRead;
      this.answered.set(c, order);
      return pixels;
    } finally {
      if (this.underWay.get(c) === stop) this.underWay.delete(c);
    }
  }

  /** The whole plane, for other ends than drawing: it passes no plane that is being drawn. */
  wholePlane(selection: VivSelection, signal?: AbortSignal): Promise<VivPixels> {
    return this.load('all', selection, undefined, signal);
  }

  /**
   * Value of one pixel of this level, from what was read for drawing where it is there, else with the tile it lies in.
   * @param whole are planes of this image drawn as one picture?
   */
  async valueAt(x: number, y: number, selection: VivSelection, whole: boolean, signal?: AbortSignal): Promise<number> {
    if (whole) {
      const plane = await this.load('all', selection, undefined, signal);
      return plane.data[y * plane.width + x]!;
    }
    const [column, row] = [Math.floor(x / this.tileSize), Math.floor(y / this.tileSize)];
    const tile = await this.load(`${column},${row}`, selection, this.tileRegion(column, row), signal);
    return tile.data[(y - row * this.tileSize) * tile.width + (x - column * this.tileSize)]!;
  }

  /** What could not be read was told by `load`. */
  onTileError(): void {}

  private async load(
    where: string,
    selection: VivSelection,
    region: SourceRegion | undefined,
    signal?: AbortSignal,
    isAhead = false,
  ): Promise<VivPixels> {
    const { t, c, z, other } = selection;
    const key = `${this.name}/${this.level}/${t}/${c}/${z}/${other ? JSON.stringify(other) : ''}/${where}`;
    const plane = { t, c, z, ...(other ? { other } : {}) };
    try {
      return await this.cache.get(
        key,
        async (stop) => drawable(await this.source.readRegion(plane, region, this.level, stop)),
        signal,
      );
    } catch (error) {
      // A tile no longer wanted is no failure.
      if (!signal?.aborted && !isAhead) this.failed(error instanceof Error ? error : new Error(String(error)));
      throw notRead;
    }
  }
}

/** The place for decoded tiles of one open image. */
export function tilesOfImage(): ImageTiles {
  return new ImageTiles(cacheBytes);
}

/**
 * All levels of an image for Viv, sharing one cache of decoded tiles.
 * @param failed told of every region that could not be read
 * @param name sets the tiles apart from those of other sources in the same cache
 */
export function vivPixelSources(
  source: ImageSource,
  failed: (error: Error) => void,
  cache = tilesOfImage(),
  name = '',
): VivPixelSource[] {
  return source.levels.map((_, level) => new VivPixelSource(source, level, cache, failed, name));
}

/** Is the image small enough to be drawn plane by plane, without tiles? Then playing in time never shows a gap. */
export function isDrawnWhole(source: ImageSource): boolean {
  const { width, height } = source.levels[0]!;
  return Math.max(width, height) <= wholePlaneLimit;
}
