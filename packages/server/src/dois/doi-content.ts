import type { StudyFile } from '@micrarium/model';
import { publicMetadata, type StudyStore } from '@micrarium/repository';
import { exportDataCiteJson, graphOfStudy, type LinkNode } from '@micrarium/standards';
import { sql } from 'kysely';
import { stateAccess } from '../access/stated-access.ts';
import { linksTo, namedByDoi } from '../additions/study-relations.ts';
import type { Database } from '../database/connect.ts';
import type { FoundVersion } from '../http/study-access.ts';
import { notedState } from '../states/study-states.ts';
import { datasetLinks, studyLinks, versionLinks, versionOfDataset } from './doi-parts.ts';

/** Where what is told of a DOI comes from. */
export interface DoiSources {
  db: Database;
  studies: StudyStore;
  /** Public address of this server, without a trailing slash. */
  home: string;
}

/** What a DOI stands for: a study, where neither version nor data set is named. */
export interface DoiSubject {
  accession: string;
  /** 0 for a study and a data set. */
  version: number;
  /** `''` for a study and a version. */
  dataset: string;
  /** DOI of the study. */
  concept: string;
}

/** A DOI, and what its record shall tell of. */
export interface ToldDoi extends DoiSubject {
  doi: string;
  /** Where it stands with the registrar, as far as is known here. */
  state: 'asked' | 'draft' | 'findable';
  /** Newest version that the record tells of; null before there is anything to tell. */
  wanted: number | null;
}

/** What the registrar is told of a DOI. */
interface DoiContent {
  found: FoundVersion;
  files: StudyFile[];
  /** Address the DOI leads to. */
  page: string;
  links: LinkNode[];
}

/** Parts of a record that are lists. An update leaves alone what it does not name: a list that has become empty is sent as that. */
const lists = [
  'subjects',
  'contributors',
  'dates',
  'alternateIdentifiers',
  'relatedIdentifiers',
  'sizes',
  'formats',
  'rightsList',
  'descriptions',
  'fundingReferences',
] as const;

/** Files described in a record. */
const mostFiles = 1000;
/** Files looked through for those of a data set; a version has at most as many. */
const mostSearched = 50_000;

/**
 * The record of a DOI as the registrar shall have it, in the words of DataCite, with the address it leads to; `undefined` while nothing of it is
 * published, and it is reserved at most.
 */
export async function recordOfDoi(
  sources: DoiSources,
  told: ToldDoi,
): Promise<(Readonly<Record<string, unknown>> & { url: string }) | undefined> {
  const { doi, accession, wanted } = told;
  const purged = wanted === null ? undefined : await recordOfPurged(sources, told);
  // What was only reserved stays that.
  if (purged) return told.state === 'findable' ? purged : undefined;
  const content = wanted === null ? undefined : await contentOfDoi(sources, told, wanted);
  if (!content) return undefined;
  const { found, files, page, links } = content;
  const metadata = publicMetadata(found.metadata);
  // What is known by a DOI from elsewhere is not given a second one.
  const named = metadata.values['doi'];
  if (
    told.state !== 'findable' &&
    typeof named === 'string' &&
    !['', doi, told.concept].includes(named.trim().toLowerCase())
  )
    return undefined;
  const graph = graphOfStudy(
    { ...found, files: [...files], metadata: { ...metadata, values: { ...metadata.values, doi } } },
    { url: page, publisher: 'Micrarium' },
  );
  graph.links.push(...links);
  graph.links = await namedByDoi(sources.db, graph.links, sources.home);
  const state = await notedState(sources.db, accession);
  if (state) stateAccess(graph, state);
  const record = exportDataCiteJson(graph).document as Record<string, unknown>;
  const empty = Object.fromEntries(lists.map((name) => [name, []]));
  return { ...empty, ...record, doi, url: page, publicationYear: Number(found.publishedAt.slice(0, 4)) };
}

/**
 * The record of a DOI of a study whose content was purged: its title, that it is withdrawn and since when; of people, data and relations nothing
 * is left at the registrar either. `undefined` where it was not purged.
 */
async function recordOfPurged(
  { db, studies, home }: DoiSources,
  { doi, accession, version, dataset }: ToldDoi,
): Promise<(Readonly<Record<string, unknown>> & { url: string }) | undefined> {
  const state = await notedState(db, accession);
  const left = state?.state === 'withdrawn' ? await studies.getVersion(accession, 'newest') : undefined;
  // A purge leaves the title alone.
  if (!state || !left || Object.keys(left.metadata.values).some((name) => name !== 'title')) return undefined;
  const url = `${home}/studies/${accession}${version > 0 ? `/v/${version}` : dataset === '' ? '' : `#${dataset}`}`;
  const graph = graphOfStudy({ ...left, files: [] }, { url, publisher: 'Micrarium' });
  stateAccess(graph, state);
  graph.study.doi = doi;
  const record = exportDataCiteJson(graph).document as Record<string, unknown>;
  const empty = Object.fromEntries(lists.map((name) => [name, []]));
  // The kernel's word for what is not told any more.
  const creators = [{ name: ':unav', nameType: 'Organizational', nameIdentifiers: [], affiliation: [] }];
  const year = Number(left.publishedAt.slice(0, 4));
  const label = version > 0 ? { version: String(version) } : {};
  return { ...empty, ...record, ...label, creators, doi, url, publicationYear: year };
}

/**
 * What a DOI stands for, as it is published; `undefined` while it is not.
 * @param newest newest version that the record tells of
 */
async function contentOfDoi(sources: DoiSources, subject: DoiSubject, newest: number): Promise<DoiContent | undefined> {
  const { db, studies, home } = sources;
  const { accession, version, dataset, concept } = subject;
  if (dataset !== '') return await contentOfDataset(sources, subject);
  const found = await studies.getVersion(accession, version > 0 ? version : newest);
  if (!found) return undefined;
  const files = await studies.listVersionFiles(accession, found.version, { limit: mostFiles });
  const place = `${home}/studies/${accession}`;
  const versions = (await studies.listVersions(accession)).map((one) => one.version);
  const told = versions.filter((one) => one <= newest).sort((a, b) => a - b);
  if (version > 0) return { found, files, page: `${place}/v/${version}`, links: versionLinks(concept, version, told) };
  const parts = await db
    .selectFrom('doi_part')
    .select('doi')
    .where('accession', '=', accession)
    .where('dataset', '<>', '')
    .where('state', '=', 'findable')
    .orderBy('dataset')
    .execute();
  const outside = await linksTo(db, accession, home);
  const datasets = parts.map(({ doi }) => doi);
  return { found, files, page: place, links: [...outside, ...studyLinks(concept, told, datasets)] };
}

/** A data set as it is in the newest version that has it; `undefined` while none has. */
async function contentOfDataset(
  { db, studies, home }: DoiSources,
  { accession, dataset, concept }: DoiSubject,
): Promise<DoiContent | undefined> {
  const wanted = JSON.stringify([{ id: dataset }]);
  const { rows } = await sql<{ version: number | null; newest: number | null }>`
    select max(version) filter (where document->'datasets' @> ${wanted}::jsonb) as version, max(version) as newest
    from study_version where accession = ${accession}`.execute(db);
  const { version = null, newest = null } = rows[0] ?? {};
  const whole = version === null ? undefined : await studies.getVersion(accession, version);
  const one = whole?.datasets.find(({ id }) => id === dataset);
  if (!whole || !one) return undefined;
  const found = versionOfDataset(whole, one);
  const within = new Set(found.items.flatMap(({ files }) => files));
  const files = await studies.listVersionFiles(accession, found.version, { limit: mostSearched });
  const place = `${home}/studies/${accession}${version === newest ? '' : `/v/${version}`}`;
  return {
    found,
    files: files.filter(({ path }) => within.has(path)).slice(0, mostFiles),
    page: `${place}#${dataset}`,
    links: datasetLinks(concept),
  };
}
