import type { SearchQuery } from '@micrarium/repository';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PostgresStudyStore } from '../../packages/server/src/database/postgres-study-store.ts';
import { CursorInvalid, PostgresSearchIndex } from '../../packages/server/src/search/postgres-search-index.ts';
import { makeDatabase } from './make-database.ts';
import { documentOf, versionOf } from './study-store-suite.ts';

const all: SearchQuery = { filters: {}, sort: 'relevance', limit: 20 };

describe('PostgresSearchIndex', () => {
  let database: Awaited<ReturnType<typeof makeDatabase>>;
  let index: PostgresSearchIndex;
  const find = async (words: string, more: Partial<SearchQuery> = {}) =>
    (await index.search({ ...all, words, ...more })).studies.map((study) => study.accession);

  beforeAll(async () => {
    database = await makeDatabase();
    const store = new PostgresStudyStore(database.db);
    index = new PostgresSearchIndex(database.db);
    const studies = [
      {
        title: 'Migrating cells in zebrafish',
        organisms: ['Danio rerio'],
        kinds: ['images' as const],
        year: '2025',
        text: 'GFP lifeact_v2 wound 50%',
      },
      {
        title: 'ゼブラフィッシュの細胞移動',
        organisms: ['Danio rerio'],
        description: '原腸形成における細胞の追跡',
        year: '2026',
      },
      {
        title: 'Nuclei of an embryo',
        organisms: ['Caenorhabditis elegans'],
        imagingMethods: ['confocal'],
        authors: ['María Núñez'],
        text: 'migration is mentioned here',
      },
    ];
    for (const [at, study] of studies.entries()) {
      const accession = `MIC-00000${at + 1}`;
      const publishedAt = `202${at}-01-01T00:00:00.000Z`;
      await store.recordVersion(versionOf(accession), documentOf(accession, { ...study, publishedAt }));
    }
  });
  afterAll(() => database.drop());

  test('finds words, their English forms, beginnings and pieces', async () => {
    expect(await find('zebrafish')).toEqual(['MIC-000001']);
    expect(await find('cell migration')).toEqual(['MIC-000001']);
    expect((await find('migration')).sort()).toEqual(['MIC-000001', 'MIC-000003']);
    expect(await find('embr')).toEqual(['MIC-000003']);
    expect(await find('rafis')).toEqual(['MIC-000001']);
    expect(await find('feact_v2')).toEqual(['MIC-000001']);
    expect(await find('gf')).toEqual(['MIC-000001']);
    expect(await find('MIC-000003')).toEqual(['MIC-000003']);
    expect(await find('NÚÑEZ')).toEqual(['MIC-000003']);
    expect(await find('zebrafish confocal')).toEqual([]);
  });

  test('finds Japanese by any run of characters, also half-width', async () => {
    for (const words of ['細胞', '細', '細胞移動', 'ブラフィッ', '原腸形成 追跡', 'ｾﾞﾌﾞﾗﾌｨｯｼｭ']) {
      expect(await find(words), words).toEqual(['MIC-000002']);
    }
    expect(await find('細移')).toEqual([]);
  });

  test('wildcards and query syntax in the words mean themselves', async () => {
    expect(await find('50%')).toEqual(['MIC-000001']);
    for (const words of ['ze%ish', "a' & !b | (", '\\', '100%_', ':*', '<->', 'a\0b'])
      expect(Array.isArray(await find(words))).toBe(true);
    expect(await find('ze%ish')).toEqual([]);
  });

  test('the title weighs more; sorting and filters', async () => {
    expect(await find('migrating')).toEqual(['MIC-000001', 'MIC-000003']);
    expect(await find('', { sort: 'newest' })).toEqual(['MIC-000003', 'MIC-000002', 'MIC-000001']);
    expect(await find('', { filters: { organism: ['Danio rerio'], year: ['2025', '2024'] } })).toEqual(['MIC-000001']);
    expect(await find('', { filters: { organism: ['Danio rerio', 'Caenorhabditis elegans'] } })).toHaveLength(3);
  });

  test('facets count what choosing one more value would give', async () => {
    const { facets, total } = await index.search({ ...all, filters: { organism: ['Danio rerio'], year: ['2025'] } });
    expect(total).toBe(1);
    expect(facets.year).toEqual([
      { value: '2025', count: 1 },
      { value: '2026', count: 1 },
    ]);
    expect(facets.organism).toEqual([{ value: 'Danio rerio', count: 1 }]);
    expect(facets.licence).toEqual([{ value: 'CC0-1.0', count: 1 }]);
  });

  test('pages meet every study once, in every order', async () => {
    for (const sort of ['relevance', 'newest', 'title'] as const) {
      for (const words of ['', 'migration', '細胞']) {
        const whole = await find(words, { sort });
        const paged: string[] = [];
        for (let cursor: string | null | undefined; cursor !== null; ) {
          const page = await index.search({ ...all, words, sort, limit: 1, ...(cursor ? { cursor } : {}) });
          paged.push(...page.studies.map((study) => study.accession));
          cursor = page.nextCursor;
        }
        expect(paged).toEqual(whole);
      }
    }
    await expect(index.search({ ...all, cursor: 'rubbish' })).rejects.toBeInstanceOf(CursorInvalid);
    const forged = Buffer.from('["newest","x\'; drop","a"]').toString('base64url');
    await expect(index.search({ ...all, sort: 'newest', cursor: forged })).rejects.toBeInstanceOf(CursorInvalid);
  });

  test('a newer version replaces the entry, an older one does not', async () => {
    const store = new PostgresStudyStore(database.db);
    await store.recordVersion(
      versionOf('MIC-000009', 2),
      documentOf('MIC-000009', { version: 2, title: 'Second wording' }),
    );
    await store.recordVersion(
      versionOf('MIC-000009', 1),
      documentOf('MIC-000009', { version: 1, title: 'First wording' }),
    );
    expect(await find('wording')).toEqual(['MIC-000009']);
    expect((await index.search({ ...all, words: 'wording' })).studies[0]!.title).toBe('Second wording');
    expect(await find('first')).toEqual([]);
    await database.db.deleteFrom('search_document').where('accession', '=', 'MIC-000009').execute();
    const left = await sql`select from study_words where accession = 'MIC-000009'`.execute(database.db);
    expect(left.rows).toEqual([]);
  });

  test('every way of finding has an index', async () => {
    await database.db.transaction().execute(async (tx) => {
      // With three rows a planner would always read the table: forbid it and see whether there is another way.
      await sql`set local enable_seqscan = off`.execute(tx);
      const ways = [
        sql`study_words where words @@ plainto_tsquery('english', 'cell')`,
        sql`search_document where haystack like '%rafis%'`,
        sql`search_document where grams @> array['細胞']`,
        sql`search_document where organisms && array['Danio rerio']`,
        sql`search_document where year = any(array['2025'])`,
      ];
      for (const way of ways) {
        const plan = await sql<{
          'QUERY PLAN': string;
        }>`explain select accession from ${way}`.execute(tx);
        expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index/);
      }
    });
  });
});
