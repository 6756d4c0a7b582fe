import { describe, expect, it } from 'vitest';
import { ApiError, createClient } from './client.ts';
import { announceFiles, type DepositDraft, saveChanges, untilRead, withAllItems } from './deposit-client.ts';

interface Asked {
  method: string;
  path: string;
  body: unknown;
  ifMatch: string | null;
}

/** A client of a server that answers as told. */
function clientOf(answer: (asked: Asked) => { status?: number; body: unknown }) {
  const asked: Asked[] = [];
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const text = await request.text();
    const one = {
      method: request.method,
      path: new URL(request.url).pathname.replace('/api/v1', ''),
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
      ifMatch: request.headers.get('if-match'),
    };
    asked.push(one);
    const { status = 200, body } = answer(one);
    return new Response(JSON.stringify(body), { status });
  };
  return { asked, client: createClient({ server: 'http://example.org', fetch: send }) };
}

interface Item {
  files: string[];
  ingest: { state: string; progress: number };
}

const draft = (change: object = {}): DepositDraft => {
  const { items = [] } = change as { items?: Item[] };
  const isUnread = ({ ingest }: Item) => ingest.state === 'waiting' || ingest.state === 'running';
  const itemCounts = {
    count: items.length,
    files: items.flatMap(({ files }) => files).length,
    unread: items.filter(isUnread).length,
    read: items.reduce((sum, item) => sum + (isUnread(item) ? item.ingest.progress : 1), 0),
    failed: 0,
  };
  return {
    id: 'd1',
    revision: 1,
    state: 'editing',
    items,
    itemCounts,
    missing: [],
    files: { count: 0, bytes: 0, verified: 0, receivedBytes: 0 },
    ...change,
  } as unknown as DepositDraft;
};

describe('a deposit over the interface', () => {
  it('announces files a thousand at a time, in order', async () => {
    const { asked, client } = clientOf(({ body }) => ({ body: { files: (body as { files: unknown[] }).files } }));
    const files = Array.from({ length: 2001 }, (_, index) => ({ path: `f${index}`, size: index }));
    expect((await announceFiles(client, 'd1', files)).map(({ path }) => path)).toEqual(files.map(({ path }) => path));
    expect(asked.map(({ body }) => (body as { files: unknown[] }).files.length)).toEqual([1000, 1000, 1]);
  });

  it('works changes out again when somebody saved in between', async () => {
    const { asked, client } = clientOf(({ ifMatch }) =>
      ifMatch === '"3"'
        ? { body: draft({ revision: 4 }) }
        : { status: 412, body: draft({ revision: 3, note: 'theirs' }) },
    );
    const saved = await saveChanges(client, draft(), (now) => ({ note: `${now.note ?? 'none'} and mine` }));
    expect(saved.revision).toBe(4);
    expect(asked.map(({ ifMatch, body }) => [ifMatch, body])).toEqual([
      ['"1"', { note: 'none and mine' }],
      ['"3"', { note: 'theirs and mine' }],
    ]);
    const refused = clientOf(() => ({ status: 403, body: { code: 'not-allowed', title: 'Not allowed' } }));
    await expect(saveChanges(refused.client, draft(), () => ({ note: 'x' }))).rejects.toThrow(ApiError);
  });

  it('waits until files are verified, recognised, read and searched; an item of other files is not enough', async () => {
    const files = { count: 2, bytes: 2, verified: 2, receivedBytes: 2 };
    const item = (path: string, state: string) => ({ id: path, files: [path], ingest: { state, progress: 0.5 } });
    const looks = [
      { files: { ...files, verified: 1 }, items: [] },
      { files, items: [item('a', 'done')] },
      { files, items: [item('a', 'done'), item('b', 'running')] },
      {
        files,
        items: [item('a', 'done'), item('b', 'kept')],
        missing: [{ code: 'virus-scan-waiting', message: '1 of 2' }],
      },
      { files, items: [item('a', 'done'), item('b', 'kept')] },
    ];
    let at = 0;
    const { client } = clientOf(() => ({ body: draft(looks[Math.min(at++, looks.length - 1)]) }));
    const fractions: number[] = [];
    const read = await untilRead(client, 'd1', { interval: 1, onProgress: ({ fraction }) => fractions.push(fraction) });
    expect(at).toBe(5);
    expect(read.items).toHaveLength(2);
    expect(fractions).toEqual([0.1, 0.6, 0.8, 1, 1].map((one) => expect.closeTo(one)));
  });

  it('does not wait for files that nobody is sending', async () => {
    const files = { count: 2, bytes: 2, verified: 1, receivedBytes: 1 };
    const { client } = clientOf(({ path }) =>
      path.endsWith('/files')
        ? {
            body: {
              files: [
                { path: 'a', state: 'verified' },
                { path: 'b', state: 'expected' },
              ],
              nextCursor: null,
            },
          }
        : { body: draft({ files }) },
    );
    expect((await untilRead(client, 'd1', { interval: 1 })).files.verified).toBe(1);
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(untilRead(client, 'd1', { signal: stopped })).rejects.toThrow('stopped');
  });

  it('asks for the items that an answer does not hold, a page at a time, and not again while none has changed', async () => {
    const items = Array.from({ length: 5 }, (_, at) => ({
      id: `i${at}`,
      files: [`i${at}`],
      ingest: { state: 'done', progress: 1 },
    }));
    const counts = (tag: string) => ({ count: 5, files: 5, unread: 0, read: 5, failed: 0, tag });
    const first = (tag: string, change: object = {}) =>
      draft({ items: items.slice(0, 2) as never, itemsNext: '2', itemCounts: counts(tag), ...change });
    let page = 0;
    const { asked, client } = clientOf(() => ({
      body:
        page++ % 2 === 0 ? { items: items.slice(2, 4), nextCursor: '4' } : { items: items.slice(4), nextCursor: null },
    }));
    const whole = await withAllItems(client, first('one'));
    expect(whole.items.map(({ id }) => id)).toEqual(['i0', 'i1', 'i2', 'i3', 'i4']);
    expect([whole.itemsNext, asked.length]).toEqual([undefined, 2]);
    const again = await withAllItems(client, first('one', { note: 'new' }), whole);
    expect([again.items, again.note, asked.length]).toEqual([whole.items, 'new', 2]);
    // A save answers with the first items only: those that are known stay, with the tag they were read with.
    const saved = clientOf(() => ({ body: first('two', { revision: 2 }) }));
    const kept = await saveChanges(saved.client, whole, () => ({ note: 'x' }));
    expect([kept.items.length, kept.revision, kept.itemCounts.tag]).toEqual([5, 2, 'one']);
    await withAllItems(client, first('two'), kept);
    expect(asked).toHaveLength(4);
  });
});
