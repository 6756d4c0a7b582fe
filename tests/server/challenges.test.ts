import { apiBase, routes } from '@micrarium/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { completeMetadata } from './complete-metadata.ts';
import { eventually, type Harness, openHarness } from './harness.ts';
import { fillDraft, furtherVersion } from './publish-study.ts';

let harness: Harness;
let host: { token: string };
let guest: { token: string };
let challenge: string;
let result: string;

/** Two particles in a row of frames; the second one is `dx` off. */
const tracks = (dx: number, frames = 5) =>
  `frame,track,x,y\n${Array.from({ length: frames }, (_, t) => `${t},1,${t},0\n${t},2,${t + dx},10`).join('\n')}\n`;

async function publish(
  token: string,
  title: string,
  body: string,
  values: (dataset: string) => Record<string, string>,
) {
  const client = harness.client(token);
  const { id, accession } = await client.call(routes.createDraft, {});
  await fillDraft(harness, token, id, { 'tracks.csv': body });
  const { revision, items } = await client.call(routes.getDraft, { params: { draft: id } });
  const metadata = completeMetadata(title);
  Object.assign(metadata.values, values(`d-${items[0]!.id}`));
  await client.call(routes.saveDraft, {
    params: { draft: id },
    body: { metadata },
    headers: { 'if-match': `"${revision}"` },
  } as never);
  await client.call(routes.publishDraft, { params: { draft: id } });
  return accession;
}

const boardOf = (token?: string) =>
  harness.client(token).call(routes.getChallenge, { params: { accession: challenge } });
const datasetOf = async (accession: string) =>
  (await harness.client().call(routes.getStudy, { params: { accession } })).datasets[0]!.id;

beforeAll(async () => {
  harness = await openHarness();
  host = await harness.member('host');
  guest = await harness.member('guest');
  challenge = await publish(host.token, 'Ground truth', tracks(0), (id) => ({
    [`challengeMetric@${id}`]: 'particle tracking',
    [`challengeGate@${id}`]: '4',
    [`split@${id}`]: 'test',
  }));
  result = await publish(guest.token, 'A method', tracks(1), () => ({ imageAnalysis: 'Spots by LoG, radius 2' }));
});
afterAll(() => harness.close());

test('a result is scored in the background and stands on the board with what it was scored by', async () => {
  const empty = await boardOf();
  expect(empty.references).toMatchObject([{ metric: 'particle tracking', main: 'alpha', gate: 4, part: 'test' }]);
  const reference = empty.references[0]!.dataset;
  const results = [{ reference, dataset: await datasetOf(result) }];
  const submit = (token: string, body: object) =>
    harness.request(`${apiBase}/studies/${challenge}/challenge/submissions`, {
      method: 'POST',
      as: token,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  expect((await submit(host.token, { label: 'not mine', study: result, results })).status).toBe(403);
  const strange = { label: 'x', study: result, results: [{ reference, dataset: 'd-elsewhere' }] };
  expect((await submit(guest.token, strange)).status).toBe(409);
  const version = Number.MAX_SAFE_INTEGER;
  expect((await submit(guest.token, { label: 'x', study: result, version, results })).status).toBe(400);
  expect((await submit(guest.token, { label: 'shifted', study: result, results })).status).toBe(202);
  const { submissions } = await eventually(async () => {
    const board = await boardOf();
    return board.submissions[0]?.state === 'scored' && board;
  });
  // The first track is exact, the second 1 off in five frames: d = 5, and nothing found at all would cost 4 × 10.
  expect(submissions).toMatchObject([
    {
      label: 'shifted',
      study: result,
      total: 1 - 5 / 40,
      referenceVersion: 1,
      parameters: [{ name: 'analysis', value: 'Spots by LoG, radius 2' }],
      canWithdraw: false,
    },
  ]);
  expect(submissions[0]!.results[0]!.score).toMatchObject({
    gate: { value: 4 },
    values: { JSC: 1, RMSE: Math.sqrt(0.5) },
    counts: { TP: 10, FN: 0, FP: 0 },
  });
  // The same method again takes the place of its result.
  expect((await submit(guest.token, { label: 'shifted', study: result, results })).status).toBe(202);
  expect((await boardOf(guest.token)).submissions).toMatchObject([{ canWithdraw: true }]);
});

test('two results on one film are compared with each other', async () => {
  const items = await Promise.all(
    [challenge, result].map(async (accession) => {
      const { items: all } = await harness.client().call(routes.getStudy, { params: { accession } });
      return `${accession}/1/${all[0]!.id}/0`;
    }),
  );
  const ask = (gate: number) => harness.client().call(routes.compareResults, { query: { set: items, gate } } as never);
  const whole = { both: 10, onlyFirst: 0, onlySecond: 0, jaccard: 1 };
  expect((await ask(2)).pairs).toMatchObject([{ objects: whole, edges: { both: 8 }, medianDistance: 0.5 }]);
  expect((await ask(0.5)).pairs).toMatchObject([{ objects: { both: 5, onlyFirst: 5 }, edges: { both: 4 } }]);
});

test('one answer for each ground truth; of results that everybody can read', async () => {
  const { references } = await boardOf();
  const one = { reference: references[0]!.dataset, dataset: await datasetOf(result) };
  const submit = (study: string, results: object[]) =>
    harness.request(`${apiBase}/studies/${challenge}/challenge/submissions`, {
      method: 'POST',
      as: guest.token,
      body: JSON.stringify({ label: 'twice', study, results }),
      headers: { 'content-type': 'application/json' },
    });
  const twice = await submit(result, [one, one]);
  expect([twice.status, (await twice.json()).detail]).toEqual([409, 'Name one data set for each ground truth.']);
  expect((await boardOf()).submissions.map(({ label }) => label)).toEqual(['shifted']);
});

test('a new version of the ground truth has what stands on the board scored anew', async () => {
  const client = harness.client(host.token);
  const { id } = await client.call(routes.newDraftVersion, { params: { accession: challenge } });
  await fillDraft(harness, host.token, id, { 'notes.csv': 'sample,value\na,1\nb,2\n' });
  const { revision } = await client.call(routes.getDraft, { params: { draft: id } });
  await client.call(routes.saveDraft, {
    params: { draft: id },
    body: furtherVersion('Notes'),
    headers: { 'if-match': `"${revision}"` },
  } as never);
  await client.call(routes.publishDraft, { params: { draft: id } });
  const { submissions } = await eventually(async () => {
    const board = await boardOf();
    return board.submissions[0]?.referenceVersion === 2 && board;
  });
  expect(submissions).toMatchObject([{ state: 'scored', total: 1 - 5 / 40 }]);
});

test('only those whose it is take a result off the board', async () => {
  const { id } = (await boardOf()).submissions[0]!;
  const stranger = await harness.member('stranger');
  const remove = (token: string) =>
    harness.request(`${apiBase}/studies/${challenge}/challenge/submissions/${id}`, { method: 'DELETE', as: token });
  expect((await remove(stranger.token)).status).toBe(404);
  expect((await remove(host.token)).status).toBe(204);
  expect((await boardOf()).submissions).toEqual([]);
  expect(harness.faults).toEqual([]);
});

test('studies of like kind are named with the reasons', async () => {
  const { studies } = await harness.client().call(routes.listSimilar, { params: { accession: challenge } });
  expect(studies).toMatchObject([{ accession: result, title: 'A method' }]);
  expect(studies[0]!.reasons).toContainEqual(expect.objectContaining({ kind: 'same', field: 'organism' }));
  expect(studies[0]!.reasons).toContainEqual(
    expect.objectContaining({ kind: 'close', measure: 'straightness', here: 1, there: 1 }),
  );
  // The same of one of its data sets: others of the same study are alike too.
  const { items } = await harness.client().call(routes.getStudy, { params: { accession: challenge } });
  const own = items.find(({ trackSets }) => trackSets.some(({ counts }) => counts.edges > 0))!.id;
  const askSets = (set: string) =>
    harness.client().call(routes.listSimilar, { params: { accession: challenge }, query: { set } });
  const { sets = [] } = await askSets(`${challenge}_${own}`);
  expect(sets.map(({ id }) => id)).not.toContain(`${challenge}_${own}`);
  const other = sets.find(({ accession }) => accession === result)!;
  expect(other.reasons).toContainEqual(expect.objectContaining({ kind: 'same', field: 'organism' }));
  expect(other.reasons).toContainEqual(expect.objectContaining({ kind: 'close', measure: 'straightness' }));
  expect((await askSets(`${challenge}_nothing`)).sets).toEqual([]);
  expect((await askSets(`${result}_${own}`)).sets).toBeUndefined();
  const page = await (await harness.request(`/studies/${challenge}`, { headers: { accept: 'text/html' } })).text();
  expect(page).toContain('moves about as straight: straightness 1 there, 1 here');
  expect(page).toContain(`/studies/${challenge}/challenge`);
});

test('where only some particles are annotated, what else was found is not held against the result', async () => {
  // The first particle, in the first three frames.
  const part = 'frame,track,x,y\n0,1,0,0\n1,1,1,0\n2,1,2,0\n';
  const declared = (coverage: string) => (id: string) => ({
    [`challengeMetric@${id}`]: 'particle tracking',
    [`challengeCoverage@${id}`]: coverage,
  });
  const accession = await publish(host.token, 'Some of the truth', part, declared('some objects'));
  const [reference] = (await harness.client().call(routes.getChallenge, { params: { accession } })).references;
  expect(reference).toMatchObject({ coverage: 'some objects', main: 'alpha' });
  await harness.client(guest.token).call(routes.submitResult, {
    params: { accession },
    body: {
      label: 'all',
      study: result,
      results: [{ reference: reference!.dataset, dataset: await datasetOf(result) }],
    },
  });
  const { submissions } = await eventually(async () => {
    const board = await harness.client().call(routes.getChallenge, { params: { accession } });
    return board.submissions[0]?.state === 'scored' && board;
  });
  // Five points against three: the two after the truth ended cost as much as they did before.
  expect(submissions[0]!.results[0]!.score).toMatchObject({
    values: { alpha: 1 - 10 / 15, beta: null, JSC: null, JSC_theta: null, RMSE: 0 },
    counts: { TP: 3, FN: 0 },
  });
  expect(submissions[0]!.results[0]!.score!.reasons.join(' ')).toContain('Only some objects are annotated');
});
