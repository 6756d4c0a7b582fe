import type { ImageDescription, Issue, PlaneIndex } from '@micrarium/model';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { baseName, stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { imageFindings } from '../findings.ts';
import type { ImageReader, OpenedImages } from '../image-reader.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { TiffFile } from '../tiff/directory.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import { pageAt, pagedImage } from '../tiff/paged-image.ts';
import { mainEntry } from '../tiff/reader.ts';
import { tiffIssue } from '../tiff/tiff-issues.ts';
import { describedType, pageFindings } from '../tiff/verify.ts';
import { OleStreams } from './ole-streams.ts';
import {
  type OifAxis,
  type Settings,
  describeOif,
  describePlanes,
  oifAxes,
  parseSettings,
  settingsText,
} from './settings.ts';

/** The main file and a way to the planes, in whatever they lie. */
interface OifSet {
  main: ByteSource;
  /** Names of the planes without folders, and their bytes. */
  planes: ReadonlyMap<string, () => ByteSource | undefined>;
}

const maxMainBytes = 64 << 20;
/** Channels whose planes are asked for their settings. */
const mostChannels = 64;

/** Axes the names of planes speak of, and what we call them. */
const axisNames: Readonly<Record<string, string>> = { C: 'c', Z: 'z', T: 't', L: 'lambda', A: 'angle', P: 'point' };

/** Opens Olympus OIB (one container) and OIF (a main file beside the folder of its planes). */
export const oibReader: ImageReader = {
  async open(item: Item): Promise<OpenedImages> {
    const set = item.format === 'oib' ? await setInContainer(item) : setInFolder(item);
    const where = { file: item.path };
    if (!set || set.main.size > maxMainBytes) {
      const message = 'The main file, which describes the recording, is not there or cannot be read.';
      return { images: [], issues: [microscopeIssue('microscope-file-broken', message, { where })] };
    }
    const text = settingsText(await set.main.read(0, set.main.size));
    return { ...(await openSet(set, text, item.path)), rawMetadata: { mediaType: 'text/plain', text } };
  },
};

/** Streams of the container by the names that its table of contents gives them. */
async function setInContainer(item: Item): Promise<OifSet | undefined> {
  const entry = mainEntry(item);
  const streams = entry && (await OleStreams.open(reopeningSource(entry)));
  const contents = streams?.stream('OibInfo.txt');
  if (!streams || !contents || contents.size > maxMainBytes) return undefined;
  const info = parseSettings(settingsText(await contents.read(0, contents.size))).get('OibSaveInfo');
  const main = streams.stream(info?.get('MainFileName') ?? '');
  const planes = new Map<string, () => ByteSource | undefined>();
  for (const [stream, file] of info ?? [])
    if (/^Stream\d+$/.test(stream)) planes.set(baseName(file.replaceAll('\\', '/')), () => streams.stream(stream));
  return main && { main, planes };
}

function setInFolder(item: Item): OifSet | undefined {
  const main = [...item.files, ...item.tree.entries].find(({ path }) => /\.oif$/i.test(path));
  if (!main) return undefined;
  const members = new Map([...item.files, ...item.tree.entries].map((entry) => [baseName(entry.path), entry]));
  const planes = [...members].map(([name, entry]): [string, () => ByteSource] => [name, () => reopeningSource(entry)]);
  return { main: reopeningSource(main), planes: new Map(planes) };
}

async function openSet(
  set: OifSet,
  text: string,
  path: string,
): Promise<{ images: OpenedImages['images']; issues: Issue[] }> {
  const where = { file: path };
  const settings = parseSettings(text);
  const axes = oifAxes(settings);
  const used = [...axes.values()].filter(({ code, count }) => code in axisNames && count > 1);
  const names = planeNames(set.planes.keys(), used);
  const wanted = used.reduce((product, { count }) => product * count, 1);
  const first = await firstPage(set, names);
  // A set without most of its planes is damaged; believing its counts would make endless lists.
  if (!first || wanted > 16 * names.size + 1000) {
    const message = `The recording should have ${wanted} planes; ${names.size} are there, ${first ? 'too few' : 'none of which can be read'}.`;
    return { images: [], issues: [microscopeIssue('microscope-image-unusable', message, { where })] };
  }
  const description = describe(settings, axes, used, first, path);
  addPlanes(description, await planeSettings(set, names, used, description.sizes.c));
  const issues: Issue[] = [...pageFindings(first.file, first.page), ...imageFindings(description, path)];
  const missing = countMissing(names, used, wanted);
  if (missing > 0)
    issues.push(
      tiffIssue('planes-missing', `${missing} of ${wanted} planes are not there; they are shown as 0.`, { where }),
    );
  const open = planeOpener(set);
  const image = await pagedImage({
    description,
    first,
    async locate(plane) {
      const name = names.get(keyOf(used, plane));
      const file = name === undefined ? undefined : await open(name);
      return file && { file, directory: 0 };
    },
  });
  return { images: [image], issues };
}

type FirstPage = { file: TiffFile; page: Exclude<Awaited<ReturnType<typeof pageAt>>, string> };

async function firstPage(set: OifSet, names: ReadonlyMap<string, string>): Promise<FirstPage | undefined> {
  for (const name of [...names.values()].slice(0, 10)) {
    const source = set.planes.get(name)?.();
    const file = source && (await TiffFile.open(source));
    const page = file && (await pageAt(file, 0));
    if (file && page && typeof page !== 'string') return { file, page };
  }
  return undefined;
}

/** A file and the numbers that its name gives, such as C 1 and Z 3 of `s_C001Z003.tif`. */
interface NamedPlane {
  name: string;
  numbers: ReadonlyMap<string, number>;
}

/** Planes by their places, such as `C1 Z3`: only axes of more than one place make the difference, named or not. */
function planeNames(names: Iterable<string>, used: readonly OifAxis[]): Map<string, string> {
  const found: NamedPlane[] = [];
  for (const name of [...names].sort()) {
    // Whatever stands before the last underscore is the name of the recording.
    const places = /(?:^|_)((?:[A-Z]\d{1,6})+)\.tiff?$/i.exec(name)?.[1]?.toUpperCase();
    const parts = places?.match(/[A-Z]\d+/g) ?? [];
    const numbers = new Map(parts.map((part) => [part[0]!, Number(part.slice(1))]));
    // Reference pictures (R) are no planes.
    if (numbers.size > 0 && !numbers.has('R')) found.push({ name, numbers });
  }
  const byPlace = new Map<string, string>();
  const codes = new Set([...used.map(({ code }) => code), ...found.flatMap(({ numbers }) => [...numbers.keys()])]);
  const counted = new Map([...codes].map((code) => [code, numbersOf(found, code)]));
  for (const { name, numbers } of found) {
    const isOther = [...numbers].some(
      ([code, number]) => !used.some((axis) => axis.code === code) && number !== counted.get(code)![0],
    );
    const parts = used.map(({ code, count }) => {
      const all = counted.get(code)!;
      const number = numbers.get(code) ?? 1;
      // Where only channels 1 and 3 were recorded, the second place is number 3.
      return `${code}${all.length === count ? all.indexOf(number) + 1 : number}`;
    });
    if (!isOther) byPlace.set(parts.join(' '), name);
  }
  return byPlace;
}

/** All numbers that names give for an axis, ascending. */
function numbersOf(found: readonly NamedPlane[], code: string): number[] {
  return [...new Set(found.flatMap(({ numbers }) => numbers.get(code) ?? []))].sort((a, b) => a - b);
}

/** Key of a plane among names; places count from 1. */
function keyOf(used: readonly OifAxis[], { t, c, z, other }: PlaneIndex): string {
  const places: Readonly<Record<string, number>> = { ...other, t, c, z };
  return used.map(({ code }) => `${code}${(places[axisNames[code]!] ?? 0) + 1}`).join(' ');
}

function countMissing(names: ReadonlyMap<string, string>, used: readonly OifAxis[], wanted: number): number {
  let there = 0;
  for (let n = 0; n < wanted; n++) {
    let rest = n;
    const places: Record<string, number> = {};
    for (const { code, count } of used) {
      places[axisNames[code]!] = rest % count;
      rest = Math.floor(rest / count);
    }
    const { t = 0, c = 0, z = 0, ...other } = places;
    if (names.has(keyOf(used, { t, c, z, other }))) there++;
  }
  return wanted - there;
}

/** Opens planes, the last 32 of which are kept. */
function planeOpener(set: OifSet): (name: string) => Promise<TiffFile | undefined> {
  const kept = new Map<string, TiffFile>();
  return async (name) => {
    const known = kept.get(name);
    if (known) return known;
    const source = set.planes.get(name)?.();
    const file = source && (await TiffFile.open(source));
    if (file) kept.set(name, file);
    if (kept.size > 32) kept.delete(kept.keys().next().value ?? '');
    return file;
  };
}

/** Settings of the first plane of each channel, which lie beside it under its name with the ending `.pty`. */
async function planeSettings(
  set: OifSet,
  names: ReadonlyMap<string, string>,
  used: readonly OifAxis[],
  channels: number,
): Promise<Settings[]> {
  const found: Settings[] = [];
  for (let c = 0; c < Math.min(channels, mostChannels); c++) {
    const name = names.get(keyOf(used, { t: 0, c, z: 0 }));
    const source = name === undefined ? undefined : set.planes.get(name.replace(/\.tiff?$/i, '.pty'))?.();
    const isThere = source !== undefined && source.size <= maxMainBytes;
    found.push(parseSettings(isThere ? settingsText(await source.read(0, source.size)) : ''));
  }
  return found;
}

/** What the settings of the planes say, where the main file does not. */
function addPlanes(description: ImageDescription, planes: readonly Settings[]): void {
  const { objective, detector, channels } = describePlanes(planes);
  const isLens = Object.keys(objective).length > 0;
  if (isLens || detector !== undefined)
    description.instrument = {
      ...(isLens ? { objective } : {}),
      ...(detector === undefined ? {} : { detector }),
      ...description.instrument,
    };
  description.channels = description.channels.map((channel, c) => ({ ...channels[c], ...channel }));
}

function describe(
  settings: ReturnType<typeof parseSettings>,
  axes: ReadonlyMap<string, OifAxis>,
  used: readonly OifAxis[],
  { page }: FirstPage,
  path: string,
): ImageDescription {
  const further = used.filter(({ code }) => !['C', 'Z', 'T'].includes(code));
  const count = (code: string): number => axes.get(code)?.count ?? 1;
  return {
    name: stemOf(path),
    sizes: {
      t: count('T'),
      c: count('C'),
      z: count('Z'),
      y: page.height,
      x: page.width,
      ...Object.fromEntries(further.map(({ code, count: length }) => [axisNames[code]!, length])),
    },
    type: describedType(page),
    ...describeOif(settings, axes),
  };
}
