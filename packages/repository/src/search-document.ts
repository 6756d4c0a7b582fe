import type { Contributor, FeatureTableSummary, FieldValue, StudyMetadata, StudyVersion, Term } from '@micrarium/model';
import { metadataFieldById, plainTitle, splitValueKey } from '@micrarium/standards';
import type { SearchDocument } from './ports/study-store.ts';

/** What the search index holds of a version. Pure. Private fields are left out. */
export function searchDocument(version: StudyVersion): SearchDocument {
  const { metadata, items, files } = version;
  const { values } = publicMetadata(metadata);
  const people = contributorsOf(values.contributors);
  const thumbnail = firstThumbnail(version);
  const count = (key: 'objects' | 'tracks') => items.reduce((sum, item) => sum + (item.counts?.[key] ?? 0), 0);
  return {
    accession: version.accession,
    version: version.version,
    title: plainTitle(text(values.title)),
    description: text(values.description),
    authors: (people.length > 0 ? people : contactOf(values)).map((one) => `${one.firstName} ${one.lastName}`.trim()),
    organisms: labelsOf(values, 'organism'),
    imagingMethods: labelsOf(values, 'imagingMethods'),
    cellTypes: labelsOf(values, 'cellType'),
    genes: labelsOf(values, 'genesProteinsReagents'),
    conditions: [...new Set([...labelsOf(values, 'treatment'), ...labelsOf(values, 'geneticChange')])],
    tier: version.tier,
    more: moreOf(values, people),
    listing: listingOf(version, values),
    terms: termsOf(values),
    kinds: kindsOf(version),
    licence: text(values.licence),
    year: version.publishedAt.slice(0, 4),
    publishedAt: version.publishedAt,
    imageCount: items.reduce((sum, item) => sum + item.images.length, 0),
    objectCount: count('objects'),
    trackCount: count('tracks'),
    fileCount: files.length,
    byteCount: files.reduce((sum, file) => sum + file.size, 0),
    ...(thumbnail ? { thumbnail } : {}),
    text: otherWords(version, values),
  };
}

function moreOf(values: StudyMetadata['values'], people: readonly Contributor[]): NonNullable<SearchDocument['more']> {
  const paper = paperOf(values);
  const said = (field: string) => [
    ...new Set(
      Object.entries(values).flatMap(([key, value]) =>
        splitValueKey(key).field === field && typeof value === 'string' && value !== '' && value !== 'NA'
          ? [value]
          : [],
      ),
    ),
  ];
  return {
    strain: labelsOf(values, 'strain'),
    cellLine: labelsOf(values, 'cellLine'),
    goFunction: labelsOf(values, 'molecularFunction'),
    goProcess: labelsOf(values, 'biologicalProcess'),
    goComponent: labelsOf(values, 'cellularComponent'),
    mesh: labelsOf(values, 'studyType'),
    phenotype: labelsOf(values, 'phenotype'),
    person: (people.length > 0 ? people : contactOf(values)).map((one) => `${one.firstName} ${one.lastName}`.trim()),
    paper: paper === '' ? [] : [paper],
    project: said('projectName'),
    basedOn: said('basedOn'),
    trainingTask: said('trainingTask'),
  };
}

const paperOf = (values: StudyMetadata['values']) =>
  text(values.paperShort) || text(values.paperDoi) || text(values.paperUrl);

function listingOf(version: StudyVersion, values: StudyMetadata['values']): NonNullable<SearchDocument['listing']> {
  const doi = text(values.paperDoi);
  const url = doi === '' ? text(values.paperUrl) : `https://doi.org/${doi}`;
  const said = (field: string) =>
    [
      ...new Set(
        Object.entries(values).flatMap(([key, value]) =>
          splitValueKey(key).field === field && typeof value === 'string' && value !== '' ? [value] : [],
        ),
      ),
    ].join('; ');
  return {
    project: said('projectName'),
    released: text(values.releaseDate) || version.publishedAt.slice(0, 10),
    updated: text(values.updateDate) || version.publishedAt.slice(0, 10),
    datatype: said('datatype'),
    basedOn: said('basedOn'),
    imageSets: version.datasets.filter(({ imageItems }) => imageItems.length > 0).length,
    quantitativeSets: version.datasets.filter(({ quantitativeItems }) => quantitativeItems.length > 0).length,
    paper: paperOf(values),
    ...(/^https?:/.test(url) ? { paperUrl: url } : {}),
  };
}

/** The metadata as anybody may see them: without the fields that are not shown publicly (contact e-mail, e-mails of contributors). */
export function publicMetadata(metadata: StudyMetadata): StudyMetadata {
  const shown = <Value>(entries: Record<string, Value>) =>
    Object.fromEntries(Object.entries(entries).filter(([key]) => metadataFieldById(key)?.isPrivate !== true));
  const values = shown(metadata.values);
  const people = contributorsOf(values.contributors).map(({ email: _email, ...person }) => person);
  return {
    values: people.length > 0 ? { ...values, contributors: people } : values,
    origins: shown(metadata.origins),
  };
}

function kindsOf({ items }: StudyVersion): SearchDocument['kinds'] {
  const has = {
    images: items.some((item) => item.images.length > 0),
    tracks: items.some((item) => (item.counts?.edges ?? 0) > 0),
    objects: items.some((item) => (item.counts?.objects ?? 0) > 0),
    tables: items.some((item) => item.kind === 'table'),
  };
  return (Object.keys(has) as (keyof typeof has)[]).filter((kind) => has[kind]);
}

/** A picture of the first image that tracks belong to, else of the first image at all. */
function firstThumbnail({ items, pairs }: StudyVersion): { item: string; image: number } | undefined {
  const pictures = items.flatMap((item) =>
    item.conversions.flatMap((one) =>
      one.outputs.some((output) => output.path.endsWith('.thumbnail.png'))
        ? [{ item: item.id, image: Number(one.parameters.image) }]
        : [],
    ),
  );
  const isPaired = (one: { item: string; image: number }) =>
    pairs.some((pair) => pair.imageItem === one.item && pair.image === one.image);
  return pictures.find(isPaired) ?? pictures[0];
}

/** Longest text of other words that is indexed; names of 100,000 files do not make a study easier to find. */
const mostCharacters = 100_000;

function otherWords(version: StudyVersion, values: StudyMetadata['values']): string {
  const inColumns = new Set(['title', 'description', 'organism', 'imagingMethods', 'licence']);
  const words = new Set<string>([version.accession]);
  for (const [id, value] of Object.entries(values))
    if (!inColumns.has(id.split('@')[0]!)) for (const one of textsOf(value)) words.add(one);
  for (const item of version.items) {
    // "unknown" is no word that a study is found by, and a list of telling items has fewer of them than that of all.
    if (item.kind !== 'unknown') words.add(item.format);
    for (const image of item.images)
      for (const channel of image.channels)
        for (const one of [channel.name, channel.fluorophore]) if (one) words.add(one);
    for (const set of item.trackSets)
      for (const one of [set.name, set.software, set.imageName]) if (one) words.add(one);
    for (const table of item.tables ?? []) for (const one of wordsOfTable(table)) words.add(one);
  }
  for (const dataset of version.datasets) words.add(dataset.title);
  let length = 0;
  for (const { path } of version.files) {
    words.add(path);
    length += path.length;
    if (length > mostCharacters) break;
  }
  return [...words].join('\n').slice(0, mostCharacters);
}

/** Name of a table, and names, meanings and terms of its columns. */
function wordsOfTable({ name, columns }: FeatureTableSummary): string[] {
  const words = columns.flatMap((column) => [column.name, column.meaning, column.term?.label, column.term?.id]);
  return [name, ...words].filter((word) => word !== undefined);
}

function textsOf(value: FieldValue): string[] {
  if (typeof value === 'string') return [value];
  return value.flatMap((one) => (typeof one === 'string' ? [one] : Object.values(one as Term | Contributor)));
}

/** Entries of a field, of the study and of all its data sets, each once. */
function labelsOf(values: StudyMetadata['values'], field: string): string[] {
  const entries = Object.entries(values).filter(([key]) => splitValueKey(key).field === field);
  return [...new Set(entries.flatMap(([, value]) => labels(value)))].filter((label) => label !== 'NA');
}

/** Every term of every field of a vocabulary; names of lines, strains and genes may be terms too. */
function termsOf(values: StudyMetadata['values']): NonNullable<SearchDocument['terms']> {
  const terms = new Map<string, NonNullable<SearchDocument['terms']>[number]>();
  for (const [key, value] of Object.entries(values)) {
    const { field } = splitValueKey(key);
    const type = metadataFieldById(key)?.type;
    if ((type !== 'term-list' && type !== 'text-list') || !Array.isArray(value)) continue;
    for (const one of value) {
      const term = typeof one === 'string' ? { label: one } : 'label' in one ? one : undefined;
      if (term) terms.set(`${field} ${term.id ?? term.label}`, { ...term, field });
    }
  }
  return [...terms.values()];
}

function labels(value: FieldValue | undefined): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one) => (typeof one === 'string' ? [one] : 'label' in one ? [one.label] : []));
}

function text(value: FieldValue | undefined): string {
  return typeof value === 'string' ? value.trim() : '';
}

function contributorsOf(value: FieldValue | undefined): Contributor[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is Contributor => typeof one === 'object' && 'lastName' in one);
}

function contactOf(values: StudyMetadata['values']): { firstName: string; lastName: string }[] {
  const [firstName, lastName] = [text(values.contactFirstName), text(values.contactLastName)];
  return firstName || lastName ? [{ firstName, lastName }] : [];
}
