import { createHash, type Hash } from 'node:crypto';
import {
  type FileHandle,
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { leftZipEntries } from '../containers/zip/left-entries.ts';
import type { FileSink, FileSinkWriter, LeftBehind } from '../tracks/track-reader.ts';
import { digestWriter, placeBelow } from './node-digest-writer.ts';
import { fileSource } from './node-file.ts';
import { TargetExists, type WrittenFile } from './node-sink.ts';

/** Another run writes the same target just now. */
export class ResumeBusy extends Error {
  override readonly name = 'ResumeBusy';

  constructor(target: string, pid: number) {
    super(`${target} is being written by another run (process ${pid})`);
  }
}

/** What a resumable run needs to know of itself. */
export interface ResumeOptions {
  /** What the bytes depend on: input with sizes and times, choices, versions. What is left of another is dropped. */
  identity: string;
  replace?: boolean;
  signal?: AbortSignal;
}

/**
 * As `writeCompletely`, but what was written lies in `.NAME.unfinished` and stays there when the run is broken off: the
 * next one with the same identity goes on with it. The target appears complete or not at all.
 * @param write fills the sink; `left` is what the earlier run left (`undefined` where there is nothing to go on with)
 * @throws TargetExists, ResumeBusy, or whatever `write` threw
 */
export async function writeResumably(
  target: string,
  write: (sink: FileSink, left: LeftBehind | undefined) => Promise<void>,
  options: ResumeOptions,
): Promise<readonly WrittenFile[]> {
  const full = resolve(target);
  const there = await stat(full).catch(() => undefined);
  if (there && options.replace !== true) throw new TargetExists(target);
  const unfinished = join(dirname(full), `.${basename(full)}.unfinished`);
  const about = `${unfinished}.json`;
  await claim(target, about, unfinished, options.identity);
  const sink = await openSink(unfinished, options.signal);
  try {
    await write(sink, sink.behind);
  } finally {
    await sink.close();
  }
  if (sink.written.length === 0) throw new Error('nothing was written');
  if (there) await rm(full, { recursive: true, force: true });
  await rename(unfinished, full);
  await rm(about, { force: true });
  return [...sink.written].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Drops what belongs to another identity, and says that the rest is ours. */
async function claim(target: string, about: string, unfinished: string, identity: string): Promise<void> {
  const known = await readFile(about, 'utf8')
    .then((text) => JSON.parse(text) as { identity?: unknown; pid?: unknown })
    .catch(() => undefined);
  if (typeof known?.pid === 'number' && known.pid !== process.pid && isAlive(known.pid))
    throw new ResumeBusy(target, known.pid);
  if (known?.identity !== identity) await rm(unfinished, { recursive: true, force: true });
  await mkdir(dirname(about), { recursive: true });
  await writeFile(about, JSON.stringify({ identity, pid: process.pid }));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

interface ResumableSink extends FileSink {
  readonly behind: LeftBehind | undefined;
  readonly written: readonly WrittenFile[];
  close(): Promise<void>;
}

/** A sink that goes on in a folder, or behind the entries of a zip. */
async function openSink(unfinished: string, signal?: AbortSignal): Promise<ResumableSink> {
  const about = await stat(unfinished).catch(() => undefined);
  const written: WrittenFile[] = [];
  const handles = new Set<FileHandle>();
  let archive: { end: number; hash: Hash } | undefined;
  let left: LeftBehind | undefined;
  if (about?.isDirectory()) {
    await collectFiles(unfinished, '', written, signal);
    left = { files: written.map(({ path }) => path) };
  } else if (about) {
    const hash = createHash('sha256');
    const source = await fileSource(unfinished);
    const { entries, end } = await leftZipEntries(source, (bytes) => void hash.update(bytes), signal);
    await source.close();
    await truncate(unfinished, end);
    archive = { end, hash };
    left = { files: entries.map(({ path }) => path), entries };
  }
  const create = async (path: string): Promise<FileSinkWriter> => {
    const file = placeBelow(unfinished, path);
    // A file below the folder gets its name when it is whole.
    const partial = path === '' ? file : `${file}.part`;
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(partial, path === '' ? 'a' : 'w');
    handles.add(handle);
    const begun =
      path === '' && archive ? { hash: archive.hash, bytes: archive.end } : { hash: createHash('sha256'), bytes: 0 };
    return digestWriter(handle, begun, async (whole) => {
      handles.delete(handle);
      if (partial !== file) await rename(partial, file);
      written.push({ path, ...whole });
    });
  };
  return {
    behind: left,
    written,
    create,
    async close() {
      for (const handle of handles) await handle.close().catch(() => undefined);
      handles.clear();
    },
  };
}

/** Digests of the complete files below a folder; those that were begun are removed. */
async function collectFiles(folder: string, path: string, written: WrittenFile[], signal?: AbortSignal): Promise<void> {
  for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
    signal?.throwIfAborted();
    const inner = path === '' ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) await collectFiles(folder, inner, written, signal);
    else if (entry.name.endsWith('.part')) await rm(join(folder, inner));
    else {
      const content = await readFile(join(folder, inner));
      written.push({ path: inner, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
    }
  }
}
