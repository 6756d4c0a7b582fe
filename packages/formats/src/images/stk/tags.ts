import type { TiffDirectory, TiffFile } from '../tiff/directory.ts';
import { decodeText } from '../tiff/directory.ts';

/** What the private tags of MetaMorph say. */
export interface StkTags {
  /** Planes the file should hold. */
  planes: number;
  /** Distance to the plane before, in micrometers, of the first planes. */
  distances: number[];
  /** Seconds since 1970 by the clock of the computer (no zone), of the first planes; NaN where there is none. */
  created: number[];
  /** Size of a pixel in `units`; 0 where it is not calibrated. */
  x: number;
  y: number;
  units: string;
  name: string;
  /** Emission wavelength in nanometers, where all planes have the same; 0 where it is not said. */
  wavelength: number;
  /** Properties of the first plane by name, such as `_MagNA_`. */
  properties: ReadonlyMap<string, number | string>;
}

/** Planes whose times are read: enough for a regular step. */
const mostTimes = 10_000;
/** Values of tag 33628 that are numbers or places, each with its number first. */
const calibrated = 3;
const xCalibration = 4;
const yCalibration = 5;
const calibrationUnits = 6;
const planeName = 7;
const planeProperty = 49;
/** Properties of planes that are looked at. */
const mostProperties = 100;
/** The first day of 1970 in Julian days, cut to whole days at midnight as MetaMorph does. */
const julian1970 = 2_440_587;

/** Reads tags 33628 and 33629; the second counts the planes, and without it there is one. `undefined` where both are absent. */
export async function readStkTags(file: TiffFile, directory: TiffDirectory): Promise<StkTags | undefined> {
  const perPlane = directory.fields.get(33629);
  if (perPlane ? perPlane.count < 1 : !directory.fields.has(33628)) return undefined;
  const view = await viewAt(file, perPlane?.offset ?? 0, 24 * Math.min(perPlane?.count ?? 0, mostTimes));
  const { littleEndian: little } = file;
  const distances: number[] = [];
  const created: number[] = [];
  for (let at = 0; at + 24 <= view.byteLength; at += 24) {
    distances.push(view.getUint32(at, little) / view.getUint32(at + 4, little) || 0);
    const day = view.getUint32(at + 8, little);
    created.push(day === 0 ? Number.NaN : (day - julian1970) * 86_400 + view.getUint32(at + 12, little) / 1000);
  }
  const values = await readValues(file, directory);
  const isCalibrated = values.get(calibrated) !== 0;
  const rational = async (place: number | undefined): Promise<number> => {
    if (place === undefined || !isCalibrated) return 0;
    const parts = await viewAt(file, place, 8);
    return parts.byteLength === 8 ? parts.getUint32(0, little) / parts.getUint32(4, little) || 0 : 0;
  };
  return {
    planes: perPlane?.count ?? 1,
    distances,
    created,
    x: await rational(values.get(xCalibration)),
    y: await rational(values.get(yCalibration)),
    units: await textAt(file, values.get(calibrationUnits)),
    name: await textAt(file, values.get(planeName)),
    wavelength: await wavelengthOf(file, directory),
    properties: await propertiesOf(file, directory),
  };
}

/** The wavelength of the planes (tag 33630, a fraction for each). */
async function wavelengthOf(file: TiffFile, directory: TiffDirectory): Promise<number> {
  const field = directory.fields.get(33630);
  if (!field || field.type !== 5) return 0;
  const view = await viewAt(file, field.offset, 8 * Math.min(field.count, mostTimes));
  const values = new Set<number>();
  for (let at = 0; at + 8 <= view.byteLength; at += 8)
    values.add(view.getUint32(at, file.littleEndian) / view.getUint32(at + 4, file.littleEndian) || 0);
  const [only = 0] = values;
  return values.size === 1 && only >= 100 && only <= 2000 ? only : 0;
}

/**
 * Properties of the first plane: its number, a name with its length in a byte, four bytes, a kind, and a fraction (1) or
 * a text with its length in a byte (2).
 */
async function propertiesOf(file: TiffFile, directory: TiffDirectory): Promise<Map<string, number | string>> {
  const properties = new Map<string, number | string>();
  const field = directory.fields.get(33628);
  if (field?.type !== 4) return properties;
  const view = await viewAt(file, field.offset, 8 * Math.min(field.count, 1000));
  const { littleEndian: little } = file;
  let seen = 0;
  for (let at = 0; at + 8 <= view.byteLength && seen < mostProperties; at += 8) {
    if (view.getUint32(at, little) !== planeProperty) continue;
    seen++;
    const bytes = await file.source.read(view.getUint32(at + 4, little), 1024);
    const record = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const end = 5 + (bytes[4] ?? 0);
    if (bytes.length < end + 6 || record.getUint32(0, little) !== 0) continue;
    const name = decodeText(bytes.subarray(5, end));
    if (properties.has(name)) continue;
    if (bytes[end + 4] === 2)
      properties.set(name, decodeText(bytes.subarray(end + 6, end + 6 + bytes[end + 5]!)).trim());
    else if (bytes.length >= end + 13)
      properties.set(name, record.getUint32(end + 5, little) / record.getUint32(end + 9, little) || 0);
  }
  return properties;
}

/** Pairs of number and value (or place) of tag 33628, counted in pairs; files of before MetaMorph 2.5 hold distances there. */
async function readValues(file: TiffFile, directory: TiffDirectory): Promise<Map<number, number>> {
  const values = new Map<number, number>();
  const field = directory.fields.get(33628);
  if (field?.type !== 4) return values;
  const view = await viewAt(file, field.offset, 8 * Math.min(field.count, 1000));
  for (let at = 0; at + 8 <= view.byteLength; at += 8) {
    const number = view.getUint32(at, file.littleEndian);
    if (!values.has(number)) values.set(number, view.getUint32(at + 4, file.littleEndian));
  }
  return values;
}

async function viewAt({ source }: TiffFile, offset: number, length: number): Promise<DataView> {
  const bytes = await source.read(offset, length);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A text with its length in front. */
async function textAt(file: TiffFile, place: number | undefined): Promise<string> {
  if (place === undefined || place === 0) return '';
  const head = await viewAt(file, place, 4);
  const length = head.byteLength === 4 ? head.getUint32(0, file.littleEndian) : 0;
  if (length === 0 || length > 10_000) return '';
  return decodeText(await file.source.read(place + 4, length))
    .split('\0')[0]!
    .trim();
}
