import type { OmeImage } from '../ome-xml/parse.ts';

/** Where the planes of an OME image lie: file and directory of each. */
export interface OmePlanes {
  /** File names, `''` the file (or companion) that holds the XML. */
  readonly files: readonly string[];
  /** Directory of a plane and index of its file in `files`; `undefined` where nothing says where it lies. */
  at(z: number, c: number, t: number): { file: number; directory: number } | undefined;
}

/** More planes than any real image; each takes eight bytes here. */
export const maxOmePlanes = 5_000_000;

/**
 * Lays out the planes of an image after its `TiffData`, by the rules of the OME-TIFF specification: a block begins at
 * FirstZ/C/T and runs in dimension order; without PlaneCount it is one plane where IFD is given, else all up to the next
 * block; without TiffData the planes lie in order from the first directory.
 * @param channels number of channels (of all their samples)
 * @param ownNames names and UUIDs that mean the file with the XML
 */
export function omePlanes(
  image: OmeImage,
  dimensionOrder: string,
  sizes: { z: number; c: number; t: number },
  ownNames: ReadonlySet<string>,
): OmePlanes {
  const total = sizes.z * sizes.c * sizes.t;
  const directories = new Int32Array(total).fill(-1);
  const fileOf = new Int32Array(total);
  const files: string[] = [''];
  const stride = strides(dimensionOrder, sizes);
  const blocks = image.tiffData.length > 0 ? image.tiffData : [{ firstZ: 0, firstC: 0, firstT: 0 }];
  const fileIndex = new Map<string, number>([['', 0]]);
  const nextInFile = new Map<number, number>();
  const startOf = (block: { firstZ: number; firstC: number; firstT: number }): number =>
    block.firstZ * stride.z + block.firstC * stride.c + block.firstT * stride.t;
  const starts = Float64Array.from(new Set(blocks.map(startOf))).sort();
  for (const block of blocks) {
    const own =
      !block.fileName || ownNames.has(block.fileName) || (block.uuid !== undefined && ownNames.has(block.uuid));
    const name = own ? '' : block.fileName!;
    const file = fileIndex.get(name) ?? files.push(name) - 1;
    fileIndex.set(name, file);
    const { ifd, planeCount } = block as { ifd?: number; planeCount?: number };
    const first = startOf(block);
    if (block.firstZ >= sizes.z || block.firstC >= sizes.c || block.firstT >= sizes.t) continue;
    const directory = ifd ?? nextInFile.get(file) ?? 0;
    const rest = (starts[indexAfter(starts, first)] ?? total) - first;
    const planes = Math.min(total - first, planeCount ?? (ifd === undefined ? rest : 1));
    for (let index = 0; index < planes; index++) {
      directories[first + index] = directory + index;
      fileOf[first + index] = file;
    }
    nextInFile.set(file, directory + planes);
  }
  return {
    files,
    at: (z, c, t) => {
      const index = z * stride.z + c * stride.c + t * stride.t;
      const directory = directories[index] ?? -1;
      return directory < 0 ? undefined : { file: fileOf[index]!, directory };
    },
  };
}

/** Place of the first value greater than `value` in sorted numbers. */
function indexAfter(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function strides(order: string, sizes: { z: number; c: number; t: number }): { z: number; c: number; t: number } {
  const stride = { z: 0, c: 0, t: 0 };
  let step = 1;
  for (const letter of order.slice(2).toLowerCase()) {
    const axis = letter as 'z' | 'c' | 't';
    stride[axis] = step;
    step *= sizes[axis];
  }
  return stride;
}
