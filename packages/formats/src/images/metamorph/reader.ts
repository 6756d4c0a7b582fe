import type { ImageDescription, Issue, PlaneIndex } from '@micrarium/model';
import { type FileEntry, baseName, fileTree, stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import type { ReadOptions } from '../../tracks/track-reader.ts';
import { imageFinding, imageFindings } from '../findings.ts';
import { type ImagePixels, type ImageReader, type OpenedImages, PixelsUnreadable } from '../image-reader.ts';
import { isSamePlane } from '../series/member.ts';
import { stkReader } from '../stk/reader.ts';
import { known, timeStepOf } from '../stored/stated-values.ts';
import { classifyTiff } from '../tiff/classify.ts';
import { readXmlText, reopeningSource } from '../tiff/ome-set.ts';
import { emptyBlock } from '../tiff/paged-image.ts';
import { tiffReader } from '../tiff/reader.ts';
import { tiffIssue } from '../tiff/tiff-issues.ts';
import { type NdMember, type NdSeries, ndMember, parseNd } from './nd-file.ts';

/** Members that are kept open. */
const maxOpen = 16;
/** Missing members that are named one by one. */
const mostNamed = 100;

/**
 * Opens the series of an `.nd` file: one image for each position of the stage, and one more for waves that were taken
 * without a stack. Names as MetaMorph gives them; not seen on a real file.
 */
export const ndReader: ImageReader = {
  async open(item: Item, { signal }: ReadOptions = {}): Promise<OpenedImages> {
    const where = { file: item.path };
    const entries = item.tree.entries;
    const main = entries.find(({ path }) => /\.nd$/i.test(path));
    const text = main && (await readXmlText(reopeningSource(main)));
    const series = text === undefined ? undefined : parseNd(text);
    if (!main || text === undefined || !series) {
      const message = 'The .nd file that joins the series cannot be read.';
      return { images: [], issues: [tiffIssue('tiff-page-unusable', message, { where })] };
    }
    const members = new Members(entries, main.path);
    const issues: Issue[] = [];
    const images: ImagePixels[] = [];
    for (const [stage, stageName] of series.stages.entries())
      for (const waves of wavesTogether(series)) {
        signal?.throwIfAborted();
        const image = await imageOf({ series, members, name: stemOf(main.path), stage, stageName, waves }, issues);
        if (!image) continue;
        images.push(image);
        issues.push(...imageFindings(image.description, item.path));
      }
    if (images.length === 0) {
      const message = 'None of the files that the .nd file joins is there, or can be read.';
      issues.push(imageFinding('set-member-missing', message, { where }));
    }
    return { images, issues, rawMetadata: { mediaType: 'text/plain', text } };
  },
};

/** Waves that are channels of one image: those with stacks, and those without. Zero-based. */
function wavesTogether({ waves }: NdSeries): number[][] {
  const all = waves.map((_, n) => n);
  const stacks = all.filter((n) => waves[n]!.isStack);
  const flat = all.filter((n) => !waves[n]!.isStack);
  return [stacks, flat].filter((group) => group.length > 0);
}

interface Wanted {
  series: NdSeries;
  members: Members;
  name: string;
  stage: number;
  stageName: string;
  waves: readonly number[];
}

async function imageOf(wanted: Wanted, issues: Issue[]): Promise<ImagePixels | undefined> {
  const { series, members, name, stage, stageName, waves } = wanted;
  const first = await firstMember(wanted);
  if (!first) return undefined;
  const { times } = series;
  const missing: string[] = [];
  for (let t = 0; t < times && missing.length <= mostNamed; t++)
    for (const wave of waves) if (!members.path(wave, stage, t)) missing.push(members.nameFor(series, wave, stage, t));
  for (const file of missing.slice(0, mostNamed)) {
    const message = `${file} is not there; its planes are shown as 0.`;
    issues.push(imageFinding('set-member-missing', message, { where: { file } }));
  }
  const told = first.description;
  const z = Math.max(1, series.waves[waves[0]!]!.isStack ? series.slices : 1);
  const held = told.sizes.t * told.sizes.z;
  if (held < z) {
    const message = `The .nd file tells of ${z} slices, ${baseName(members.path(waves[0]!, stage, 0) ?? name)} holds ${held}.`;
    issues.push(tiffIssue('planes-missing', message, { where: { file: name } }));
  }
  const step = series.stepMicrometers;
  const voxelSize = {
    ...told.voxelSize,
    ...(z > 1 && step > 0 ? { z: { value: step, unit: 'micrometer' as const } } : {}),
  };
  const started = (await members.open(waves[0]!, stage, 0))?.description.acquiredAt ?? series.startedAt;
  const label = [name, stageName].filter((part) => part !== '').join(' ');
  const { timeStep: _ownStep, planeTimes: _ownTimes, acquiredAt: _ownDate, ...rest } = told;
  const description: ImageDescription = {
    ...rest,
    name: series.stages.length > 1 && stageName === '' ? `${name} ${stage + 1}` : label,
    sizes: { ...told.sizes, t: times, c: waves.length, z },
    ...(Object.keys(voxelSize).length > 0 ? { voxelSize } : {}),
    ...(times > 1 ? await timesOf(wanted) : {}),
    channels: waves.map((wave) => ({ name: series.waves[wave]!.name })),
    ...known('acquiredAt', started),
    ...known('description', told.description ?? (series.description || undefined)),
  };
  return {
    description,
    levels: [{ ...first.levels[0]!, depth: z }],
    readRegion: (plane, region, level = 0, signal) =>
      readPlane(wanted, first, description, plane, region, level, signal),
  };
}

async function readPlane(
  { members, stage, waves }: Wanted,
  first: ImagePixels,
  description: ImageDescription,
  plane: PlaneIndex,
  region: Parameters<ImagePixels['readRegion']>[1],
  level: number,
  signal: AbortSignal | undefined,
): ReturnType<ImagePixels['readRegion']> {
  const { sizes } = description;
  for (const axis of ['t', 'c', 'z'] as const)
    if (!(Number.isInteger(plane[axis]) && plane[axis] >= 0 && plane[axis] < sizes[axis]))
      throw new RangeError(`plane ${axis} ${plane[axis]} is not among ${sizes[axis]}`);
  if (level !== 0) throw new RangeError(`the image has one level, level ${level} was asked for`);
  const wave = waves[plane.c]!;
  const path = members.path(wave, stage, plane.t);
  const empty = () => emptyBlock(description, region ?? { x: 0, y: 0, width: sizes.x, height: sizes.y });
  if (path === undefined) return empty();
  const member = await members.open(wave, stage, plane.t);
  if (!member || !isSamePlane(first, member))
    throw new PixelsUnreadable(`${path} cannot be read, or is not of the size and type of the other files`);
  const own = member.description.sizes;
  if (plane.z >= own.t * own.z) return empty();
  // Slices of a TIFF without words of its own are read as times.
  const at = own.z > 1 ? { t: 0, z: plane.z } : { t: plane.z, z: 0 };
  return member.readRegion({ ...at, c: 0 }, region, 0, signal);
}

/** The first member of a stage that can be read. */
async function firstMember({ series, members, stage, waves }: Wanted): Promise<ImagePixels | undefined> {
  for (let t = 0; t < Math.min(series.times, mostNamed); t++)
    for (const wave of waves) {
      const member = await members.open(wave, stage, t);
      if (member) return member;
    }
  return undefined;
}

/** The time step, where the dates of the first, second and last files agree on one. */
async function timesOf({ series, members, stage, waves }: Wanted): Promise<Pick<ImageDescription, 'timeStep'>> {
  const at = async (t: number): Promise<number> => {
    const date = (await members.open(waves[0]!, stage, t))?.description.acquiredAt;
    return date === undefined ? Number.NaN : Date.parse(`${date}Z`) / 1000;
  };
  const last = series.times - 1;
  const [start, next, end] = [await at(0), await at(1), await at(last)];
  if (![start, next, end].every(Number.isFinite)) return {};
  return timeStepOf([0, next - start, ...(last > 1 ? [next - start + (end - next) / (last - 1)] : [])]);
}

/** The files of a series by wave, stage and time (all zero-based), the last few kept open. */
class Members {
  readonly #paths = new Map<string, string>();
  readonly #entries: ReadonlyMap<string, FileEntry>;
  readonly #open = new Map<string, Promise<ImagePixels | undefined>>();
  readonly #stem: string;

  constructor(entries: readonly FileEntry[], ndPath: string) {
    this.#entries = new Map(entries.map((entry) => [entry.path, entry]));
    this.#stem = ndPath.replace(/\.nd$/i, '');
    for (const { path } of entries) {
      const member: NdMember | undefined = ndMember(path, ndPath);
      const key = member && `${member.wave - 1}/${member.stage - 1}/${member.time - 1}`;
      // `.stk` comes before `.tif`: of two files for one place the stack counts.
      if (key !== undefined && !this.#paths.has(key)) this.#paths.set(key, path);
    }
  }

  path(wave: number, stage: number, time: number): string | undefined {
    return this.#paths.get(`${wave}/${stage}/${time}`);
  }

  /** The name a file should have, for messages. */
  nameFor({ waves, stages, times }: NdSeries, wave: number, stage: number, time: number): string {
    const parts = [
      waves.length > 1 || waves[wave]!.name !== '' ? `_w${wave + 1}${waves[wave]!.name}` : '',
      stages.length > 1 ? `_s${stage + 1}` : '',
      times > 1 ? `_t${time + 1}` : '',
    ];
    return `${this.#stem}${parts.join('')}.stk`;
  }

  open(wave: number, stage: number, time: number): Promise<ImagePixels | undefined> {
    const path = this.path(wave, stage, time);
    const entry = path === undefined ? undefined : this.#entries.get(path);
    if (path === undefined || !entry) return Promise.resolve(undefined);
    const member = this.#open.get(path) ?? openMember(entry);
    member.catch(() => this.#open.delete(path));
    this.#open.delete(path);
    this.#open.set(path, member);
    const [oldest] = this.#open.keys();
    if (this.#open.size > maxOpen && oldest !== undefined) {
      this.#open.delete(oldest);
      void this.#entries.get(oldest)?.close?.();
    }
    return member;
  }
}

/** The one image of a member file, by the reader of its kind. */
async function openMember(entry: FileEntry): Promise<ImagePixels | undefined> {
  const kind = await classifyTiff(reopeningSource(entry));
  if (!kind || kind === 'broken') return undefined;
  const item: Item = {
    path: entry.path,
    files: [entry],
    tree: fileTree('', [entry]),
    format: kind.id === 'stk' ? 'stk' : 'tiff',
    recognition: { score: 1, reason: 'member of an .nd series' },
  };
  const { images } = await (kind.id === 'stk' ? stkReader : tiffReader).open(item);
  return images[0];
}
