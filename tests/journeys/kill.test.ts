import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { World } from '../../durability/deeds.ts';
import { type Death, environment, portOf, someRounds, worldOf } from '../../durability/kill-rounds.ts';
import { checkAll, checkArchive } from '../../durability/oracle.ts';
import {
  type Depositor,
  depositor,
  hasSamples,
  makeOwner,
  makeToken,
  runMicrarium,
  samples,
  studyValues,
  writeJson,
} from './depositor.ts';
import { removeData, type RunningServer, startServer } from './server-under-test.ts';

const bigBytes = 160 * 2 ** 20;
const pieceBytes = 16 * 2 ** 20;

interface Draft {
  id: string;
  files: { count: number; verified: number; bytes: number; receivedBytes: number };
  items: { path: string; ingest?: { state: string; progress: number } }[];
}

/** Database servers on this machine that serve a data folder. */
function databasesOf(folder: string): number {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      } catch {
        return [];
      }
    });
  return lines.filter((words) => /postgres/.test(words[0] ?? '') && words.some((word) => word.startsWith(folder)))
    .length;
}

const askedSeed = process.env.MICRARIUM_SEED ?? '20261121';
const seed = askedSeed === 'random' ? Date.now() % 2 ** 31 : Number(askedSeed);
/** What dies in the rounds of the short form: the worker most often, for a start of the server costs two seconds of a core. */
const dying: readonly Death[] = [
  ...Array.from({ length: 16 }, () => 'the worker' as const),
  ...(['the server alone', 'the server alone', 'all but the database', 'the database', 'all'] as const),
];
const parts = 4;
const roundsOfPart = 5;

describe.runIf(process.platform === 'linux')('killed at any point, nothing is lost and nothing is there twice', () => {
  let server: RunningServer;
  let world: World;
  let ada: Depositor;

  beforeAll(async () => {
    server = await startServer({ environment, port: portOf(0) });
    const session = await makeOwner(server);
    world = await worldOf({ server, session }, { seed, say: (line) => console.warn(line) });
    ada = depositor(server.url, (await makeToken(session, ['deposit'])).secret);
  });
  afterAll(async () => {
    await server?.stop();
    if (server) removeData(server);
  });

  // The short form of `npm run durability -- --rounds 1000`; in parts, because a part has the time of a test.
  test.each(Array.from({ length: parts }, (_, part) => part + 1))(
    `${parts * roundsOfPart} rounds of SIGKILL amid upload, ingest, publish, new version and withdrawal, seed ${seed}: part %i of ${parts}`,
    async (part) => {
      await someRounds(world, roundsOfPart, dying).finally(() => {
        server = world.server;
      });
      if (part === parts) {
        await checkAll(world, true);
        await checkArchive(world);
        const { byDeed, byDeath, interrupted, versions } = world.report;
        console.warn(
          `Rounds of kills, seed ${seed}: ${JSON.stringify({ byDeed, byDeath, interrupted, versions, starts: world.report.starts.length })}`,
        );
        expect(interrupted).toBeGreaterThan(0);
      }
      expect(world.report.findings).toEqual([]);
    },
  );

  describe.runIf(hasSamples)('with files of real size', () => {
    let port: number;
    let folder: string;
    let big: Buffer;
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    const startAgain = async () => {
      server = await startServer({ dataFolder: server.dataFolder, port, environment });
      expect(new URL(server.url).port).toBe(String(port));
    };
    const drafts = async () => {
      const list = (await (await ada.send('/api/v1/drafts')).json()) as { drafts: { id: string; title: string }[] };
      const read = list.drafts.map(async ({ id }) => (await (await ada.send(`/api/v1/drafts/${id}`)).json()) as Draft);
      return await Promise.all(read);
    };
    /** The first draft for which something holds. */
    const draftWith = async (holds: (draft: Draft) => boolean, limit = 60_000) => {
      for (const until = Date.now() + limit; Date.now() < until; ) {
        const found = (await drafts()).find(holds);
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`No such draft: ${JSON.stringify(await drafts())}`);
    };

    beforeAll(async () => {
      port = Number(new URL(server.url).port);
      folder = join(ada.folder, 'large');
      mkdirSync(folder);
      big = randomBytes(bigBytes);
      writeFileSync(join(folder, 'raw.bin'), big);
      copyFileSync(join(samples, 'tracks/trackmate/faketracks-v8.0.0.xml'), join(folder, 'tracks.xml'));
    });

    test('the server dies while a file is on its way: the command that sends it goes on when it is back', async () => {
      const running = ada.start([folder]);
      const isUnderWay = ({ files }: Draft) => files.receivedBytes > pieceBytes && files.receivedBytes < bigBytes;
      const draft = await draftWith(isUnderWay);
      await server.kill();
      await startAgain();
      const back = (await (await ada.send(`/api/v1/drafts/${draft.id}`)).json()) as Draft;
      expect(back.files.receivedBytes).toBeGreaterThan(0);
      const run = await running.ended;
      expect(run.code, run.stderr).toBe(0);
      const answer = JSON.parse(run.stdout) as {
        draft: string;
        files: { path: string; sha256: string; state: string }[];
      };
      expect(answer.draft).toBe(draft.id);
      expect(answer.files).toMatchObject([
        { path: 'large/raw.bin', sha256: sha256(big), state: 'verified' },
        { path: 'large/tracks.xml', state: 'verified' },
      ]);
      const stored = await ada.send(`/api/v1/drafts/${draft.id}/files/large/raw.bin`);
      expect(sha256(new Uint8Array(await stored.arrayBuffer()))).toBe(sha256(big));
      const all = await drafts();
      expect(all).toHaveLength(1);
      expect(all[0]!.items.map(({ path }) => path)).toEqual(['large/raw.bin', 'large/tracks.xml']);
    });

    test('Ctrl-C while sending: the same command sends only the rest', async () => {
      let passed = 0;
      const proxy: Server = createServer((client) => {
        const upstream = connect(port, '127.0.0.1');
        client.on('data', (part) => (passed += part.length));
        client.pipe(upstream).pipe(client);
        for (const side of [client, upstream]) side.on('error', () => (client.destroy(), upstream.destroy()));
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      try {
        const other = join(ada.folder, 'other.bin');
        const bytes = randomBytes(bigBytes);
        writeFileSync(other, bytes);
        const near = depositor(`http://127.0.0.1:${(proxy.address() as { port: number }).port}`, ada.token);
        const running = near.start([other]);
        const draft = await draftWith(({ files }) => files.count === 1 && files.receivedBytes > 2 * pieceBytes);
        running.signal('SIGINT');
        const stopped = await running.ended;
        expect([stopped.code, stopped.stdout]).toEqual([130, '']);
        expect(stopped.stderr).toContain('Nothing is lost');
        const { files } = (await (await ada.send(`/api/v1/drafts/${draft.id}`)).json()) as Draft;
        expect(files.receivedBytes).toBeLessThan(bigBytes);
        passed = 0;
        const again = await near.deposit([other]);
        expect(again.code, again.stderr).toBe(0);
        expect(again.answer).toMatchObject({ draft: draft.id, files: [{ sha256: sha256(bytes), state: 'verified' }] });
        expect(passed).toBeLessThan(bigBytes - files.receivedBytes + 2 ** 20);
      } finally {
        proxy.close();
      }
    });

    test('the server dies during ingest: it is finished after the next start, once', async () => {
      const metadata = writeJson(ada.folder, 'embryo.json', studyValues('An embryo'));
      const running = ada.start([join(samples, 'bd5/081505_L1_bd5.h5'), '--metadata', metadata, '--publish']);
      const draft = await draftWith(({ items }) => items.length === 1 && items[0]!.ingest?.state === 'running');
      // The database is left an orphan: the next start takes it over, or ends it; there are never two.
      await server.kill({ spareDatabase: true });
      expect(databasesOf(server.dataFolder)).toBe(1);
      await startAgain();
      expect(databasesOf(server.dataFolder)).toBe(1);
      const run = await running.ended;
      expect(run.code, run.stderr).toBe(0);
      const answer = JSON.parse(run.stdout) as { study: string; draft: string; state: string };
      expect(answer).toMatchObject({ draft: draft.id, state: 'published' });
      const version = (await (await fetch(`${server.url}/api/v1/studies/${answer.study}`)).json()) as object;
      expect(version).toMatchObject({ versions: [{ version: 1 }], items: [{ counts: { objects: 23_980 } }] });
      expect((version as { items: unknown[] }).items).toHaveLength(1);
    });

    test('a second server on the same data folder refuses, and the first does not notice', async () => {
      const second = await runMicrarium(['serve', '--data', server.dataFolder, '--port', '0'], environment);
      expect(second.code).toBe(1);
      expect(second.stderr).toContain('Another Micrarium server');
      expect(databasesOf(server.dataFolder)).toBe(1);
      expect((await fetch(`${server.url}/api/v1/totals`)).status).toBe(200);
    });
  });
});
