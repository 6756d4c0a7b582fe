import { apiBase, routes } from '@micrarium/api';
import { corpusStudies, couplingInterval } from '@micrarium/formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exampleStatements } from '../../packages/web/src/sql/example-statements.ts';
import { depositCorpus } from '../../tools/simulated-corpus.ts';
import { eventually, type Harness, openHarness, origin } from '../server/harness.ts';
import { publishStudy } from '../server/publish-study.ts';

const count = 6;
let harness: Harness;

beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

test('speed and persistence of a deposited corpus, and their coupling, are found again by the statement of the page', async () => {
  const { token } = await harness.member('hanako');
  const request = ((url: string, init: RequestInit) => harness.app.request(url, init)) as typeof fetch;
  const accessions = await depositCorpus({ server: origin, token, studies: count, fetch: request });
  const screen = await publishStudy(harness, token, 'A screen', {
    'screen.csv': 'Gene symbol,Compound,Well,Cell count\nTP53,DMSO,A1,12\nKIF11,taxol,A2,7\nTP53,taxol,A3,9\n',
  });
  const ask = async (statement: string) => {
    const answer = await harness.request(`${apiBase}/sql?q=${encodeURIComponent(statement)}`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    const { columns, rows } = (await answer.json()) as { columns: { name: string }[]; rows: unknown[][] };
    return rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])));
  };
  const rows = await eventually(async () => {
    const found = await ask(exampleStatements['sql.examples.coupling']);
    return found.length === count && found;
  }, 60_000);
  const studies = corpusStudies(count);
  const [low, high] = couplingInterval(studies);
  for (const [at, { cellType, interval }] of studies.entries()) {
    const row = rows.find(({ cell_type: type }) => type === cellType)!;
    expect(row).toMatchObject({ accession: accessions[at], frame_interval: 300 });
    // A cell or two leave the field at once.
    expect(row['paths']).toBeGreaterThan(44);
    for (const name of ['speed', 'persistence'] as const) {
      expect(row[name]).toBeGreaterThan(interval[name][0]);
      expect(row[name]).toBeLessThan(interval[name][1]);
    }
    expect(row['slope']).toBeGreaterThan(low);
    expect(row['slope']).toBeLessThan(high);
    expect(row['correlation']).toBeGreaterThan(0.9);
  }
  const byGene =
    "select accession, gene, avg(number) as mean, count(*) as n from feature_values where feature = 'Cell count' group by all order by gene";
  expect(await ask(byGene)).toEqual([
    { accession: screen, gene: 'KIF11', mean: 7, n: 1 },
    { accession: screen, gene: 'TP53', mean: 10.5, n: 2 },
  ]);
  const manifest = await harness.client().call(routes.getLakeManifest, { query: { accession: screen } });
  expect(manifest.files.map(({ table, rows: many }) => [table, many])).toEqual([['feature_values', 3]]);
  expect(harness.faults).toEqual([]);
});
