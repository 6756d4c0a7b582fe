import type { Imported } from '../exchange/exchange.ts';
import { emptyGraph, keyMaker, type StudyGraph } from '../graph/study-graph.ts';
import { readOrcid } from '../identifiers/identifiers.ts';
import { filled, isRecord, type JsonRecord, recordsOf, textOf, textsOf } from '../json/json.ts';
import { findLicence } from '../licences/licences.ts';
import { doiOf, leftOf, ToldPeople } from './told-people.ts';

/** Is a document a `CITATION.cff` (Citation File Format)? Its version is the one member that all have. */
export function isCitationFile(document: JsonRecord): boolean {
  return 'cff-version' in document;
}

const taken = [
  'cff-version',
  'message',
  'type',
  'title',
  'abstract',
  'authors',
  'contact',
  'keywords',
  'license',
  'license-url',
  'doi',
  'identifiers',
  'version',
  'date-released',
  'url',
  'repository',
  'repository-code',
  'repository-artifact',
  'preferred-citation',
];

/** The study graph of a citation file of version 1.0 to 1.2. */
export function readCitationFile(document: JsonRecord): Imported {
  const graph = emptyGraph();
  const licence = textsOf(document.license)[0] ?? textOf(document['license-url']);
  const dois = recordsOf(document.identifiers).map((one) => textOf(one.value));
  graph.study = filled({
    doi: [textOf(document.doi), ...dois].flatMap((text) => doiOf(text) ?? [])[0],
    title: textOf(document.title),
    description: textOf(document.abstract),
    keywords: textsOf(document.keywords),
    licence: licence === undefined ? undefined : (findLicence(licence)?.spdx ?? licence),
    releaseDate: /^\d{4}-\d\d-\d\d/.exec(textOf(document['date-released']) ?? '')?.[0],
    version: textOf(document.version),
    url: textOf(document.url),
  });
  readPeople(graph, document);
  const paper = document['preferred-citation'];
  if (isRecord(paper)) readPaper(graph, paper);
  const linkKey = keyMaker('l');
  for (const name of ['repository-code', 'repository', 'repository-artifact'])
    for (const url of textsOf(document[name])) graph.links.push({ key: linkKey(), url, type: 'code' });
  const left = leftOf(document, taken);
  return { graph: left.length === 0 ? graph : { ...graph, kept: { 'citation-file': left } }, issues: [] };
}

const familyOf = (one: JsonRecord) =>
  [textOf(one['name-particle']), textOf(one['family-names']), textOf(one['name-suffix'])].filter(Boolean).join(' ');

function readPeople(graph: StudyGraph, document: JsonRecord): void {
  const people = new ToldPeople(graph);
  const add = (one: JsonRecord, isContact: boolean) => {
    const family = familyOf(one);
    const affiliation = textOf(one.affiliation);
    people.add({
      name: textOf(one.name) ?? textOf(one.alias),
      firstName: textOf(one['given-names']),
      lastName: family === '' ? undefined : family,
      isGroup: 'name' in one,
      email: textOf(one.email),
      orcid: readOrcid(textOf(one.orcid) ?? ''),
      affiliations: affiliation === undefined ? [] : [{ name: affiliation }],
      isContact,
      isNoAuthor: isContact,
    });
  };
  for (const one of recordsOf(document.authors)) add(one, false);
  for (const one of recordsOf(document.contact)) add(one, true);
}

function readPaper(graph: StudyGraph, paper: JsonRecord): void {
  const [start, end] = [textOf(paper.start), textOf(paper.end)];
  const authors = recordsOf(paper.authors).map(
    (one) => textOf(one.name) ?? [familyOf(one), textOf(one['given-names'])].filter(Boolean).join(', '),
  );
  const node = filled({
    title: textOf(paper.title),
    authors: authors.filter((one) => one !== ''),
    doi: doiOf(textOf(paper.doi)),
    year: textOf(paper.year),
    venue: textOf(paper.journal),
    volume: textOf(paper.volume),
    issue: textOf(paper.issue),
    pages: start === undefined ? textOf(paper.pages) : end === undefined ? start : `${start}-${end}`,
    url: textOf(paper.url),
  });
  if (Object.keys(node).length > 0) graph.publications.push({ ...node, key: 'p-1' });
}
