/**
 * What an archive does with much: a deposit of many small files, sent by the command line and published; a film of some gigabytes, sent and read;
 * all bytes read again and held to their digests; a backup, and a restore of it.
 *
 * node benchmarks/archive.ts [files] [planes of 8.4 MB]
 *
 * Needs room for four times the film below the folder for temporary files. Prints what it measures to standard error as it goes, and all of it
 * as one line of JSON at the end.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

async function timed<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  const began = performance.now();
  const value = await work();
  seconds[what] = (performance.now() - began) / 1000;
  console.error(`${what}: ${seconds[what].toFixed(1)} s`);
  return value;
}

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
  await deposit('film', film);
  rmSync(film);

  const { bytes } = await timed('fixity', () => command(['fixity', '--rate', '100000'], server.dataFolder));
  await timed('bytes read by cat', async () => {
    execFileSync('sh', ['-c', 'find "$0/archive" "$0/blobs" -type f -exec cat {} + > /dev/null', server.dataFolder]);
  });
  const backup = join(folder, 'backup');
  await timed('backup', () => command(['backup', backup], server.dataFolder));
  await timed('backup again, with nothing new', () => command(['backup', backup], server.dataFolder));
  await server.stop();
  const restored = join(folder, 'restored');
  await timed('restore', () => command(['restore', backup], restored));
  const answer = { files, sizeOfFile, filmBytes, bytes, peakOfMany, seconds };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
} finally {
  await server.stop();
  rmSync(server.dataFolder, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
