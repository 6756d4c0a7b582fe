import { type FileEntry, baseName, folderOf } from '../../bytes/file-tree.ts';

/** The nuclei of one time point. */
export interface NucleiFile {
  /** Number of the time point as the name has it; the first is 1. */
  time: number;
  entry: FileEntry;
}

const named = /^t(\d{3,6})-nuclei$/;

/** Number of the time point whose nuclei a file holds, by its name; `undefined` for other files. */
export function timePointOf(path: string): number | undefined {
  const found = named.exec(baseName(path));
  return found ? Number(found[1]) : undefined;
}

/** The files of nuclei of the folder that holds most of them, in order of time. */
export function nucleiFiles(entries: readonly FileEntry[]): NucleiFile[] {
  const folders = new Map<string, NucleiFile[]>();
  for (const entry of entries) {
    const time = timePointOf(entry.path);
    if (time === undefined) continue;
    const folder = folderOf(entry.path);
    const files = folders.get(folder);
    if (files) files.push({ time, entry });
    else folders.set(folder, [{ time, entry }]);
  }
  let most: NucleiFile[] = [];
  for (const files of folders.values()) if (files.length > most.length) most = files;
  return most.sort((a, b) => a.time - b.time);
}

const link = String.raw`\s*(?:-?\d+|nill)\s*,`;
const number = String.raw`\s*-?\d+(?:\.\d*)?\s*,`;
const nucleus = new RegExp(
  String.raw`^\s*\d+\s*,\s*-?\d+\s*,${link}${link}${link}${number}${number}${number}${number}[^,\n]*,`,
);

/** Begins a text with a line of a nucleus: index, status, three links, x, y, z, size and a name? */
export function beginsWithNucleus(text: string): boolean {
  return nucleus.test(text.slice(0, 4096));
}

/** One nucleus as its line has it. */
export interface Nucleus {
  isAlive: boolean;
  /** Place in the file of the time point before, from 1; 0 or below where there is none. */
  predecessor: number;
  /** Places in the file of the next time point. */
  successors: number[];
  x: number;
  y: number;
  /** Number of the slice, with a fraction. */
  z: number;
  /** Diameter in pixels. */
  size: number;
  /** All cells, trimmed. */
  cells: readonly string[];
}

/** Reads a line of a file of nuclei; `undefined` where cells or the position are missing. */
export function readNucleus(line: string): Nucleus | undefined {
  const cells = line.split(',', 64).map((cell) => cell.trim());
  const [x, y, z] = [Number(cells[5] || Number.NaN), Number(cells[6] || Number.NaN), Number(cells[7] || Number.NaN)];
  if (cells.length < 10 || !Number.isFinite(x) || !Number.isFinite(y) || !Number.isFinite(z)) return undefined;
  const place = (at: number) => {
    const value = Number(cells[at]);
    return Number.isInteger(value) && value > 0 ? value : 0;
  };
  return {
    isAlive: Number(cells[1]) > 0,
    predecessor: place(2),
    successors: [place(3), place(4)].filter((one) => one > 0),
    x,
    y,
    z,
    size: Number(cells[8] || Number.NaN),
    cells,
  };
}
