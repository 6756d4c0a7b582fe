import { baseName, folderOf, stemOf } from '../../bytes/file-tree.ts';
import type { PlateFiles, PlatePlane } from './plate-plane.ts';

/**
 * `NAME_B02_s1_w2_thumb0A1B….tif`: site, wavelength, thumbnail and the identifier of a database may be left out. Exports may have time
 * and slice in the name (`NAME_B02_s1_w2_z3_t4.tif`), and newer programs the time before the well (`NAME_t0_B02_s0_w0_z0.tif`).
 */
const namePattern =
  /^(?:(.+?)_)?(?:t(\d{1,6})_)?([A-P]\d\d|A[A-F]\d\d)(?:_s(\d{1,4}))?(?:_w(\d{1,2}))?(?:_z(\d{1,5}))?(?:_t(\d{1,6}))?(_thumb)?([\dA-F]{8}-(?:[\dA-F]{4}-){3}[\dA-F]{12})?\.tiff?$/i;

/** A file by its name and by the folders `TimePoint_1/ZStep_1` it may lie in. */
interface NamedFile {
  path: string;
  root: string;
  plate: string;
  well: string;
  site: number;
  wave: number;
  t: number;
  /** `undefined` in the folder of projections, and where nothing names a slice. */
  z: number | undefined;
  isThumbnail: boolean;
  /** Does the name say more than a well, which other programs write too? */
  isSure: boolean;
}

/** The folder of a plate, and the time and slice that the folders below it stand for. */
function folderOfPlate(path: string): { root: string; t: number; z: number | undefined } {
  const parts = folderOf(path).split('/');
  const numberOf = (word: RegExp): number | undefined => {
    const number = word.exec(parts.at(-1) ?? '')?.[1];
    if (number !== undefined) parts.pop();
    return number === undefined ? undefined : Number(number);
  };
  const z = numberOf(/^ZStep_(\d{1,6})$/i) || undefined;
  const t = numberOf(/^TimePoint_?(\d{1,7})$/i) ?? 1;
  return { root: parts.join('/'), t, z };
}

function namedFile(path: string): NamedFile | undefined {
  if (!/\.tiff?$/i.test(path)) return undefined;
  const match = namePattern.exec(baseName(path));
  if (!match) return undefined;
  const [, plate = '', before, well = '', site, wave, slice, after, thumbnail, id] = match;
  const folder = folderOfPlate(path);
  const time = before ?? after;
  return {
    path,
    root: folder.root,
    t: time === undefined ? folder.t : Number(time),
    z: slice === undefined ? folder.z : Number(slice),
    plate,
    well: well.toUpperCase(),
    site: Number(site ?? 1),
    wave: Number(wave ?? 1),
    isThumbnail: thumbnail !== undefined,
    isSure: site !== undefined || wave !== undefined || id !== undefined,
  };
}

const keyOf = (root: string, plate: string): string => `${root}\0${plate.toLowerCase()}`;

/**
 * Plates of MetaXpress among paths: files of one folder, with its folders of times and slices, whose names begin alike. At least
 * two planes; names that say a well alone only beside an `.HTD` file.
 */
export function imageXpressPlates(paths: readonly string[]): PlateFiles[] {
  const groups = new Map<string, NamedFile[]>();
  for (const path of paths) {
    const file = namedFile(path);
    if (!file) continue;
    const key = keyOf(file.root, file.plate);
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  if (groups.size === 0) return [];
  const found = paths.filter((path) => /\.htd$/i.test(path));
  const settings = Map.groupBy(found, (path) => folderOfPlate(path).root);
  const ofPlate = Map.groupBy(found, (path) => keyOf(folderOfPlate(path).root, stemOf(path)));
  const inFolder = Map.groupBy(groups.values(), ([file]) => file!.root);
  return [...groups.values()].flatMap((group) => {
    const { root, plate } = group[0]!;
    // The settings of the only plate of a folder may have any name.
    const beside = inFolder.get(root)!.length === 1 ? settings.get(root) : ofPlate.get(keyOf(root, plate));
    return plateOf(group, beside ?? []) ?? [];
  });
}

function plateOf(group: readonly NamedFile[], settings: readonly string[]): PlateFiles | undefined {
  const { root, plate } = group[0]!;
  const planes = new Map<string, PlatePlane>();
  const thumbnails: string[] = [];
  for (const { path, well, site, wave, t, z, isThumbnail, isSure } of group) {
    if (!isSure && settings.length === 0) continue;
    if (isThumbnail) thumbnails.push(path);
    const key = [well, site, wave, t, z].join();
    if (!isThumbnail && !planes.has(key)) planes.set(key, { path, well, field: String(site), t, c: wave, z });
  }
  if (planes.size < 2 && settings.length === 0) return undefined;
  if (planes.size === 0) return undefined;
  return { root, name: plate, planes: [...planes.values()], beside: [...thumbnails, ...settings] };
}
