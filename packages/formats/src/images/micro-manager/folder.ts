import type { ImageDescription, Issue } from '@micrarium/model';
import { type FileEntry, baseName, folderOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { imageFinding, imageFindings } from '../findings.ts';
import type { OpenedImages } from '../image-reader.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { SetMembers, readXmlText } from '../tiff/ome-set.ts';
import { pageAt, pagedImage, samplesOfPage } from '../tiff/paged-image.ts';
import { describedType, pageFindings } from '../tiff/verify.ts';
import { describeMicroManager } from './describe.ts';
import { type JsonValues, parseValues, textOf, valuesOf } from './header.ts';

/** A plane that has a file of its own. */
interface FilePlane {
  name: string;
  t: number;
  z: number;
  position: number;
  /** Number of the channel, or its name where the file says that. */
  channel: number | string;
}

const namedAxes = new Set(['channel', 'position', 'time', 'z']);

/**
 * Place of a plane by its file name, in the way of Micro-Manager 1 (time, channel name, z) or 2 (axes by name, those the
 * recording does not have left out).
 */
export function planeOfName(name: string): FilePlane | undefined {
  const second = /^img((?:_[a-z]+\d+)+)\.tiff?$/i.exec(name)?.[1];
  if (second !== undefined) {
    const parts = second.matchAll(/_([a-z]+)(\d+)/gi);
    const at = new Map([...parts].map(([, axis = '', place]): [string, number] => [axis.toLowerCase(), Number(place)]));
    if (![...at.keys()].every((axis) => namedAxes.has(axis))) return undefined;
    const place = (axis: string): number => at.get(axis) ?? 0;
    return { name, channel: place('channel'), position: place('position'), t: place('time'), z: place('z') };
  }
  const first = /^img_(\d+)_(.*)_(\d+)\.tiff?$/i.exec(name);
  return first ? { name, t: Number(first[1]), channel: first[2]!, z: Number(first[3]), position: 0 } : undefined;
}

/**
 * Places that version 1 states for its files, by their names: characters a file name cannot have stand otherwise in it than in
 * the name of the channel.
 */
function statedPlanes(metadata: JsonValues): Map<string, FilePlane> {
  const planes = new Map<string, FilePlane>();
  for (const key of Object.keys(metadata)) {
    const [t, channel, z] = (/^FrameKey-(\d+)-(\d+)-(\d+)$/.exec(key) ?? []).slice(1).map(Number);
    const stated = z === undefined ? undefined : textOf(valuesAt(metadata, key), 'FileName');
    const name = stated && baseName(stated.replaceAll('\\', '/'));
    if (name) planes.set(name, { name, t: t!, channel: channel!, z: z!, position: 0 });
  }
  return planes;
}

/** Keys of the records of version 2 by the names of the files they are of. */
function recordKeys(metadata: JsonValues): Map<string, string> {
  const keys = Object.keys(metadata).filter((key) => key.startsWith('Metadata-'));
  return new Map(keys.map((key) => [baseName(key.slice('Metadata-'.length)), key]));
}

/** Opens a folder of Micro-Manager planes by `metadata.txt` and the names of the files. */
export async function openMicroManagerFolder(item: Item, about: FileEntry): Promise<OpenedImages> {
  const issues: Issue[] = [];
  const where = { file: item.path };
  const text = (await readXmlText(await about.open())) ?? '';
  const metadata = metadataOf(text);
  if (Object.keys(metadata).length === 0) {
    const message = `${baseName(about.path)} cannot be read as JSON; only the names of the files say what the planes are.`;
    issues.push(microscopeIssue('microscope-metadata-broken', message, { where: { file: about.path } }));
  }
  const summary = valuesAt(metadata, 'Summary');
  const members = new SetMembers(item.files, about.path);
  const folder = folderOf(about.path);
  const stated = statedPlanes(metadata);
  const planes = item.files
    .filter(({ path }) => folderOf(path) === folder)
    .flatMap(({ path }) => stated.get(baseName(path)) ?? planeOfName(baseName(path)) ?? []);
  const keys = recordKeys(metadata);
  const names = channelNames(summary, planes);
  const images: OpenedImages['images'] = [];
  for (const [position, own] of [...Map.groupBy(planes, (plane) => plane.position)].toSorted(([a], [b]) => a - b)) {
    const places = new Map(own.map((plane) => [`${plane.t}/${channelAt(names, plane)}/${plane.z}`, plane.name]));
    const sizes = {
      t: 1 + largest(own.map(({ t }) => t)),
      c: 1 + largest(own.map((plane) => channelAt(names, plane))),
      z: 1 + largest(own.map(({ z }) => z)),
    };
    const file = await members.tiff(own[0]!.name);
    const page = file ? await pageAt(file, 0) : 'the file is not there';
    const wanted = sizes.t * sizes.c * sizes.z;
    if (!file || typeof page === 'string' || wanted > 16 * own.length + 1000) {
      const why = typeof page === 'string' ? page : `${wanted} planes are counted, ${own.length} are there`;
      const message = `The planes of position ${position + 1} cannot be read: ${why}.`;
      issues.push(microscopeIssue('microscope-image-unusable', message, { where }));
      continue;
    }
    for (let n = 0, said = 0; n < wanted && said < 100; n++) {
      const [t, c, z] = [Math.floor(n / (sizes.c * sizes.z)), Math.floor(n / sizes.z) % sizes.c, n % sizes.z];
      if (places.has(`${t}/${c}/${z}`)) continue;
      said++;
      const message = `The plane of time ${t}, channel ${c}, slice ${z} is missing; it is shown as 0.`;
      issues.push(imageFinding('set-member-missing', message, { where }));
    }
    const recordAt = (t: number, c: number, z: number): JsonValues | undefined =>
      recordOf(metadata, keys, places.get(`${t}/${c}/${z}`), `${t}-${c}-${z}`);
    const along = (count: number, record: (n: number) => JsonValues | undefined): (JsonValues | undefined)[] =>
      count > 1 && count <= 10_000 ? Array.from({ length: count }, (_, n) => record(n)) : [];
    const records = Array.from({ length: sizes.c }, (_, c) => recordAt(0, c, 0));
    const times = along(sizes.t, (t) => recordAt(t, 0, 0));
    const slices = along(sizes.z, (z) => recordAt(0, 0, z));
    const { channels, ...described } = describeMicroManager(summary, records, times, slices);
    const { colour } = samplesOfPage(page);
    const title = textOf(summary, 'Prefix') ?? (baseName(folder) || item.tree.name);
    const description: ImageDescription = {
      name: titleOfPlace(title, records[0], own.length < planes.length ? position : undefined),
      sizes: { ...sizes, y: page.height, x: page.width },
      type: describedType(page),
      ...(colour > 1 ? { samples: colour } : {}),
      ...described,
      channels: channels.map((channel, c) => ({ ...channel, name: channel.name || (names[c] ?? '') })),
    };
    issues.push(...pageFindings(file, page), ...imageFindings(description, item.path));
    images.push(
      await pagedImage({
        description,
        first: { file, page },
        async locate({ t, c, z }) {
          const name = places.get(`${t}/${c}/${z}`);
          const holder = name === undefined ? undefined : await members.tiff(name);
          return holder && { file: holder, directory: 0 };
        },
      }),
    );
  }
  return { images, issues, ...(text === '' ? {} : { rawMetadata: { mediaType: 'application/json', text } }) };
}

/** The metadata file; where recording was broken off, the last bracket is missing. */
function metadataOf(text: string): JsonValues {
  const whole = parseValues(text);
  if (Object.keys(whole).length > 0) return whole;
  return parseValues(`${text.trimEnd().replace(/,$/, '')}}`);
}

const valuesAt = (values: JsonValues, key: string): JsonValues => valuesOf(values[key]);

/** Record of a plane: under its frame key (version 1) or its path (version 2). */
function recordOf(
  metadata: JsonValues,
  keys: ReadonlyMap<string, string>,
  file: string | undefined,
  frameKey: string,
): JsonValues | undefined {
  const key = `FrameKey-${frameKey}` in metadata ? `FrameKey-${frameKey}` : keys.get(file ?? '');
  return key === undefined ? undefined : valuesAt(metadata, key);
}

/** All positions of a recording share its title; each has a folder of its own, or a number. */
function titleOfPlace(title: string, record: JsonValues | undefined, position: number | undefined): string {
  const place = textOf(record ?? {}, 'PositionName', 'Position');
  const isSaid = place !== undefined && !/^(default|null)$/i.test(place) && !title.includes(place);
  return isSaid ? `${title} ${place}` : position === undefined ? title : `${title} (${position + 1})`;
}

function channelNames(summary: JsonValues, planes: readonly FilePlane[]): string[] {
  const stated = Array.isArray(summary['ChNames']) ? summary['ChNames'].filter((name) => typeof name === 'string') : [];
  const found = [...new Set(planes.flatMap(({ channel }) => (typeof channel === 'string' ? [channel] : [])))].sort();
  return [...stated, ...found.filter((name) => !stated.includes(name))];
}

function channelAt(names: readonly string[], { channel }: FilePlane): number {
  return typeof channel === 'number' ? channel : Math.max(0, names.indexOf(channel));
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** The file that describes such a folder. */
export function aboutFile(item: Item): FileEntry | undefined {
  return item.files.find(({ path }) => /^(.*_)?metadata\.txt$/i.test(baseName(path)));
}
