import type { Imported } from '../exchange/exchange.ts';
import { emptyGraph, keyMaker, type StudyGraph } from '../graph/study-graph.ts';
import { readOrcid, readRor } from '../identifiers/identifiers.ts';
import { filled, isRecord, type Json, type JsonRecord, listOf, recordsOf, textOf, textsOf } from '../json/json.ts';
import { findLicence } from '../licences/licences.ts';
import { doiOf, leftOf, plainOfHtml, ToldPeople } from './told-people.ts';

/** Is a document CodeMeta, by its name, its context or its type? */
export function isCodeMeta(document: JsonRecord, file: string): boolean {
  if ('@graph' in document) return false;
  return (
    /(^|[/\\])codemeta\.json$/i.test(file) ||
    [...textsOf(document['@context']), ...textsOf(document['@type'])].some((text) =>
      /codemeta|^(schema:)?Software(SourceCode|Application)$/i.test(text),
    )
  );
}

const taken = [
  'name',
  'title',
  'description',
  'author',
  'creator',
  'agents',
  'contributor',
  'maintainer',
  'license',
  'licenseId',
  'keywords',
  'tags',
  'version',
  'softwareVersion',
  'identifier',
  'id',
  'type',
  'codeRepository',
  'url',
  'datePublished',
  'dateModified',
  'funder',
  'funding',
  'referencePublication',
  'relatedLink',
];

/** The study graph of CodeMeta 1 to 3: what is said of the thing as a whole; what only software has is not read. */
export function readCodeMeta(document: JsonRecord): Imported {
  const graph = emptyGraph();
  const licence = [...listOf(document.license), ...listOf(document.licenseId)].map(addressOrName).find(Boolean);
  const keywords = [...textsOf(document.keywords), ...textsOf(document.tags)];
  graph.study = filled({
    doi: listOf(document.identifier)
      .concat(document['@id'] ?? null)
      .flatMap((one) => doiOf(isRecord(one) ? (textOf(one.value) ?? textOf(one['@id'])) : textOf(one)) ?? [])[0],
    title: textOf(document.name) ?? textOf(document.title),
    description: plainOfHtml(textOf(document.description)),
    keywords: keywords.length === 1 ? keywords[0]!.split(/\s*[,;]\s*/).filter(Boolean) : keywords,
    licence: licence === undefined ? undefined : (findLicence(licence)?.spdx ?? licence),
    releaseDate: dateOf(textOf(document.datePublished)),
    updateDate: dateOf(textOf(document.dateModified)),
    version: textOf(document.version) ?? textOf(document.softwareVersion),
    url: textOf(document.url),
  });
  readPeople(graph, document);
  readPublications(graph, document);
  const linkKey = keyMaker('l');
  for (const url of textsOf(document.codeRepository)) graph.links.push({ key: linkKey(), url, type: 'code' });
  for (const one of listOf(document.relatedLink)) {
    const url = addressOrName(one);
    if (url !== undefined) graph.links.push({ key: linkKey(), url });
  }
  const grantKey = keyMaker('g');
  const funders = recordsOf(document.funder).flatMap((one) => textOf(one.name) ?? []);
  const numbers = listOf(document.funding).flatMap((one) => addressOrName(one) ?? []);
  for (let at = 0; at < Math.max(funders.length, numbers.length); at++)
    graph.grants.push({
      ...filled({ identifier: numbers[at], funder: funders[at] ?? (numbers.length > 1 ? funders[0] : undefined) }),
      key: grantKey(),
    });
  const left = leftOf(document, taken);
  return { graph: left.length === 0 ? graph : { ...graph, kept: { codemeta: left } }, issues: [] };
}

const dateOf = (text: string | undefined) => /^\d{4}-\d\d-\d\d/.exec(text ?? '')?.[0];

function addressOrName(value: Json): string | undefined {
  return isRecord(value)
    ? (textOf(value.identifier) ?? textOf(value.url) ?? textOf(value['@id']) ?? textOf(value.name))
    : textOf(value);
}

function readPeople(graph: StudyGraph, document: JsonRecord): void {
  const people = new ToldPeople(graph);
  const add = (one: JsonRecord, isNoAuthor: boolean, isContact = false) => {
    const ids = [textOf(one['@id']), textOf(one.id), ...textsOf(one.identifier), ...textsOf(one.sameAs)];
    people.add({
      name: textOf(one.name),
      firstName: textOf(one.givenName),
      lastName: textOf(one.familyName),
      isGroup: [...textsOf(one['@type']), ...textsOf(one.type)].some((type) => /organi[sz]ation$/i.test(type)),
      email: textsOf(one.email)[0]?.replace(/^mailto:/i, ''),
      orcid: ids.flatMap((id) => (id === undefined ? [] : (readOrcid(id) ?? [])))[0],
      affiliations: listOf(one.affiliation).flatMap((place) => {
        const name = isRecord(place) ? (textOf(place.name) ?? textOf(place.legalName)) : textOf(place);
        if (name === undefined) return [];
        const id = isRecord(place) ? (textOf(place['@id']) ?? textOf(place.identifier)) : undefined;
        return [{ name, ror: readRor(id ?? '') }];
      }),
      isNoAuthor,
      isContact,
    });
  };
  for (const one of [...recordsOf(document.author), ...recordsOf(document.creator), ...recordsOf(document.agents)])
    add(one, false);
  for (const one of recordsOf(document.maintainer)) add(one, true, true);
  for (const one of recordsOf(document.contributor)) add(one, true);
}

function readPublications(graph: StudyGraph, document: JsonRecord): void {
  const key = keyMaker('p');
  for (const one of listOf(document.referencePublication)) {
    const record = isRecord(one) ? one : {};
    const names = [textOf(one), textOf(record['@id']), textOf(record.identifier), textOf(record.url)];
    const doi = names.flatMap((name) => doiOf(name) ?? [])[0];
    const node = filled({
      title: textOf(record.name) ?? textOf(record.headline),
      doi,
      url: doi === undefined ? names.find((name) => name !== undefined && /^https?:/.test(name)) : undefined,
    });
    if (Object.keys(node).length > 0) graph.publications.push({ ...node, key: key() });
  }
}
