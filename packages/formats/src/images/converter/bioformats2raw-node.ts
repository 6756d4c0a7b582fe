import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Issue, hasErrors } from '@micrarium/model';
import { openFolder } from '../../bytes/node-file.ts';
import { findItems } from '../../recognition/find-items.ts';
import type { OpenedImages } from '../image-reader.ts';
import { checkOmeZarrItem } from '../ome-zarr/check-ome-zarr.ts';
import { omeZarrReader } from '../ome-zarr/ome-zarr-reader.ts';

/** Bounds of a conversion, and the program that makes it. */
export interface ConverterOptions {
  /** Path of `bioformats2raw` (or of anything called in the same way). */
  program: string;
  /** Longest time a run may take, in milliseconds. */
  timeLimit: number;
  /** Most bytes the output may take on disk. */
  diskLimit: number;
  /** Threads of the program; 1 where left out. */
  workers?: number;
  signal?: AbortSignal;
}

/** What a converter made, and how: for the provenance of everything derived from it. */
export interface ConvertedImages extends Pick<OpenedImages, 'images' | 'rawMetadata'> {
  program: 'bioformats2raw';
  /** As `--version` says it, in one line. */
  version: string;
  /** Arguments without the names of files. */
  arguments: string;
  seconds: number;
  bytes: number;
  /** The end of what the program printed. */
  log: string;
  /** Warnings of our validator about its output. */
  issues: Issue[];
}

/** Why there is no converted image. `reason` is one of few words, `message` tells people. */
export class ConverterFailed extends Error {
  override readonly name = 'ConverterFailed';
  readonly reason: 'not-there' | 'time' | 'disk' | 'failed' | 'invalid-output';
  readonly log: string;

  constructor(reason: ConverterFailed['reason'], message: string, log = '', options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.log = log;
  }
}

const tile = 512;
/** Bytes kept of what the program prints. */
const logBytes = 32_768;
const versionLimit = 60_000;

/** Is there a program at the path that may be run? */
export async function isProgram(path: string): Promise<boolean> {
  const about = await lstat(path).catch(() => undefined);
  if (!about || about.isDirectory()) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * Converts a file by `bioformats2raw` into a new folder `images.zarr` below `folder`, checks it by every rule we know,
 * and opens it. The program gets no environment but the path, a home and a temporary folder inside `folder`; it and
 * all it started are killed when time or disk run out or the signal is aborted.
 * @throws ConverterFailed, or the reason of the signal
 */
export async function convertByBioformats2raw(
  input: string,
  folder: string,
  options: ConverterOptions,
): Promise<ConvertedImages> {
  const { program, signal } = options;
  signal?.throwIfAborted();
  if (!(await isProgram(program)))
    throw new ConverterFailed('not-there', `The converter ${program} is not there or may not be run`);
  await mkdir(join(folder, 'temporary'), { recursive: true });
  const output = join(folder, 'images.zarr');
  const given = ['--tile_width', tile, '--tile_height', tile, '--max_workers', options.workers ?? 1].map(String);
  const told = await run(program, ['--version'], folder, { ...options, timeLimit: versionLimit });
  const started = performance.now();
  const { log, bytes } = await run(program, [input, output, ...given], folder, { ...options, watch: output });
  const seconds = (performance.now() - started) / 1000;
  const opened = await openChecked(output, log, signal);
  return {
    ...opened,
    program: 'bioformats2raw',
    version:
      told.log
        .trim()
        .split(/\s*\n\s*/)
        .slice(0, 3)
        .join('; ')
        .slice(0, 200) || 'unknown',
    arguments: given.join(' '),
    seconds,
    bytes,
    log,
  };
}

/** Opens the output, which must be valid OME-Zarr with at least one image. */
async function openChecked(
  output: string,
  log: string,
  signal: AbortSignal | undefined,
): Promise<Pick<ConvertedImages, 'images' | 'rawMetadata' | 'issues'>> {
  const invalid = (why: string): ConverterFailed =>
    new ConverterFailed('invalid-output', `The converter ended well, but ${why}`, log);
  const tree = await openFolder(output).catch((cause: unknown) => {
    throw new ConverterFailed('invalid-output', 'The converter ended well, but wrote nothing', log, { cause });
  });
  const item = (await findItems(tree, signal ? { signal } : {})).find(({ format }) => format === 'ome-zarr');
  if (!item) throw invalid('its output is no OME-Zarr');
  const issues = await checkOmeZarrItem(item, signal);
  const fault = issues.find((issue) => hasErrors([issue]));
  if (fault) throw invalid(`its output is not valid: ${fault.message}`);
  const { images, issues: found, rawMetadata } = await omeZarrReader.open(item, signal ? { signal } : {});
  const broken = found.find((issue) => hasErrors([issue]));
  if (images.length === 0 || broken) throw invalid(broken?.message ?? 'there is no image in its output');
  return {
    images,
    issues: issues.filter(({ severity }) => severity === 'warning'),
    ...(rawMetadata ? { rawMetadata } : {}),
  };
}

/** Runs the program to its end within the limits. */
async function run(
  program: string,
  args: readonly string[],
  folder: string,
  options: ConverterOptions & { watch?: string },
): Promise<{ log: string; bytes: number }> {
  const { timeLimit, diskLimit, signal, watch } = options;
  const temporary = join(folder, 'temporary');
  const { PATH, JAVA_HOME, LANG } = process.env;
  const child = spawn(program, args, {
    cwd: temporary,
    // In a group of its own: a script that starts Java is ended with all it started.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...(PATH ? { PATH } : {}),
      ...(JAVA_HOME ? { JAVA_HOME } : {}),
      ...(LANG ? { LANG } : {}),
      HOME: temporary,
      TMPDIR: temporary,
      JAVA_OPTS: `-Djava.io.tmpdir=${temporary} -Duser.home=${temporary}`,
    },
  });
  let log = '';
  const note = (chunk: Buffer): void => {
    log = (log + chunk.toString('utf8')).slice(-logBytes);
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  let ended: Error | undefined;
  const end = (why: Error): void => {
    ended ??= why;
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  };
  const minutes = Math.round(timeLimit / 6000) / 10;
  const timer = setTimeout(
    () => end(new ConverterFailed('time', `The converter took longer than ${minutes} minutes and was stopped`, log)),
    timeLimit,
  );
  const stop = (): void => end(signal?.reason instanceof Error ? signal.reason : new Error('stopped'));
  signal?.addEventListener('abort', stop, { once: true });
  const watching = new AbortController();
  if (watch !== undefined)
    void watchSize([watch, temporary], diskLimit, watching.signal, (bytes) => {
      const limit = `${Math.round(diskLimit / 1e6)} MB`;
      end(new ConverterFailed('disk', `The converter wrote ${bytes} bytes, more than the limit of ${limit}`, log));
    });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    }).catch((cause: unknown) => {
      throw new ConverterFailed('not-there', `The converter ${program} could not be started`, log, { cause });
    });
    if (ended) throw ended;
    if (code !== 0) throw new ConverterFailed('failed', failure(code, log), log);
    const bytes = watch === undefined ? 0 : await sizeOf(watch);
    if (bytes > diskLimit)
      throw new ConverterFailed('disk', `The converter wrote ${bytes} bytes, more than its limit of ${diskLimit}`, log);
    return { log, bytes };
  } finally {
    watching.abort();
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/** The last line that names a fault, without a stack of Java. */
function failure(code: number | null, log: string): string {
  const lines = log
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(at |\.\.\. )/.test(line));
  const line = lines.findLast((one) => /exception|error|fail|unknown|unsupported/i.test(one)) ?? lines.at(-1) ?? '';
  return `The converter ended with ${code === null ? 'a signal' : `code ${code}`}: ${line.slice(0, 300) || 'it said nothing'}`;
}

/** Looks at the size of folders now and then; the longer looking takes, the rarer. */
async function watchSize(
  folders: readonly string[],
  limit: number,
  signal: AbortSignal,
  exceeded: (bytes: number) => void,
): Promise<void> {
  for (let pause = 50; !signal.aborted; ) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const started = performance.now();
    let bytes = 0;
    for (const folder of folders) bytes += await sizeOf(folder);
    if (bytes > limit && !signal.aborted) exceeded(bytes);
    pause = Math.min(30_000, Math.max(200, 20 * (performance.now() - started)));
  }
}

/** Bytes of all files below a folder; 0 where it is not there (yet). Links are not followed. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await sizeOf(path);
    else bytes += (await lstat(path).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}
