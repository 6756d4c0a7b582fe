/**
 * Searches for wide terms over 100,000 studies, each with all that the page of the search asks for: the first twenty, how many
 * there are, and counts of all filters that are always shown.
 *
 * node benchmarks/ancestor-search.ts [studies]
 */
import { sql } from 'kysely';
import type { SearchDocument } from '../packages/repository/src/index.ts';
import { shippedTerms } from '../packages/standards/src/index.ts';
import type { Database } from '../packages/server/src/database/connect.ts';
import { PostgresSearchIndex } from '../packages/server/src/search/postgres-search-index.ts';
import { refreshStudyTerms } from '../packages/server/src/vocabulary/study-terms.ts';
import { ensureShipped } from '../packages/server/src/vocabulary/term-store.ts';
import { seededRandom, withCatalogue, within } from './catalogue-for-benchmarks.ts';

const count = Number(process.argv[2] ?? 100_000);
const rounds = 5;
const random = seededRandom();
const pick = <One>(list: readonly One[]): One => list[Math.floor(random() * list.length)]!;
const terms = shippedTerms();
const leaves = (prefix: string) => {
  const above = new Set(terms.flatMap(({ parents }) => parents));
  return terms.filter(({ id }) => id.startsWith(`${prefix}:`) && !above.has(id));
};
const [organisms, methods, cells, processes, phenotypes] = ['NCBITaxon', 'FBbi', 'CL', 'GO', 'CMPO'].map(leaves) as [
  typeof terms,
  typeof terms,
  typeof terms,
  typeof terms,
  typeof terms,
];
const usual = organisms.filter(({ label }) =>
  /^(Mus musculus|Homo sapiens|Danio rerio|Rattus norvegicus)$/.test(label),
);
const words =
  'wound embryo tracking nucleus speed division signalling growth actin drug screen tissue light dose time'.split(' ');

function study(at: number): SearchDocument {
  const accession = `MIC-${String(at).padStart(6, '0')}`;
  const said = {
    organism: random() < 0.7 ? pick(usual) : pick(organisms),
    method: pick(methods),
    cell: pick(cells),
    process: pick(processes),
    phenotype: pick(phenotypes),
  };
  const publishedAt = new Date(Date.UTC(2015, 0, 1) + at * 3_000_000).toISOString();
  const text = Array.from({ length: 80 }, () => pick(words)).join(' ');
  const person = `Person ${Math.floor(random() * 20_000)}`;
  const term = (field: string, { id, label }: { id: string; label: string }) => ({ id, label, field });
  return {
    accession,
    version: 1,
    title: `${pick(words)} of ${said.cell.label} in ${pick(said.organism.synonyms.concat(said.organism.label))}`,
    description: text,
    authors: [person, `Person ${Math.floor(random() * 20_000)}`],
    organisms: [said.organism.label],
    imagingMethods: [said.method.label],
    kinds: ['images', 'tracks', 'objects'],
    licence: pick(['CC0-1.0', 'CC-BY-4.0']),
    year: publishedAt.slice(0, 4),
    publishedAt,
    imageCount: 10,
    objectCount: 1000,
    trackCount: 100,
    fileCount: 12,
    byteCount: 1_000_000,
    cellTypes: [said.cell.label],
    genes: [`gene-${Math.floor(random() * 5000)}`],
    conditions: [pick(words)],
    tier: random() < 0.2 ? 'database' : 'archive',
    more: { phenotype: [said.phenotype.label], goProcess: [said.process.label], person: [person] },
    terms: [
      term('organism', said.organism),
      term('imagingMethods', said.method),
      term('cellType', said.cell),
      term('biologicalProcess', said.process),
      term('phenotype', said.phenotype),
    ],
    text: `${text} film_${at}.tif`,
  };
}

/** Rows as `enterSearchDocument` writes them, many at a time. */
async function fill(db: Database): Promise<void> {
  await sql`insert into study (accession) select 'MIC-' || lpad(i::text, 6, '0') from generate_series(0, ${count - 1}) as i`.execute(
    db,
  );
  for (let at = 0; at < count; at += 2000) {
    const piece = Array.from({ length: Math.min(2000, count - at) }, (_, index) => study(at + index));
    await sql`insert into search_document (accession, version, document, title, haystack, words, grams, organisms, methods, kinds,
        cell_types, genes, conditions, tier, licence, year, published_at, changed_at, image_count, object_count, file_count, byte_count, more)
      select d ->> 'accession', 1, d, d ->> 'title', lower(t.all), setweight(to_tsvector('english', d ->> 'title'), 'A') || to_tsvector('english', lower(t.all)) || to_tsvector('simple', lower(t.all)),
        '{}', array[d -> 'organisms' ->> 0], array[d -> 'imagingMethods' ->> 0], array(select jsonb_array_elements_text(d -> 'kinds')),
        array[d -> 'cellTypes' ->> 0], array[d -> 'genes' ->> 0], array[d -> 'conditions' ->> 0], d ->> 'tier', d ->> 'licence', d ->> 'year',
        (d ->> 'publishedAt')::timestamptz, (d ->> 'publishedAt')::timestamptz, 10, 1000, 12, 1000000, d -> 'more'
      from jsonb_array_elements(${JSON.stringify(piece)}::jsonb) as d
      cross join lateral (select concat_ws(' ', d ->> 'accession', d ->> 'title', d ->> 'authors', d ->> 'organisms', d ->> 'imagingMethods', d ->> 'text') as all) as t`.execute(
      db,
    );
  }
  await sql`vacuum analyze search_document`.execute(db);
}

const asked = [
  'mammal',
  'vertebrates',
  'mouse',
  'fluorescence microscopy',
  'epithelial cell',
  'eukaryote',
  'organism:mammal',
  'animals light microscopy',
];

const answer = await withCatalogue(async (db) => {
  await ensureShipped(db);
  await fill(db);
  const began = performance.now();
  await refreshStudyTerms(db);
  const termsSeconds = (performance.now() - began) / 1000;
  await sql`vacuum analyze study_term`.execute(db);
  const index = new PostgresSearchIndex(db);
  const warmed = performance.now();
  await index.warm();
  const warmSeconds = (performance.now() - warmed) / 1000;
  const times: { words: string; total: number; ms: number }[] = [];
  for (let round = 0; round < rounds; round++)
    for (const words of asked) {
      const started = performance.now();
      const { total } = await index.search({ words, filters: {}, sort: 'relevance', limit: 20 });
      times.push({ words, total, ms: performance.now() - started });
    }
  const ms = times.map((one) => one.ms);
  if (times.some(({ total }) => total === 0)) throw new Error(`nothing was found: ${JSON.stringify(times)}`);
  if (process.env['SLOWEST']) console.error(times.slice(-asked.length));
  return {
    studies: count,
    most: Math.max(...times.map(({ total }) => total)),
    searches: times.length,
    medianMs: within(ms, 0.5),
    within95Ms: within(ms, 0.95),
    slowestMs: within(ms, 1),
    termsSeconds,
    warmSeconds,
    peakMegabytes: process.resourceUsage().maxRSS / 1000,
  };
});
process.stdout.write(`${JSON.stringify(answer)}\n`);
