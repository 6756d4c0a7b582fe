import type { PixelBlock, PixelType } from '@micrarium/model';
import { type CachedPixels, type ImageTiles, tilesOfImage } from './image-tiles.ts';
import type { ImageSource, SourceRegion } from './sources.ts';

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

/** Most tiles of a plane that are read ahead of it. */
const mostAhead = 64;

/** The plane of a selection, whatever its channel. */
function planeOf({ t, z, other }: VivSelection): string {
  return JSON.stringify([t, z, other]);
}

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
    const { width, height } = source.levels[level]!;
    this.source = source;
    this.level = level;
    this.cache = cache;
    this.failed = failed;
    this.shape = [sizes.t, sizes.c, sizes.z, height, width];
    this.dtype = vivType[type]!;
    // Viv asks for square tiles of one size on all levels, a power of two: that of the full size, whatever chunks others have.
    this.tileSize = source.levels[0]!.tileWidth >= 512 ? 512 : 256;
  }

  /** A tile by its column and row; smaller at the right and lower edge. */
  async getTile({
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
    // deck.gl goes through with what it had begun, also for a plane that is passed.
    if (signal?.aborted) throw notRead;
    const plane = planeOf(selection);
    if (this.drawn.plane !== plane) this.drawn = { plane, tiles: new Map() };
    this.drawn.tiles.set(`${x},${y}`, { x, y });
    return this.cache.awaited(this.load(`${x},${y}`, selection, this.tileRegion(x, y), signal));
  }

  /** Do the tiles that are drawn of a plane make up all of this level? */
  covers(selection: VivSelection): boolean {
    const [height, width] = [this.shape[3]!, this.shape[4]!];
    const all = Math.ceil(width / this.tileSize) * Math.ceil(height / this.tileSize);
    return this.drawn.plane === planeOf(selection) && this.drawn.tiles.size === all;
  }

  /**
   * Bytes that are read for one channel of a plane that is drawn, with what its file keeps together with it.
   * @param withGround is the whole plane drawn too, where this level is what lies under the tiles?
   */
  drawnBytes(selection: VivSelection, withGround: boolean): number {
    const { width, height, tileWidth, tileHeight, tileDepth = 1 } = this.source.levels[this.level]!;
    const tiles = this.drawn.plane === planeOf(selection) ? [...this.drawn.tiles.values()] : [];
    let pixels = this.isDrawnWhole && withGround ? width * height : 0;
    for (const { x, y } of tiles) {
      const region = this.tileRegion(x, y);
      pixels += region.width * region.height;
    }
    if (pixels === 0) return 0;
    return Math.max(pixels, tileWidth * tileHeight) * tileDepth * (Number(/\d+$/.exec(this.dtype)?.[0] ?? 8) / 8);
  }

  /**
   * Reads of a plane what is drawn of another one, before it is asked for. What cannot be read is told when it is asked for.
   * @param drawn the plane that is drawn
   * @param withGround the whole plane too, where this level is what lies under the tiles
   */
  async readAhead(
    selection: VivSelection,
    drawn: VivSelection,
    withGround: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    // Levels that were looked at before have tiles of planes before.
    const tiles = this.drawn.plane === planeOf(drawn) ? [...this.drawn.tiles.values()].slice(0, mostAhead) : [];
    const reads = [
      ...(this.isDrawnWhole && withGround ? [this.load('all', selection, undefined, signal, true)] : []),
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
      const pixels = await this.cache.awaited(loading);
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
