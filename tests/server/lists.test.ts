import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, openHarness } from './harness.ts';

let harness: Harness;
let dora: Awaited<ReturnType<Harness['member']>>;
beforeAll(async () => {
  harness = await openHarness(false);
  dora = await harness.member('dora');
});
afterAll(() => harness.close());

const nextOf = (answer: Response) => /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];

test('a list is followed by its links to its end; its cursors are ours alone', async () => {
  const client = harness.client(dora.token);
  const made = new Set<string>();
  for (let count = 0; count < 3; count++) made.add((await client.call(routes.createDraft, {})).id);
  const found: string[] = [];
  const cursors: string[] = [];
  for (let address: string | undefined = `${apiBase}/drafts?limit=1`; address !== undefined; ) {
    const answer = await harness.request(address, { as: dora.token });
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as { drafts: { id: string }[]; nextCursor: string | null };
    found.push(...body.drafts.map(({ id }) => id));
    address = nextOf(answer);
    expect(address === undefined).toBe(body.nextCursor === null);
    if (body.nextCursor !== null) cursors.push(body.nextCursor);
  }
  expect(new Set(found)).toEqual(made);
  expect(found).toHaveLength(3);
  const forged = Buffer.from(found[1]!).toString('base64url');
  for (const cursor of [forged, `${cursors[0]}x`, 'x'.repeat(40)]) {
    const answer = await harness.request(`${apiBase}/drafts?cursor=${cursor}`, { as: dora.token });
    expect([answer.status, ((await answer.json()) as { code: string }).code], cursor).toEqual([400, 'cursor-invalid']);
  }
});

test('lists give as many as are asked for, up to a thousand, and refuse what is beyond', async () => {
  for (const [limit, status] of [
    [1, 200],
    [1000, 200],
    [0, 400],
    [1001, 400],
  ] as const)
    for (const path of ['/studies', '/images', '/drafts'])
      expect(
        (await harness.request(`${apiBase}${path}?limit=${limit}`, { as: dora.token })).status,
        `${path} ${limit}`,
      ).toBe(status);
});
