import type { Contributor, StudyMetadata, StudyVersion } from '@micrarium/model';
import { metadataFieldById } from '@micrarium/standards';
import type { DraftRow, StudyStore, VersionWithoutFiles } from './ports/study-store.ts';
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

/** A version as it would be published, without what names anybody: neither depositor nor text that a microscope wrote of its user. */
function nameless(version: StudyVersion): StudyVersion {
  // Addresses of files elsewhere name an institution, or a person's folder.
  const { note: _note, curators: _curators, review: _review, references: _references, ...rest } = version;
  return {
    ...rest,
    publishedBy: '',
    metadata: namelessMetadata(version.metadata),
    items: version.items.map((item) => ({
      ...item,
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
): Promise<StudyVersion> {
  const clock = { now: () => new Date(draft.updatedAt) };
  const version = await versionDocument({ ...ports, clock }, draft);
  return hidesNames ? nameless(version) : version;
}

/**
 * A store that has one more version: one that is not published. Everything that reads published versions reads it like them, by accession
 * and number; to `newest` it answers with it.
 */
export function storeWithPreview(studies: StudyStore, preview: StudyVersion): StudyStore {
  const { files, references = [], ...document } = preview;
  const bytesOf = (list: readonly { size: number }[]) => list.reduce((sum, { size }) => sum + size, 0);
  const found: VersionWithoutFiles = {
    ...document,
    fileCount: files.length,
    byteCount: bytesOf(files),
    ...(references.length > 0 ? { referenced: { count: references.length, bytes: bytesOf(references) } } : {}),
  };
  const byPath = new Map(files.map((file) => [file.path, file]));
  const is = (accession: string, version: number | 'newest') =>
    accession === preview.accession && (version === 'newest' || version === preview.version);
  const answers: Pick<
    StudyStore,
    'getVersion' | 'listVersions' | 'listVersionFiles' | 'getVersionFile' | 'listVersionReferences'
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
    listVersionReferences: async (accession, version, page) =>
      is(accession, version)
        ? references.filter(({ path }) => page.after === undefined || path > page.after).slice(0, page.limit)
        : await studies.listVersionReferences(accession, version, page),
  };
  // All other methods are those of the store itself, with its own fields behind `this`.
  return Object.assign(Object.create(studies) as StudyStore, answers);
}

/** Surnames and affiliations that the metadata give to people of a study. */
function tellingNames({ values }: StudyMetadata): string[] {
  const people = (Array.isArray(values['contributors']) ? values['contributors'] : []) as Partial<Contributor>[];
  const names = [
    values['contactLastName'],
    values['contactOrganisation'],
    ...people.flatMap(({ lastName, organisation, laboratory, department }) => [
      lastName,
      organisation,
      laboratory,
      department,
    ]),
  ];
  // A name of one or two letters is found in any word.
  return names
    .filter((name): name is string => typeof name === 'string')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name.length > 2 || /[^\p{ASCII}]/u.test(name));
}

/**
 * Where surnames or affiliations of a study's people stand although their names are to be hidden: in paths of files, in the title, in the
 * description, and in what texts say that lie among the files (README and the like).
 * @param texts by path; other files are known by their path only
 * @returns the paths and ids of fields, at most `limit`
 */
export function namesLeft(
  version: Pick<StudyVersion, 'metadata' | 'files'>,
  original: StudyMetadata,
  texts: ReadonlyMap<string, string> = new Map(),
  limit = 20,
): string[] {
  const names = tellingNames(original);
  const hasName = (text: unknown) =>
    typeof text === 'string' && names.some((name) => text.toLowerCase().includes(name));
  const fields = Object.entries(version.metadata.values).filter(([, value]) => hasName(value));
  return [
    ...fields.map(([key]) => key),
    ...version.files.filter(({ path }) => hasName(path) || hasName(texts.get(path))).map(({ path }) => path),
  ].slice(0, limit);
}
