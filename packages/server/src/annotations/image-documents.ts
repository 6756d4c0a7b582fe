import { open, readFile } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';
import { Bzip2Error, bunzip2 } from '@micrarium/formats';
import type { StudyFile } from '@micrarium/model';
import { everyRow, imageIndex, type SearchDocument, searchDocument } from '@micrarium/repository';
import { readAnnotationTable, readOmeAnnotations, readOmeRegions, shownTitle } from '@micrarium/standards';
import { sql } from 'kysely';
import { enterMemberships } from '../collections/memberships.ts';
import type { Database } from '../database/connect.ts';
import type { Services } from '../http/kernel.ts';
import { enterSearchDocument } from '../search/postgres-search-index.ts';
import { foldText, likePattern, searchTerms } from '../search/words.ts';
import { foldName } from '../vocabulary/name-folding.ts';
import { misleadingNames, termsOfWords } from '../vocabulary/study-terms.ts';
import {
  annotationsOfImages,
  type ImageAnnotation,
  type ImageRegion,
  keyOf,
  type ReadAnnotations,
  regionsOfImages,
} from './image-annotations.ts';

/** Largest table, and largest OME-XML document, that is looked at for annotations. */
const mostBytes = 50_000_000;
/** Files of one study that are looked at. */
const mostFiles = 500;
/** OME-XML within a TIFF lies near its beginning or its end. */
const tiffPiece = 4_000_000;
/** Rows sent to the database at once. */
const rowsAtOnce = 500;

/** What is kept of an image, for lists. */
export interface ImageDocument {
  accession: string;
  version: number;
  title: string;
  item: string;
  image: number;
  name: string;
  path: string;
  well?: string;
  isViewable: boolean;
  hasThumbnail: boolean;
  annotations: ImageAnnotation[];
  /** Left out of lists. */
  regions?: ImageRegion[];
}

type Read = Pick<Services, 'db' | 'studies' | 'blobs'>;

/**
 * Reads the annotations of published studies that were not read yet, and enters their images. Files under embargo are not
 * looked at before they are open. Called after a publication and before a search, so that nothing has to be started for it.
 */
export async function readPendingAnnotations(services: Read, limit = 20): Promise<number> {
  const { rows } = await sql<{ accession: string; version: number }>`
    select d.accession, d.version from search_document d
    left join image_document_state s on s.accession = d.accession
    where (s.version is null or s.version < d.version) and not exists (
      select 1 from study_state e where e.accession = d.accession and e.state <> 'published'
        and (e.until is null or e.until > least(current_date, (select seen::date from clock_mark))))
    order by d.published_at desc limit ${limit}`.execute(services.db);
  for (const { accession, version } of rows) await readAnnotationsOf(services, accession, version);
  return rows.length;
}

async function readAnnotationsOf(services: Read, accession: string, version: number): Promise<void> {
  const found = await services.studies.getVersion(accession, version);
  const files: StudyFile[] = [];
  if (found)
    for await (const file of everyRow((page) => services.studies.listVersionFiles(accession, version, page)))
      files.push(file);
  const images = found ? imageIndex(found) : [];
  const read: ReadAnnotations[] = [];
  if (images.length > 0)
    for (const file of files.filter(mayHoldAnnotations).slice(0, mostFiles)) {
      const said = await readFromFile(services, file);
      if (said.annotations.length > 0 || (said.regions?.length ?? 0) > 0) read.push({ path: file.path, ...said });
    }
  const said = found ? annotationsOfImages(found, images, read) : new Map<string, ImageAnnotation[]>();
  const drawn = found ? regionsOfImages(found, images, read) : new Map<string, ImageRegion[]>();
  const title = shownTitle(found?.metadata.values.title, accession);
  const documents = images.map(
    (one): ImageDocument => ({
      accession,
      version,
      title,
      item: one.item,
      image: one.image,
      name: one.name,
      path: one.path,
      ...(one.well === undefined ? {} : { well: one.well }),
      isViewable: one.isViewable,
      hasThumbnail: one.hasThumbnail,
      annotations: said.get(keyOf(one)) ?? [],
      ...(drawn.has(keyOf(one)) ? { regions: drawn.get(keyOf(one))! } : {}),
    }),
  );
  await services.db.transaction().execute(async (tx) => {
    // Two processes may read the same study at once: the second one takes away what the first one entered, not half of it.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`image documents ${accession}`}, 0))`.execute(tx);
    await sql`delete from image_document where accession = ${accession}`.execute(tx);
    const wider = await widerTerms(tx, documents);
    const terms = documents.flatMap(({ annotations }) => annotations);
    // A word of the name of another organism (the mouse of mouse-ear cress) finds no image either.
    const clear = await misleadingNames(tx, [...new Map(terms.map((one) => [one.id ?? one.label, one])).values()]);
    for (let at = 0; at < documents.length; at += rowsAtOnce)
      await enter(tx, documents.slice(at, at + rowsAtOnce), wider, clear);
    await sql`insert into image_document_state (accession, version) values (${accession}, ${version})
      on conflict (accession) do update set version = excluded.version`.execute(tx);
    if (found) await enterFurtherFacets(tx, searchDocument({ ...found, files }));
  });
}

/** Studies recorded before there were further facets get theirs on the way. */
async function enterFurtherFacets(tx: Database, document: SearchDocument): Promise<void> {
  const { accession } = document;
  // Locked: what is withdrawn at the same moment is not entered again.
  const { rows } = await sql`select accession from search_document
    where accession = ${accession} and not more ? 'trainingTask' for update`.execute(tx);
  if (rows.length === 0) return;
  await enterSearchDocument(tx, document);
  await enterMemberships(tx, [accession]);
}

async function enter(
  db: Database,
  documents: readonly ImageDocument[],
  wider: ReadonlyMap<string, string[]>,
  clear: (text: string) => string,
) {
  const rows = documents.map((document) => {
    const { accession, version, item, image, annotations } = document;
    const terms = new Set(annotations.flatMap(({ id, label }) => wider.get(id ?? foldName(label)) ?? []));
    const words = annotations.map(({ key, label, id }) => `${key} ${label} ${id ?? ''}`);
    const haystack = foldText(
      clear(
        [accession, document.title, document.name, document.path, document.well ?? '', ...new Set(words)].join(' '),
      ),
    );
    return { accession, version, item, image, document, haystack: haystack.slice(0, 100_000), terms: [...terms] };
  });
  await sql`insert into image_document (accession, version, item, image, document, haystack, terms)
    select r.accession, r.version, r.item, r.image, r.document, r.haystack,
      array(select jsonb_array_elements_text(r.terms))
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(accession text, version int, item text, image int, document jsonb, haystack text, terms jsonb)`.execute(db);
}

/** For each id, and each label without one, the terms that it is, with all that are wider. */
async function widerTerms(db: Database, documents: readonly ImageDocument[]): Promise<Map<string, string[]>> {
  const all = documents.flatMap(({ annotations }) => annotations);
  const ids = [...new Set(all.flatMap(({ id }) => id ?? []))];
  const labels = [...new Set(all.flatMap(({ id, label }) => (id === undefined ? foldText(label).slice(0, 500) : [])))];
  const { rows } = await sql<{ root: string; id: string }>`
    with recursive up(root, id) as (
      (select one, one collate "C" from unnest(${ids}::text[]) as one
        union select folded, term_id from vocabulary_name where folded = any(${labels}::text[]))
      union
      select up.root, parent collate "C" from up join vocabulary_term t on t.id = up.id
        cross join unnest(t.parents) as parent
    )
    select root, id from up where id <> ''`.execute(db);
  const wider = new Map<string, string[]>();
  for (const { root, id } of rows) wider.set(root, [...(wider.get(root) ?? []), id]);
  return wider;
}

const isOmeTiff = (path: string) => /\.ome\.(tiff?|tf2|tf8|btf)$/i.test(path);
const isOmeXml = (path: string) => /\.(ome\.xml|companion\.ome|ome)$/i.test(path);

function mayHoldAnnotations({ path, size }: StudyFile): boolean {
  return isOmeTiff(path) || (size <= mostBytes && (isOmeXml(path) || /\.(csv|tsv|txt)$/i.test(path)));
}

async function readFromFile(
  { blobs }: Pick<Services, 'blobs'>,
  file: StudyFile,
): Promise<Omit<ReadAnnotations, 'path'>> {
  try {
    // A study that was published in this moment has its files moved into the archive: the second look finds them there.
    return await readAt(await blobs.pathOf(file.sha256), file).catch(
      async () => await readAt(await blobs.pathOf(file.sha256), file),
    );
  } catch {
    // A file that is gone or cannot be read is the business of the checks of the bytes; its study is found all the same.
    return { annotations: [] };
  }
}

async function readAt(place: string, { path, size }: StudyFile): Promise<Omit<ReadAnnotations, 'path'>> {
  if (isOmeTiff(path)) {
    const text = await omeXmlOfTiff(place, size);
    return text === undefined ? { annotations: [] } : ofOmeXml(text);
  }
  const text = await readFile(place, 'utf8');
  return isOmeXml(path) ? ofOmeXml(text) : { annotations: readAnnotationTable(text) ?? [] };
}

const ofOmeXml = (text: string) => ({
  annotations: readOmeAnnotations(text),
  regions: readOmeRegions(text, { inflate: inflateAtMost, bunzip2: bunzip2AtMost }),
});

/** Unpacks the bits of a mask; `undefined` where they are damaged, or more than its pixels. */
function inflateAtMost(packed: Uint8Array, mostBytes: number): Uint8Array | undefined {
  try {
    return inflateSync(packed, { maxOutputLength: mostBytes });
  } catch {
    return undefined;
  }
}

function bunzip2AtMost(packed: Uint8Array, mostBytes: number): Uint8Array | undefined {
  try {
    return bunzip2(packed, mostBytes);
  } catch (error) {
    if (error instanceof Bzip2Error) return undefined;
    throw error;
  }
}

/** The OME-XML in a TIFF, looked for where programs put it: it is plain text there. */
async function omeXmlOfTiff(place: string, size: number): Promise<string | undefined> {
  const file = await open(place);
  try {
    for (const from of [0, Math.max(0, size - tiffPiece)]) {
      const length = Math.min(tiffPiece, size - from);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
      const bytes = buffer.subarray(0, bytesRead);
      const begin = bytes.indexOf('<OME');
      const end = bytes.indexOf('</OME>', Math.max(0, begin));
      if (begin >= 0 && end > begin) return bytes.toString('utf8', begin, end + 6);
    }
    return undefined;
  } finally {
    await file.close();
  }
}

/** The words of a question for images: "images with reduced speed" asks for reduced speed. */
const plainWords = (words: string) =>
  words
    .trim()
    .replace(/^(all\s+)?(images?|pictures?|films?|movies?)\s+(with|of|showing|that show)\s+/i, '')
    .replace(/(の|を示す)(画像|映像)$/, '');

/** Images by words: each word in what is said of the image, or naming a term that is said of it or is wider. */
export async function searchImages(
  db: Database,
  asked: { words: string; from: number; limit: number },
): Promise<{ images: ImageDocument[]; total: number }> {
  const words = searchTerms(plainWords(asked.words));
  const named = await termsOfWords(db, words);
  const conditions = words.map((word, at) => {
    const ids = named[at] ?? [];
    const within = sql`haystack like ${likePattern(word)}`;
    return ids.length === 0 ? within : sql`(${within} or terms && ${ids}::text[])`;
  });
  const where = conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
  const [page, total] = await Promise.all([
    sql<{ document: ImageDocument }>`select document - 'regions' as document from image_document where ${where}
      order by accession desc, item, image limit ${asked.limit} offset ${asked.from}`.execute(db),
    sql<{ n: number }>`select count(*)::bigint as n from image_document where ${where}`.execute(db),
  ]);
  return { images: page.rows.map(({ document }) => document), total: total.rows[0]!.n };
}

/** What is said of some images of the newest version of a study, by `item/image`. */
export async function annotationsAt(
  db: Database,
  accession: string,
  version: number,
  items: readonly string[],
): Promise<Map<string, ImageAnnotation[]>> {
  const { rows } = await sql<{ item: string; image: number; annotations: ImageAnnotation[] }>`
    select item, image, document -> 'annotations' as annotations from image_document
    where accession = ${accession} and version = ${version} and item = any(${[...new Set(items)]}::text[])`.execute(db);
  return new Map(rows.map((row) => [keyOf(row), row.annotations]));
}

/** All that is said of one image of the newest version of a study, and the regions drawn in it. */
export async function annotationsOfImage(
  db: Database,
  place: { accession: string; version: number; item: string; image: number },
): Promise<{ annotations: ImageAnnotation[]; regions: ImageRegion[] }> {
  const { rows } = await sql<{ annotations: ImageAnnotation[]; regions: ImageRegion[] | null }>`
    select document -> 'annotations' as annotations, document -> 'regions' as regions from image_document
    where accession = ${place.accession} and version = ${place.version}
      and item = ${place.item} and image = ${place.image}`.execute(db);
  return { annotations: rows[0]?.annotations ?? [], regions: rows[0]?.regions ?? [] };
}
