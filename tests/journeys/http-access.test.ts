import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Depositor,
  depositor,
  hasSamples,
  makeOwner,
  makeToken,
  runMicrarium,
  samples,
  type Session,
  studyValues,
  writeJson,
} from './depositor.ts';
import { removeData, type RunningServer, startServer } from './server-under-test.ts';

const tracks = join(samples, 'tracks/trackmate/faketracks-v8.0.0.xml');
const json = { 'content-type': 'application/json' };

describe.runIf(hasSamples)('who may do what, and many at once', () => {
  let server: RunningServer;
  let session: Session;
  let ada: Depositor;
  let deposit: { id: string; secret: string };
  const url = (path: string) => `${server.url}/api/v1${path}`;

  beforeAll(async () => {
    server = await startServer({ environment: { MICRARIUM_PAGES: 'off' } });
    session = await makeOwner(server);
    deposit = await makeToken(session, ['deposit']);
    ada = depositor(server.url, deposit.secret);
  });
  afterAll(async () => {
    await server?.stop();
    if (server) removeData(server);
  });

  test('a token to read cannot deposit, and no token makes tokens', async () => {
    const reader = depositor(server.url, (await makeToken(session, ['read'])).secret);
    const run = await reader.deposit([tracks]);
    expect([run.code, run.stdout], run.stderr).toEqual([1, '']);
    expect(run.stderr).toMatch(/does not allow it/);
    expect((await reader.send('/api/v1/drafts', { method: 'POST' })).status).toBe(403);
    expect((await reader.send('/api/v1/drafts')).status).toBe(200);
    const body = JSON.stringify({ name: 'more', scopes: ['deposit'], expiresInDays: 1 });
    expect((await ada.send('/api/v1/tokens', { method: 'POST', headers: json, body })).status).toBe(403);
  });

  test('tokens come from the environment or a closed file, never from anywhere else', async () => {
    const none = await runMicrarium(['deposit', tracks, '--server', server.url]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('MICRARIUM_TOKEN');
    const file = join(ada.folder, 'token');
    writeFileSync(file, `${deposit.secret}\n`);
    chmodSync(file, 0o644);
    const args = ['deposit', tracks, '--server', server.url, '--token-file', file];
    const environment = { XDG_STATE_HOME: join(ada.folder, 'other-state') };
    const open = await runMicrarium(args, environment);
    expect(open.code).toBe(2);
    expect(open.stderr).toContain('can be read by others');
    chmodSync(file, 0o600);
    const closed = await runMicrarium(args, environment);
    expect(closed.code, closed.stderr).toBe(0);
    const wrong = await depositor(server.url, 'mic_nobody').deposit([tracks]);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('does not take this token')]);
  });

  test('wrong usage and missing paths', async () => {
    const codes: [string[], number, RegExp][] = [
      [[], 2, /needs the path/],
      [[join(ada.folder, 'nowhere')], 1, /no such file or folder/],
      [[tracks, '--metadata', writeJson(ada.folder, 'odd.json', { titel: 'x' })], 2, /no field titel/],
      [[tracks, '--metadata', join(ada.folder, 'none.json')], 2, /cannot be read/],
      [[tracks, '--study', 'MIC-999999'], 2, /no study or draft MIC-999999/],
      [[tracks, tracks], 2, /two files would be/],
    ];
    await Promise.all(
      codes.map(async ([args, code, words]) => {
        const run = await ada.deposit(args);
        expect([run.code, run.stdout], args.join(' ')).toEqual([code, '']);
        expect(run.stderr).toMatch(words);
      }),
    );
    const folder = join(ada.folder, 'linked');
    writeFileSync(join(ada.folder, 'secret.txt'), 'not to be sent');
    mkdirSync(folder);
    symlinkSync(join(ada.folder, 'secret.txt'), join(folder, 'link.txt'));
    copyFileSync(tracks, join(folder, 'tracks.xml'));
    const run = await ada.deposit([folder]);
    expect(run.stderr).toContain('link.txt: left out, is a link');
    expect(run.answer!.files.map(({ path }) => path)).toEqual(['linked/tracks.xml']);
  });

  test('two saves from one revision: the later gets 412 with the draft as it is', async () => {
    const draft = (await (await ada.send('/api/v1/drafts', { method: 'POST' })).json()) as {
      id: string;
      revision: number;
    };
    const save = (title: string) =>
      ada.send(`/api/v1/drafts/${draft.id}`, {
        method: 'PATCH',
        headers: { ...json, 'if-match': `"${draft.revision}"` },
        body: JSON.stringify({ metadata: { values: { title }, origins: {} } }),
      });
    const answers = await Promise.all(['First', 'Second', 'Third'].map(save));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    type Body = { metadata: { values: { title: string } }; revision: number };
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as Body[];
    // All three are told the same state: that of the one that was saved.
    expect(new Set(bodies.map(({ metadata }) => metadata.values.title)).size).toBe(1);
    expect(new Set(bodies.map(({ revision }) => revision))).toEqual(new Set([draft.revision + 1]));
    const blind = await ada.send(`/api/v1/drafts/${draft.id}`, { method: 'PATCH', headers: json, body: '{}' });
    expect(blind.status).toBe(428);
  });

  test('two deposits of the same bytes at once, published twice at once: one version each, one blob', async () => {
    const metadata = (title: string) => writeJson(ada.folder, `${title}.json`, studyValues(title));
    const runs = await Promise.all(
      ['One', 'Two'].map((title) => ada.deposit([tracks, '--study', 'new', '--metadata', metadata(title)])),
    );
    for (const run of runs) expect(run.code, run.stderr).toBe(0);
    const drafts = runs.map((run) => run.answer!.draft);
    expect(new Set(drafts).size).toBe(2);
    const presses = [...drafts, ...drafts, ...drafts].map((draft) =>
      ada.send(`/api/v1/drafts/${draft}/publish`, { method: 'POST' }),
    );
    const answers = await Promise.all(presses);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200));
    const made = (await Promise.all(answers.map((answer) => answer.json()))) as {
      accession: string;
      version: number;
    }[];
    expect(new Set(made.map(({ accession, version }) => `${accession} ${version}`)).size).toBe(2);
    for (const { accession } of made) {
      const study = (await (await fetch(url(`/studies/${accession}`))).json()) as {
        versions: unknown[];
        items: { counts: { objects: number } }[];
      };
      expect(study.versions).toHaveLength(1);
      expect(study.items[0]!.counts.objects).toBe(107);
    }
  });

  test('one file sent twice at once is one file', async () => {
    const draft = (await (await ada.send('/api/v1/drafts', { method: 'POST' })).json()) as { id: string };
    const put = () =>
      ada.send(`/api/v1/drafts/${draft.id}/files/a/notes.txt`, {
        method: 'PUT',
        body: 'the same words\n'.repeat(5000),
      });
    const answers = await Promise.all([put(), put(), put()]);
    for (const answer of answers) expect(answer.status, await answer.clone().text()).toBe(200);
    type Draft = { files: { count: number; verified: number }; items: { ingest?: { state: string } }[] };
    const settled = async () => {
      for (const until = Date.now() + 60_000; ; ) {
        const now = (await (await ada.send(`/api/v1/drafts/${draft.id}`)).json()) as Draft;
        if (now.items[0]?.ingest?.state === 'kept' || Date.now() > until) return now;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    };
    expect(await settled()).toMatchObject({ files: { count: 1, verified: 1 }, items: [{ ingest: { state: 'kept' } }] });
  });

  test('a revoked token is nobody any more', async () => {
    const soon = await makeToken(session, ['deposit']);
    const guest = depositor(server.url, soon.secret);
    expect((await guest.send('/api/v1/drafts')).status).toBe(200);
    expect((await session.send(`/api/v1/tokens/${soon.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await guest.send('/api/v1/drafts')).status).toBe(401);
    expect((await guest.deposit([tracks])).code).toBe(1);
  });

  test('two conversions to one target: one is written, the other refuses', async () => {
    const out = join(ada.folder, 'converted');
    const runs = await Promise.all(
      [1, 2].map(() => runMicrarium(['convert', tracks, out, '--to', 'cmso', '--accept-loss'])),
    );
    expect(runs.map(({ code }) => code).sort(), runs.map(({ stderr }) => stderr).join()).toEqual([0, 2]);
    const check = await runMicrarium(['validate', out, '--json']);
    expect(check.code, check.stdout).toBe(0);
  });
});
