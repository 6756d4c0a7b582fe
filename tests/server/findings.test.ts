import { apiBase, routes } from '@micrarium/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { share } from '../../packages/server/src/auth/sharing.ts';
import { type Harness, openHarness } from './harness.ts';
import { fillDraft, trackTable } from './publish-study.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness(true);
});
afterAll(() => harness.close());

/** What files tell of persons is for who decides what becomes of it, and for who reviews it (repository-practice 5.3). */
test('what was found of persons is listed for editors and for the curator who reviews, and for nobody else', async () => {
  const { db } = harness.services;
  const people = new Map<string, Awaited<ReturnType<Harness['member']>>>();
  for (const [name, role] of [['dora'], ['reader'], ['editor'], ['cora', 'curator']] as const)
    people.set(name, await harness.member(name, role));
  const dora = people.get('dora')!;
  const { id, accession } = await harness.client(dora.token).call(routes.createDraft, {});
  await fillDraft(harness, dora.token, id, { 'tracks.csv': `${trackTable}9,1,9,9\n` });
  await share(db, accession, { userId: people.get('reader')!.user.id }, 'view');
  await share(db, accession, { userId: people.get('editor')!.user.id }, 'edit');
  const privacy = { details: [{ kind: 'patient', value: 'Doe^Jane', place: 'original' }], hasRawText: false };
  await sql`update draft_item set item = item || ${JSON.stringify({ privacy })}::jsonb where draft_id = ${id}`.execute(
    db,
  );
  const seen = async (name: string) => {
    const answers = await Promise.all(
      ['', '/items'].map((path) => harness.request(`${apiBase}/drafts/${id}${path}`, { as: people.get(name)!.cookie })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    return (await Promise.all(answers.map((answer) => answer.text()))).map((text) => text.includes('Doe^Jane'));
  };
  expect(await seen('dora')).toEqual([true, true]);
  expect(await seen('editor')).toEqual([true, true]);
  expect(await seen('reader')).toEqual([false, false]);
  await db
    .insertInto('draft_review')
    .values({ draft_id: id, state: 'in_review', assignee: people.get('cora')!.user.id })
    .execute();
  expect(await seen('cora')).toEqual([true, true]);
});
