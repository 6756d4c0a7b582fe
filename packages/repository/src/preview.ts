import type { Contributor, PrivateDetail, StudyFile, StudyItem, StudyMetadata } from '@micrarium/model';
import { metadataFieldById } from '@micrarium/standards';
import { manyItems } from './drafts.ts';
import { publicItem } from './item-privacy.ts';
import type { DraftItemRow, DraftRow, StudyStore, VersionWithoutFiles } from './ports/study-store.ts';
import { isPlainItem } from './plain-items.ts';
import { type PublishPorts, type ToldOfVersion, toldOf } from './publish.ts';

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

/**
 * A version that is not published, for those who may read it before. Of its files, and of its plain items where it has very many, it says how
 * many there are: each is read from the draft when it is asked for.
 */
export interface Preview {
  draftId: string;
  version: VersionWithoutFiles;
  /** Deposited files that are not in it, for persons are named inside them; none where names are not hidden. */
  leftOut: ReadonlySet<string>;
  /** What stands in its files and tells of persons, to be hidden in what was made of them; none where names are not hidden. */
  hidden: string[];
  /** Does it say where files lie that stay elsewhere? */
  tellsOfElsewhere: boolean;
  /** An item of the draft as it is shown. */
  shown(item: StudyItem): StudyItem;
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

/** What is said of a version as it would be published, without what names anybody. */
function nameless(version: ToldOfVersion): ToldOfVersion {
  const {
    note: _note,
    changeKinds: _kinds,
    earlierResults: _results,
    curators: _curators,
    review: _review,
    ...rest
  } = version;
  return { ...rest, publishedBy: '', metadata: namelessMetadata(version.metadata) };
}

/** An item without text that a microscope wrote of its user, and without files in whose headers such a text stands. */
function namelessItem(item: StudyItem, naming: ReadonlySet<string>, pattern: RegExp | undefined): StudyItem {
  return {
    ...item,
    files: item.files.filter((path) => !naming.has(path)),
    images: withoutValues(item.images, pattern),
    trackSets: withoutValues(item.trackSets, pattern),
    ...(item.tables ? { tables: withoutValues(item.tables, pattern) } : {}),
    issues: withoutValues(item.issues, pattern),
    conversions: item.conversions.filter(({ recipe }) => recipe !== 'raw-metadata'),
  };
}

/** The items of a draft of which something is to be said, in their order; of a few, all of them. @returns with how many there are in all */
async function tellingRows(studies: StudyStore, draftId: string): Promise<{ rows: DraftItemRow[]; count: number }> {
  const first = await studies.itemsPage(draftId, { limit: manyItems + 1 });
  if (first.length <= manyItems) return { rows: first.map(({ row }) => row), count: first.length };
  const { count } = await studies.countItems(draftId);
  return { rows: await studies.listTellingItems(draftId), count };
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
  const { studies } = ports;
  const { rows, count } = await tellingRows(studies, draft.id);
  const items = rows.map(({ item }) => publicItem(item));
  const told = await toldOf({ ...ports, clock: { now: () => new Date(draft.updatedAt) } }, draft, items);
  const { values, files } = hidesNames
    ? foundInFiles(rows.map(({ item }) => item))
    : { values: [], files: new Set<string>() };
  const pattern = patternOf(values);
  const shown = (item: StudyItem) => (hidesNames ? namelessItem(item, files, pattern) : item);
  const telling = items.map(shown).filter((item) => count <= manyItems || !isPlainItem(item));
  const stored = await studies.countStoredFiles(draft.id, [...files]);
  // Addresses of files elsewhere name an institution, or a person's folder.
  const { count: elsewhere, bytes } = hidesNames ? { count: 0, bytes: 0 } : await studies.countReferences(draft.id);
  const version: VersionWithoutFiles = {
    ...(hidesNames ? nameless(told) : told),
    items: telling,
    ...(telling.length < count ? { plainItems: count - telling.length } : {}),
    fileCount: stored.count,
    byteCount: stored.bytes,
    ...(elsewhere > 0 ? { referenced: { count: elsewhere, bytes } } : {}),
  };
  return {
    draftId: draft.id,
    version,
    leftOut: files,
    hidden: values,
    tellsOfElsewhere: !hidesNames,
    shown: (item) => shown(publicItem(item)),
  };
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
 * @param files walked until `limit` is reached
 * @param textOf what a file says that is a text; other files are known by their path only
 * @returns paths, ids of fields and titles of data sets, each once, at most `limit`
 */
export async function namesLeft(
  version: Pick<VersionWithoutFiles, 'metadata' | 'items' | 'datasets'>,
  files: AsyncIterable<StudyFile>,
  original: StudyMetadata,
  textOf: (file: StudyFile) => Promise<string | undefined>,
  limit = 20,
): Promise<string[]> {
  const names = tellingNames(original);
  const hasName = (told: unknown): boolean => {
    const text = (typeof told === 'string' ? told : JSON.stringify(told ?? '')).toLowerCase();
    return names.some((name) => text.includes(name));
  };
  const fields = Object.entries(version.metadata.values).filter(([, value]) => hasName(value));
  const left = new Set([...fields.map(([key]) => key), ...version.datasets.map(({ title }) => title).filter(hasName)]);
  for await (const file of files) {
    if (left.size >= limit) break;
    if (hasName(file.path) || hasName(await textOf(file))) left.add(file.path);
  }
  for (const { path, images, trackSets, tables } of version.items)
    if (hasName([images, trackSets, tables ?? []])) left.add(path);
  return [...left].slice(0, limit);
}
