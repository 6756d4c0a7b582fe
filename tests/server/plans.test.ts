import { routes } from '@micrarium/api';
import { checkMaDmp, type Json } from '@micrarium/standards';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { remindOfPlans } from '../../packages/server/src/plans/plan-reminders.ts';
import { type Harness, openHarness } from './harness.ts';
import { publishStudy } from './publish-study.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const licence = { license_ref: 'https://creativecommons.org/licenses/by/4.0/', start_date: '2099-01-01' };
const document = {
  dmp: {
    title: 'How cells wander',
    description: 'Films of wandering cells and their tracks',
    language: 'eng',
    created: '2026-01-01T00:00:00Z',
    modified: '2026-01-01T00:00:00Z',
    dmp_id: { identifier: 'https://doi.org/10.5072/plan', type: 'doi' },
    ethical_issues_exist: 'no',
    contact: {
      name: 'Hanako Yamada',
      mbox: 'hanako@example.org',
      contact_id: { identifier: 'https://orcid.org/0000-0002-1825-0097', type: 'orcid' },
    },
    project: [
      {
        title: 'Wandering',
        funding: [
          {
            name: 'A funder',
            funder_id: { identifier: 'x', type: 'other' },
            grant_id: { identifier: 'G-1', type: 'other' },
          },
        ],
      },
    ],
    dataset: [
      {
        title: 'Films',
        dataset_id: { identifier: '1', type: 'other' },
        personal_data: 'no',
        sensitive_data: 'no',
        distribution: [{ title: 'Films', data_access: 'open', byte_size: 10, license: [licence] }],
      },
      { title: 'Tracks', dataset_id: { identifier: '2', type: 'other' }, personal_data: 'yes', sensitive_data: 'yes' },
    ],
  },
};

test('a plan becomes a draft, is compared with what is published, reserved for, and given back', async () => {
  const dora = await harness.member('dora');
  const curator = await harness.member('cara', 'curator');
  const max = await harness.member('max');
  const [hers, his] = [harness.client(dora.token), harness.client(max.token)];
  const made = await hers.call(routes.addPlan, { body: { document } });
  expect(made.fields).toEqual(expect.arrayContaining(['title', 'licence', 'fundingStatement', 'contactEmail']));
  const draft = await hers.call(routes.getDraft, { params: { draft: made.draft } });
  expect(draft.metadata.values).toMatchObject({ title: 'How cells wander', licence: 'CC-BY-4.0' });
  expect(draft.metadata.origins.title).toMatchObject({ kind: 'file', place: 'maDMP' });
  // What it answers about people is there for the declaration, with where it stands; nothing is declared by it.
  expect(made.plan.studies).toMatchObject([
    {
      draft: made.draft,
      declaration: [
        { field: 'human', value: 'yes', member: 'personal_data', dataset: 'Tracks' },
        { field: 'identifiable', value: 'yes' },
        { field: 'access', value: 'controlled', member: 'sensitive_data' },
      ],
    },
  ]);
  const declared = await hers.call(routes.getDeclaration, { params: { draft: made.draft } });
  expect(declared.declaration).toBeNull();
  const params = { plan: made.plan.id };
  await expect(his.call(routes.getPlan, { params })).rejects.toMatchObject({ status: 404 });

  // A study that is there already joins as the second data set of the plan.
  const accession = await publishStudy(harness, dora.token, 'Wandering cells');
  await expect(his.call(routes.addPlanStudy, { params, body: { accession } })).rejects.toMatchObject({ status: 404 });
  const { plan } = await hers.call(routes.addPlanStudy, { params, body: { accession, dataset: 0 } });
  expect(plan.rows[0]).toMatchObject({
    deposited: { accession, version: 1 },
    differences: expect.arrayContaining(['volume']),
  });
  expect(plan.rows[1]!.deposited).toBeUndefined();
  expect([plan.differing, made.plan.differing]).toEqual([1, 0]);

  // Only stewards reserve, signed in on the page; more than reserved, and late, is said.
  const path = `/api/v1/plans/${made.plan.id}/reservation`;
  const put = async (as: string) =>
    await harness.request(path, {
      method: 'PUT',
      as,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ bytes: 1, releaseOn: '2026-01-01', note: 'Project 7' }),
    });
  expect((await put(dora.cookie)).status).toBe(403);
  expect((await put(curator.cookie)).status).toBe(200);
  // She is told of it; of both overruns once, however often it is looked, and so is who reserved.
  const now = new Date('2026-02-01T00:00:00Z');
  for (let times = 0; times < 2; times++) await remindOfPlans(harness.services, now);
  const told = async (as: string) => {
    const { notices } = await (await harness.request('/api/v1/notices', { as })).json();
    return notices.map(({ kind }: { kind: string }) => kind).filter((kind: string) => kind.startsWith('plan-'));
  };
  expect((await told(dora.cookie)).sort()).toEqual(['plan-due', 'plan-over', 'plan-reserved']);
  expect((await told(curator.cookie)).sort()).toEqual(['plan-due', 'plan-over']);
  const { plans } = await hers.call(routes.listPlans, { query: { accession } });
  expect(plans).toMatchObject([{ overruns: ['storage', 'date'], reservation: { bytes: 1, by: 'cara' } }]);

  const updated = (await hers.call(routes.getPlanDocument, { params })) as Json;
  expect(checkMaDmp(updated)).toEqual([]);
  expect(JSON.stringify(updated)).toContain(`/studies/${accession}/v/1`);
  await hers.call(routes.removePlan, { params });
  expect((await hers.call(routes.listPlans, { query: {} })).plans).toEqual([]);
});

test('a study is sent on: package with its checks, and the accession that came back leads there', async () => {
  const dora = await harness.member('dolores');
  const max = await harness.member('maxim');
  const accession = await publishStudy(harness, dora.token, 'Cells to send on');
  const hers = harness.client(dora.token);
  const params = { accession, version: 1, archive: 'bioimage-archive' as const };
  const { files, checks } = await hers.call(routes.checkSendOn, { params });
  expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(['submission.pagetab.tsv', 'README.txt']));
  expect(checks.find(({ label }) => label === 'Licence')).toMatchObject({ isThere: true });
  // The address of the contact is for who sends the study on, and nobody else.
  const hasMail = (list: typeof checks) => list.find(({ label }) => label === 'E-mail of one author')?.isThere;
  expect(hasMail(checks)).toBe(true);
  expect(hasMail((await harness.client().call(routes.checkSendOn, { params })).checks)).toBe(false);
  const zip = await harness.request(`/api/v1/studies/${accession}/versions/1/send-on/empiar/package.zip`);
  expect(zip.headers.get('content-type')).toBe('application/zip');

  const place = { accession, archive: 'bioimage-archive' as const };
  const body = { accession: 's-biad77' };
  await expect(harness.client(max.token).call(routes.recordSentOn, { params: place, body })).rejects.toMatchObject({
    status: 403,
  });
  await expect(hers.call(routes.recordSentOn, { params: place, body: { accession: 'idr0001' } })).rejects.toMatchObject(
    {
      status: 422,
    },
  );
  await hers.call(routes.recordSentOn, { params: place, body });
  const page = await (await harness.request(`/studies/${accession}`, { headers: { accept: 'text/html' } })).text();
  expect(page).toContain('S-BIAD77');
  const dataCite = await (await harness.request(`/studies/${accession}/v/1/metadata/datacite-json`)).text();
  expect(dataCite).toContain('S-BIAD77');
  expect(harness.faults).toEqual([]);
});
