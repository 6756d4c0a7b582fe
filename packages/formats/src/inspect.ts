import type {
  ChannelDescription,
  FeatureTableSummary,
  ImageDescription,
  InstrumentDescription,
  Issue,
  Quantity,
  TrackCounts,
} from '@micrarium/model';
import { ByteSourceError } from './bytes/byte-source.ts';
import type { ImagePixels } from './images/image-reader.ts';
import { inspectTracks } from './inspect-tracks.ts';
import { type RecognitionGrade, gradeOf } from './recognition/grade.ts';
import type { FormatId, ItemKind } from './recognition/format-id.ts';
import type { Item } from './recognition/item.ts';
import { recognitionIssue } from './recognition/recognition-issues.ts';
import { formatById } from './recognition/registry.ts';
import { unseenFormats } from './recognition/unseen-formats.ts';
import { unseen } from './tracks/track-file-issues.ts';
import { isStudySheet } from './tables/study-sheet.ts';
import type { ColumnMapping, ReadOptions } from './tracks/track-reader.ts';

/** One line of `inspect --json`; the same object is what the deposit page shows. A published contract. */
export interface InspectReport {
  /** What was asked. */
  path: string;
  /** Members of a set; left out for a single file. */
  files?: string[];
  format: FormatId;
  formatVersion?: string;
  /** How sure the format is, and what in the content says so; left out for text, PDF and what nobody knows. */
  recognition?: { grade: RecognitionGrade; reason: string };
  kind: ItemKind;
  counts?: TrackCounts;
  /** Several sets in one file; `counts` is their sum. */
  parts?: { name: string; counts: TrackCounts }[];
  images?: InspectedImage[];
  /** Feature tables: rows about objects, images, wells, genes or samples. */
  tables?: FeatureTableSummary[];
  units?: { space?: string; time?: string };
  issues: Issue[];
}

/** An image as reported: what the file does not say is left out. */
export interface InspectedImage {
  name: string;
  sizes: ImageDescription['sizes'];
  type: string;
  samples?: number;
  voxelSize?: { z?: Quantity; y?: Quantity; x?: Quantity };
  timeStep?: Quantity;
  /** Seconds of each time point since the first, where they have no regular step. */
  planeTimes?: number[];
  /** From the start of the recording to the first plane. */
  timeOffset?: Quantity;
  /** What the places of further axes stand for. */
  furtherAxes?: ImageDescription['furtherAxes'];
  /** Position of the stage. */
  origin?: ImageDescription['origin'];
  channels: ChannelDescription[];
  acquiredAt?: string;
  description?: string;
  instrument?: InstrumentDescription;
  /** Bits that carry information, where fewer than the type has. */
  significantBits?: number;
}

/** Bounds and choices of an inspection. */
export interface InspectOptions {
  /** The path to report, where it is not the item's path in its tree. */
  path?: string;
  signal?: AbortSignal;
  onProgress?(fraction: number): void;
  /** Corrections to the columns of a delimited table. */
  mapping?: ColumnMapping;
  /** Mappings of tables remembered by the shape of their header; `mapping` goes before them. */
  mappings?: Readonly<Record<string, ColumnMapping>>;
  /** Check every rule of the format's specification too, where we know them; what the reader says of them is left out then. */
  rules?: boolean;
  /**
   * Look at one plane of each image for what the deposit guidelines advise against (screenshots, burnt-in marks, merged
   * channels, traces of JPEG, figures); names are looked at in any case.
   */
  depositRules?: boolean;
  /** Longest time reading may take, in milliseconds; no limit where left out. */
  timeLimit?: number;
  /** Most objects and edges that are held at once; 50 million where left out (about 4 GB). */
  rowLimit?: number;
}

/** Archives up to this size have every entry's check sum verified. */
const verifiedArchiveBytes = 64 * 2 ** 20;

/**
 * What an item holds: counts, images, units, and everything found wrong. Nothing is thrown for what the data say, nor
 * for a reader that fails: that becomes the issue `reader-failed`, and what was read until then stays in the report.
 * Runs in browsers and workers as well as in Node.
 * @throws only when the signal is aborted, with its reason
 */
export async function inspectItem(item: Item, options: InspectOptions = {}): Promise<InspectReport> {
  const path = options.path ?? item.path;
  const report: InspectReport = {
    path,
    ...(item.recognition.members && item.recognition.members.length > 1
      ? { files: item.files.map((file) => filePath(file.path, item, path)) }
      : {}),
    format: item.format,
    ...(item.recognition.version === undefined ? {} : { formatVersion: item.recognition.version }),
    ...recognitionOf(item),
    kind: item.descriptor?.kind ?? formatById(item.format)?.kind ?? 'unknown',
    issues: [...(item.issues ?? [])],
  };
  const { descriptor } = item;
  const limit = limitedSignal(options);
  const read: ReadOptions = {
    signal: limit.signal,
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    ...(options.mapping ? { mapping: options.mapping } : {}),
    ...(options.mappings ? { mappings: options.mappings } : {}),
  };
  try {
    if (descriptor?.images)
      await guarded(report, limit, () => addImages(item, report, read, options.depositRules === true));
    if (descriptor?.images?.check && options.rules)
      await guarded(report, limit, () => checkRules(item, report, limit.signal));
    // One that cannot be opened says so where it is read.
    if (await isStudySheet(item, limit.signal).catch(() => false)) report.kind = 'metadata';
    const isData = report.kind !== 'metadata';
    if (descriptor?.tracks && isData)
      await guarded(report, limit, () => addTracks(item, report, read, options.rowLimit));
    if (isData && (item.format === 'excel' || (!report.counts && item.format === 'delimited')))
      await guarded(report, limit, () => addTables(item, report, read));
    if (descriptor?.checker && options.rules)
      await guarded(report, limit, () => checkFormat(item, report, limit.signal));
    if (item.verifyArchive && item.files[0]!.size <= verifiedArchiveBytes)
      await guarded(report, limit, async () => void report.issues.push(...(await item.verifyArchive!(limit.signal))));
  } finally {
    limit.end();
    for (const file of item.files) await file.close?.();
  }
  options.signal?.throwIfAborted();
  sayWhatWasNotRead(item, report);
  if (descriptor?.images && unseenFormats.has(item.format)) report.issues.push(unseen(path, descriptor.name));
  report.kind = kindOf(report);
  const { files, format, formatVersion, recognition, kind, counts, parts, images, tables, units, issues } = report;
  return {
    path,
    ...(files ? { files } : {}),
    format,
    ...(formatVersion === undefined ? {} : { formatVersion }),
    ...(recognition ? { recognition } : {}),
    kind,
    ...(counts ? { counts } : {}),
    ...(parts ? { parts } : {}),
    ...(images ? { images } : {}),
    ...(tables ? { tables } : {}),
    ...(units ? { units } : {}),
    issues: issues.map((issue) => placed(issue, item, path)),
  };
}

function recognitionOf({ format, recognition: { score, reason } }: Item): Pick<InspectReport, 'recognition'> {
  if (reason === '' || format === 'text' || format === 'pdf' || format === 'unknown') return {};
  return { recognition: { grade: gradeOf(score), reason } };
}

interface Limit {
  signal: AbortSignal;
  end(): void;
  timedOut(): boolean;
}

function limitedSignal({ signal, timeLimit }: InspectOptions): Limit {
  const control = new AbortController();
  const stop = () => control.abort(signal?.reason);
  if (signal?.aborted) stop();
  else signal?.addEventListener('abort', stop, { once: true });
  let late = false;
  const timer =
    timeLimit === undefined
      ? undefined
      : setTimeout(() => {
          late = true;
          control.abort(new Error(`reading took longer than ${timeLimit} ms`));
        }, timeLimit);
  return {
    signal: control.signal,
    end() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    },
    timedOut: () => late,
  };
}

/** Runs one reader; whatever it throws becomes an issue beside what it found until then. */
async function guarded(report: InspectReport, limit: Limit, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const where = { file: report.path };
    const message = error instanceof Error ? error.message : String(error);
    if (limit.signal.aborted && !limit.timedOut()) return;
    if (limit.timedOut() || (error instanceof Error && error.name === 'RowLimitReached'))
      report.issues.push(recognitionIssue('inspection-stopped', `Reading was stopped: ${message}.`, { where }));
    else if (error instanceof ByteSourceError)
      report.issues.push(recognitionIssue('bytes-unreadable', message, { where }));
    else
      report.issues.push(
        recognitionIssue('reader-failed', `The reader of ${report.format} failed: ${message}`, { where }),
      );
  }
}

async function addImages(
  item: Item,
  report: InspectReport,
  options: ReadOptions,
  looksAtPixels: boolean,
): Promise<void> {
  const reader = await item.descriptor!.images!.reader();
  const { images, issues, formatVersion } = await reader.open(item, options);
  report.issues.push(...issues);
  if (formatVersion !== undefined) report.formatVersion = formatVersion;
  report.images = images.map(({ description }) => inspectedImage(description));
  if (images.length > 0) report.issues.push(...(await depositAdvice(item, images, looksAtPixels, options.signal)));
}

/** Images of an item that are looked at for the deposit guidelines; the first hundred tell of all. */
const mostRuledImages = 100;

/** What the deposit guidelines say of the images of an item; the same code twice only for images of different names. */
async function depositAdvice(
  item: Item,
  images: readonly ImagePixels[],
  looksAtPixels: boolean,
  signal: AbortSignal | undefined,
): Promise<Issue[]> {
  const { depositFindings, nameFindings } = await import('./images/deposit-rules/deposit-rules.ts');
  const context = { file: item.path, isJpeg: item.format === 'jpeg' };
  const found = new Map<string, Issue>();
  for (const image of images.slice(0, mostRuledImages)) {
    const issues = looksAtPixels
      ? await depositFindings(image, context, signal)
      : nameFindings(image.description, item.path);
    for (const issue of issues) found.set(`${issue.code} ${issue.message}`, issue);
  }
  return [...found.values()];
}

/** What the checker of a format says takes the place of what its reader said under the same code. */
async function checkFormat(item: Item, report: InspectReport, signal: AbortSignal): Promise<void> {
  const checker = await item.descriptor!.checker!();
  const found = await checker.check(item, { signal });
  const codes = new Set(found.map(({ code }) => code));
  report.issues = [...report.issues.filter(({ code }) => !codes.has(code)), ...found];
}

/** The rules say more, and more exactly, than the reader did of the same metadata. */
async function checkRules(item: Item, report: InspectReport, signal: AbortSignal): Promise<void> {
  const check = await item.descriptor!.images!.check!();
  const found = await check(item, signal);
  report.issues = [...report.issues.filter(({ code }) => !code.startsWith(`${item.format}-`)), ...found];
}

function inspectedImage(description: ImageDescription): InspectedImage {
  const { name, sizes, type, samples, voxelSize, timeStep, planeTimes, origin, channels, acquiredAt } = description;
  const { description: words, instrument, significantBits, timeOffset, furtherAxes } = description;
  return {
    name,
    sizes,
    type,
    ...(samples === undefined ? {} : { samples }),
    ...(voxelSize === undefined ? {} : { voxelSize }),
    ...(timeStep === undefined ? {} : { timeStep }),
    ...(timeStep !== undefined || planeTimes === undefined ? {} : { planeTimes }),
    ...(timeOffset === undefined ? {} : { timeOffset }),
    ...(furtherAxes === undefined ? {} : { furtherAxes }),
    ...(origin === undefined ? {} : { origin }),
    channels,
    ...(acquiredAt === undefined ? {} : { acquiredAt }),
    ...(words === undefined ? {} : { description: words }),
    ...(instrument === undefined ? {} : { instrument }),
    ...(significantBits === undefined ? {} : { significantBits }),
  };
}

async function addTracks(
  item: Item,
  report: InspectReport,
  options: ReadOptions,
  rowLimit: number | undefined,
): Promise<void> {
  const reader = await item.descriptor!.tracks!.reader();
  const found = await inspectTracks(reader, item, options, rowLimit);
  report.issues.push(...found.issues);
  if (found.formatVersion !== undefined) report.formatVersion = found.formatVersion;
  if (found.counts) report.counts = found.counts;
  if (found.parts.length > 1) report.parts = found.parts;
  if (found.units) report.units = found.units;
  if (found.failure !== undefined) throw found.failure;
}

/** Tables without positions are described as feature tables; nothing is written. */
async function addTables(item: Item, report: InspectReport, { signal, mapping, mappings }: ReadOptions): Promise<void> {
  const { writeFeatureTables } = await import('./tables/features/write-feature-tables.ts');
  const { tables, issues } = await writeFeatureTables(item, undefined, {
    ...(signal ? { signal } : {}),
    ...(mapping ? { mapping } : {}),
    ...(mappings ? { mappings } : {}),
  });
  report.issues.push(...issues);
  if (tables.length > 0) report.tables = tables;
}

function sayWhatWasNotRead(item: Item, report: InspectReport): void {
  const name = formatById(item.format)?.name ?? item.format;
  const where = { file: item.path };
  if (item.format === 'unknown' && report.issues.length === 0)
    report.issues.push(
      recognitionIssue('not-recognised', `The file is of no format we know: ${item.recognition.reason}.`, { where }),
    );
  const readable = item.descriptor?.images ?? item.descriptor?.tracks;
  // Whatever it is, one can look into it.
  const isHierarchy = item.format === 'hdf5' || item.format === 'zarr';
  const isDocument = ['unknown', 'text', 'pdf', 'zip'].includes(item.format);
  if (!readable && !isDocument)
    report.issues.push(
      recognitionIssue(
        isHierarchy ? 'hierarchy-of-no-format' : 'recognised-not-read',
        `This is ${name} (${item.recognition.reason}). It is kept as deposited; ${isHierarchy ? 'what lies inside is of no format we know. See it with a look inside, or `micrarium look`' : 'its content is not read yet'}.`,
        { where },
      ),
    );
}

/** `tracks` with at least one edge, else `objects`; an item with images and no objects is an image. */
function kindOf(report: InspectReport): ItemKind {
  const { counts, images, kind } = report;
  if (counts && (counts.objects > 0 || !images?.length)) {
    if (counts.edges > 0) return 'tracks';
    if (counts.objects > 0) return 'objects';
    return kind === 'table' ? 'table' : 'objects';
  }
  return images && images.length > 0 ? 'image' : kind;
}

/** Paths in issues and members as the person who asked would write them. */
function placed(issue: Issue, item: Item, path: string): Issue {
  const { file } = issue.where;
  return { ...issue, where: { ...issue.where, file: file === undefined ? path : filePath(file, item, path) } };
}

/** A path as a reader names it (as asked, in the tree, or below the item), as the person who asked would write it. */
function filePath(file: string, item: Item, path: string): string {
  if (file === '' || file === item.path || file === path) return path;
  const member = item.files.find((entry) => entry.path === file || entry.path.endsWith(`/${file}`));
  const inTree = member ? member.path : file;
  // A folder within the item, such as the group of an image.
  if (!member && item.files.length > 1 && item.tree.entries.some((entry) => entry.path.startsWith(`${file}/`)))
    return `${path.replace(/\/$/, '')}/${file}`;
  if (inTree === item.path || (!member && item.files.length === 1))
    return item.verifyArchive && !member ? `${path}/${file}` : path;
  if (item.path === '') return `${path.replace(/\/$/, '')}/${inTree}`;
  const prefix = path.endsWith(item.path) ? path.slice(0, path.length - item.path.length) : undefined;
  return prefix === undefined ? inTree : prefix + inTree;
}
