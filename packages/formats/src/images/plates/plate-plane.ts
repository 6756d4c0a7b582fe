import type { ByteSource } from '../../bytes/byte-source.ts';
import { baseName, fileTree } from '../../bytes/file-tree.ts';
import type { ImagePixels } from '../image-reader.ts';
import { openPlane } from '../series/member.ts';
import { stkReader } from '../stk/reader.ts';
import { classifyTiff } from '../tiff/classify.ts';

/** A plane that has a file of its own, by what its name and its folders say; numbers as they are counted there. */
export interface PlatePlane {
  path: string;
  /** Row and column: `B02`. */
  well: string;
  /** Number of the field in its well, without zeros before it. */
  field: string;
  t: number;
  c: number;
  /** `undefined` where the plane is of no stack: a projection, or a channel taken in one slice. */
  z: number | undefined;
}

/** The planes of one plate, in one folder and its folders of times and slices. */
export interface PlateFiles {
  /** Folder in which the plate lies. */
  root: string;
  /** What names of files begin with; `''` where it is nothing. */
  name: string;
  planes: PlatePlane[];
  /** Files that belong to the plate and are no planes: thumbnails, settings, corrections. */
  beside: string[];
}

/** A row of one or two letters and a column of two digits, apart: `AF48` is `['AF', '48']`. */
export function wellParts(well: string): [row: string, column: string] {
  const [, row = 'A', column = '01'] = /^([A-Z]{1,2})(\d+)$/.exec(well) ?? [];
  return [row, column];
}

/** Sizes plates are made in, rows and columns. Without word of its size, a plate is one of 96 wells if it can be. */
const formatsOfPlates: readonly (readonly [number, number])[] = [
  [8, 12],
  [16, 24],
  [32, 48],
];

/** Names of all rows and columns of a plate: as many as are stated, and at least those that wells name. */
export function rowsAndColumns(
  wells: readonly string[],
  stated?: { rows: number; columns: number },
): { rows: string[]; columns: string[] } {
  let [mostRow, mostColumn] = [0, 0];
  for (const well of wells) {
    const [row, column] = wellParts(well);
    mostRow = Math.max(mostRow, numberOfRow(row));
    mostColumn = Math.max(mostColumn, Number(column));
  }
  const fits = (rows: number, columns: number): boolean => rows >= mostRow && columns >= mostColumn;
  const isStated = stated && fits(stated.rows, stated.columns) && stated.rows <= 64 && stated.columns <= 96;
  const usual = formatsOfPlates.find(([rows, columns]) => fits(rows, columns)) ?? [mostRow, mostColumn];
  const [rows, columns] = isStated ? [stated.rows, stated.columns] : usual;
  return {
    rows: Array.from({ length: rows }, (_, n) => rowName(n)),
    columns: Array.from({ length: columns }, (_, n) => String(n + 1).padStart(2, '0')),
  };
}

const letter = (n: number): string => String.fromCharCode(65 + n);

/** Name of a row by its index: A for 0, AA for 26. */
export function rowName(n: number): string {
  return n < 26 ? letter(n) : letter(Math.floor(n / 26) - 1) + letter(n % 26);
}

/** 1 for A, 27 for AA. */
function numberOfRow(row: string): number {
  return [...row].reduce((number, character) => 26 * number + character.charCodeAt(0) - 64, 0);
}

/** Opens the one plane of a file of a plate: plain TIFF as MetaXpress and Yokogawa write it, or with tags of MetaMorph. */
export async function openPlatePlane(source: ByteSource, path: string): Promise<ImagePixels | undefined> {
  const kind = await classifyTiff(source);
  if (!kind || kind === 'broken' || kind.id !== 'stk') return openPlane(source, path);
  const entry = { path: baseName(path), size: source.size, open: async () => source };
  const { images } = await stkReader.open({
    path: entry.path,
    files: [entry],
    tree: fileTree('', [entry]),
    format: 'stk',
    recognition: { score: 1, reason: 'file of a plate' },
  });
  const [image] = images;
  const { t = 0, c = 0, z = 0 } = image?.description.sizes ?? {};
  return t * c * z === 1 ? image : undefined;
}
