import type { ImageDescription, PixelBlock } from '@micrarium/model';
import { type ImagePixels, type Region, PixelsUnreadable } from '../image-reader.ts';
import { checkedRegion, singleLevel } from '../stored/strided-image.ts';
import { emptyBlock } from './paged-image.ts';

/** An axis by our name: `t`, `c`, `z`, `y`, `x` or that of a further one. */
export interface NamedAxis {
  name: string;
  length: number;
}

/**
 * An image whose pages, rows and columns stand for other axes than plane, y and x, as `YXC` of tifffile does: a page for each
 * y, a row for each x, a column for each channel.
 * @param stored pages as times, their rows and columns as they lie
 * @param axes of the pages, slowest first, then of the rows and of the columns; `y` and `x` are among them, each name once
 */
export function turnedImage(
  stored: ImagePixels,
  axes: readonly NamedAxis[],
  description: ImageDescription,
): ImagePixels {
  const pageAxes = axes.slice(0, -2);
  const [rows, columns] = axes.slice(-2) as [NamedAxis, NamedAxis];
  const isOverPages = (name: string): boolean => pageAxes.some((axis) => axis.name === name);
  return {
    description,
    levels: [singleLevel(description)],
    async readRegion(plane, wanted, level = 0, signal) {
      const region = checkedRegion(description, plane, wanted, level);
      const block = emptyBlock(description, region);
      const indexOf = (name: string): number =>
        name === 't' || name === 'c' || name === 'z' ? plane[name] : (plane.other?.[name] ?? 0);
      const part = pagePart(rows.name, columns.name, region, indexOf);
      for (const y of isOverPages('y') ? counted(region.y, region.height) : [undefined])
        for (const x of isOverPages('x') ? counted(region.x, region.width) : [undefined]) {
          signal?.throwIfAborted();
          const page = pageAxes.reduce(
            (index, { name, length }) => index * length + (name === 'y' ? y! : name === 'x' ? x! : indexOf(name)),
            0,
          );
          const read = await stored.readRegion({ t: page, c: 0, z: 0 }, part, 0, signal);
          putInPlace(read, block, [rows.name, columns.name], {
            ...(y === undefined ? {} : { y: y - region.y }),
            ...(x === undefined ? {} : { x: x - region.x }),
          });
        }
      return block;
    },
  };
}

function counted(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => first + n);
}

/** The rows and columns of a page that hold a region. */
function pagePart(rows: string, columns: string, region: Region, indexOf: (name: string) => number): Region {
  const along = (name: string): [start: number, length: number] =>
    name === 'y' ? [region.y, region.height] : name === 'x' ? [region.x, region.width] : [indexOf(name), 1];
  const [y, height] = along(rows);
  const [x, width] = along(columns);
  return { x, y, width, height };
}

/** Puts what was read of a page to its places; axes that run over pages have one place there. */
function putInPlace(
  read: PixelBlock,
  block: PixelBlock,
  [rows, columns]: readonly [string, string],
  fixed: { y?: number; x?: number },
): void {
  if (read.type !== block.type || read.samples !== block.samples)
    throw new PixelsUnreadable('pages of the image differ in the type of their pixels');
  const { samples } = block;
  // Both are of one type: which of them does not matter for the copy.
  const [from, to] = [read.data as Uint8Array, block.data as Uint8Array];
  for (let row = 0; row < read.height; row++)
    for (let column = 0; column < read.width; column++) {
      const y = fixed.y ?? (rows === 'y' ? row : column);
      const x = fixed.x ?? (columns === 'x' ? column : row);
      const source = (row * read.width + column) * samples;
      const target = (y * block.width + x) * samples;
      for (let sample = 0; sample < samples; sample++) to[target + sample] = from[source + sample]!;
    }
}
