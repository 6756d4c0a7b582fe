import type { TiffFile } from './directory.ts';
import { scifioList } from './makers.ts';
import { type TiffPage, colourSamples } from './page.ts';
import { scanImagePages } from './scanimage.ts';
import { tag } from './tags.ts';
import type { NamedAxis } from './turned.ts';

/** How the pages of a series divide into axes. */
export interface ShapedPages {
  /** Lengths of the axes that run over pages by name, slowest first; axes of one place are left out. */
  sizes: Readonly<Record<string, number>>;
  /** Product of the lengths. */
  pages: number;
  /** Only the first page has a directory; the others follow its pixels without a gap. */
  truncated: boolean;
  /** The axis that samples of a pixel stand for, where that is neither colour nor channel. */
  samplesAxis?: string;
  /** Axes of pages, rows and columns in this order, where rows and columns are not y and x; pages are then counted as times. */
  turned?: readonly NamedAxis[];
  /** Does the writer name every axis? */
  isNamed?: boolean;
}

/** Letters of axes as scientists' Python programs write them, by our names of axes. */
const axisNames: Readonly<Record<string, string>> = {
  T: 't',
  C: 'c',
  Z: 'z',
  A: 'angle',
  P: 'position',
  R: 'tile',
  H: 'lifetime',
  E: 'lambda',
  L: 'exposure',
  V: 'view',
  M: 'mosaic',
};

/**
 * The shape that tifffile writes into the description of the first page of each series:
 * `{"shape": [2, 3, 4, 20, 31], "axes": "TZCYX"}`, also with `"truncated": true`. `undefined` where there is none, or
 * where it does not fit the page.
 */
export async function shapedPages(file: TiffFile, page: TiffPage): Promise<ShapedPages | undefined> {
  const text = (await file.text(page.directory, tag.imageDescription, 65_536))?.trim() ?? '';
  if (text.startsWith('SCIFIO=')) return scifioPages(text, page);
  const scanned = page.samples === 1 && page.depth === 1 ? await scanImagePages(file, page.directory) : undefined;
  if (scanned) return { sizes: scanned.sizes, pages: scanned.pages, truncated: false };
  if (!/^\{.*"shape"\s*:/s.test(text)) return undefined;
  const stated = objectIn(text);
  const shape = stated?.['shape'];
  if (!Array.isArray(shape) || shape.length < 2 || shape.length > 16) return undefined;
  if (!shape.every((length): length is number => Number.isSafeInteger(length) && length > 0)) return undefined;
  const truncated = stated?.['truncated'] === true;
  const said = typeof stated?.['axes'] === 'string' ? stated['axes'].toUpperCase() : '';
  const letters = said.length === shape.length ? said : '';
  const turned = turnedAxes(shape, letters, page);
  if (turned) {
    const pages = productOf(turned.slice(0, -2));
    return pages > mostPages ? undefined : { sizes: { t: pages }, pages, truncated, turned, isNamed: true };
  }
  const leading = leadingAxes(shape, letters, page);
  const pages = leading ? productOf(leading.axes) : 0;
  if (!leading || pages > mostPages) return undefined;
  const sizes = namedSizes(leading.axes);
  const samplesAxis = sizes && axisOfSamples(leading.samples, sizes, page);
  const isChannelled = page.samples / colourSamples(page) > 1 && samplesAxis === undefined;
  const isPlain =
    sizes === undefined || (page.depth > 1 && sizes['z'] !== undefined) || (isChannelled && sizes['c'] !== undefined);
  return {
    sizes: isPlain ? { t: pages } : sizes,
    pages,
    truncated,
    ...(samplesAxis === undefined || isPlain ? {} : { samplesAxis }),
    isNamed: !isPlain && leading.axes.every(({ letter }) => axisNames[letter] !== undefined),
  };
}

/** Names of axes where they may lie anywhere; samples of a pixel are channels there. */
const turnedNames: Readonly<Record<string, string>> = { ...axisNames, X: 'x', Y: 'y', S: 'c' };

/** More pages than this are not believed. */
const mostPages = 1_000_000;

function productOf(axes: readonly { length: number }[]): number {
  return axes.reduce((product, { length }) => product * length, 1);
}

/**
 * Axes of pages, rows and columns where the writer says that rows and columns are not y and x: an array `YXC` has a page for
 * each y. `undefined` where they are, or where a letter says nothing.
 */
function turnedAxes(shape: readonly number[], letters: string, page: TiffPage): NamedAxis[] | undefined {
  if (letters === '' || page.samples !== 1 || page.depth !== 1) return undefined;
  const axes = shape
    .map((length, index): LetteredAxis => ({ letter: letters[index]!, length }))
    .filter(({ letter, length }) => length > 1 || letter === 'X' || letter === 'Y');
  const [rows, columns] = axes.slice(-2);
  if (!rows || !columns || rows.length !== page.height || columns.length !== page.width) return undefined;
  // Programs name them in either order and mean the same.
  if ('XY'.includes(rows.letter) && 'XY'.includes(columns.letter)) return undefined;
  const named = axes.flatMap(({ letter, length }): NamedAxis[] => {
    const name = turnedNames[letter];
    return name === undefined ? [] : [{ name, length }];
  });
  const names = new Set(named.map(({ name }) => name));
  return names.size === axes.length && names.has('x') && names.has('y') ? named : undefined;
}

/** The axis of samples that are no colour and no channels, such as the slices of `ZYX` kept as one page of three samples. */
function axisOfSamples(
  letter: string | undefined,
  sizes: Readonly<Record<string, number>>,
  page: TiffPage,
): string | undefined {
  const name = axisNames[letter ?? ''];
  if (name === undefined || name === 'c' || sizes[name] !== undefined) return undefined;
  return name === 'z' && page.depth > 1 ? undefined : name;
}

const scifioAxes: Readonly<Record<string, string>> = { Z: 'z', Time: 't', Channel: 'c' };

/** The axes SCIFIO (Fiji) lists, the fastest first: `axes=X,Y,Z`, `lengths=128,128,32`. Colours lie within a page. */
function scifioPages(text: string, page: TiffPage): ShapedPages | undefined {
  const axes = scifioList(text, 'axes');
  const lengths = scifioList(text, 'lengths').map(Number);
  if (axes.length !== lengths.length || axes.length < 2 || axes.length > 16 || page.samples > 1 || page.depth > 1)
    return undefined;
  if (axes[0] !== 'X' || axes[1] !== 'Y' || lengths[0] !== page.width || lengths[1] !== page.height) return undefined;
  if (!lengths.every((length) => Number.isSafeInteger(length) && length > 0)) return undefined;
  const sizes: Record<string, number> = {};
  let pages = 1;
  for (const [n, axis] of axes.entries()) {
    if (n < 2 || lengths[n] === 1) continue;
    pages *= lengths[n]!;
    const name = scifioAxes[axis] ?? axis.toLowerCase().replace(/[^a-z]/g, '');
    if (name === '' || name === 'x' || name === 'y' || sizes[name] !== undefined) return undefined;
    sizes[name] = lengths[n]!;
  }
  const slowestFirst = Object.fromEntries(Object.entries(sizes).reverse());
  return pages > 1_000_000 ? undefined : { sizes: slowestFirst, pages, truncated: false };
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

interface LetteredAxis {
  letter: string;
  length: number;
}

/** What is left of the shape without the axes that lie within a page, and the letter of that of the samples. */
function leadingAxes(
  shape: readonly number[],
  letters: string,
  page: TiffPage,
): { axes: LetteredAxis[]; samples: string | undefined } | undefined {
  const axes = shape.map((length, index): LetteredAxis => ({ letter: letters[index] ?? '', length }));
  let samples: string | undefined;
  if (page.samples > 1 && !page.planar && axes.at(-1)!.length === page.samples) samples = axes.pop()!.letter;
  // An axis of one place behind x, such as a single channel.
  while (axes.length > 2 && axes.at(-1)!.length === 1 && !['X', ''].includes(axes.at(-1)!.letter)) axes.pop();
  if (axes.at(-1)?.length !== page.width || axes.at(-2)?.length !== page.height) return undefined;
  axes.splice(-2);
  // Slices that the page itself holds.
  if (page.depth > 1 && axes.pop()?.length !== page.depth) return undefined;
  if (page.samples > 1 && page.planar && axes.at(-1)?.length === page.samples) samples = axes.pop()!.letter;
  return { axes: axes.filter(({ length }) => length > 1), samples };
}

/** Lengths by our names; one axis whose letter says nothing is time, as pages are. `undefined`: more than one is unclear. */
function namedSizes(axes: readonly LetteredAxis[]): Record<string, number> | undefined {
  const hasTime = axes.some(({ letter }) => letter === 'T');
  const sizes: Record<string, number> = {};
  for (const { letter, length } of axes) {
    const name = axisNames[letter] ?? (hasTime ? 'series' : 't');
    if (sizes[name] !== undefined) return undefined;
    sizes[name] = length;
  }
  return sizes;
}
