import {
  type ColumnMapping,
  type FileEntry,
  type FileTree,
  type Item,
  fileTree,
  findItems,
  httpSource,
  inspectItem,
  readDelimitedHead,
  readTrackSets,
} from '@micrarium/formats';
import { isTableFile } from '../deposit/column-memory.ts';
import { digestFile } from './digest-file.ts';
import { fileSource } from './file-source.ts';
import { ListedFiles } from './listed-files.ts';
import { planePicture } from './plane-picture.ts';
import {
  type Answers,
  type FoundItem,
  type FromWorker,
  type Task,
  type ToWorker,
  type WorkFile,
  itemKey,
} from './work.ts';

const running = new Map<number, AbortController>();
/** Files that came ahead of their task. */
const ahead = new Map<number, WorkFile[]>();
const lists = new Map<number, ListedFiles>();

/** A walk answers after so many items or so long, so that its answer is small and the page has something to show. */
const mostItems = 500;
const longestWalk = 3_000;
/** Items up to this size are read as soon as they are found, while their file is open. */
const smallItem = 2 ** 20;
/** Of pictures only their description is read, whatever their size; very large files may hold very many of them. */
const smallPictureFile = 64 * 2 ** 20;

function entryOf(work: WorkFile): FileEntry {
  const name = work.path.slice(work.path.lastIndexOf('/') + 1);
  const { file, url } = work;
  return {
    path: work.path,
    size: work.size,
    ...(work.modifiedAt === undefined ? {} : { modifiedAt: work.modifiedAt }),
    async open() {
      if (file) return fileSource(name, file);
      if (url !== undefined) return httpSource(name, url, work.size);
      throw new Error(`${work.path} is neither here nor on the server`);
    },
  };
}

function treeOf(files: readonly WorkFile[]): FileTree {
  return fileTree('', files.map(entryOf));
}

/** The item of that path among its own files. */
async function itemAt(files: readonly WorkFile[], path: string, signal: AbortSignal): Promise<Item> {
  const items = await findItems(treeOf(files), { signal });
  const item = items.find((one) => one.path === path) ?? items[0];
  if (!item) throw new Error(`${path}: no files`);
  return item;
}

/** May the item be read in passing? */
function isQuick({ descriptor, files, verifyArchive }: Item, bytes: number): boolean {
  if (!descriptor?.images && !descriptor?.tracks && !verifyArchive) return true;
  if (bytes <= smallItem) return true;
  return !descriptor?.tracks && !verifyArchive && (files.length > 1 || bytes <= smallPictureFile);
}

async function foundItem(
  item: Item,
  known: ReadonlySet<string>,
  remembered: Record<string, ColumnMapping>,
  signal: AbortSignal,
): Promise<FoundItem> {
  const { path, format } = item;
  const bytes = item.files.reduce((sum, file) => sum + file.size, 0);
  const found: FoundItem = { path, files: item.files.map((file) => file.path), format, bytes };
  if (known.has(itemKey(found)) || !isQuick(item, bytes)) return found;
  const mapping = await rememberedFor(item, remembered, signal);
  const report = await inspectItem(item, { path, signal, ...(mapping ? { mapping } : {}) });
  return { ...found, report, ...(mapping ? { mapping } : {}) };
}

/** Columns somebody corrected before in a table of this shape. */
async function rememberedFor(
  item: Item,
  remembered: Record<string, ColumnMapping>,
  signal: AbortSignal,
): Promise<ColumnMapping | undefined> {
  if (item.format === 'text' || !item.descriptor?.tracks || Object.keys(remembered).length === 0) return undefined;
  if (!isTableFile(item.files.map(({ path }) => path))) return undefined;
  const head = await readDelimitedHead(item, { signal });
  return head && remembered[head.shapeKey];
}

type Run<Kind extends Task['kind']> = (
  task: Extract<Task, { kind: Kind }>,
  signal: AbortSignal,
  progress: (fraction: number) => void,
  id: number,
) => Promise<Answers[Kind]>;

const runs: { [Kind in Task['kind']]: Run<Kind> } = {
  async find({ list, known, remembered }, signal, _progress, id) {
    const listed = new ListedFiles(list, (want) => send({ id, want }));
    lists.set(id, listed);
    const read = new Set(known.split('\0'));
    const until = performance.now() + longestWalk;
    const items: FoundItem[] = [];
    let left = listed.left;
    await findItems(listed.tree, {
      signal,
      taken: listed.taken(),
      async onItem(item) {
        items.push(await foundItem(item, read, remembered, signal));
        left -= item.files.length;
        return items.length < mostItems && performance.now() < until;
      },
    });
    return { items, isWhole: left <= 0 };
  },
  async inspect({ files, path, mapping }, signal, onProgress) {
    const item = await itemAt(files, path, signal);
    return inspectItem(item, { path, signal, onProgress, ...(mapping ? { mapping } : {}) });
  },
  digest: ({ file }, signal, progress) => digestFile(file, signal, progress),
  async table({ files, path }, signal) {
    return readDelimitedHead(await itemAt(files, path, signal), { signal });
  },
  async plane({ files, path, image, t, c, z }, signal) {
    const item = await itemAt(files, path, signal);
    const reader = await item.descriptor?.images?.reader();
    const pixels = (await reader?.open(item, { signal }))?.images[image];
    if (!pixels) throw new Error(`${path} has no image ${image}`);
    return planePicture(pixels, { t, c, z }, signal);
  },
  async positions({ files, path, part, mapping }, signal, onProgress) {
    const item = await itemAt(files, path, signal);
    const reader = await item.descriptor?.tracks?.reader();
    if (!reader) throw new Error(`${path} has no objects that can be read`);
    const { sets } = await readTrackSets(reader, item, { signal, onProgress, ...(mapping ? { mapping } : {}) });
    const objects = sets[part]?.objects;
    if (!objects) throw new Error(`${path} has no set ${part}`);
    const { count, frame, x, y, z } = objects;
    return { count, frame, x, y, ...(z ? { z } : {}) };
  },
};

function send(message: FromWorker, transfer: Transferable[] = []): void {
  postMessage(message, { transfer });
}

function buffersOf(answer: Answers[Task['kind']]): Transferable[] {
  if (typeof answer !== 'object' || answer === null) return [];
  return Object.values(answer).flatMap((value) => (ArrayBuffer.isView(value) ? [value.buffer as ArrayBuffer] : []));
}

addEventListener('message', (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  const { id } = message;
  if ('stop' in message) {
    running.get(id)?.abort();
    ahead.delete(id);
  } else if ('supplied' in message) lists.get(id)?.take(message.supplied);
  else if ('files' in message) ahead.set(id, [...(ahead.get(id) ?? []), ...message.files]);
  else {
    const early = ahead.get(id);
    ahead.delete(id);
    void run(id, early && 'files' in message.task ? { ...message.task, files: early } : message.task);
  }
});

async function run(id: number, task: Task): Promise<void> {
  const control = new AbortController();
  running.set(id, control);
  let told = 0;
  const progress = (fraction: number) => {
    if (performance.now() - told < 200) return;
    told = performance.now();
    send({ id, progress: fraction });
  };
  try {
    const perform = runs[task.kind] as Run<Task['kind']>;
    const answer = await perform(task as never, control.signal, progress, id);
    send({ id, answer }, buffersOf(answer));
  } catch (error) {
    send({ id, failed: error instanceof Error ? error.message : String(error) });
  } finally {
    running.delete(id);
    lists.delete(id);
  }
}
