import type { CoordinateMapping, PixelBlock } from '@micrarium/model';
import type { ImageSource } from '@micrarium/viewer';
import { api, routes } from '../app/api.ts';
import { type FilmPlace, openImage } from '../viewer/open-film.ts';
import { pictureOf } from '../workers/plane-picture.ts';

/** The film that shows a set, and how its objects lie in it. */
export interface CropFilm {
  place: FilmPlace;
  image: number;
  mapping: CoordinateMapping;
}

/** The object that is shown: one of a track, in one frame. */
export interface CropTarget {
  track: number;
  object: number;
  frame: number;
}

/** A square cut out of a plane, around an object. */
export interface Crop {
  rgba: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
  /** Place of the object in it, in pixels. */
  x: number;
  y: number;
}

/** Pixels around an object that says no radius. */
const usualHalf = 24;
/** Least and most pixels from an object to the edge. */
const [leastHalf, mostHalf] = [16, 96];

/** Where an object lies in the image, and how much of it is shown. */
export interface CropRegion {
  x: number;
  y: number;
  width: number;
  height: number;
  t: number;
  z: number;
  /** Of the object, within the region. */
  objectX: number;
  objectY: number;
}

/** The region of the image around a position of the set; `undefined` where the object lies outside the image. */
export function regionAround(
  position: { x: number; y: number; z: number; radius?: number | undefined; frame: number },
  mapping: CoordinateMapping,
  sizes: { x: number; y: number; z: number; t: number },
): CropRegion | undefined {
  const along = (axis: 'x' | 'y' | 'z') => (position[mapping.axes[axis]] - mapping.offset[axis]) * mapping.scale[axis];
  const [px, py] = [along('x'), along('y')];
  const t = position.frame + mapping.firstFrame;
  const z = Math.min(sizes.z - 1, Math.max(0, Math.round(along('z')) + mapping.firstSlice));
  const isInside = px >= -0.5 && py >= -0.5 && px <= sizes.x && py <= sizes.y && t >= 0 && t < sizes.t;
  if (!isInside || !Number.isFinite(z)) return undefined;
  const radius = (position.radius ?? 0) * Math.abs(mapping.scale.x);
  const half = Math.min(mostHalf, Math.max(leastHalf, radius > 0 ? Math.ceil(radius * 2.5) : usualHalf));
  const left = Math.max(0, Math.round(px) - half);
  const top = Math.max(0, Math.round(py) - half);
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.min(sizes.x, Math.round(px) + half) - left),
    height: Math.max(1, Math.min(sizes.y, Math.round(py) + half) - top),
    t,
    z,
    objectX: px - left,
    objectY: py - top,
  };
}

/** Opens the film of a set once, and cuts objects out of it. */
export class CropReader {
  /** What it reads, for keys of answers: the same while the film is opened and after. */
  readonly key: string;
  private readonly set: FilmPlace;
  private readonly part: number;
  private readonly film: CropFilm;
  private opened: Promise<ImageSource> | undefined;

  constructor(set: FilmPlace, part: number, film: CropFilm) {
    this.set = set;
    this.part = part;
    this.film = film;
    this.key = JSON.stringify([set, part, film]);
  }

  /** The crop of an object at its frame; `undefined` where it has no place in the image. */
  async read(target: CropTarget, signal: AbortSignal): Promise<Crop | undefined> {
    const { mapping } = this.film;
    const opened = (this.opened ??= openImage(this.film.place, this.film.image, new AbortController().signal));
    // What failed is opened anew, also where the stored form was dropped after it had been opened: then that says so.
    const openAnew = (error: unknown): never => {
      if (this.opened === opened) this.opened = undefined;
      throw error;
    };
    const [source, position] = await Promise.all([opened.catch(openAnew), this.positionOf(target, signal)]);
    const { sizes } = source.description;
    const region = position && regionAround(position, mapping, sizes);
    if (!region) return undefined;
    const { t, z, objectX, objectY, ...rectangle } = region;
    const c = Math.min(sizes.c - 1, mapping.channel ?? 0);
    const block: PixelBlock = await source.readRegion({ t, c, z }, rectangle, 0, signal).catch((error: unknown) => {
      // A crop that scrolled away was not refused.
      if (signal.aborted) throw error;
      return openAnew(error);
    });
    const { rgba, width, height } = pictureOf(block, block.width, block.height);
    return { rgba: new Uint8ClampedArray(rgba), width, height, x: objectX, y: objectY };
  }

  private async positionOf({ track, object, frame }: CropTarget, signal: AbortSignal) {
    const { accession, version, item } = this.set;
    const { columns, rows } = await api.call(routes.listObjects, {
      params: { accession, version, item },
      query: { part: this.part, frame, track, limit: 1000, format: 'json' },
      signal,
    });
    const at = (name: string) => columns.findIndex((column) => column.name === name);
    const row = rows.find((one) => one[at('object_id')] === object) ?? rows[0];
    if (!row) return undefined;
    const number = (name: string): number => (at(name) < 0 ? 0 : Number(row[at(name)] ?? Number.NaN));
    return { x: number('x'), y: number('y'), z: number('z'), radius: number('radius') || undefined, frame };
  }
}
