import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Depositor,
  depositor,
  hasSamples,
  makeOwner,
  makeToken,
  samples,
  studyValues,
  writeJson,
} from './depositor.ts';
import { removeData, type RunningServer, startServer } from './server-under-test.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.runIf(hasSamples)('versions of a study', () => {
  let server: RunningServer;
  let ada: Depositor;
  const api = (path: string) => fetch(`${server.url}/api/v1${path}`);
  const json = async <Answer>(path: string): Promise<Answer> => {
    const answer = await api(path);
    expect(answer.status, path).toBe(200);
    return (await answer.json()) as Answer;
  };

  beforeAll(async () => {
    server = await startServer({ environment: { MICRARIUM_PAGES: 'off' } });
    ada = depositor(server.url, (await makeToken(await makeOwner(server), ['deposit'])).secret);
  });
  afterAll(async () => {
    await server?.stop();
    if (server) removeData(server);
  });

  test('an embryo in BD5: 23,980 nuclei, found by Japanese words', async () => {
    const metadata = writeJson(
      ada.folder,
      'embryo.json',
      studyValues('線虫の初期胚', { description: '核の位置の追跡。' }),
    );
    const run = await ada.deposit([join(samples, 'bd5/081505_L1_bd5.h5'), '--metadata', metadata, '--publish']);
    expect(run.code, run.stderr).toBe(0);
    const study = await json<{ items: object[] }>(`/studies/${run.answer!.study}`);
    expect(study.items).toMatchObject([{ format: 'bd5', counts: { objects: 23_980 } }]);
    expect((await json<{ total: number }>(`/studies?q=${encodeURIComponent('初期胚')}`)).total).toBe(1);
    expect((await json<{ total: number }>(`/studies?q=${encodeURIComponent('大腸菌')}`)).total).toBe(0);
  });

  test('a new version after an edit leaves the first as it was, byte for byte', async () => {
    const folder = join(ada.folder, 'experiment');
    mkdirSync(folder);
    copyFileSync(join(samples, 'images/tiff/FakeTracks.tif'), join(folder, 'FakeTracks.tif'));
    copyFileSync(join(samples, 'tracks/trackmate/faketracks-v3.4.2.xml'), join(folder, 'tracks.xml'));
    const metadata = writeJson(ada.folder, 'first.json', studyValues('Spots that move'));
    const first = await ada.deposit([folder, '--metadata', metadata, '--accept-pairs', '--publish']);
    expect(first.code, first.stderr).toBe(0);
    const { study } = first.answer!;
    const base = `/studies/${study}/versions/1`;
    const stateOf = async () => {
      const paths = [`${base}/export.zip`, `${base}/files/experiment/FakeTracks.tif`];
      const digests = paths.map(async (path) => sha256(new Uint8Array(await (await api(path)).arrayBuffer())));
      const { versions: _grows, ...document } = await json<{ versions: unknown }>(base);
      return [JSON.stringify(document), ...(await Promise.all(digests))];
    };
    const before = await stateOf();

    const changed = writeJson(ada.folder, 'changed.json', { title: 'Spots that move, corrected' });
    writeFileSync(join(folder, 'README.txt'), 'What is what.\n');
    const unclear = await ada.deposit([folder, '--metadata', changed, '--publish']);
    expect(unclear.code, unclear.stderr).toBe(2);
    expect(unclear.stderr).toContain(`--study ${study}`);
    const args = [folder, '--study', study, '--metadata', changed, '--publish'];
    const unexplained = await ada.deposit(args);
    expect(unexplained.code, unexplained.stderr).toBe(1);
    expect(unexplained.stderr).toContain('needs a note');
    expect(unexplained.stderr).toContain('does not say which kind of change it is');
    const unknown = await ada.deposit([...args, '--note', 'Title corrected', '--change', 'better']);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('--change takes correction, addition')]);
    const said = ['--note', 'Title corrected', '--change', 'addition,correction', '--earlier-results', 'hold'];
    const second = await ada.deposit([...args, ...said]);
    expect(second.code, second.stderr).toBe(0);
    expect(second.answer).toMatchObject({ study, version: 2, state: 'published' });

    expect(await stateOf()).toEqual(before);
    const newest = await json<{ versions: { version: number; note?: string }[] }>(`/studies/${study}`);
    expect(newest).toMatchObject({
      version: 2,
      metadata: { values: { title: 'Spots that move, corrected' } },
      pairs: [{ confirmed: true }],
      versions: [
        {
          version: 2,
          note: 'Title corrected',
          changeKinds: ['correction', 'addition'],
          earlierResults: 'hold',
        },
        { version: 1 },
      ],
    });
    expect((newest as unknown as { items: unknown[] }).items).toHaveLength(3);
    expect((await json<{ studies: object[] }>('/studies?q=spots')).studies).toMatchObject([
      { title: 'Spots that move, corrected', version: 2 },
    ]);
    const page = await (await fetch(`${server.url}/studies/${study}/v/1`)).text();
    expect(page).toContain('Spots that move</h1>');
    expect(page).toContain(`/studies/${study}/v/2`);
  });
});
