import type { Imported } from '../exchange/exchange.ts';
import { emptyGraph, keyMaker, type StudyGraph } from '../graph/study-graph.ts';
import { readOrcid, readRor } from '../identifiers/identifiers.ts';
import { filled, isRecord, type Json, type JsonRecord, listOf, recordsOf, textOf, textsOf } from '../json/json.ts';
import { findLicence } from '../licences/licences.ts';
import { doiOf, leftOf, plainOfHtml, ToldPeople, type ToldPerson } from './told-people.ts';

/** Members that only Zenodo's records have. */
const ownMembers = ['upload_type', 'access_right', 'related_identifiers', 'communities', 'grants', 'resource_type'];

/**
 * The record of a `.zenodo.json`, of Zenodo's deposit interface or of one of its records; `undefined` where a document is
 * none of these.
 */
export function zenodoRecord(document: JsonRecord, file: string): JsonRecord | undefined {
  const record = isRecord(document.metadata) && !('creators' in document) ? document.metadata : document;
  if (/(^|[/\\.])zenodo\.json$/i.test(file)) return record;
  const hasNames = recordsOf(record.creators).some((one) => 'name' in one || 'person_or_org' in one);
  return hasNames && 'title' in record && ownMembers.some((name) => name in record) ? record : undefined;
}

const taken = [
  'title',
  'description',
  'creators',
  'contributors',
  'license',
  'rights',
  'keywords',
  'subjects',
  'related_identifiers',
  'grants',
  'funding',
  'version',
  'publication_date',
  'embargo_date',
  'doi',
  'language',
  'method',
  'notes',
  // What kind of thing it is and who may see it are said by the study itself.
  'upload_type',
  'resource_type',
  'image_type',
  'publication_type',
  'access_right',
  'prereserve_doi',
];

/** The study graph of a Zenodo record: metadata of its deposit interface, or of the newer one of InvenioRDM. */
export function readZenodo(record: JsonRecord): Imported {
  const graph = emptyGraph();
  const licence = [...listOf(record.license), ...listOf(record.rights)].map(nameOrId).find((one) => one !== undefined);
  const subjects = recordsOf(record.subjects).flatMap((one) => textOf(one.term) ?? textOf(one.subject) ?? []);
  graph.study = filled({
    doi: doiOf(textOf(record.doi)),
    title: textOf(record.title),
    description: plainOfHtml(textOf(record.description)),
    keywords: [...textsOf(record.keywords), ...subjects],
    licence: licence === undefined ? undefined : (findLicence(licence)?.spdx ?? licence),
    releaseDate: dateOf(textOf(record.embargo_date) ?? textOf(record.publication_date)),
    version: textOf(record.version),
    language: textOf(record.language),
    methodSummary: plainOfHtml(textOf(record.method)),
    notes: plainOfHtml(textOf(record.notes)),
  });
  readPeople(graph, record);
  readRelated(graph, record);
  readGrants(graph, record);
  const left = leftOf(record, taken);
  return { graph: left.length === 0 ? graph : { ...graph, kept: { zenodo: left } }, issues: [] };
}

const dateOf = (text: string | undefined) => /^\d{4}-\d\d-\d\d/.exec(text ?? '')?.[0];

/** A text, or what an object calls itself: `{"id": "cc-by-4.0"}`. */
function nameOrId(value: Json): string | undefined {
  return isRecord(value) ? (textOf(value.id) ?? textOf(value.title) ?? textOf(value.link)) : textOf(value);
}

function readPeople(graph: StudyGraph, record: JsonRecord): void {
  const people = new ToldPeople(graph);
  for (const one of recordsOf(record.creators)) people.add(personOf(one));
  for (const one of recordsOf(record.contributors)) {
    const role = nameOrId(one.type ?? one.role ?? null);
    const isContact = role !== undefined && /^contact_?person$/i.test(role);
    people.add({
      ...personOf(one),
      isNoAuthor: true,
      isContact,
      ...(role === undefined || isContact ? {} : { roles: [role] }),
    });
  }
}

function personOf(one: JsonRecord): ToldPerson {
  const about = isRecord(one.person_or_org) ? one.person_or_org : one;
  const ids = recordsOf(about.identifiers).map((id) => textOf(id.identifier) ?? '');
  const places = [...listOf(one.affiliation), ...listOf(one.affiliations)].flatMap((place) => {
    const name = isRecord(place) ? textOf(place.name) : textOf(place);
    if (name === undefined) return [];
    return [{ name, ror: isRecord(place) ? readRor(textOf(place.id) ?? '') : undefined }];
  });
  return {
    name: textOf(about.name),
    firstName: textOf(about.given_name),
    lastName: textOf(about.family_name),
    isGroup: about.type === 'organizational',
    orcid: [textOf(about.orcid) ?? '', ...ids].flatMap((id) => readOrcid(id) ?? [])[0],
    affiliations: places,
  };
}

/** Relations of DataCite that a paper about the data has. */
const ofPapers = /^(IsSupplementTo|IsCitedBy|IsDescribedBy|IsDocumentedBy|IsPublishedIn)$/i;

function readRelated(graph: StudyGraph, record: JsonRecord): void {
  const key = keyMaker('p');
  const linkKey = keyMaker('l');
  for (const one of recordsOf(record.related_identifiers)) {
    const value = textOf(one.identifier);
    if (value === undefined) continue;
    const said = nameOrId(one.relation ?? one.relation_type ?? null) ?? 'references';
    const relation = said[0]!.toUpperCase() + said.slice(1);
    const kind = nameOrId(one.resource_type ?? null);
    const doi = doiOf(value);
    const scheme = textOf(one.scheme)?.toLowerCase();
    const isPaper = ofPapers.test(relation) && (kind === undefined || kind.startsWith('publication'));
    if (isPaper && doi !== undefined) graph.publications.push({ key: key(), doi });
    else if (isPaper && scheme === 'pmid') graph.publications.push({ key: key(), pubmedId: value });
    else {
      const arxiv = scheme === 'arxiv' ? `https://arxiv.org/abs/${value.replace(/^arxiv:/i, '')}` : value;
      graph.links.push({ key: linkKey(), url: doi === undefined ? arxiv : `https://doi.org/${doi}`, relation });
    }
  }
}

function readGrants(graph: StudyGraph, record: JsonRecord): void {
  const key = keyMaker('g');
  for (const one of recordsOf(record.grants)) {
    // As the deposit interface has it: number of the funder, two colons, number of the grant.
    const [, funderDoi, number] = /^(10\.\d+\/\S+?)::(.+)$/.exec(textOf(one.id) ?? '') ?? [];
    const funder = isRecord(one.funder) ? one.funder : {};
    const funderId = funderDoi ?? doiOf(textOf(funder.doi));
    graph.grants.push({
      ...filled({
        identifier: textOf(one.code) ?? number ?? textOf(one.id),
        title: textOf(one.title),
        funder: textOf(funder.name),
        funderId: funderId === undefined ? undefined : `https://doi.org/${funderId}`,
        url: textOf(one.url),
      }),
      key: key(),
    });
  }
  for (const { funder, award } of recordsOf(record.funding)) {
    const given = isRecord(award) ? award : {};
    const titles = isRecord(given.title) ? Object.values(given.title) : [];
    graph.grants.push({
      ...filled({
        identifier: textOf(given.number) ?? textOf(given.id),
        title: textOf(titles[0]) ?? textOf(given.title),
        funder: isRecord(funder) ? (textOf(funder.name) ?? textOf(funder.id)) : undefined,
      }),
      key: key(),
    });
  }
}
