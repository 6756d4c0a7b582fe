import { sql } from 'kysely';
import { type Database, openDatabase } from '../packages/server/src/database/connect.ts';

/** Images of each study of a grown catalogue. */
export const imagesOfStudy = 100;
/** Words of their titles, two in each. */
export const grownWords: readonly string[] = [
  'wound',
  'embryo',
  'nucleus',
  'speed',
  'division',
  'growth',
  'actin',
  'drug',
  'tissue',
  'light',
];

/** Accession of one of the studies of a grown catalogue, counted from 1. */
export const grownAccession = (n: number) => `MIC-9${String(n).padStart(7, '0')}`;

/**
 * Makes the catalogue as large as asked, of copies of one published study: rows without bytes.
 * @param databaseUrl of an installation that nobody publishes in meanwhile
 * @param accession the study that is copied
 * @param studies how many there are then; those there are stay
 * @param files further files of each
 */
export async function growCatalogue(databaseUrl: string, accession: string, studies: number, files = 0): Promise<void> {
  const db = openDatabase(databaseUrl, 1);
  const name = sql`'MIC-9' || lpad(n::text, 7, '0')`;
  const title = sql`'Study ' || n || ' of ' || (${grownWords}::text[])[1 + n % 10] || ' and ' || (${grownWords}::text[])[1 + n / 10 % 10]`;
  const all = sql`generate_series(1, ${studies}) as n where not exists (select 1 from study where accession = ${name})`;
  try {
    await sql`create temporary table fresh as select n, ${name} as accession, ${title} as title from ${all}`.execute(
      db,
    );
    await sql`insert into study (accession) select accession from fresh`.execute(db);
    // Rows made by a function that stands beside their source: spelt `(function(…)).*` it would run once for each column.
    await sql`insert into study_version select made.* from study_version v
      cross join lateral (select jsonb_agg(s.image) as list from
        (select v.document -> 'items' -> 0 -> 'images' -> 0 as image from generate_series(1, ${imagesOfStudy})) as s) as images
      cross join fresh
      cross join lateral jsonb_populate_record(v, jsonb_build_object('accession', fresh.accession,
        'document', jsonb_set(jsonb_set(jsonb_set(v.document, '{accession}', to_jsonb(fresh.accession)),
          '{metadata,values,title}', to_jsonb(fresh.title)), '{items,0,images}', images.list))) as made
      where v.accession = ${accession}`.execute(db);
    await sql`insert into version_file select made.* from version_file f
      cross join fresh cross join lateral jsonb_populate_record(f, jsonb_build_object('accession', fresh.accession)) as made
      where f.accession = ${accession}`.execute(db);
    if (files > 0) await growFiles(db, files);
    await sql`insert into search_document select made.* from search_document d
      cross join fresh
      cross join lateral jsonb_populate_record(d, jsonb_build_object('accession', fresh.accession,
        'title', fresh.title, 'haystack', lower(fresh.title), 'image_count', ${imagesOfStudy}::int,
        'words', to_tsvector('english', fresh.title)::text,
        'document', d.document || jsonb_build_object('accession', fresh.accession, 'title', fresh.title, 'imageCount', ${imagesOfStudy}::int))) as made
      where d.accession = ${accession}`.execute(db);
    await sql`drop table fresh`.execute(db);
    await sql`vacuum analyze`.execute(db);
  } finally {
    await db.destroy();
  }
}

/** Rows of files of the studies that are fresh: without looking each one's study up, and with the index by digest made when all are there. */
async function growFiles(db: Database, files: number): Promise<void> {
  const { rows } = await sql<{ definition: string }>`select indexdef as definition from pg_indexes
    where tablename = 'version_file' and indexname = 'version_file_blob'`.execute(db);
  await sql`set session_replication_role = replica`.execute(db);
  await sql`drop index version_file_blob`.execute(db);
  await sql`insert into version_file (accession, version, path, size, sha256, media_type)
    select accession, 1, 'images/' || (k % 10) || '/film-' || k || '.tif', 25000000, md5(accession || k) || md5(k || accession), 'image/tiff'
    from fresh, generate_series(1, ${files}) as k`.execute(db);
  await sql`set maintenance_work_mem = '256MB'`.execute(db);
  await sql.raw(rows[0]!.definition).execute(db);
  await sql`set session_replication_role = origin`.execute(db);
}
