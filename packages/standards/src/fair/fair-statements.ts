import { isRecord, type Json, type JsonRecord, listOf, recordsOf, textOf } from '../json/json.ts';
import type { TypedLink } from './typed-links.ts';

/** A file that metadata name. */
export interface FairContent {
  /** As written, not yet resolved. */
  address: string;
  mediaType?: string;
  /** As written: digits, or with a unit. */
  size?: string;
}

/** What a metadata document says, in the words in which an assessment asks. */
export interface FairStatements {
  identifiers: string[];
  titles: string[];
  creators: string[];
  publishers: string[];
  publicationDates: string[];
  summaries: string[];
  keywords: string[];
  types: string[];
  licences: string[];
  /** Who may have the data: words or terms. */
  access: string[];
  relations: { relation: string; target: string }[];
  contents: FairContent[];
  /** Names of the elements that PROV has a place for (PROV-DC). */
  provenance: string[];
}

/** Nothing said. */
export const noStatements = (): FairStatements => ({
  identifiers: [],
  titles: [],
  creators: [],
  publishers: [],
  publicationDates: [],
  summaries: [],
  keywords: [],
  types: [],
  licences: [],
  access: [],
  relations: [],
  contents: [],
  provenance: [],
});

/** All that several documents say together. */
export function mergedStatements(all: readonly FairStatements[]): FairStatements {
  const merged = noStatements();
  for (const one of all)
    for (const key of Object.keys(merged) as (keyof FairStatements)[])
      for (const value of one[key]) (merged[key] as unknown[]).push(value);
  return merged;
}

/** The name of a thing in JSON-LD: text, value, name or address. */
function named(value: Json): string[] {
  const text = isRecord(value)
    ? (textOf(value['@value']) ??
      textOf(value.name) ??
      textOf(value['@id']) ??
      textOf(value.url) ??
      textOf(value.value))
    : textOf(value);
  return text === undefined ? [] : [text];
}
const names = (value: Json | undefined) => listOf(value).flatMap(named);

/** The address of a thing in JSON-LD before its name. */
function addresses(value: Json | undefined): string[] {
  return listOf(value).flatMap((one) => {
    if (!isRecord(one)) return named(one);
    return textOf(one['@id']) ?? textOf(one.url) ?? textOf(one.value) ?? named(one);
  });
}

/** Has the document a context of schema.org, or that of RO-Crate, which is made of it? */
export function isSchemaOrg(document: Json): boolean {
  const contexts = recordsOf(document).flatMap((one) => listOf(one['@context']));
  return contexts.some((one) =>
    (isRecord(one) ? Object.values(one) : [one]).some((text) =>
      /^https?:\/\/(schema\.org|w3id\.org\/ro\/crate\/)/.test(textOf(text) ?? ''),
    ),
  );
}

/** The node that describes the data: the root of a crate, else the first `Dataset`. */
function describedNode(document: Json): JsonRecord | undefined {
  const nodes = recordsOf(document).flatMap((one) => (one['@graph'] === undefined ? [one] : recordsOf(one['@graph'])));
  const isData = (node: JsonRecord) =>
    listOf(node['@type']).some((type) => /(^|[/:])Dataset$/.test(textOf(type) ?? ''));
  return nodes.find((node) => node['@id'] === './' && isData(node)) ?? nodes.find(isData);
}

/** Properties of schema.org that relate data to something else, with the kind of relation. */
const schemaOrgRelations: readonly (readonly [property: string, relation: string])[] = [
  ['citation', 'References'],
  ['isPartOf', 'IsPartOf'],
  ['includedInDataCatalog', 'IsPartOf'],
  ['hasPart', 'HasPart'],
  ['isBasedOn', 'IsDerivedFrom'],
  ['subjectOf', 'IsReferencedBy'],
];

/** What a document of schema.org says of its data set; nothing where it describes none. */
export function statementsOfSchemaOrg(document: Json): FairStatements {
  const said = noStatements();
  const node = isSchemaOrg(document) ? describedNode(document) : undefined;
  if (!node) return said;
  said.identifiers = [
    ...addresses(node['@id']),
    ...addresses(node.identifier),
    ...addresses(node.url),
    ...addresses(node.sameAs),
  ];
  said.titles = [...names(node.name), ...names(node.headline)];
  said.creators = [...names(node.creator), ...names(node.author)];
  said.publishers = [...names(node.publisher), ...names(node.provider)];
  said.publicationDates = [...names(node.datePublished), ...names(node.dateCreated)];
  said.summaries = names(node.description);
  said.keywords = names(node.keywords);
  said.types = names(node['@type']);
  said.licences = addresses(node.license);
  // As F-UJI reads it: “for free” alone does not say who may have them.
  said.access = names(node.conditionsOfAccess);
  said.relations = schemaOrgRelations.flatMap(([property, relation]) =>
    addresses(node[property]).map((target) => ({ relation, target })),
  );
  said.contents = recordsOf(node.distribution).flatMap((one) => {
    const address = textOf(one.contentUrl);
    const mediaType = textOf(one.encodingFormat) ?? textOf(one.fileFormat);
    const size = textOf(one.contentSize) ?? textOf(one.fileSize);
    return address === undefined ? [] : [{ address, ...(mediaType ? { mediaType } : {}), ...(size ? { size } : {}) }];
  });
  said.provenance = [
    'creator',
    'author',
    'contributor',
    'publisher',
    'copyrightHolder',
    'isBasedOn',
    'dateCreated',
    'datePublished',
    'dateModified',
  ].filter((property) => names(node[property]).length > 0);
  return said;
}

/** Is it a record of DataCite in JSON? */
export function isDataCite(document: Json): document is JsonRecord {
  return isRecord(document) && Array.isArray(document.titles) && Array.isArray(document.creators);
}

const isAccessTerm = (text: string) =>
  /^https?:\/\/(purl|vocabularies)\.(org|coar-repositories\.org)\/(coar\/)?access_rights?\//.test(text) ||
  text.startsWith('info:eu-repo/semantics/');

/** What a record of DataCite says. */
export function statementsOfDataCite(record: JsonRecord): FairStatements {
  const said = noStatements();
  const members = (list: Json | undefined, name: string) => recordsOf(list).flatMap((one) => textOf(one[name]) ?? []);
  const rights = recordsOf(record.rightsList).flatMap((one) => textOf(one.rightsUri) ?? textOf(one.rights) ?? []);
  const dates = recordsOf(record.dates).flatMap((one) => textOf(one.dateType) ?? []);
  const { types } = record;
  said.identifiers = [...names(record.doi), ...names(record.url), ...members(record.identifiers, 'identifier')];
  said.titles = members(record.titles, 'title');
  said.creators = members(record.creators, 'name');
  said.publishers = names(record.publisher);
  said.publicationDates = names(record.publicationYear);
  said.summaries = members(record.descriptions, 'description');
  said.keywords = members(record.subjects, 'subject');
  said.types = isRecord(types) ? names(types.resourceTypeGeneral) : [];
  said.licences = rights.filter((one) => !isAccessTerm(one));
  said.access = rights.filter(isAccessTerm);
  said.relations = recordsOf(record.relatedIdentifiers).flatMap((one) => {
    const [relation, target] = [textOf(one.relationType), textOf(one.relatedIdentifier)];
    return relation && target ? [{ relation, target }] : [];
  });
  said.contents = addresses(record.contentUrl).map((address) => ({ address }));
  said.provenance = [
    ...['creators', 'contributors', 'publisher', 'publicationYear'].filter((name) => names(record[name]).length > 0),
    ...dates,
  ];
  return said;
}

const dublinCore: Readonly<Record<string, readonly (keyof FairStatements)[]>> = {
  identifier: ['identifiers'],
  title: ['titles'],
  creator: ['creators', 'provenance'],
  publisher: ['publishers', 'provenance'],
  date: ['publicationDates', 'provenance'],
  issued: ['publicationDates', 'provenance'],
  description: ['summaries'],
  abstract: ['summaries'],
  subject: ['keywords'],
  type: ['types'],
  license: ['licences'],
  rights: ['licences'],
  accessrights: ['access'],
};
const dublinCoreRelations =
  /^(relation|source|references|hasversion|isversionof|isreferencedby|haspart|ispartof|replaces)$/;

/** What Dublin Core in the meta tags of a page says. */
export function statementsOfDublinCore(meta: readonly { name: string; content: string }[]): FairStatements {
  const said = noStatements();
  for (const { name, content } of meta) {
    const element = /^dc(?:terms)?[.:](.+)$/.exec(name)?.[1];
    if (element === undefined) continue;
    if (dublinCoreRelations.test(element)) said.relations.push({ relation: element, target: content });
    for (const member of Object.hasOwn(dublinCore, element) ? dublinCore[element]! : [])
      (said[member] as string[]).push(content);
  }
  return said;
}

/** What the typed links of a page say: FAIR Signposting. */
export function statementsOfLinks(links: readonly TypedLink[]): FairStatements {
  const said = noStatements();
  const of = (rel: string) => links.filter((link) => link.rel === rel);
  said.identifiers = of('cite-as').map(({ href }) => href);
  // That the page is a landing page says nothing of the data.
  said.types = of('type').flatMap(({ href }) => (href.endsWith('/AboutPage') ? [] : [href]));
  said.licences = of('license').map(({ href }) => href);
  said.contents = of('item').map(({ href, type }) => ({ address: href, ...(type ? { mediaType: type } : {}) }));
  return said;
}

/** Every address that stands by itself in a JSON document, as a value or as a name. */
export function addressesIn(document: Json, into = new Set<string>()): Set<string> {
  if (typeof document === 'string') {
    if (/^https?:\/\/\S+$/.test(document)) into.add(document);
  } else if (Array.isArray(document)) for (const one of document) addressesIn(one, into);
  else if (document !== null && typeof document === 'object')
    for (const [name, value] of Object.entries(document)) {
      if (/^https?:\/\/\S+$/.test(name)) into.add(name);
      addressesIn(value, into);
    }
  return into;
}
