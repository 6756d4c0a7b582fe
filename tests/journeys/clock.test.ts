import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completeMetadata } from '../server/complete-metadata.ts';
import { makeOwner, makeToken, type Session, signInOwner } from './depositor.ts';
import { removeData, type RunningServer, startServer } from './server-under-test.ts';

/** The library of Debian's `faketime`: with it the clock of a whole server, its worker and its database are set while they run. */
const library = (() => {
  const found = spawnSync('faketime', ['-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim() : undefined;
})();
if (library === undefined)
  console.warn('faketime is not installed: a clock that jumps under a running server is not tried.');

const day = 86_400_000;
const json = { 'content-type': 'application/json' };
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe.skipIf(library === undefined)('the clock of the machine jumps', () => {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-clock-'));
  const clockFile = join(folder, 'clock');
  const environment = {
    MICRARIUM_PAGES: 'off',
    LD_PRELOAD: library!,
    FAKETIME_TIMESTAMP_FILE: clockFile,
    FAKETIME_NO_CACHE: '1',
    // What counts from the start of the machine does not jump with the clock.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  const setClock = (offset: string) => writeFileSync(clockFile, offset, { mode: 0o644 });
  let server: RunningServer;
  let session: Session;
  let token: string;
  let study: string;
  let upload: string;
  const ask = (path: string, init: RequestInit = {}, as = token) =>
    fetch(`${server.url}${path}`, { ...init, headers: { authorization: `Bearer ${as}`, ...(init.headers as object) } });
  const told = async <Answer>(answer: Response): Promise<Answer> => {
    expect(answer.ok, `${answer.url} ${answer.status}`).toBe(true);
    return (await answer.json()) as Answer;
  };
  const startAgain = async () => {
    await server.stop();
    const { dataFolder, url } = server;
    server = await startServer({ dataFolder, environment, port: Number(new URL(url).port) });
  };
  /** Does the server know whose request it is: of a session, or of a token? */
  const known = async (as: Session | string) => {
    const answer = await (typeof as === 'string' ? ask('/api/v1/me', {}, as) : as.send('/api/v1/me'));
    return answer.ok && (await told<{ user: object | null }>(answer)).user !== null;
  };
  /** Do strangers get the file of the study under embargo? */
  const openToStrangers = async () =>
    (await fetch(`${server.url}/api/v1/studies/${study}/versions/1/files/tracks.csv`)).status;
  const received = async () => {
    const answer = await ask(upload, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } });
    return [answer.status, answer.headers.get('upload-offset')];
  };
  const held = async (as: Session) =>
    (await told<{ clock: { since: string; clock: string } | null }>(await as.send('/api/v1/admin/overview'))).clock;
  /** The log is whole, and in the order of its numbers. */
  const wholeLog = async (as: Session) => {
    expect(await told(await as.send('/api/v1/admin/audit/verify'))).not.toHaveProperty('broken');
    const { events } = await told<{ events: { seq: number }[] }>(await as.send('/api/v1/admin/audit?limit=1000'));
    const numbers = events.map(({ seq }) => seq);
    expect(numbers).toEqual(Array.from(numbers, (_, at) => numbers.length - at));
  };

  beforeAll(async () => {
    setClock('+0');
    server = await startServer({ environment });
    session = await makeOwner(server);
    token = (await makeToken(session, ['read', 'deposit'])).secret;
    const draftOf = async () =>
      await told<{ id: string; accession: string }>(
        await ask('/api/v1/drafts', { method: 'POST', headers: json, body: '{}' }),
      );
    const made = await draftOf();
    study = made.accession;
    const rows = Array.from({ length: 20 }, (_, at) => `${at % 10},${Math.floor(at / 10)},${at},1`);
    const sent = await ask(`/api/v1/drafts/${made.id}/files/tracks.csv`, {
      method: 'PUT',
      body: `frame,track,x,y\n${rows.join('\n')}\n`,
    });
    expect(sent.ok).toBe(true);
    for (let isRead = false; !isRead; ) {
      const draft = await told<{ revision: number; items: { ingest?: { state: string } }[] }>(
        await ask(`/api/v1/drafts/${made.id}`),
      );
      isRead = draft.items.length > 0 && draft.items.every(({ ingest }) => ingest?.state === 'done');
      if (!isRead) await new Promise((resolve) => setTimeout(resolve, 200));
      else {
        const body = JSON.stringify({ metadata: completeMetadata('Closed for a while'), note: 'Described' });
        const saved = await ask(`/api/v1/drafts/${made.id}`, {
          method: 'PATCH',
          headers: { ...json, 'if-match': `"${draft.revision}"` },
          body,
        });
        expect(saved.ok, await saved.text()).toBe(true);
      }
    }
    const embargoUntil = new Date(Date.now() + 30 * day).toISOString().slice(0, 10);
    const release = await session.send(`/api/v1/drafts/${made.id}/release`, {
      method: 'PUT',
      headers: json,
      body: JSON.stringify({ embargoUntil }),
    });
    expect(release.ok, await release.text()).toBe(true);
    const published = await ask(`/api/v1/drafts/${made.id}/publish`, { method: 'POST', headers: json, body: '{}' });
    expect(published.ok, await published.text()).toBe(true);
    const other = await draftOf();
    const half = await ask('/api/v1/uploads', {
      method: 'POST',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': '20',
        'upload-metadata': `draft ${base64(other.id)},path ${base64('half.csv')}`,
      },
    });
    upload = half.headers.get('location')!;
    const piece = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' };
    expect((await ask(upload, { method: 'PATCH', headers: piece, body: 'frame,trac' })).status).toBe(204);
  });
  afterAll(async () => {
    await server?.stop();
    if (server) removeData(server);
    rmSync(folder, { recursive: true, force: true });
  });

  test('an hour back: everybody goes on, and the log keeps its order', async () => {
    expect(await openToStrangers()).toBe(403);
    setClock('-1h');
    expect([await known(token), await known(session)]).toEqual([true, true]);
    const another = (await makeToken(session, ['read'])).secret;
    expect([await known(another), await known(await signInOwner(server.url))]).toEqual([true, true]);
    await startAgain();
    expect([await known(token), await known(session)]).toEqual([true, true]);
    expect([await openToStrangers(), await received(), await held(session)]).toEqual([403, [200, '10'], null]);
    await wholeLog(session);
  });

  test('ten years ahead, running and at a start: no embargo ends, no upload goes, until somebody confirms', async () => {
    setClock('+0');
    // The clock of the server alone, as that of a machine whose database is elsewhere.
    setClock('+3650d');
    expect(await openToStrangers()).toBe(403);
    const ahead = await signInOwner(server.url);
    expect(await held(ahead)).not.toBeNull();
    const tokenAhead = (await makeToken(ahead, ['read'])).secret;
    // Of the database too: its user may read what the clock says now.
    chmodSync(folder, 0o711);
    await startAgain();
    expect(await openToStrangers()).toBe(403);
    expect(await held(ahead)).not.toBeNull();
    await wholeLog(ahead);
    // The right time again: what was made while it was wrong does not count for ten years.
    setClock('+0');
    await startAgain();
    expect([await openToStrangers(), await received()]).toEqual([403, [200, '10']]);
    expect([await known(tokenAhead), await known(ahead)]).toEqual([false, false]);
    const now = await signInOwner(server.url);
    expect([await held(now), await known(token)]).toEqual([null, true]);
    await wholeLog(now);
    // And a jump that somebody confirms ends it.
    setClock('+31d');
    expect(await openToStrangers()).toBe(403);
    const owner = await signInOwner(server.url);
    expect(await held(owner)).not.toBeNull();
    expect((await owner.send('/api/v1/admin/clock', { method: 'POST' })).status).toBe(204);
    expect(await openToStrangers()).toBe(200);
    await wholeLog(owner);
  });
});
