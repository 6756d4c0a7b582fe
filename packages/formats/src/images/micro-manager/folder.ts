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
import { type JsonValues, parseValues, textOf } from './header.ts';

/** A plane that has a file of its own. */
interface FilePlane {
  name: string;
  t: number;
  z: number;
  position: number;
  /** Number of the channel, or its name where the file says that. */
  channel: number | string;
}

/** Place of a plane by its file name, in the way of Micro-Manager 1 (time, channel name, z) or 2. */
export function planeOfName(name: string): FilePlane | undefined {
  const second = /^img_channel(\d+)_position(\d+)_time(\d+)_z(\d+)\.tiff?$/i.exec(name);
  if (second) {
    const [channel, position, t, z] = second.slice(1).map(Number);
    return { name, channel: channel!, position: position!, t: t!, z: z! };
  }
  const first = /^img_(\d+)_(.*)_(\d+)\.tiff?$/i.exec(name);
  return first ? { name, t: Number(first[1]), channel: first[2]!, z: Number(first[3]), position: 0 } : undefined;
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
  const planes = item.files
    .filter(({ path }) => folderOf(path) === folder)
    .flatMap(({ path }) => planeOfName(baseName(path)) ?? []);
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
    const records = Array.from({ length: sizes.c }, (_, c) => recordOf(metadata, places.get(`0/${c}/0`), `0-${c}-0`));
    const times =
      sizes.t > 1 && sizes.t <= 10_000
        ? Array.from({ length: sizes.t }, (_, t) => recordOf(metadata, places.get(`${t}/0/0`), `${t}-0-0`))
        : [];
    const { channels, ...stated } = describeMicroManager(summary, records, times);
    const { colour } = samplesOfPage(page);
    const title = textOf(summary, 'Prefix') ?? (baseName(folder) || item.tree.name);
    const description: ImageDescription = {
      name: own.length < planes.length ? `${title} (${position + 1})` : title,
      sizes: { ...sizes, y: page.height, x: page.width },
      type: describedType(page),
      ...(colour > 1 ? { samples: colour } : {}),
      ...stated,
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

function valuesAt(values: JsonValues, key: string): JsonValues {
  const value = values[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonValues) : {};
}

/** Record of a plane: under its frame key (version 1) or its path (version 2). */
function recordOf(metadata: JsonValues, file: string | undefined, frameKey: string): JsonValues | undefined {
  const key = [`FrameKey-${frameKey}`, `Metadata-${file}`, `Metadata-Default/${file}`].find((one) => one in metadata);
  return key === undefined ? undefined : valuesAt(metadata, key);
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
