/**
 * Chunks by range out of a published `.ozx`, from the real server, beside nginx serving plain files of that size: the
 * same client in a process of its own, 16 connections, in turns in one run.
 *
 * node benchmarks/chunk-service.ts [--planes 16] [--seconds 5] [--rounds 3]
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { depositor, makeOwner, makeToken, studyValues, writeJson } from '../tests/journeys/depositor.ts';
import { processesBelow, removeData, type RunningServer, startServer } from '../tests/journeys/server-under-test.ts';
import { beside, make } from './measured-process.ts';
import type { RangeAnswers, RangeJob } from './range-client.ts';

const connections = 16;
const sizes = [65_536, 1_048_576] as const;
const nginxPath = '/usr/sbin/nginx';

/** Somebody who answers requests, and the processes that do it. */
interface Service {
  base: string;
  pids: readonly number[];
  requests(bytes: number): RangeJob['requests'];
}

interface Measured {
  requestsPerSecond: number;
  megabytesPerSecond: number;
  medianMs: number;
  slowestMs: number;
  /** Processor time of the server a thousand requests take: what to compare on a machine that others use too. */
  cpuSecondsPerThousand: number;
}

/** Publishes a film with the command line, as a depositor does. Answers the path of its stored form. */
async function publishFilm(server: RunningServer, tiff: string): Promise<string> {
  const session = await makeOwner(server);
  const somebody = depositor(server.url, (await makeToken(session, ['deposit'])).secret);
  const metadata = writeJson(somebody.folder, 'study.json', studyValues('A film to be looked at'));
  try {
    const { code, stderr, answer } = await somebody.deposit([tiff, '--metadata', metadata, '--publish']);
    if (code !== 0 || !answer) throw new Error(`the deposit ended with ${code}: ${stderr}`);
    const found = await fetch(`${server.url}/api/v1/studies/${answer.study}`);
    const version = (await found.json()) as { items: { id: string; kind: string }[] };
    const film = version.items.find(({ kind }) => kind === 'image');
    if (!film) throw new Error('the published version has no image');
    return `/api/v1/studies/${answer.study}/versions/1/items/${film.id}/content/image-0.ozx`;
  } finally {
    rmSync(somebody.folder, { recursive: true, force: true });
  }
}

/** Size of the stored form, once it is there. */
async function sizeOf(url: string): Promise<number> {
  for (let tried = 0; tried < 120; tried++) {
    const answer = await fetch(url, { method: 'HEAD' });
    if (answer.ok) return Number(answer.headers.get('content-length'));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`${url} was not made in two minutes`);
}

/** Ranges all over a file, in an order that no reading ahead helps. */
function rangesOf(path: string, size: number, bytes: number): RangeJob['requests'] {
  const places = Math.floor(size / bytes);
  return Array.from({ length: 997 }, (_, i) => {
    const start = ((i * 7919) % places) * bytes;
    return { path, range: `bytes=${start}-${start + bytes - 1}` };
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

const filesOfSize = 97;

/** Plain files of both sizes, of bytes that do not compress, and an nginx with one worker that serves them. */
async function startNginx(folder: string): Promise<{ service: Service; process: ChildProcess }> {
  const noise = Buffer.alloc(sizes[1]);
  let state = 1;
  for (let i = 0; i < noise.length; i += 4)
    noise.writeUInt32LE((state = Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0, i);
  for (const bytes of sizes) {
    mkdirSync(join(folder, 'files', String(bytes)), { recursive: true });
    for (let i = 0; i < filesOfSize; i++)
      writeFileSync(join(folder, 'files', String(bytes), String(i)), noise.subarray(0, bytes));
  }
  const port = await freePort();
  const inFolder = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const settings = [
    process.getuid?.() === 0 ? 'user root;' : '',
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/errors; events { worker_connections 128; }`,
    `http { ${inFolder.join(' ')} access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;`,
    `server { listen 127.0.0.1:${port}; root ${folder}/files; } }`,
  ];
  writeFileSync(join(folder, 'nginx.conf'), `${settings.join('\n')}\n`);
  const child = spawn(nginxPath, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const base = `http://127.0.0.1:${port}`;
  for (let tried = 0; ; tried++) {
    const isThere = await fetch(`${base}/${sizes[0]}/0`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) break;
    if (tried > 100 || child.exitCode !== null) throw new Error(`nginx does not answer: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const requests = (bytes: number): RangeJob['requests'] =>
    Array.from({ length: 997 }, (_, i) => ({ path: `/${bytes}/${(i * 31) % filesOfSize}` }));
  return { service: { base, pids: [child.pid!, ...processesBelow(child.pid!)], requests }, process: child };
}

/** Processor time of processes, in seconds: fields 14 and 15 of `stat`, in hundredths on every Linux of today. */
function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / 100;
}

/** Most memory a process had, in units of 10^6 bytes. */
function peakMegabytes(pids: readonly number[]): number {
  const kibibytes = pids.map((pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]));
  return Math.round((kibibytes.reduce((sum, one) => sum + one, 0) * 1024) / 1e6);
}

async function measure(service: Service, bytes: number, seconds: number): Promise<Measured> {
  const job: RangeJob = { base: service.base, requests: service.requests(bytes), bytes, connections, seconds };
  const before = cpuSeconds(service.pids);
  const { stdout } = await promisify(execFile)(process.execPath, [beside('range-client.ts'), JSON.stringify(job)]);
  const used = cpuSeconds(service.pids) - before;
  const got = JSON.parse(stdout) as RangeAnswers;
  const rate = got.answers / got.seconds;
  return {
    requestsPerSecond: Math.round(rate),
    megabytesPerSecond: Math.round((rate * bytes) / 1e6),
    medianMs: Number(got.medianMs.toFixed(2)),
    slowestMs: Number(got.slowestMs.toFixed(2)),
    cpuSecondsPerThousand: Number(((used / got.answers) * 1000).toFixed(3)),
  };
}

/** The round in the middle by requests a second. */
function middle(rounds: readonly Measured[]): Measured {
  const sorted = [...rounds].sort((a, b) => a.requestsPerSecond - b.requestsPerSecond);
  return sorted[sorted.length >> 1]!;
}

const { values } = parseArgs({
  options: {
    planes: { type: 'string', default: '16' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'micrarium-chunks-'));
let server: RunningServer | undefined;
let nginx: Awaited<ReturnType<typeof startNginx>> | undefined;
try {
  const tiff = join(folder, 'camera.tif');
  make('generate-film.ts', 'plain', tiff, values.planes);
  server = await startServer({ environment: { MICRARIUM_PAGES: 'off' } });
  const path = await publishFilm(server, tiff);
  const size = await sizeOf(`${server.url}${path}`);
  const requests = (bytes: number): RangeJob['requests'] => rangesOf(path, size, bytes);
  const ours: Service = { base: server.url, pids: [server.process.pid!], requests };
  nginx = existsSync(nginxPath) ? await startNginx(folder) : undefined;
  const results: { bytes: number; ours: Measured; theirs?: Measured }[] = [];
  for (const bytes of sizes) {
    const rounds: { ours: Measured[]; theirs: Measured[] } = { ours: [], theirs: [] };
    await measure(ours, bytes, 1);
    for (let round = 0; round < Number(values.rounds); round++) {
      rounds.ours.push(await measure(ours, bytes, Number(values.seconds)));
      if (nginx) rounds.theirs.push(await measure(nginx.service, bytes, Number(values.seconds)));
    }
    results.push({ bytes, ours: middle(rounds.ours), ...(nginx ? { theirs: middle(rounds.theirs) } : {}) });
  }
  const peaks = { ours: peakMegabytes(ours.pids), ...(nginx ? { theirs: peakMegabytes(nginx.service.pids) } : {}) };
  console.log(JSON.stringify({ benchmark: 'chunk-service', file: size, connections, results, peakMegabytes: peaks }));
} finally {
  nginx?.process.kill('SIGTERM');
  if (server) {
    await server.stop();
    removeData(server);
  }
  rmSync(folder, { recursive: true, force: true });
}
