import type { Contributor, PrivateDetail, StudyItem, StudyMetadata, StudyVersion } from '@micrarium/model';
import { metadataFieldById } from '@micrarium/standards';
import type { DraftRow, StudyStore, VersionWithoutFiles } from './ports/study-store.ts';
import { keptItems } from './plain-items.ts';
import { type PublishPorts, versionDocument } from './publish.ts';

/**
 * Groups of fields that do not say who made a study. What is in neither of them, and fields nobody knows, are hidden too: a field that is
 * added later is hidden until somebody says otherwise.
 */
const namelessGroups: ReadonlySet<string> = new Set(['study', 'method', 'data']);
/** Fields of those groups that lead to people, their paper or their project (repository-practice 5.2). */
const namingFields: ReadonlySet<string> = new Set([
  'doi',
  'paperDoi',
  'paperUrl',
  'paperShort',
  'paperLong',
  'papers',
  'annotators',
  'projectName',
  'projectUrl',
  'acknowledgements',
  'fundingStatement',
  'links',
  'notes',
]);

/** Metadata without the fields that say who made a study, where, with whose money, and in which paper. Free text stays as it is. */
export function namelessMetadata(metadata: StudyMetadata): StudyMetadata {
  const kept = <Value>(entries: Record<string, Value>) =>
    Object.fromEntries(
      Object.entries(entries).filter(([key]) => {
        const field = metadataFieldById(key);
        return field !== undefined && namelessGroups.has(field.group) && !namingFields.has(field.id);
      }),
    );
  return { values: kept(metadata.values), origins: kept(metadata.origins) };
}

/** A version that is not published, for those who may read it before. */
export interface Preview {
  version: StudyVersion;
  /** Deposited files that are not in it, for persons are named inside them; none where names are not hidden. */
  leftOut: string[];
  /** What stands in its files and tells of persons, to be hidden in what was made of them; none where names are not hidden. */
  hidden: string[];
}

/** Files that people write for people: who hides names is told of those in them, and they stay (repository-practice 5.2). */
const writtenByPeople = /(?:^|\/)(?:readme|licen[cs]e|authors|contributors|notes?|methods?)[^/]*$|\.(?:md|txt|rst)$/i;

/** Serial numbers tell of a person only beside other records. */
const tellsOfPerson = ({ kind }: PrivateDetail): boolean => kind !== 'serial number';

/** What stands in the files of a draft and tells of persons: values, and the files whose headers hold them. */
function foundInFiles(items: readonly StudyItem[]): { values: string[]; files: Set<string> } {
  const details = items.flatMap(({ privacy }) => privacy?.details ?? []).filter(tellsOfPerson);
  const files = details.flatMap(({ place, file }) => (place === 'original' && file !== undefined ? [file] : []));
  return {
    // A value of two letters is found in any word.
    values: [...new Set(details.map(({ value }) => value))].filter((value) => value.length > 2),
    files: new Set(files.filter((path) => !writtenByPeople.test(path))),
  };
}

/** Puts dots for values in all texts of what a reader told of a file. */
function withoutValues<Value>(told: Value, pattern: RegExp | undefined): Value {
  if (pattern === undefined) return told;
  if (typeof told === 'string') return told.replaceAll(pattern, '…') as Value;
  if (Array.isArray(told)) return told.map((one: unknown) => withoutValues(one, pattern)) as Value;
  if (typeof told !== 'object' || told === null) return told;
  return Object.fromEntries(Object.entries(told).map(([key, one]) => [key, withoutValues(one, pattern)])) as Value;
}

/** One pattern of all values, the longest first: a name within a path goes with the path. */
function patternOf(values: readonly string[]): RegExp | undefined {
  if (values.length === 0) return undefined;
  const longestFirst = [...values].sort((one, other) => other.length - one.length);
  return new RegExp(longestFirst.map((value) => value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'gi');
}

/**
 * A version as it would be published, without what names anybody: neither depositor nor text that a microscope wrote of its user, nor files
 * in whose headers such a text stands.
 */
function nameless(version: StudyVersion, { values, files: naming }: ReturnType<typeof foundInFiles>): StudyVersion {
  // Addresses of files elsewhere name an institution, or a person's folder.
  const { note: _note, curators: _curators, review: _review, references: _references, ...rest } = version;
  const pattern = patternOf(values);
  return {
    ...rest,
    publishedBy: '',
    metadata: namelessMetadata(version.metadata),
    files: version.files.filter(({ path }) => !naming.has(path)),
    items: version.items.map((item) => ({
      ...item,
      files: item.files.filter((path) => !naming.has(path)),
      images: withoutValues(item.images, pattern),
      trackSets: withoutValues(item.trackSets, pattern),
      ...(item.tables ? { tables: withoutValues(item.tables, pattern) } : {}),
      issues: withoutValues(item.issues, pattern),
      conversions: item.conversions.filter(({ recipe }) => recipe !== 'raw-metadata'),
    })),
  };
}

/**
 * The version that a draft would become if it were published as it is, for those who may read it before.
 * @param hidesNames leave out who made it
 */
export async function previewVersion(
  ports: Pick<PublishPorts, 'studies' | 'people'>,
  draft: DraftRow,
  hidesNames: boolean,
): Promise<Preview> {
  const clock = { now: () => new Date(draft.updatedAt) };
  const version = await versionDocument({ ...ports, clock }, draft);
  if (!hidesNames) return { version, leftOut: [], hidden: [] };
  const found = foundInFiles((await ports.studies.listItems(draft.id)).map(({ item }) => item));
  return { version: nameless(version, found), leftOut: [...found.files], hidden: found.values };
}

/**
 * A store that has one more version: one that is not published. Everything that reads published versions reads it like them, by accession
 * and number; to `newest` it answers with it.
 */
export function storeWithPreview(studies: StudyStore, preview: StudyVersion): StudyStore {
  const { files, references = [], items, ...document } = preview;
  const bytesOf = (list: readonly { size: number }[]) => list.reduce((sum, { size }) => sum + size, 0);
  const { items: telling, plainItems } = keptItems(items);
  const found: VersionWithoutFiles = {
    ...document,
    items: telling,
    ...(plainItems > 0 ? { plainItems } : {}),
    fileCount: files.length,
    byteCount: bytesOf(files),
    ...(references.length > 0 ? { referenced: { count: references.length, bytes: bytesOf(references) } } : {}),
  };
  const byPath = new Map(files.map((file) => [file.path, file]));
  const is = (accession: string, version: number | 'newest') =>
    accession === preview.accession && (version === 'newest' || version === preview.version);
  const answers: Pick<
    StudyStore,
    | 'getVersion'
    | 'listVersions'
    | 'listVersionFiles'
    | 'getVersionFile'
    | 'listVersionItems'
    | 'getVersionItem'
    | 'listVersionReferences'
  > = {
    getVersion: async (accession, version, minor) =>
      is(accession, version) ? found : await studies.getVersion(accession, version, minor),
    async listVersions(accession) {
      const published = await studies.listVersions(accession);
      if (accession !== preview.accession) return published;
      const { version, publishedAt, note } = preview;
      return [{ version, publishedAt, ...(note === undefined ? {} : { note }) }, ...published];
    },
    async listVersionFiles(accession, version, page) {
      if (!is(accession, version)) return await studies.listVersionFiles(accession, version, page);
      const start = page.after === undefined ? 0 : files.findIndex(({ path }) => path === page.after) + 1;
      return start === 0 && page.after !== undefined ? [] : files.slice(start, start + page.limit);
    },
    getVersionFile: async (accession, version, path) =>
      is(accession, version) ? byPath.get(path) : await studies.getVersionFile(accession, version, path),
    listVersionItems: async (accession, version, page) =>
      is(accession, version)
        ? items.slice(page.from, page.from + page.limit)
        : await studies.listVersionItems(accession, version, page),
    getVersionItem: async (accession, version, itemId) =>
      is(accession, version)
        ? items.find(({ id }) => id === itemId)
        : await studies.getVersionItem(accession, version, itemId),
    listVersionReferences: async (accession, version, page) =>
      is(accession, version)
        ? references.filter(({ path }) => page.after === undefined || path > page.after).slice(0, page.limit)
        : await studies.listVersionReferences(accession, version, page),
  };
  // All other methods are those of the store itself, with its own fields behind `this`.
  return Object.assign(Object.create(studies) as StudyStore, answers);
}

/** Surnames, affiliations, ORCID iDs and addresses that the metadata give to people of a study. */
function tellingNames({ values }: StudyMetadata): string[] {
  const people = (Array.isArray(values['contributors']) ? values['contributors'] : []) as Partial<Contributor>[];
  const names = [
    ...['LastName', 'Organisation', 'Laboratory', 'Department', 'Orcid'].map((part) => values[`contact${part}`]),
    ...(typeof values['contactEmail'] === 'string' ? values['contactEmail'].split(/[\s,;]+/) : []),
    ...people.flatMap(({ lastName, organisation, laboratory, department, orcid, email }) => [
      lastName,
      organisation,
      laboratory,
      department,
      orcid,
      email,
    ]),
  ];
  // A name of one or two letters is found in any word.
  return names
    .filter((name): name is string => typeof name === 'string')
    .map((name) =>
      name
        .replace(/^https?:\/\/(?:www\.)?orcid\.org\//, '')
        .trim()
        .toLowerCase(),
    )
    .filter((name) => name.length > 2 || /[^\p{ASCII}]/u.test(name));
}

/**
 * Where surnames or affiliations of a study's people stand although their names are to be hidden: in paths of files, in the title, in the
 * description, in titles of data sets, in what files tell of their images and tracks, and in what texts say that lie among the files (README
 * and the like).
 * @param texts by path; other files are known by their path only
 * @returns paths, ids of fields and titles of data sets, each once, at most `limit`
 */
export function namesLeft(
  version: Pick<StudyVersion, 'metadata' | 'files' | 'items' | 'datasets'>,
  original: StudyMetadata,
  texts: ReadonlyMap<string, string> = new Map(),
  limit = 20,
): string[] {
  const names = tellingNames(original);
  const hasName = (told: unknown): boolean => {
    const text = typeof told === 'string' ? told : JSON.stringify(told ?? '');
    return names.some((name) => text.toLowerCase().includes(name));
  };
  const fields = Object.entries(version.metadata.values).filter(([, value]) => hasName(value));
  const items = version.items.filter(({ images, trackSets, tables }) => hasName([images, trackSets, tables]));
  const left = [
    ...fields.map(([key]) => key),
    ...version.datasets.map(({ title }) => title).filter(hasName),
    ...version.files.filter(({ path }) => hasName(path) || hasName(texts.get(path))).map(({ path }) => path),
    ...items.map(({ path }) => path),
  ];
  return [...new Set(left)].slice(0, limit);
}
