import { apiBase } from '@micrarium/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { growCatalogue, grownAccession } from '../../benchmarks/grown-catalogue.ts';
import { openDatabase } from '../../packages/server/src/database/connect.ts';
import { type Harness, openHarness } from './harness.ts';
import { publishStudy } from './publish-study.ts';

/** The installation whose catalogue grows; what is measured asks it from a process' worth of connections of its own. */
let first: Harness;
beforeAll(async () => {
  first = await openHarness();
  const ada = await first.member('ada', 'owner');
  const study = await publishStudy(first, ada.token, 'Cells under measure', { 'film.tif': tinyTiff() });
  await growCatalogue(first.databaseUrl, study, small);
  original = study;
});
afterAll(() => first.close());
let original = '';
const [small, large] = [40, 4_000];
/** Images of each study that are described one by one. */
const described = 5;

/** A grey TIFF of 2 by 2 pixels. */
function tinyTiff(): string {
  const entries = [
    [256, 3, 1, 2],
    [257, 3, 1, 2],
    [258, 3, 1, 8],
    [259, 3, 1, 1],
    [262, 3, 1, 1],
    [273, 4, 1, 8],
    [277, 3, 1, 1],
    [278, 3, 1, 2],
    [279, 4, 1, 4],
  ];
  const bytes = Buffer.alloc(12 + 2 + entries.length * 12 + 4);
  bytes.write('II*\0', 0, 'latin1');
  bytes.writeUInt32LE(12, 4);
  // Bytes below 128, so that the text of the request holds them as they are.
  bytes.set([1, 2, 3, 4], 8);
  bytes.writeUInt16LE(entries.length, 12);
  entries.forEach(([tag, type, count, value], index) => {
    const at = 14 + index * 12;
    bytes.writeUInt16LE(tag!, at);
    bytes.writeUInt16LE(type!, at + 2);
    bytes.writeUInt32LE(count!, at + 4);
    bytes.writeUInt32LE(value!, at + 8);
  });
  return bytes.toString('latin1');
}

/** Rows of the catalogue that were read so far, by table: by sequence, and by index. */
async function rowsRead(): Promise<Map<string, { sequential: number; indexed: number }>> {
  const { rows } = await sql<{ table: string; sequential: number; indexed: number }>`
    select relname as table, seq_tup_read as sequential, coalesce(idx_tup_fetch, 0)::bigint as indexed
    from pg_stat_user_tables where schemaname = 'public'`.execute(first.services.db);
  return new Map(rows.map(({ table, ...read }) => [table, read]));
}

/** Describes images of every study, so that there is a row for each; on a connection of its own, whose reading is not counted late. */
async function describeImages(): Promise<number> {
  const db = openDatabase(first.databaseUrl, 1);
  try {
    const { numAffectedRows } =
      await sql`insert into image_document (accession, version, item, image, document, haystack, terms)
      select accession, version, 'item-1', n, '{}', 'cell ' || n, '{}' from search_document, generate_series(1, ${described}) as n
      on conflict do nothing`.execute(db);
    await sql`vacuum analyze`.execute(db);
    return Number(numAffectedRows);
  } finally {
    await db.destroy();
  }
}

const studies = Array.from({ length: 12 }, (_, at) => grownAccession(1 + at * 3));
/** What a visitor asks for who opens the page of a study and looks around in it. */
const addresses = (accession: string) => [
  `/studies/${accession}`,
  `/studies/${accession}/v/1`,
  `${apiBase}/studies/${accession}/versions/1`,
  `${apiBase}/studies/${accession}/versions/1/files`,
  `${apiBase}/studies/${accession}/versions/1/images`,
  `${apiBase}/studies/${accession}/usage`,
];

/** Asks a server that has just come up, whose connections then end: with them ends what the database counts of them. */
async function ask(paths: readonly string[]): Promise<void> {
  const server = await openHarness(false, { data: first.data, databaseUrl: first.databaseUrl });
  try {
    // What a server learns once, of all studies, belongs to its start.
    await server.services.search.warm?.();
    for (const path of paths) {
      const answer = await server.request(path);
      expect([path, answer.status]).toEqual([path, 200]);
      await answer.arrayBuffer();
    }
  } finally {
    await server.close();
  }
}

/** What pages made the database read, by table: without what the start of a server reads. */
async function costOfPages(): Promise<Record<string, { sequential: number; indexed: number }>> {
  const marks = [await rowsRead()];
  for (const paths of [[], studies.flatMap(addresses)]) {
    await ask(paths);
    // What a connection counted is told when it ends, a moment later.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    marks.push(await rowsRead());
  }
  const [before, started, asked] = marks as [(typeof marks)[0], (typeof marks)[0], (typeof marks)[0]];
  return Object.fromEntries(
    [...asked].map(([table, now]) => {
      const [none, start] = [before.get(table)!, started.get(table)!];
      return [
        table,
        {
          sequential: now.sequential - 2 * start.sequential + none.sequential,
          indexed: now.indexed - 2 * start.indexed + none.indexed,
        },
      ];
    }),
  );
}

test('pages of a study read as much of a catalogue a hundred times as large, and never all of a table', async () => {
  await describeImages();
  const little = await costOfPages();
  await growCatalogue(first.databaseUrl, original, large);
  expect(await describeImages()).toBe((large - small) * described);
  const much = await costOfPages();
  const growing = [
    'study',
    'study_version',
    'version_file',
    'search_document',
    'image_document',
    'image_document_state',
  ];
  // The two starts that are compared may differ by a row or two.
  const scanned = growing.filter((table) => much[table]!.sequential > 10);
  expect(scanned).toEqual([]);
  const all = (cost: Record<string, { sequential: number; indexed: number }>) =>
    Object.values(cost).reduce((sum, { sequential, indexed }) => sum + sequential + indexed, 0);
  expect(all(little)).toBeGreaterThan(100);
  // A few rows more or less: which of many studies that are equally alike are looked at differs.
  expect(all(much)).toBeLessThan(all(little) * 1.1 + 50);
});
