import { type Json, type JsonRecord, recordsOf, textOf } from '../json/json.ts';

/** What one entry of a citation-event file says: two works, and what the first is to the second. Nothing is made of it yet. */
export interface StatedLink {
  from: string;
  to: string;
  /** As the file writes it: `is-cited-by`, `IsSupplementTo`, `cites`. */
  relation: string;
  /** Who says so: the form of the file, and the agency within it. */
  source: string;
  /** One-based number of the entry in the file; the row of a table. */
  entry: number;
  /** Day it was said on (ISO 8601, as far as the file tells). */
  on?: string;
  /** Version of `to`, where the file names it beside. */
  version?: number;
  titleOfFrom?: string;
  titleOfTo?: string;
  /** Is the work at this end data, as far as the file tells? */
  fromIsData?: boolean;
  toIsData?: boolean;
  /** Did the agency take it back? */
  isWithdrawn?: boolean;
}

/** An entry as it is told, or what it lacks. */
export type StatedEntry = StatedLink | { lacks: string };

/** Longest text kept of an identifier or title; longer ones are none. */
const mostCharacters = 2000;

const cell = (value: Json | undefined): string => {
  const text = textOf(value)?.trim() ?? '';
  return text.length > mostCharacters ? '' : text;
};

/** A record by its names in small letters without signs: `subj-id`, `subj_id` and `subjId` are one. */
export function byPlainName(record: JsonRecord): Map<string, Json | undefined> {
  const plain = new Map<string, Json | undefined>();
  for (const [name, value] of Object.entries(record)) {
    const key = name.toLowerCase().replace(/[^a-z]/g, '');
    if (!plain.has(key)) plain.set(key, value);
  }
  return plain;
}

/** The day of a date or moment; `undefined` where the text begins with none. */
export const dayOf = (text: string): string | undefined => {
  const day = /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0];
  return day !== undefined && !Number.isNaN(Date.parse(day)) ? day : undefined;
};

const isData = (type: string): boolean | undefined => (type === '' ? undefined : /dataset|^data$|imag/i.test(type));

/** Members of a link that are told; the others are left out. */
function linkOf(link: { [Name in keyof StatedLink]: StatedLink[Name] | undefined }): StatedLink {
  return Object.fromEntries(
    Object.entries(link).filter(([, value]) => value !== undefined && value !== ''),
  ) as unknown as StatedLink;
}

/** The entries of a JSON document in any of the forms; one that is no list is its own only entry. */
export function entriesOf(document: Json): JsonRecord[] {
  if (Array.isArray(document)) return recordsOf(document);
  const [record] = recordsOf(document);
  if (!record) return [];
  const plain = byPlainName(record);
  const message = recordsOf(plain.get('message'))[0];
  const list =
    plain.get('data') ?? message?.events ?? plain.get('events') ?? plain.get('result') ?? plain.get('results');
  return list === undefined || list === null ? [record] : recordsOf(list);
}

/** What one entry of a JSON document says, in whichever of the forms it is. */
export function entryOf(record: JsonRecord, entry: number): StatedEntry {
  const attributes = recordsOf(record.attributes)[0];
  const plain = byPlainName(attributes ?? record);
  if (plain.has('subjid') || plain.has('objid')) return eventOf(plain, entry);
  if (plain.has('source') && plain.has('target')) return scholixOf(plain, entry);
  const told = (...names: string[]) => names.map((name) => cell(plain.get(name))).find((text) => text !== '') ?? '';
  if (plain.has('publication') && plain.has('dataset')) {
    // `title` is that of the cited data, and the repository, journal and publisher are no words of the work.
    const from = told('publication');
    const to = told('dataset');
    return rowOf({ from, to, on: told('publisheddate', 'updated', 'created'), source: told('source') }, true, entry);
  }
  const [from, to] = [told('paper'), told('study')];
  const { kind, version, title, source } = Object.fromEntries(
    ['kind', 'version', 'title', 'source'].map((name) => [name, told(name)]),
  );
  return rowOf({ from, to, kind, version, title, source, on: told('date') }, false, entry);
}

/** A message of DataCite Event Data or Crossref Event Data. */
function eventOf(plain: Map<string, Json | undefined>, entry: number): StatedEntry {
  const told = (name: string) => cell(plain.get(name));
  const [from, to, relation] = [told('subjid'), told('objid'), told('relationtypeid')];
  if (from === '' || to === '') return { lacks: from === '' ? 'subj-id' : 'obj-id' };
  if (relation === '') return { lacks: 'relation-type-id' };
  const about = (name: string) => byPlainName(recordsOf(plain.get(name))[0] ?? {});
  const [subject, object] = [about('subj'), about('obj')];
  const title = (one: Map<string, Json | undefined>) => cell(one.get('name')) || cell(one.get('title'));
  const agency = told('sourceid');
  return linkOf({
    from,
    to,
    relation,
    entry,
    source: agency === '' ? 'Event Data' : `Event Data, ${agency}`,
    on: dayOf(told('occurredat') || told('timestamp')),
    titleOfFrom: title(subject),
    titleOfTo: title(object),
    fromIsData: isData(cell(subject.get('type'))),
    toIsData: isData(cell(object.get('type'))),
    isWithdrawn: /^delete/i.test(told('messageaction') || told('action')) || undefined,
  });
}

/** A link of Scholix, 1 to 3. */
function scholixOf(plain: Map<string, Json | undefined>, entry: number): StatedEntry {
  const end = (name: string) => {
    const about = byPlainName(recordsOf(plain.get(name))[0] ?? {});
    const ids = recordsOf(about.get('identifier')).map(byPlainName);
    const doi = ids.find((id) => /doi/i.test(cell(id.get('idscheme'))));
    const told = doi ?? ids[0];
    const type = cell(byPlainName(recordsOf(about.get('type'))[0] ?? {}).get('name')) || cell(about.get('type'));
    return {
      id: (told && (cell(told.get('id')) || cell(told.get('idurl')))) ?? '',
      title: cell(about.get('title')),
      isData: isData(type),
    };
  };
  const [from, to] = [end('source'), end('target')];
  if (from.id === '' || to.id === '') return { lacks: from.id === '' ? 'Source Identifier' : 'Target Identifier' };
  const type = byPlainName(recordsOf(plain.get('relationshiptype'))[0] ?? {});
  const [name, subtype] = [cell(type.get('name')) || cell(plain.get('relationshiptype')), cell(type.get('subtype'))];
  // IsRelatedTo says nothing; what is meant then stands in the subtype.
  const relation = subtype !== '' && (name === '' || /^is.?related.?to$/i.test(name)) ? subtype : name;
  if (relation === '') return { lacks: 'RelationshipType' };
  const provider = cell(byPlainName(recordsOf(plain.get('linkprovider'))[0] ?? {}).get('name'));
  return linkOf({
    from: from.id,
    to: to.id,
    relation,
    entry,
    source: provider === '' ? 'Scholix' : `Scholix, ${provider}`,
    on: dayOf(cell(plain.get('linkpublicationdate')) || cell(plain.get('harvestdate'))),
    titleOfFrom: from.title,
    titleOfTo: to.title,
    fromIsData: from.isData,
    toIsData: to.isData,
  });
}

/** Cells of a row that names a paper and the data it is about. */
export interface PaperRow {
  from: string;
  to: string;
  kind?: string | undefined;
  version?: string | undefined;
  title?: string | undefined;
  source?: string | undefined;
  on?: string | undefined;
}

/** A row of the data citation corpus, or of a plain table with a column `kind`. */
export function rowOf({ from, to, kind = '', ...row }: PaperRow, isCorpus: boolean, entry: number): StatedEntry {
  if (from === '') return { lacks: isCorpus ? 'publication' : 'paper' };
  if (to === '') return { lacks: isCorpus ? 'dataset' : 'study' };
  if (!/^(primary|reuse)?$/i.test(kind)) return { lacks: `kind (primary or reuse, not “${kind.slice(0, 40)}”)` };
  const version = row.version ?? '';
  if (!/^([1-9]\d{0,5})?$/.test(version)) return { lacks: `version (a number, not “${version.slice(0, 40)}”)` };
  const form = isCorpus ? 'Data Citation Corpus' : 'a list of citations';
  return linkOf({
    from,
    to,
    relation: /^primary$/i.test(kind) ? 'is-supplemented-by' : 'cites',
    entry,
    source: row.source === undefined || row.source === '' ? form : isCorpus ? `${form}, ${row.source}` : row.source,
    on: dayOf(row.on ?? ''),
    version: version === '' ? undefined : Number(version),
    titleOfFrom: isCorpus ? undefined : row.title,
  });
}
