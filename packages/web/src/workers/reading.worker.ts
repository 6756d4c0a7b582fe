import {
  type ColumnMapping,
  type Item,
  findItems,
  inspectItem,
  readDelimitedHead,
  readTrackSets,
} from '@micrarium/formats';
import { isTableFile } from '../deposit/column-memory.ts';
import { digestFile } from './digest-file.ts';
import { ListedFiles } from './listed-files.ts';
import { planePicture } from './plane-picture.ts';
import { type Answers, type FoundItem, type FromWorker, type Task, type ToWorker, itemKey } from './work.ts';

/** The files of the task that runs. */
let listed: { id: number; files: ListedFiles } | undefined;

/** Found items are told in lots, so that the page has something to show and is not held up by a large answer. */
const mostItems = 200;
const tellEvery = 250;
/** Items up to this size are read as soon as they are found, while their file is open. */
const smallItem = 2 ** 20;
/** Of pictures only their description is read, whatever their size; very large files may hold very many of them. */
const smallPictureFile = 64 * 2 ** 20;

/** The item of that path among its own files. */
async function itemAt({ tree }: ListedFiles, path: string, signal?: AbortSignal): Promise<Item> {
  const items = await findItems(tree, signal ? { signal } : {});
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
): Promise<FoundItem> {
  const { path, format } = item;
  const bytes = item.files.reduce((sum, file) => sum + file.size, 0);
  const found: FoundItem = { path, files: item.files.map((file) => file.path), format, bytes };
  if (known.has(itemKey(found)) || !isQuick(item, bytes)) return found;
  const mapping = await rememberedFor(item, remembered);
  const report = await inspectItem(item, { path, ...(mapping ? { mapping } : {}) });
  return { ...found, report, ...(mapping ? { mapping } : {}) };
}

/** Columns somebody corrected before in a table of this shape. */
async function rememberedFor(
  item: Item,
  remembered: Record<string, ColumnMapping>,
): Promise<ColumnMapping | undefined> {
  if (item.format === 'text' || !item.descriptor?.tracks || Object.keys(remembered).length === 0) return undefined;
  if (!isTableFile(item.files.map(({ path }) => path))) return undefined;
  const head = await readDelimitedHead(item);
  return head && remembered[head.shapeKey];
}

type Run<Kind extends Task['kind']> = (
  task: Extract<Task, { kind: Kind }>,
  files: ListedFiles,
  progress: (fraction: number) => void,
  tell: (found: FoundItem[]) => void,
) => Promise<Answers[Kind]>;

const runs: { [Kind in Task['kind']]: Run<Kind> } = {
  async find({ known, remembered }, files, _progress, tell) {
    const read = new Set(known.split('\0'));
    let found: FoundItem[] = [];
    let told = performance.now();
    let count = 0;
    await findItems(files.tree, {
      isListed: false,
      async onItem(item) {
        found.push(await foundItem(item, read, remembered));
        count++;
        if (found.length >= mostItems || performance.now() - told > tellEvery) {
          tell(found);
          found = [];
          told = performance.now();
        }
        return true;
      },
    });
    tell(found);
    return count;
  },
  async inspect({ path, mapping }, files, onProgress) {
    const item = await itemAt(files, path);
    return inspectItem(item, { path, onProgress, ...(mapping ? { mapping } : {}) });
  },
  async digest(_task, files, progress) {
    const [entry] = files.tree.entries;
    return digestFile(await files.blob(entry!), undefined, progress);
  },
  async table({ path }, files) {
    return readDelimitedHead(await itemAt(files, path));
  },
  async plane({ path, image, t, c, z }, files) {
    const item = await itemAt(files, path);
    const reader = await item.descriptor?.images?.reader();
    const pixels = (await reader?.open(item, {}))?.images[image];
    if (!pixels) throw new Error(`${path} has no image ${image}`);
    return planePicture(pixels, { t, c, z }, new AbortController().signal);
  },
  async positions({ path, part, mapping }, files, onProgress) {
    const item = await itemAt(files, path);
    const reader = await item.descriptor?.tracks?.reader();
    if (!reader) throw new Error(`${path} has no objects that can be read`);
    const { sets } = await readTrackSets(reader, item, { onProgress, ...(mapping ? { mapping } : {}) });
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

// A task that is no longer wanted is stopped by letting the whole worker go.
addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if ('task' in data) void run(data.id, data.task);
  else if (listed?.id === data.id) listed.files.take(data.supplied);
});

async function run(id: number, task: Task): Promise<void> {
  const files = new ListedFiles(task.files, (want) => send({ id, want }), task.kind === 'find');
  listed = { id, files };
  let told = 0;
  const progress = (fraction: number) => {
    if (performance.now() - told < tellEvery) return;
    told = performance.now();
    send({ id, progress: fraction });
  };
  try {
    const perform = runs[task.kind] as Run<Task['kind']>;
    const answer = await perform(task as never, files, progress, (found) => send({ id, found }));
    send({ id, answer }, buffersOf(answer));
  } catch (error) {
    send({ id, failed: error instanceof Error ? error.message : String(error) });
  } finally {
    listed = undefined;
  }
}
