import { baseName, folderOf } from '../../bytes/file-tree.ts';
import type { PlateFiles, PlatePlane } from './plate-plane.ts';

/** `NAME_B02_T0001F001L01A01Z01C01.tif` of CV7000 and CV8000: time, field, timeline, action, slice, channel. */
const longName = /^(.*?)_?([A-P]\d\d|A[A-F]\d\d)_T(\d{4,6})F(\d{3,4})L(\d\d)A(\d\d)Z(\d{2,4})C(\d\d)\.tiff?$/i;
/** `W_A01F001T0001Z01C1.tif` of CellVoyagers before. */
const shortName = /^(.*?)_?([A-P]\d\d|A[A-F]\d\d)F(\d{3,4})T(\d{4,6})Z(\d{2,4})C(\d{1,2})\.tiff?$/i;

/** Files beside the planes: settings of the measurement, and pictures that correct its shading and its cameras. */
const isBeside = (name: string): boolean =>
  /\.(mlf|mrf|mes|wpi|wpp|icr)$/i.test(name) ||
  /^(crosstalk|geometry)_parameter\.xml$/i.test(name) ||
  /^(DC|SC|SHD)_.*\.tiff?$/i.test(name);

interface NamedPlane {
  path: string;
  name: string;
  well: string;
  field: number;
  t: number;
  timeline: number;
  action: number;
  z: number;
  c: number;
}

function namedPlane(path: string): NamedPlane | undefined {
  if (!/\.tiff?$/i.test(path)) return undefined;
  const file = baseName(path);
  const long = longName.exec(file);
  if (long) {
    const [, name = '', well = '', ...numbers] = long;
    const [t, field, timeline, action, z, c] = numbers.map(Number) as [number, number, number, number, number, number];
    return { path, name, well: well.toUpperCase(), field, t, timeline, action, z, c };
  }
  const short = shortName.exec(file);
  if (!short) return undefined;
  const [, name = '', well = '', ...numbers] = short;
  const [field, t, z, c] = numbers.map(Number) as [number, number, number, number];
  return { path, name, well: well.toUpperCase(), field, t, timeline: 1, action: 1, z, c };
}

/** Channels of actions after the first that takes them are numbered from here on, `1000 * action + channel`. */
export const actionStep = 1000;

/** Plates of a CellVoyager among paths: files of one folder whose names begin alike, two at least. */
export function cellVoyagerPlates(paths: readonly string[]): PlateFiles[] {
  const groups = Map.groupBy(
    paths.flatMap((path) => namedPlane(path) ?? []),
    ({ path, name }) => `${folderOf(path)}\0${name}`,
  );
  if (groups.size === 0) return [];
  const folders = Map.groupBy(paths, folderOf);
  const inFolder = Map.groupBy(groups.values(), ([plane]) => folderOf(plane!.path));
  return [...groups.values()].flatMap((group) => {
    const root = folderOf(group[0]!.path);
    const planes = planesOf(group);
    if (planes.length < 2) return [];
    const isOnly = inFolder.get(root)!.length === 1;
    const beside = isOnly ? folders.get(root)!.filter((path) => isBeside(baseName(path))) : [];
    return [{ root, name: group[0]!.name, planes, beside }];
  });
}

function planesOf(group: readonly NamedPlane[]): PlatePlane[] {
  // A channel that two actions take, such as a stack and one slice of it, is a channel of each.
  const first = new Map<number, number>();
  for (const { action, c } of group) first.set(c, Math.min(first.get(c) ?? action, action));
  const hasSlices = group.some(({ z }) => z !== group[0]!.z);
  const planes = new Map<string, PlatePlane>();
  for (const { path, well, field, t, timeline, action, z, c } of group) {
    const plane: PlatePlane = {
      path,
      well,
      field: String(field),
      t: (timeline - 1) * 1_000_000 + t,
      c: first.get(c) === action ? c : actionStep * action + c,
      z: hasSlices ? z : undefined,
    };
    const key = [well, field, plane.t, plane.c, z].join();
    if (!planes.has(key)) planes.set(key, plane);
  }
  return [...planes.values()];
}
