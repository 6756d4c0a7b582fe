import {
  type FileEntry,
  type FileTree,
  type Item,
  blobSource,
  fileTree,
  findItems,
  httpSource,
  inspectItem,
  readDelimitedHead,
  readTrackSets,
} from '@micrarium/formats';
import { digestFile } from './digest-file.ts';
import { planePicture } from './plane-picture.ts';
import type { Answers, FoundItem, FromWorker, Task, ToWorker, WorkFile } from './work.ts';

const running = new Map<number, AbortController>();
/** Files that came ahead of their task. */
const ahead = new Map<number, WorkFile[]>();

function entryOf(work: WorkFile): FileEntry {
  const name = work.path.slice(work.path.lastIndexOf('/') + 1);
  const { file, url } = work;
  return {
    path: work.path,
    size: work.size,
    ...(work.modifiedAt === undefined ? {} : { modifiedAt: work.modifiedAt }),
    async open() {
      if (file) return blobSource(name, file);
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

type Run<Kind extends Task['kind']> = (
  task: Extract<Task, { kind: Kind }>,
  signal: AbortSignal,
  progress: (fraction: number) => void,
) => Promise<Answers[Kind]>;

const runs: { [Kind in Task['kind']]: Run<Kind> } = {
  async find({ files }, signal, progress) {
    const items = await findItems(treeOf(files), { signal, onProgress: (done, total) => progress(done / total) });
    const found: FoundItem[] = [];
    for (const item of items) {
      const { path, files: members, format, descriptor } = item;
      const isRead = Boolean(descriptor?.images ?? descriptor?.tracks ?? item.verifyArchive);
      const report = isRead ? undefined : await inspectItem(item, { path, signal });
      found.push({ path, files: members.map((file) => file.path), format, ...(report ? { report } : {}) });
    }
    return found;
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
  } else if ('files' in message) ahead.set(id, [...(ahead.get(id) ?? []), ...message.files]);
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
    const answer = await perform(task as never, control.signal, progress);
    send({ id, answer }, buffersOf(answer));
  } catch (error) {
    send({ id, failed: error instanceof Error ? error.message : String(error) });
  } finally {
    running.delete(id);
  }
}
