/**
 * What an archive does with much: a deposit of many small files, sent by the command line and published; a film of some gigabytes, sent in one
 * request, then by the command line and read;
 * all bytes read again and held to their digests; a backup, and a restore of it. Beside it what the disk and the processor can do at all: the
 * same bytes read past the page cache (dd), digested (sha512sum, sha256sum) and copied (cp and sync).
 *
 * node benchmarks/archive.ts [files] [planes of 8.4 MB]
 *
 * Needs room for four times the film below the folder for temporary files. Prints what it measures to standard error as it goes, and all of it
 * as one line of JSON at the end.
 */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  createReadStream,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { apiBase } from '@micrarium/api';
import { depositor, makeOwner, makeToken, runMicrarium, studyValues, writeJson } from '../tests/journeys/depositor.ts';
import { type RunningServer, startServer } from '../tests/journeys/server-under-test.ts';
import { make } from './measured-process.ts';

const [files = 10_000, planes = 600] = process.argv.slice(2).map(Number);
if (![files, planes].every((one) => Number.isSafeInteger(one) && one > 0)) {
  console.error('node benchmarks/archive.ts [files] [planes]');
  process.exit(2);
}
const sizeOfFile = 10_000;
const filesOfFolder = 1000;
const folder = mkdtempSync(join(tmpdir(), 'micrarium-archive-'));
/** Seconds, by what was done. */
const seconds: Record<string, number> = {};
/** Seconds of processor time of the programs that were run for it and have ended; the server is none of them. */
const processor: Record<string, number> = {};

/** Processor time of all programs that this one has run and waited for, theirs included, in seconds. */
function timeOfPrograms(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

async function timed<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  const [began, before] = [performance.now(), timeOfPrograms()];
  const value = await work();
  seconds[what] = (performance.now() - began) / 1000;
  processor[what] = timeOfPrograms() - before;
  console.error(`${what}: ${seconds[what].toFixed(1)} s, processor ${processor[what].toFixed(1)} s`);
  return value;
}

/** Runs a line of shell; `$0` is the data folder. */
async function shell(line: string): Promise<void> {
  execFileSync('sh', ['-c', line, server.dataFolder], { stdio: ['ignore', 'ignore', 'inherit'] });
}
const storedFiles = 'find "$0/archive" "$0/blobs/sha256" -type f';
/** Has the system forget what it holds of the stored bytes in memory, so that they come from the disk. */
const forget = () => shell(`sync; ${storedFiles} -size +1M -exec dd if={} iflag=nocache count=0 status=none ';'`);

/** Many files of a format that is kept as it is, each with other bytes. */
function makeFiles(): string {
  const root = join(folder, 'many');
  const body = Buffer.alloc(sizeOfFile);
  for (let at = 0; at < files; at++) {
    const part = join(root, String(Math.floor(at / filesOfFolder)).padStart(4, '0'));
    if (at % filesOfFolder === 0) mkdirSync(part, { recursive: true });
    for (let word = 0; word + 4 <= sizeOfFile; word += 4) body.writeInt32LE(Math.imul(at + 1, word + 7919), word);
    writeFileSync(join(part, `${String(at).padStart(6, '0')}.bin`), body);
  }
  return root;
}

/** Largest resident size so far of the server alone, its worker and database not counted, in units of 10^6 bytes. */
function peakOf({ process: { pid } }: RunningServer): number {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return (Number(found?.[1]) * 1024) / 1e6;
}

/** Runs the command line, which must succeed. @returns its answer */
async function command(words: readonly string[], data: string): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runMicrarium([...words, '--data', data, '--json']);
  if (code !== 0) throw new Error(`${words[0]} ended with ${code}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, unknown>;
}

/** Sends a file in the one request of a plain client, until all of it is stored, and then until its digests are known. The draft is thrown away. */
async function sendAtOnce(what: string, path: string, { url }: RunningServer, token: string): Promise<void> {
  const size = statSync(path).size;
  const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' };
  const ask = async (path: string, method: string, more: Record<string, string> = {}, body?: string) => {
    const answer = await fetch(new URL(path, url), { method, headers: { ...headers, ...more }, ...(body && { body }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const made = await ask(`${apiBase}/drafts`, 'POST', { 'content-type': 'application/json' }, '{}');
  const { id } = (await made.json()) as { id: string };
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const begun = await ask(`${apiBase}/uploads`, 'POST', {
    'upload-length': String(size),
    'upload-metadata': `draft ${base64(id)},path ${base64('film.bin')}`,
  });
  const upload = new URL(begun.headers.get('location')!, url);
  const send = () =>
    new Promise<void>((resolve, reject) => {
      const about = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0', 'content-length': size };
      const sending = request(upload, { method: 'PATCH', headers: { ...headers, ...about } }, (answer) => {
        answer.resume().on('end', () => {
          if (answer.statusCode === 204) resolve();
          else reject(new Error(`PATCH: ${answer.statusCode}`));
        });
      }).on('error', reject);
      createReadStream(path, { highWaterMark: 2 ** 20 }).pipe(sending);
    });
  await timed(`${what}: stored and digested`, async () => {
    await timed(`${what}: stored`, send);
    for (;;) {
      const answer = await ask(`${apiBase}/drafts/${id}/files`, 'GET');
      const { files } = (await answer.json()) as { files: { state: string }[] };
      if (files.every(({ state }) => state === 'verified')) return;
      await pause(50);
    }
  });
  const draft = await ask(`${apiBase}/drafts/${id}`, 'GET');
  await ask(`${apiBase}/drafts/${id}`, 'DELETE', { 'if-match': draft.headers.get('etag') ?? '*' });
}

/** Makes other bytes of a file in its middle: what the server holds already is not sent a second time. */
function changePixel(path: string, offset: number): void {
  const file = openSync(path, 'r+');
  const pixel = Buffer.alloc(1);
  readSync(file, pixel, 0, 1, Math.floor(offset));
  writeSync(file, Buffer.of(pixel[0]! ^ 1), 0, 1, Math.floor(offset));
  fsyncSync(file);
  closeSync(file);
}

const server = await startServer({ environment: { MICRARIUM_PAGES: 'off' } });
try {
  const session = await makeOwner(server);
  const { secret: token } = await makeToken(session, ['read', 'deposit']);
  const ada = depositor(server.url, token);
  const deposit = async (what: string, path: string) => {
    const metadata = writeJson(folder, `${what}.json`, studyValues(what, { dataFormats: ['Binary'] }));
    const { code, stderr, answer } = await timed(`${what}: sent and read`, () =>
      ada.deposit([path, '--metadata', metadata]),
    );
    if (!answer || code !== 0) throw new Error(`deposit ended with ${code}: ${stderr.slice(-2000)}`);
    await timed(`${what}: published`, async () => {
      const path = `${apiBase}/drafts/${answer.draft}/publish`;
      const published = await ada.send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      });
      if (!published.ok) throw new Error(`publish: ${published.status} ${await published.text()}`);
    });
  };
  await deposit('many files', makeFiles());
  const peakOfMany = peakOf(server);
  rmSync(join(folder, 'many'), { recursive: true });

  const film = join(folder, 'film.tif');
  make('generate-film.ts', 'plain', film, String(planes));
  const filmBytes = statSync(film).size;
  await timed('film: copied by cp, and synced', async () => {
    execFileSync('cp', [film, join(folder, 'copy.tif')]);
    execFileSync('sync', [join(folder, 'copy.tif')]);
  });
  rmSync(join(folder, 'copy.tif'));
  // The programs above held this one up: connections that the server closed meanwhile are to be noticed before they are used.
  await pause(200);
  await sendAtOnce('film at once', film, server, token);
  changePixel(film, filmBytes / 2);
  await deposit('film', film);
  rmSync(film);

  await timed('bytes read by dd', () =>
    shell(`${storedFiles} -size +1M -exec dd if={} of=/dev/null bs=4M iflag=direct status=none ';'`),
  );
  await forget();
  const { bytes } = await timed('fixity', () => command(['fixity', '--rate', '100000'], server.dataFolder));
  for (const program of ['cat', 'sha512sum', 'sha256sum'])
    await timed(`bytes read by ${program}`, () => shell(`${storedFiles} -exec ${program} {} + > /dev/null`));
  await timed('bytes copied by cp, and synced', async () => {
    await shell(`cp -r "$0/archive" "$0-copy" && sync -f "$0"`);
  });
  await shell('rm -r "$0-copy"');
  const backup = join(folder, 'backup');
  await timed('backup', () => command(['backup', backup], server.dataFolder));
  await timed('backup again, with nothing new', () => command(['backup', backup], server.dataFolder));
  await server.stop();
  const restored = join(folder, 'restored');
  await timed('restore', () => command(['restore', backup], restored));
  const answer = { files, sizeOfFile, filmBytes, bytes, peakOfMany, seconds, processor };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
} finally {
  await server.stop();
  rmSync(server.dataFolder, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
