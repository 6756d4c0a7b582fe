import {
  completedFrom,
  depositFindings,
  findItems,
  type ImagePixels,
  inspectItem,
  isStudySheet,
  type Item,
  type KeyValues,
  needsConverter,
  type OpenedImages,
  unknownKeys,
} from '@micrarium/formats';
import { type Issue, type StudyItem, sumCounts } from '@micrarium/model';
import { editableDraft } from './drafts.ts';
import type { Mapping } from './forms.ts';
import { mappingOf, recipeVersionOf } from './forms.ts';
import { makeExportLosses } from './export-losses.ts';
import { makeMotion } from './motion.ts';
import { makeTimeOrder } from './time-order.ts';
import { storeImage } from './ingest-images.ts';
import { plateLayout } from './plate-layout.ts';
import { checkTogether } from './check-together.ts';
import { knownKeys } from './table-keys.ts';
import { findPrivacy, storeRawText, withDecisions } from './item-privacy.ts';
import { makeFeatureTables, mayHoldFeatures, mergedMapping } from './ingest-feature-tables.ts';
import { ingestIssue, isStorageFault, readerFinding } from './ingest-issues.ts';
import { type IngestOptions, makeTrackTables } from './ingest-tracks.ts';
import type { BlobStore } from './ports/blob-store.ts';
import type { DerivedStore } from './ports/derived-store.ts';
import { ConversionRefused, type ConversionRun, type ImageConverter } from './ports/image-converter.ts';
import type { Clock, JobQueue, Jobs } from './ports/job-queue.ts';
import type { DraftItemRow, StudyStore } from './ports/study-store.ts';
import { rowsOf } from './pages-of-rows.ts';
import { askToIngest, type StoredFile, treeOfBlobs } from './recognise.ts';
import { NotThere } from './refusals.ts';

/** What ingest needs. */
export interface IngestPorts {
  studies: StudyStore;
  blobs: BlobStore;
  derived: DerivedStore;
  jobs: JobQueue;
  clock: Clock;
  /** A program of the operator's for formats that we do not decode; left out where none is set up. */
  converter?: ImageConverter | undefined;
}

/**
 * Makes the stored forms of a draft's item and fills in what was read of it. A file that cannot be read is `kept`, with findings; only faults
 * of the machine (disk full, blob gone) are thrown, so that the queue tries again. Repeating it does nothing new.
 */
export async function ingestItem(
  ports: IngestPorts,
  { draftId, itemId }: Jobs['ingest-item'],
  signal?: AbortSignal,
): Promise<void> {
  const { studies } = ports;
  // A draft that was discarded has freed its bytes.
  if ((await studies.getDraft(draftId))?.state !== 'editing') return;
  const row = await studies.getItem(draftId, itemId);
  if (!row || row.state === 'done' || row.state === 'kept') return;
  const files = await filesOf(studies, draftId, row.item.files);
  // Files went away or were replaced since: the recognition that follows makes other items of what is left.
  if (!files) return;
  await studies.updateItem(draftId, itemId, { state: 'running', progress: 0, message: '' });
  const report = progressReporter((progress) => studies.updateItem(draftId, itemId, { progress }));
  try {
    const known = (keys: readonly KeyValues[]) => knownKeys(ports, draftId, keys);
    const options = { signal, mapping: row.mapping, known, onProgress: report.note };
    const { item, state } = await makeForms(ports, row.item, files, options);
    await report.done();
    // Where its columns were said to mean something else meanwhile, another job waits that reads it again.
    await studies.noteReadings(draftId, [{ item, state, mapping: row.mapping }]);
    if (!(await studies.hasUnreadItems(draftId))) await checkTogether(ports, draftId);
  } catch (error) {
    await report.done();
    // Its bytes went away while they were read: that is no fault, and nothing is there to be read again.
    if (!signal?.aborted && !(await isStillThere(studies, draftId, row.item, files))) return;
    const message = error instanceof Error ? error.message : String(error);
    await studies.updateItem(draftId, itemId, signal?.aborted ? { state: 'waiting' } : { state: 'failed', message });
    throw error;
  }
}

/** Is the draft of an item still open, and does it hold the files of the item as they were? */
export async function isStillThere(
  studies: StudyStore,
  draftId: string,
  item: StudyItem,
  files: readonly StoredFile[],
): Promise<boolean> {
  if ((await studies.getDraft(draftId))?.state !== 'editing') return false;
  const now = await filesOf(studies, draftId, item.files);
  return now !== undefined && now.every(({ sha256 }, index) => sha256 === files[index]!.sha256);
}

/**
 * Makes the forms of a published item again after they were dropped. What was published of it does not change.
 * @throws NotThere where there is no such version or item
 */
export async function rebuildItem(
  ports: IngestPorts,
  { accession, version, itemId }: Jobs['rebuild-item'],
  signal?: AbortSignal,
): Promise<void> {
  const found = await ports.studies.getVersion(accession, version);
  const item = found?.items.find((one) => one.id === itemId);
  if (!item) throw new NotThere(`item ${itemId} in ${accession} version ${version}`);
  const files = await rowsOf(
    item.files,
    (path) => ports.studies.getVersionFile(accession, version, path),
    (page) => ports.studies.listVersionFiles(accession, version, page),
  );
  const stored = files.filter((file) => file !== undefined);
  await makeForms(ports, item, stored, { signal, mapping: mappingOf(item), again: item });
}

/** Asks for the forms of a published item to be made again, soon. */
export async function askToRebuild(ports: { jobs: JobQueue }, job: Jobs['rebuild-item']): Promise<void> {
  await ports.jobs.send('rebuild-item', job, `rebuild-${job.accession}-${job.version}-${job.itemId}`);
}

/**
 * Corrects which column of a table means what, or gives the data dictionary of its feature tables; the item is read again with it. What is
 * said of columns leaves the dictionary as it is, and the other way round.
 * @throws NotThere, DraftNotEditable
 */
export async function setItemMapping(
  ports: { studies: StudyStore; jobs: JobQueue },
  draftId: string,
  itemId: string,
  mapping: Mapping,
): Promise<DraftItemRow> {
  await editableDraft(ports, draftId);
  const row = await ports.studies.getItem(draftId, itemId);
  if (!row) throw new NotThere(`item ${itemId} in draft ${draftId}`);
  const change = { mapping: mergedMapping(row.mapping, mapping), state: 'waiting', progress: 0 } as const;
  await ports.studies.updateItem(draftId, itemId, change);
  await askToIngest(ports, draftId, itemId);
  return { ...row, ...change };
}

/**
 * Makes every form of an item (those there already are found, not made again) and gives the item with all that was read.
 * `kept` means that nothing could be made of it.
 */
export async function makeForms(
  ports: Pick<IngestPorts, 'blobs' | 'derived' | 'clock' | 'converter'>,
  item: StudyItem,
  files: readonly StoredFile[],
  options: IngestOptions,
): Promise<{ item: StudyItem; state: 'done' | 'kept' }> {
  const tree = treeOfBlobs(ports.blobs, files);
  const blank: StudyItem = { ...item, trackSets: [], images: [], issues: [], conversions: [] };
  delete blank.counts;
  delete blank.tables;
  delete blank.plate;
  try {
    const items = await findItems(tree, options.signal ? { signal: options.signal } : {});
    const found = items.find((one) => one.format === item.format && one.files.length === files.length);
    if (!found) {
      const message = `${item.path} was recognised as ${item.format}, now as ${items.map((one) => one.format).join(', ')}`;
      const issues = [ingestIssue('ingest-item-changed', message, { where: { file: item.path } })];
      return { item: { ...blank, issues }, state: 'kept' };
    }
    const read = await new ItemIngest(ports, found, blank, files, options).run();
    const isMade = read.conversions.some(({ recipe }) => recipe !== 'raw-metadata');
    return { item: read, state: isMade ? 'done' : 'kept' };
  } finally {
    for (const entry of tree.entries) await entry.close?.();
  }
}

/** Longer raw metadata text is not kept beside the file that holds it. */
const mostRawText = 64 << 20;

/** Images of one item that the deposit rules are tried on: a plate has thousands, all made alike. */
const mostRuledImages = 20;

/** One item on its way from files to forms. */
class ItemIngest {
  private readonly ports: { derived: DerivedStore; now: () => Date; converter: ImageConverter | undefined };
  private readonly found: Item;
  private readonly item: StudyItem;
  private readonly files: readonly StoredFile[];
  private readonly options: IngestOptions;
  private rawText: { mediaType: string; text: string } | undefined;

  constructor(
    ports: Pick<IngestPorts, 'derived' | 'clock' | 'converter'>,
    found: Item,
    blank: StudyItem,
    files: readonly StoredFile[],
    options: IngestOptions,
  ) {
    this.ports = { derived: ports.derived, now: () => ports.clock.now(), converter: ports.converter };
    this.found = found;
    this.item = { ...blank, issues: [...(found.issues ?? [])] };
    this.files = files;
    this.options = options;
  }

  async run(): Promise<StudyItem> {
    const { descriptor } = this.found;
    const { signal } = this.options;
    const isData =
      (descriptor?.images ?? descriptor?.tracks) && !(await isStudySheet(this.found, signal).catch(() => false));
    if (!descriptor || !isData) {
      const report = await inspectItem(this.found, { path: this.item.path, ...(signal ? { signal } : {}) });
      await this.privacy(undefined);
      return { ...this.item, kind: report.kind, issues: report.issues };
    }
    const share = descriptor.images && descriptor.tracks ? 0.5 : 1;
    if (descriptor.images) await this.guarded(() => this.images(0, share));
    if (descriptor.tracks) await this.guarded(() => this.tracks(1 - share, share));
    if (mayHoldFeatures(this.item.format, this.item.trackSets.length)) await this.guarded(() => this.featureTables());
    await this.privacy(this.rawText);
    return { ...this.item, kind: this.kind(), issues: this.item.issues.map((issue) => placedIn(this.item, issue)) };
  }

  private async images(from: number, share: number): Promise<void> {
    const reader = await this.found.descriptor!.images!.reader();
    const { signal } = this.options;
    const opened = await reader.open(this.found, signal ? { signal } : {});
    this.item.issues.push(...opened.issues);
    if (opened.formatVersion !== undefined) this.item.formatVersion = opened.formatVersion;
    const converted = needsConverter(opened) ? await this.convert(opened) : undefined;
    const images = converted?.images ?? opened.images;
    const plate = plateLayout(images);
    if (plate) this.item.plate = plate;
    const raw = opened.rawMetadata ?? converted?.rawMetadata;
    if (raw && raw.text.length <= mostRawText) this.rawText = raw;
    try {
      await this.storeImages(images, converted, from, share);
    } finally {
      await converted?.dispose();
    }
  }

  private async storeImages(
    images: readonly ImagePixels[],
    converted: ConversionRun | undefined,
    from: number,
    share: number,
  ): Promise<void> {
    this.item.images = images.map((image) => image.description);
    const each = share / Math.max(1, images.length);
    for (const [index, image] of images.entries()) {
      const { found, files } = this;
      const { formatVersion, id } = this.item;
      const imageCount = images.length;
      const { again } = this.options;
      const recipeVersion = again && recipeVersionOf(again, index);
      const wanted = {
        item: found,
        itemId: id,
        files,
        image,
        index,
        imageCount,
        formatVersion,
        converted,
        recipeVersion,
      };
      const options = { ...this.options, onProgress: this.part(from + index * each, each) };
      if (index < mostRuledImages) await this.depositRules(image);
      const { conversion, issues } = await storeImage(this.ports, wanted, options);
      this.item.issues.push(...issues);
      if (conversion) this.item.conversions.push(conversion);
    }
  }

  /** Has the operator's program read what we do not; without one, the reader's finding says what could be done. */
  private async convert(opened: OpenedImages): Promise<ConversionRun | undefined> {
    const { converter } = this.ports;
    if (!converter) return undefined;
    const where = { where: { file: this.item.path } };
    try {
      const run = await converter.convert(this.files, this.item.path, this.options.signal);
      completedFrom(run.images, opened.images);
      const message = `The pixels of ${this.item.path} were read by ${run.program} (${run.version}).`;
      this.item.issues = this.item.issues.filter(({ code }) => code !== 'needs-converter');
      this.item.issues.push(...run.issues, ingestIssue('converted-by-other-program', message, where));
      return run;
    } catch (error) {
      if (!(error instanceof ConversionRefused)) throw error;
      this.item.issues.push(
        ingestIssue('converter-failed', `${this.item.path}: ${error.message}`.slice(0, 1000), where),
      );
      return undefined;
    }
  }

  /** Keeps the raw text, and lists what it and the files tell of persons. */
  private async privacy(rawText: { mediaType: string; text: string } | undefined): Promise<void> {
    await this.guarded(async () => {
      const found = await findPrivacy(this.found, rawText?.text, this.options.signal);
      const kept = withDecisions(found, this.item.privacy);
      delete this.item.privacy;
      if (kept) this.item.privacy = kept;
      if (rawText && kept?.hasRawText)
        this.item.conversions.push(await storeRawText(this.ports, this.item.id, rawText));
    });
  }

  /** What the deposit guidelines say of an image; pixels that cannot be read are a finding of the reader. */
  private async depositRules(image: ImagePixels): Promise<void> {
    const { signal } = this.options;
    const context = { file: this.item.path, isJpeg: this.item.format === 'jpeg' };
    await this.guarded(async () => {
      this.item.issues.push(...(await depositFindings(image, context, signal)));
    });
  }

  private async tracks(from: number, share: number): Promise<void> {
    const options = { ...this.options, onProgress: this.part(from, share) };
    const { form, conversion } = await makeTrackTables(this.ports, this.found, this.item.id, options);
    this.item.issues.push(...form.issues);
    if (form.formatVersion !== undefined) this.item.formatVersion = form.formatVersion;
    this.item.trackSets = form.trackSets;
    if (form.trackSets.length > 0) this.item.counts = sumCounts(form.trackSets.map((set) => set.counts));
    if (!conversion) return;
    const kept = { ...conversion, outputs: [...conversion.outputs] };
    this.item.conversions.push(kept);
    // The tables are there whatever becomes of the count.
    await this.guarded(async () => {
      const { mapping, signal } = this.options;
      kept.outputs.push(...(await makeExportLosses(this.ports.derived, this.item, mapping, signal)));
    });
    await this.guarded(async () => {
      const { mapping, signal } = this.options;
      const measured = await makeMotion(this.ports, this.item, mapping, signal);
      if (measured) this.item.conversions.push(measured);
    });
    await this.guarded(async () => {
      const { mapping, signal } = this.options;
      const ordered = await makeTimeOrder(this.ports, this.item, mapping, signal);
      if (ordered) this.item.conversions.push(ordered);
    });
  }

  /** Tables without positions hold features. */
  private async featureTables(): Promise<void> {
    const { form, conversion } = await makeFeatureTables(this.ports, this.found, this.item.id, this.options);
    if (!conversion) return;
    this.item.tables = form.tables;
    const known = (await this.options.known?.(form.keys)) ?? {};
    this.item.issues.push(...form.issues, ...unknownKeys(form.keys, known, this.item.path));
    this.item.conversions.push(conversion);
  }

  /** Whatever a reader throws is a finding; what the machine throws is not. */
  private async guarded(read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      if (this.options.signal?.aborted || isStorageFault(error)) throw error;
      this.item.issues.push(readerFinding(error, this.item.path));
    }
  }

  private part(from: number, share: number): (fraction: number) => void {
    return (fraction) => this.options.onProgress?.(from + fraction * share);
  }

  /** As `inspect` has it: tracks with an edge, objects without, an image where there are no objects. */
  private kind(): StudyItem['kind'] {
    const { counts, images, kind, tables } = this.item;
    if (counts && counts.objects > 0) return counts.edges > 0 ? 'tracks' : 'objects';
    if (tables && tables.length > 0) return 'table';
    return images.length > 0 ? 'image' : kind;
  }
}

async function filesOf(
  studies: StudyStore,
  draftId: string,
  paths: readonly string[],
): Promise<StoredFile[] | undefined> {
  const rows = await rowsOf(
    paths,
    (path) => studies.getFile(draftId, path),
    (page) => studies.listFiles(draftId, page),
  );
  const files: StoredFile[] = [];
  for (const row of rows) {
    if (row?.state !== 'verified' || !row.sha256) return undefined;
    files.push({ path: row.path, size: row.size, sha256: row.sha256 });
  }
  return files;
}

/** Readers name files as they lie within the item; pages show them as they lie in the study. */
function placedIn(item: StudyItem, issue: Issue): Issue {
  const { file } = issue.where;
  const member = item.files.find((path) => path === file || path.endsWith(`/${file}`));
  return {
    ...issue,
    where: { ...issue.where, file: member ?? (item.files.length === 1 ? item.path : (file ?? item.path)) },
  };
}

/** Saves progress at most twice a second, one save at a time. */
function progressReporter(save: (progress: number) => Promise<void>): {
  note(progress: number): void;
  done(): Promise<void>;
} {
  let last = 0;
  let saving: Promise<void> = Promise.resolve();
  let isDone = false;
  return {
    note(progress) {
      if (isDone || performance.now() - last < 500) return;
      last = performance.now();
      // Progress that cannot be saved must not stop the work.
      saving = saving.then(() => save(Math.min(0.99, Math.max(0, progress)))).catch(() => undefined);
    },
    async done() {
      isDone = true;
      await saving;
    },
  };
}
