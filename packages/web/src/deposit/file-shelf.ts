import type { ColumnMapping, InspectReport } from '@micrarium/formats';
import { TaskFailed, pool } from '../workers/pool.ts';
import { type FileList, type FoundItem, type WorkFile, itemKey } from '../workers/work.ts';
import { isTableFile, rememberedMapping, rememberedMappings } from './column-memory.ts';
import { sendingToServer } from './send-file.ts';
import { type TakenFile, isClutter } from './taken-files.ts';
import { type ServerFile, type Totals, UploadQueue } from './upload-queue.ts';

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
  upload: Totals;
  /** Bytes sent a second over the last ten seconds; 0 while nothing is sent. */
  rate: number;
}

const redrawEvery = 120;
/** Long lists cost more to draw, so they are drawn less often. */
const redrawLongEvery = 600;
const longList = 1_000;
/** Items that are being read, or wait for a worker, at a time. */
const parallelReads = 4;

/** Files taken in by this page: found, recognised and read in workers, then brought to the server. */
export class FileShelf {
  readonly queue: UploadQueue;
  private readonly draft: string;
  private readonly files = new Map<string, File>();
  private items: ShelfItem[] = [];
  private finding: number | undefined;
  private clutter = 0;
  private looking: AbortController | undefined;
  private turn = 0;
  private samples: { at: number; sent: number }[] = [];
  private shown: ShelfView;
  private drawn = 0;
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
    for (const { path, file } of taken) {
      if (path === '') continue;
      if (isClutter(path)) this.clutter++;
      else this.files.set(path, file);
    }
    this.tell();
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
    for (const path of paths) this.files.delete(path);
    this.queue.remove(paths);
  }

  /** Brings everything here to the server. */
  send(): void {
    this.queue.add([...this.files].map(([path, file]) => ({ path, file })));
    this.tell();
  }

  /** What the server has of this draft. */
  hear(listed: readonly ServerFile[]): void {
    this.queue.hear(listed);
  }

  /** A file as workers read it: from here if it is here, else from the server. */
  workFile(path: string): WorkFile {
    const file = this.files.get(path);
    if (file) return { path, size: file.size, modifiedAt: file.lastModified, file };
    const size = this.queue.files.get(path)?.size ?? 0;
    const place = path.split('/').map(encodeURIComponent).join('/');
    return { path, size, url: `${location.origin}/api/v1/drafts/${encodeURIComponent(this.draft)}/files/${place}` };
  }

  /** Stops all work. */
  close(): void {
    this.looking?.abort(new Error('the page was left'));
    this.queue.close();
    clearTimeout(this.timer);
  }

  /** Finds items and reads the quick ones, some at a time; what is there already is shown meanwhile. */
  private async find(signal: AbortSignal): Promise<void> {
    const files = [...this.files];
    const list = listOf(files);
    const indexes = new Map(files.map(([path], index) => [path, index]));
    const read = new Map(this.items.filter(({ state }) => state === 'read').map((item) => [itemKey(item), item]));
    const known = [...read.keys()].map((key) => `${key}\0`).join('');
    const remembered = rememberedMappings();
    const supply = (index: number) => this.files.get(files[index]![0]);
    this.items = [];
    for (let taken = 0, isWhole = files.length === 0; !isWhole; ) {
      const found = await pool.ask<'find'>({ kind: 'find', list, known, remembered }, { signal, urgent: true, supply });
      for (const item of found.items) {
        for (const path of item.files) list.taken[indexes.get(path)!] = 1;
        taken += item.files.length;
        // Taken out again while it was looked at.
        if (item.files.some((path) => this.files.has(path)))
          this.items.push(read.get(itemKey(item)) ?? shelfItem(item));
      }
      isWhole = found.isWhole || found.items.length === 0;
      this.finding = taken / files.length;
      this.tell();
    }
    this.items.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }

  private async read(item: ShelfItem, signal: AbortSignal | undefined): Promise<void> {
    const files = item.files.map((path) => this.workFile(path));
    try {
      const mapping =
        item.mapping ??
        (item.format !== 'text' && isTableFile(item.files) ? await this.memory(item, files) : undefined);
      if (mapping) item.mapping = mapping;
      item.state = 'reading';
      item.report = await pool.ask<'inspect'>(
        { kind: 'inspect', files, path: item.path, ...(mapping ? { mapping } : {}) },
        {
          ...(signal ? { signal } : {}),
          onProgress: (fraction) => {
            item.progress = fraction;
            this.tell();
          },
        },
      );
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
  private async memory(item: ShelfItem, files: WorkFile[]): Promise<ColumnMapping | undefined> {
    const head = await pool.ask<'table'>({ kind: 'table', files, path: item.path });
    return head ? rememberedMapping(head.shapeKey) : undefined;
  }

  /** Tells the page, at most eight times a second: forty thousand files must not draw it forty thousand times. */
  private tell(): void {
    if (this.timer !== undefined) return;
    const wait = Math.max(
      0,
      this.drawn + (this.files.size > longList ? redrawLongEvery : redrawEvery) - performance.now(),
    );
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.drawn = performance.now();
      this.shown = this.look();
      for (const listener of this.listeners) listener();
    }, wait);
  }

  private rate({ isBusy, sentBytes }: Totals): number {
    const now = performance.now();
    this.samples = isBusy ? [...this.samples.filter(({ at }) => at > now - 10_000), { at: now, sent: sentBytes }] : [];
    const first = this.samples[0];
    return first && now - first.at > 1000 ? Math.max(0, ((sentBytes - first.sent) / (now - first.at)) * 1000) : 0;
  }

  private look(): ShelfView {
    let bytes = 0;
    let unsent = 0;
    for (const [path, file] of this.files) {
      bytes += file.size;
      if (this.queue.files.get(path)?.file !== file) unsent++;
    }
    const upload = this.queue.totals();
    return {
      turn: ++this.turn,
      items: this.items,
      fileCount: this.files.size,
      bytes,
      ...(this.finding === undefined ? {} : { finding: this.finding }),
      readCount: this.items.filter((item) => item.state === 'read' || item.state === 'failed').length,
      clutter: this.clutter,
      unsent,
      upload,
      rate: this.rate(upload),
    };
  }
}

function listOf(files: readonly (readonly [string, File])[]): FileList {
  return {
    paths: files.map(([path]) => `${path}\0`).join(''),
    sizes: Float64Array.from(files, ([, file]) => file.size),
    times: Float64Array.from(files, ([, file]) => file.lastModified),
    taken: new Uint8Array(files.length),
  };
}

function shelfItem({ path, files, format, bytes, report, mapping }: FoundItem): ShelfItem {
  const item = { path, files, format, bytes, ...(mapping ? { mapping } : {}) };
  return report ? { ...item, state: 'read', progress: 1, report } : { ...item, state: 'waiting', progress: 0 };
}
