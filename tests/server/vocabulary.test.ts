import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readOntology } from '@micrarium/standards';
import type { SearchQuery } from '@micrarium/repository';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PostgresStudyStore } from '../../packages/server/src/database/postgres-study-store.ts';
import { PostgresSearchIndex } from '../../packages/server/src/search/postgres-search-index.ts';
import {
  ensureShipped,
  listVocabularies,
  putVocabulary,
  removeVocabulary,
} from '../../packages/server/src/vocabulary/term-store.ts';
import { refreshStudyTerms } from '../../packages/server/src/vocabulary/study-terms.ts';
import {
  matchTerms,
  searchVocabulary,
  termById,
  termsBelow,
  wayTo,
} from '../../packages/server/src/vocabulary/term-search.ts';
import { widerNames } from '../../packages/server/src/vocabulary/wider-terms.ts';
import { makeDatabase } from './make-database.ts';
import { documentOf, versionOf } from './study-store-suite.ts';

const files = resolve(import.meta.dirname, '../../../shared/data/ontologies');
const all: SearchQuery = { filters: {}, sort: 'relevance', limit: 20 };

describe('vocabularies in the catalogue', () => {
  let database: Awaited<ReturnType<typeof makeDatabase>>;
  let index: PostgresSearchIndex;
  const find = async (words: string, more: Partial<SearchQuery> = {}) =>
    (await index.search({ ...all, words, ...more })).studies.map((study) => study.accession).sort();
  const labels = async (text: string, prefix?: string) =>
    (await searchVocabulary(database.db, { text, limit: 5, ...(prefix === undefined ? {} : { prefix }) })).map(
      ({ label }) => label,
    );

  beforeAll(async () => {
    database = await makeDatabase();
    await ensureShipped(database.db);
    const store = new PostgresStudyStore(database.db);
    index = new PostgresSearchIndex(database.db);
    const studies = [
      {
        title: 'One',
        terms: [
          { id: 'NCBITaxon:10090', label: 'Mus musculus' },
          { id: 'CL:0000312', label: 'keratinocyte' },
        ],
        cellTypes: ['keratinocyte'],
      },
      {
        title: 'Two',
        terms: [
          { id: 'NCBITaxon:3702', label: 'Arabidopsis thaliana' },
          { id: 'FBbi:00000369', label: 'SPIM' },
        ],
        conditions: ['heat'],
      },
      { title: 'Three', terms: [{ label: 'human' }], genes: ['par-2'], tier: 'database' as const },
      { title: 'Four', terms: [{ label: 'decreased cell movement speed' }], text: 'epithelial sheet' },
    ];
    for (const [at, study] of studies.entries()) {
      const accession = `MIC-00000${at + 1}`;
      await store.recordVersion(versionOf(accession), documentOf(accession, study));
    }
  });
  afterAll(() => database.drop());

  test('what stands above terms is known by their ids, or by their names where they have none', async () => {
    const found = await widerNames(database.db, [
      { id: 'NCBITaxon:10090', label: 'the mouse' },
      { label: 'keratinocyte' },
      { label: 'no such cell' },
      { id: 'X:1', label: 'of nobody' },
    ]);
    expect(found.get('the mouse')).toEqual(expect.arrayContaining(['Mammalia', 'Metazoa']));
    expect(found.get('the mouse')).not.toContain('root');
    expect(found.get('keratinocyte')).toContain('epithelial cell');
    expect([...found.keys()].sort()).toEqual(['keratinocyte', 'the mouse']);
    expect(await widerNames(database.db, [])).toEqual(new Map());
  });

  test('a wider term finds studies of narrower ones, by label and by synonym', async () => {
    expect(await find('epithelial cell')).toEqual(['MIC-000001']);
    expect(await find('mammal')).toEqual(['MIC-000001', 'MIC-000003']);
    expect(await find('mouse')).toEqual(['MIC-000001']);
    expect(await find('fluorescence microscopy')).toEqual(['MIC-000002']);
    expect(await find('mammals One')).toEqual(['MIC-000001']);
    expect(await find('decreased cell movement phenotype')).toEqual(['MIC-000004']);
  });

  test('the name of another organism does not mislead, and a filter may be written among the words', async () => {
    const store = new PostgresStudyStore(database.db);
    const terms = [{ id: 'NCBITaxon:3702', label: 'Arabidopsis thaliana', field: 'organism' }];
    const plant = {
      title: 'Roots of mouse-ear cress',
      terms,
      organisms: ['Arabidopsis thaliana'],
      text: 'Mouse-ear cress, light',
    };
    await store.recordVersion(versionOf('MIC-000005'), documentOf('MIC-000005', plant));
    expect(await find('mouse')).toEqual(['MIC-000001']);
    expect(await find('mouse-ear cress')).toEqual(['MIC-000002', 'MIC-000005']);
    expect(await find('roots cress')).toEqual(['MIC-000005']);
    expect(await find('organism:plants')).toEqual(['MIC-000005']);
    expect(await find('organism:thaliana roots')).toEqual(['MIC-000005']);
    expect(await find('tier:database')).toEqual(['MIC-000003']);
    expect(await find('gene:par-2 human')).toEqual(['MIC-000003']);
    expect(await find('strain:plants')).toEqual([]);
    await database.db.deleteFrom('search_document').where('accession', '=', 'MIC-000005').execute();
    expect(await find('roots')).toEqual([]);
  });

  test('facets count cell types, genes, conditions and tiers', async () => {
    const { facets } = await index.search({ ...all });
    expect(facets.cellType).toEqual([{ value: 'keratinocyte', count: 1 }]);
    expect(facets.gene).toEqual([{ value: 'par-2', count: 1 }]);
    expect(facets.condition).toEqual([{ value: 'heat', count: 1 }]);
    expect(facets.tier.map(({ value, count }) => [value, count])).toEqual([
      ['archive', 3],
      ['database', 1],
    ]);
    expect(await find('', { filters: { tier: ['database'] } })).toEqual(['MIC-000003']);
    expect(await find('', { filters: { cellType: ['keratinocyte'] } })).toEqual(['MIC-000001']);
  });

  test('terms are found by beginning, by words, by synonym and by id, within a vocabulary', async () => {
    expect((await labels('epith'))[0]).toMatch(/^epith/);
    expect(await labels('epitheliocyte', 'CL')).toEqual(['epithelial cell']);
    expect(await labels('movement cell decreased', 'CMPO')).toContain('decreased cell movement speed');
    expect(await labels('NCBITaxon:9606')).toContain('Homo sapiens');
    expect(await labels('マウス', 'NCBITaxon')).toEqual(['Mus musculus']);
    expect(await labels('mouse', 'GO')).toEqual([]);
    for (const hostile of ['', "'", '%', '\\', ':*', 'a & | !', '_'.repeat(200)])
      expect(Array.isArray(await labels(hostile))).toBe(true);
  });

  test('several texts are matched at once', async () => {
    const matched = await matchTerms(
      database.db,
      ['house mouse', 'nothing', 'CL_0000066', 'Homo sapiens (NCBITaxon:9606)'],
      undefined,
    );
    expect(matched.map((one) => one?.id ?? null)).toEqual(['NCBITaxon:10090', null, 'CL:0000066', 'NCBITaxon:9606']);
  });

  test('names of the field find terms, in any spelling; an obsolete term gives way to what replaces it', async () => {
    for (const words of ['light sheet', 'Light-Sheet', 'LSFM', 'ライトシート顕微鏡'])
      expect((await matchTerms(database.db, [words], 'FBbi'))[0], words).toMatchObject({ id: 'FBbi:00000369' });
    expect(
      (await matchTerms(database.db, ['STED', 'mice', 'structured illumination microscopy'], undefined)).map(
        (one) => one?.id,
      ),
    ).toEqual(['FBbi:00000334', 'NCBITaxon:10090', 'FBbi:00000332']);
    expect(await find('light-sheet')).toEqual(['MIC-000002']);
    expect(await labels('10090', 'NCBITaxon')).toEqual(['Mus musculus']);
    await putVocabulary(database.db, { name: 'old', source: 'old.obo' }, [
      {
        id: 'OLD:1',
        label: 'wing disc',
        synonyms: ['αβ disc'],
        parents: [],
        isObsolete: true,
        replacedBy: 'CL:0000312',
      },
      { id: 'OLD:2', label: 'gone for good', synonyms: [], parents: [], isObsolete: true },
    ]);
    expect(await matchTerms(database.db, ['wing disc', 'alphabeta disc', 'gone for good', 'OLD:1'], undefined)).toEqual(
      [
        { id: 'CL:0000312', label: 'keratinocyte' },
        { id: 'CL:0000312', label: 'keratinocyte' },
        null,
        { id: 'CL:0000312', label: 'keratinocyte' },
      ],
    );
    expect((await searchVocabulary(database.db, { text: 'wing disc', limit: 1 }))[0]).toMatchObject({
      obsolete: true,
      replacedByLabel: 'keratinocyte',
    });
    expect(await removeVocabulary(database.db, 'old')).toBe(true);
  });

  test('the tree is walked from its first terms down, and a way leads to each term', async () => {
    const page = { limit: 200 };
    const first = await termsBelow(database.db, { roots: 'CL' }, page);
    expect(first.map(({ label }) => label)).toContain('cell');
    const cells = await termsBelow(database.db, { of: 'CL:0000000' }, page);
    expect(cells.length).toBeGreaterThan(3);
    const [one, two] = cells;
    expect(
      (await termsBelow(database.db, { of: 'CL:0000000' }, { limit: 1, after: [one!.label, one!.id] }))[0],
    ).toEqual(two);
    const way = await wayTo(database.db, 'NCBITaxon:10090');
    expect(way.map(({ label }) => label)).toContain('Mammalia');
    for (const [at, step] of [...way.slice(1), { id: 'NCBITaxon:10090', label: 'Mus musculus' }].entries())
      expect((await termsBelow(database.db, { of: way[at]!.id }, page)).map(({ id }) => id)).toContain(step.id);
    expect(await termById(database.db, 'cl_0000066')).toMatchObject({ id: 'CL:0000066', label: 'epithelial cell' });
    expect(await termById(database.db, 'nothing')).toBeUndefined();
  });

  test('a vocabulary comes, is replaced by its next release, and goes; studies follow', async () => {
    const term = (id: string, label: string, parents: string[]) => ({
      id,
      label,
      synonyms: [],
      parents,
      isObsolete: false,
    });
    const about = { name: 'ours', release: '1', source: 'ours.obo' };
    await putVocabulary(database.db, about, [
      term('OUR:1', 'skin cell', []),
      term('CL:0000312', 'keratinocyte', ['OUR:1']),
    ]);
    await refreshStudyTerms(database.db);
    expect(await find('skin cell')).toEqual(['MIC-000001']);
    await putVocabulary(database.db, { ...about, release: '2' }, [
      { ...term('OUR:2', 'old name', []), isObsolete: true, replacedBy: 'OUR:3' },
    ]);
    expect((await listVocabularies(database.db)).find(({ name }) => name === 'ours')).toMatchObject({
      release: '2',
      terms: 1,
    });
    expect((await searchVocabulary(database.db, { text: 'old name', limit: 1 }))[0]).toMatchObject({
      obsolete: true,
      replacedBy: 'OUR:3',
    });
    expect(await removeVocabulary(database.db, 'ours')).toBe(true);
    await refreshStudyTerms(database.db);
    expect(await find('skin cell')).toEqual([]);
  });

  test('names with signs that rows are written with come as they are; one that breaks off leaves nothing', async () => {
    const label = 'tab\tline\nback\\slash \r"quoted" {braces}, \\N \\. ü 𝛼';
    const synonyms = [
      'NULL',
      'null',
      '',
      ' ',
      'a,b',
      '{}',
      '"',
      '\\',
      'plain',
      'zero\u0000gone',
      'half \ud800',
      'tab\t',
    ];
    const about = { name: 'odd', source: 'odd.obo' };
    await putVocabulary(database.db, about, [{ id: 'ODD:1', label, synonyms, parents: [], isObsolete: false }]);
    const found = await termById(database.db, 'ODD:1');
    expect(found?.label).toBe(label);
    expect(found?.synonyms).toEqual(synonyms.map((one) => one.replaceAll('\u0000', '').toWellFormed()));
    async function* broken() {
      yield [{ id: 'ODD:2', label: 'second', synonyms: [], parents: [], isObsolete: false }];
      throw new Error('The file breaks off');
    }
    await expect(putVocabulary(database.db, about, broken())).rejects.toThrow('breaks off');
    expect((await termById(database.db, 'ODD:1'))?.label).toBe(label);
    expect(await termById(database.db, 'ODD:2')).toBeUndefined();
    const { rows } = await sql`select tablename from pg_tables where tablename like '%\\_new'`.execute(database.db);
    expect(rows).toEqual([]);
    // Two at once take turns.
    await Promise.all(['odd', 'odder', 'oddest'].map((name) => putVocabulary(database.db, { ...about, name }, [])));
    for (const name of ['odd', 'odder', 'oddest']) expect(await removeVocabulary(database.db, name)).toBe(true);
  });

  test('a large vocabulary comes in new tables with the same indexes, beside the others, and goes', async () => {
    const indexes = async () =>
      (
        await sql`select tablename, indexname, indexdef from pg_indexes
          where tablename like 'vocabulary%' order by indexname`.execute(database.db)
      ).rows;
    const before = await indexes();
    const count = 3000;
    const large = (at: number) => ({
      id: `LRG:${at}`,
      label: `large thing ${at}`,
      synonyms: [`thing-${at}`],
      // The first is below one that is not there.
      parents: at === 0 ? ['LRG:gone', 'CL:0000000'] : [`LRG:${at >> 1}`],
      isObsolete: at === 7,
    });
    async function* pieces() {
      for (let from = 0; from < count; from += 1000) yield Array.from({ length: 1000 }, (_, n) => large(from + n));
      // Told twice, the first counts.
      yield [{ ...large(1), label: 'told again' }];
    }
    const about = { name: 'large', source: 'large.obo' };
    for (const release of ['1', '2'])
      expect(await putVocabulary(database.db, { ...about, release }, pieces(), 1000)).toBe(count);
    expect(await indexes()).toEqual(before);
    expect(await labels('large thing 2999')).toEqual(['large thing 2999']);
    expect(await labels('2999 thing', 'LRG')).toEqual(['large thing 2999']);
    expect((await labels('epitheliocyte', 'CL'))[0]).toBe('epithelial cell');
    const roots = await termsBelow(database.db, { roots: 'LRG' }, { limit: 10 });
    expect(roots.map(({ id }) => id)).toEqual(['LRG:0']);
    expect((await termById(database.db, 'LRG:1'))?.label).toBe('large thing 1');
    expect((await listVocabularies(database.db)).find(({ name }) => name === 'large')).toMatchObject({
      release: '2',
      terms: count,
    });
    expect(await removeVocabulary(database.db, 'large')).toBe(true);
    expect(await labels('large thing')).toEqual([]);
  });

  test.runIf(existsSync(files))('real ontologies are taken in, cycles and all', async () => {
    const obo = readOntology(
      gunzipSync(readFileSync(join(files, 'cl-general_cell_types_upper_slim.obo.gz'))).toString('utf8'),
    );
    await putVocabulary(database.db, { name: 'cl', source: 'cl.obo' }, [
      ...obo.terms,
      { id: 'LOOP:1', label: 'loop one', synonyms: [], parents: ['LOOP:2'], isObsolete: false },
      { id: 'LOOP:2', label: 'loop two', synonyms: [], parents: ['LOOP:1'], isObsolete: false },
    ]);
    await refreshStudyTerms(database.db);
    expect(await wayTo(database.db, 'LOOP:1')).toEqual([]);
    expect(await labels('Kupffer', 'CL')).toBeDefined();
    expect(await find('epithelial cell')).toEqual(['MIC-000001']);
  });
});
