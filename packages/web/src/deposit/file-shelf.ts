import { type ColumnMapping, type InspectReport, planForDeposit, type Renaming } from '@micrarium/formats';
import { type AskOptions, TaskFailed, pool } from '../workers/pool.ts';
import { type Answers, type FileList, type FoundItem, type Task, type WorkFile, itemKey } from '../workers/work.ts';
import { isTableFile, rememberedMapping, rememberedMappings } from './column-memory.ts';
import { listOf } from './file-list.ts';
import { sendingToServer } from './send-file.ts';
import { type TakenFile, isClutter, isSameFile, renamedFile } from './taken-files.ts';
import { type ServerFile, type Totals, UploadQueue } from './upload-queue.ts';
import { SharedTexts } from './shared-texts.ts';

/** An item among the files taken in here. */
export interface ShelfItem {
  path: string;
  files: string[];
  bytes: number;
  format: string;
  state: 'waiting' | 'reading' | 'read' | 'failed';
  progress: number;
  report?: InspectReport;
  message?: string;
  mapping?: ColumnMapping;
}

/** What the page draws of the shelf. */
export interface ShelfView {
  /** Raised with every change. */
  turn: number;
  items: readonly ShelfItem[];
  fileCount: number;
  bytes: number;
  /** Fraction of files looked at while items are found; left out when nothing is being looked at. */
  finding?: number;
  /** Items read, of all. */
  readCount: number;
  clutter: number;
  /** Files here that nobody has sent yet. */
  unsent: number;
  /** Names that the server would refuse, and names it takes; empty while files are found. */
  newNames: readonly Renaming[];
  upload: Totals;
  /** Bytes sent a second over the last ten seconds; 0 while nothing is sent. */
  rate: number;
}

/** Least milliseconds between two drawings. */
const redrawEvery = 120;
/** Long lists cost more to draw, so they are drawn less often: the page rests so many times as long as it drew. */
const restFactor = 10;
const longList = 1_000;
/** Files kept open after a worker has read a part of them, for the parts it reads next. */
const mostOpen = 64;
/** Items that are being read, or wait for a worker, at a time. */
const parallelReads = 4;

/** Files taken in by this page: found, recognised and read in workers, then brought to the server. */
export class FileShelf {
  readonly queue: UploadQueue;
  private readonly draft: string;
  private readonly files = new Map<string, TakenFile>();
  private readonly texts = new SharedTexts();
  private readonly opened = new Map<string, Promise<File>>();
  private bytes = 0;
  /** Files that are not on their way; counted anew where undefined. */
  private unsent: number | undefined;
  private newNames: readonly Renaming[] = [];
  private items: ShelfItem[] = [];
  private finding: number | undefined;
  private clutter = 0;
  private looking: AbortController | undefined;
  private turn = 0;
  private samples: { at: number; sent: number }[] = [];
  private shown: ShelfView;
  private drawn = 0;
  private rest = redrawEvery;
  private isStale = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(draft: string) {
    this.draft = draft;
    this.queue = new UploadQueue(sendingToServer(draft), () => this.tell());
    this.shown = this.look();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly view = (): ShelfView => this.shown;

  /** Takes files in; they are recognised when `finish` is called. */
  take(taken: readonly TakenFile[]): void {
    for (const file of taken) {
      if (file.path === '') continue;
      if (isClutter(file.path)) {
        this.clutter++;
        continue;
      }
      this.forget(file.path);
      this.files.set(file.path, file);
      this.bytes += file.size;
    }
    this.unsent = undefined;
    this.newNames = [];
    this.tell();
  }

  /** Takes files under other names from now on, and recognises everything anew. */
  async rename(plan: readonly Renaming[]): Promise<void> {
    const renamed = plan.flatMap(({ from, to }) => {
      const file = this.files.get(from);
      return file ? [renamedFile(file, to)] : [];
    });
    this.remove(plan.map(({ from }) => from));
    this.take(renamed);
    await this.finish();
  }

  /** Recognises everything taken in so far and reads what has not been read; in workers, a few at a time. */
  async finish(): Promise<void> {
    this.looking?.abort(new Error('more files came'));
    const control = new AbortController();
    this.looking = control;
    this.finding = 0;
    this.tell();
    try {
      await this.find(control.signal);
      this.finding = undefined;
      this.newNames = this.planNames();
      this.tell();
      const waiting = this.items.filter((item) => item.state === 'waiting').values();
      const readOn = async () => {
        for (const item of waiting) await this.read(item, control.signal);
      };
      await Promise.all(Array.from({ length: parallelReads }, readOn));
    } catch (error) {
      if (!control.signal.aborted) throw error;
    }
  }

  /** Reads an item again, with corrected columns. */
  async readAgain(path: string, mapping: ColumnMapping): Promise<void> {
    const item = this.items.find((one) => one.path === path);
    if (!item) return;
    item.mapping = mapping;
    await this.read(item, undefined);
  }

  /** Takes items out again, here; what the server has of them is the caller's to remove. */
  remove(paths: readonly string[]): void {
    const gone = new Set(paths);
    this.items = this.items.filter((item) => !item.files.some((file) => gone.has(file)));
    for (const path of paths) this.forget(path);
    this.unsent = undefined;
    this.queue.remove(paths);
    if (this.newNames.length > 0) this.newNames = this.planNames();
  }

  /** Brings everything here to the server. */
  send(): void {
    this.queue.add(this.files.values());
    this.unsent = undefined;
    this.tell();
  }

  /** What the server has of this draft. @param askedAt when it was asked, by `performance.now()` */
  hear(listed: readonly ServerFile[], askedAt: number): void {
    this.queue.hear(listed, askedAt);
    this.unsent = undefined;
  }

  /** A file as it can be read: from here if it is here, else from the server. */
  workFile(path: string): WorkFile {
    const file = this.files.get(path);
    if (file) return file;
    const place = path.split('/').map(encodeURIComponent).join('/');
    return { path, size: this.queue.files.get(path)?.size ?? 0, url: `${this.serverFiles()}${place}` };
  }

  /** The bytes of a small file. @throws FileChanged, or an error of the network, where it cannot be read */
  async bytesOf(path: string): Promise<Uint8Array> {
    const file = this.workFile(path);
    if (file.open) return new Uint8Array(await (await file.open()).arrayBuffer());
    const answer = await fetch(file.url!);
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  /** Files as workers read them. */
  listOf(paths: readonly string[]): FileList {
    return listOf(
      paths.map((path) => this.workFile(path)),
      this.serverFiles(),
    );
  }

  /** Has a worker do a task on files of this shelf. @throws TaskFailed with the worker's words */
  ask<Kind extends Task['kind']>(
    task: Extract<Task, { kind: Kind }>,
    options: Omit<AskOptions, 'open'> = {},
  ): Promise<Answers[Kind]> {
    return pool.ask<Kind>(task, { ...options, open: (path) => this.open(path) });
  }

  /** Stops all work. */
  close(): void {
    this.looking?.abort(new Error('the page was left'));
    this.queue.close();
    clearTimeout(this.timer);
  }

  private serverFiles(): string {
    return `${location.origin}/api/v1/drafts/${encodeURIComponent(this.draft)}/files/`;
  }

  private open(path: string): Promise<File> {
    let file = this.opened.get(path);
    if (file) return file;
    file = this.files.get(path)?.open() ?? Promise.reject(new Error(`${path} was taken out`));
    this.opened.set(path, file);
    for (const old of this.opened.keys()) {
      if (this.opened.size <= mostOpen) break;
      this.opened.delete(old);
    }
    return file;
  }

  private forget(path: string): void {
    this.bytes -= this.files.get(path)?.size ?? 0;
    this.files.delete(path);
    this.opened.delete(path);
  }

  /** Finds items and reads the quick ones; what is there already is shown meanwhile. */
  private async find(signal: AbortSignal): Promise<void> {
    const paths = [...this.files.keys()];
    const read = new Map(this.items.filter(({ state }) => state === 'read').map((item) => [itemKey(item), item]));
    const known = [...read.keys()].map((key) => `${key}\0`).join('');
    this.items = [];
    let looked = 0;
    const onFound = (found: readonly FoundItem[]) => {
      for (const item of found) {
        looked += item.files.length;
        // Taken out again while it was looked at.
        if (item.files.some((path) => this.files.has(path)))
          this.items.push(read.get(itemKey(item)) ?? shelfItem(item, this.texts));
      }
      this.finding = looked / paths.length;
      this.tell();
    };
    if (paths.length > 0)
      await this.ask<'find'>(
        { kind: 'find', files: this.listOf(paths), known, remembered: rememberedMappings() },
        { signal, urgent: true, onFound },
      );
    this.items.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }

  private async read(item: ShelfItem, signal: AbortSignal | undefined): Promise<void> {
    const files = this.listOf(item.files);
    try {
      const mapping =
        item.mapping ??
        (item.format !== 'text' && isTableFile(item.files) ? await this.memory(item, files) : undefined);
      if (mapping) item.mapping = mapping;
      item.state = 'reading';
      const report = await this.ask<'inspect'>(
        { kind: 'inspect', files, path: item.path, ...(mapping ? { mapping } : {}) },
        {
          ...(signal ? { signal } : {}),
          onProgress: (fraction) => {
            item.progress = fraction;
            this.tell();
          },
        },
      );
      item.report = this.texts.share(report);
      item.state = 'read';
    } catch (error) {
      if (signal?.aborted) return;
      if (!(error instanceof TaskFailed)) throw error;
      item.state = 'failed';
      item.message = error.message;
    }
    this.tell();
  }

  /** Columns somebody corrected before in a table of this shape. */
  private async memory(item: ShelfItem, files: FileList): Promise<ColumnMapping | undefined> {
    const head = await this.ask<'table'>({ kind: 'table', files, path: item.path });
    return head ? rememberedMapping(head.shapeKey) : undefined;
  }

  /** Tells the page, a few times a second: forty thousand files must not draw it forty thousand times. */
  private tell(): void {
    this.isStale = true;
    this.timer ??= setTimeout(() => this.draw(), Math.max(0, this.drawn + this.rest - performance.now()));
  }

  private draw(): void {
    const started = performance.now();
    this.isStale = false;
    this.shown = this.look();
    for (const listener of this.listeners) listener();
    // What the page makes of it belongs to the drawing; the next task comes when that is done.
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.drawn = performance.now();
      this.rest = this.files.size > longList ? Math.max(redrawEvery, restFactor * (this.drawn - started)) : redrawEvery;
      if (this.isStale) this.tell();
    }, 0);
  }

  private rate({ isBusy, sentBytes }: Totals): number {
    const now = performance.now();
    this.samples = isBusy ? [...this.samples.filter(({ at }) => at > now - 10_000), { at: now, sent: sentBytes }] : [];
    const first = this.samples[0];
    return first && now - first.at > 1000 ? Math.max(0, ((sentBytes - first.sent) / (now - first.at)) * 1000) : 0;
  }

  private planNames(): Renaming[] {
    const there = [...this.queue.files.values()].filter(({ phase }) => phase !== 'failed');
    return planForDeposit(
      [...this.files.keys()],
      there.map(({ path }) => path),
    );
  }

  private countUnsent(): number {
    let unsent = 0;
    for (const [path, file] of this.files) {
      const sent = this.queue.files.get(path)?.file;
      if (!sent || !isSameFile(sent, file)) unsent++;
    }
    return unsent;
  }

  private look(): ShelfView {
    const upload = this.queue.totals();
    return {
      turn: ++this.turn,
      items: this.items,
      fileCount: this.files.size,
      bytes: this.bytes,
      ...(this.finding === undefined ? {} : { finding: this.finding }),
      readCount: this.items.filter((item) => item.state === 'read' || item.state === 'failed').length,
      clutter: this.clutter,
      unsent: (this.unsent ??= this.countUnsent()),
      newNames: this.newNames,
      upload,
      rate: this.rate(upload),
    };
  }
}

function shelfItem({ path, files, format, bytes, report, mapping }: FoundItem, texts: SharedTexts): ShelfItem {
  const item = { path, files, format, bytes, ...(mapping ? { mapping } : {}) };
  return report
    ? { ...item, state: 'read', progress: 1, report: texts.share(report) }
    : { ...item, state: 'waiting', progress: 0 };
}
