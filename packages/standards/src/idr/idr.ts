import { type Exported, exportJson, type Imported, importJson, type JsonStandard } from '../exchange/exchange.ts';
import { termOfParts } from '../exchange/terms.ts';
import {
  displayName,
  emptyGraph,
  keyMaker,
  type OrganisationNode,
  type StudyGraph,
  type TermReference,
} from '../graph/study-graph.ts';
import { readDoi, readOrcid } from '../identifiers/identifiers.ts';
import { filled, isRecord, type Json, type JsonRecord } from '../json/json.ts';
import { findLicence, statedLicence } from '../licences/licences.ts';
import { idrDocument, idrText, isIdrHint } from './study-file.ts';

const valuesAt = (part: Json | undefined, key: string): string[] => {
  const value = isRecord(part) ? part[key] : undefined;
  return Array.isArray(value) ? value.map((one) => (typeof one === 'string' && !isIdrHint(one) ? one.trim() : '')) : [];
};
const one = (part: Json | undefined, key: string) => valuesAt(part, key).find((value) => value !== '');

function termsAt(part: Json | undefined, key: string, sourceKey = key): TermReference[] {
  const sources = valuesAt(part, `${sourceKey} Term Source REF`);
  const accessions = valuesAt(part, `${sourceKey} Term Accession`);
  return valuesAt(part, key).flatMap((label, index) =>
    label === '' ? [] : [termOfParts(label, sources[index], accessions[index])],
  );
}

const underscored = (id: string | undefined) => id?.replace(':', '_') ?? '';

/** The study graph of an IDR study file in its JSON form (`idrDocument`). */
export function readIdr(document: Json): Imported {
  const graph = emptyGraph();
  const parts = isRecord(document) && isRecord(document.parts) ? document.parts : {};
  const study = parts.study;
  const licence = one(study, 'Study License') ?? one(study, 'Study License URL');
  const doi = readDoi(one(study, 'Study Data DOI') ?? '');
  graph.study = filled({
    identifier: one(study, 'Comment[IDR Study Accession]'),
    doi: 'doi' in doi ? doi.doi : undefined,
    title: one(study, 'Study Title'),
    description: one(study, 'Study Description'),
    types: termsAt(study, 'Study Type'),
    keywords: valuesAt(study, 'Study Key Words').filter(Boolean),
    licence: licence === undefined ? undefined : (findLicence(licence)?.spdx ?? licence),
    releaseDate: one(study, 'Study Public Release Date'),
    publisher: one(study, 'Study Data Publisher'),
    version: one(study, 'Study Version History'),
  });
  readPeople(graph, study);
  const key = keyMaker('p');
  valuesAt(study, 'Study Publication Title').forEach((title, index) => {
    const at = (name: string) => valuesAt(study, name)[index] || undefined;
    const paper = readDoi(at('Study DOI') ?? '');
    if (title !== '' || 'doi' in paper)
      graph.publications.push({
        ...filled({
          title,
          authors: at('Study Author List')
            ?.split(/\s*,\s*/)
            .filter(Boolean),
          doi: 'doi' in paper ? paper.doi : undefined,
          pubmedId: at('Study PubMed ID'),
          pmcId: at('Study PMC ID'),
        }),
        key: key(),
      });
  });
  const linkKey = keyMaker('l');
  for (const url of valuesAt(study, 'Study External URL')) if (url !== '') graph.links.push({ key: linkKey(), url });
  readComponents(graph, parts);
  return { graph, issues: [] };
}

function readPeople(graph: StudyGraph, study: Json | undefined): void {
  const last = valuesAt(study, 'Study Person Last Name');
  const organisations = new Map<string, OrganisationNode>();
  const key = keyMaker('c');
  last.forEach((lastName, index) => {
    const at = (name: string) => valuesAt(study, `Study Person ${name}`)[index] || undefined;
    const address = at('Address');
    if (address !== undefined && !organisations.has(address))
      organisations.set(address, { key: `o-${organisations.size + 1}`, name: address });
    graph.contributors.push({
      ...filled({
        lastName,
        firstName: at('First Name'),
        email: at('Email'),
        orcid: readOrcid(at('ORCID') ?? ''),
        roles: at('Roles')
          ?.split(/\s*;\s*/)
          .filter(Boolean),
        organisations: address === undefined ? [] : [organisations.get(address)!.key],
      }),
      key: key(),
    });
  });
  graph.organisations = [...organisations.values()];
}

function readComponents(graph: StudyGraph, parts: JsonRecord): void {
  const studyOrganisms = termsAt(parts.study, 'Study Organism');
  const names = Object.keys(parts).filter((name) => name.startsWith('component '));
  if (studyOrganisms.length > 0)
    graph.biosamples.push({ key: 'biosample-study', title: 'Biosample', organisms: studyOrganisms });
  names.forEach((name, index) => {
    const part = parts[name];
    const kind =
      one(part, 'Screen Number') === undefined && one(part, 'Comment[IDR Screen Name]') === undefined
        ? 'Experiment'
        : 'Screen';
    const title = one(part, `Comment[IDR ${kind} Name]`) ?? `${kind} ${index + 1}`;
    const organisms = termsAt(part, `${kind} Organism`);
    const entity = one(part, `${kind} Sample Type`);
    const sample =
      organisms.length > 0 || entity !== undefined
        ? `biosample-${index + 1}`
        : studyOrganisms.length > 0
          ? 'biosample-study'
          : undefined;
    if (sample === `biosample-${index + 1}`)
      graph.biosamples.push({
        ...filled({ title: `Biosample ${title}`, organisms, biologicalEntity: entity }),
        key: sample,
        title: `Biosample ${title}`,
      });
    const methods = termsAt(part, `${kind} Imaging Method`);
    const protocolNames = valuesAt(part, 'Protocol Name');
    const protocolTypes = valuesAt(part, 'Protocol Type');
    const protocolTexts = textsByName(protocolNames, valuesAt(part, 'Protocol Description'));
    const protocols = protocolNames.map((_, at) => ({
      kind: protocolTypes[at] ?? '',
      text: protocolTexts[at] ?? '',
    }));
    const described = (pattern: RegExp) =>
      protocols
        .filter(({ kind: type, text }) => pattern.test(type) && text !== '')
        .map(({ text }) => text)
        .join('\n') || undefined;
    const imaging = described(/imag(e|ing) acquisition|acquisition/i);
    const growth = described(/growth/i);
    const preparation = described(/treatment|label|preparation|fixation|sample/i);
    const analysis = described(/analysis/i);
    const tuple: Record<string, string> = sample === undefined ? {} : { biosample: sample };
    if (growth !== undefined || preparation !== undefined) {
      graph.specimens.push({
        ...filled({ growth, preparation }),
        key: `specimen-${index + 1}`,
        title: `Specimen ${title}`,
      });
      tuple.specimen = `specimen-${index + 1}`;
    }
    if (methods.length > 0 || imaging !== undefined) {
      graph.acquisitions.push({
        ...filled({ methods, parameters: imaging }),
        key: `acquisition-${index + 1}`,
        title: `Image acquisition ${title}`,
      });
      tuple.acquisition = `acquisition-${index + 1}`;
    }
    if (analysis !== undefined) {
      graph.analyses.push({ key: `analysis-${index + 1}`, title: `Image analysis ${title}`, overview: analysis });
      tuple.analysis = `analysis-${index + 1}`;
    }
    graph.datasets.push({
      ...filled({
        title,
        description: one(part, `${kind} Description`),
        formats: valuesAt(part, 'Raw Image Data Format').filter(Boolean),
        tuples: Object.keys(tuple).length === 0 ? [] : [tuple],
      }),
      key: `dataset-${index + 1}`,
      title,
    });
  });
}

/** Descriptions of protocols; one that holds all of them, each paragraph begun with the name of its protocol, is taken apart. */
function textsByName(names: readonly string[], texts: readonly string[]): readonly string[] {
  const [whole = ''] = texts;
  if (names.length < 2 || texts.length !== 1 || !whole.includes('\n')) return texts;
  const wanted = names.map((name) => name.toLowerCase());
  const found = names.map((): string[] => []);
  let at = 0;
  for (const line of whole.split('\n')) {
    const [, name = '', rest = ''] = /^([^-–:]{3,100}?)\s*[-–:]\s+(.*)$/.exec(line) ?? [];
    const named = wanted.indexOf(name.toLowerCase());
    if (named >= 0) at = named;
    found[at]!.push(named >= 0 ? rest : line);
  }
  return found.filter((lines) => lines.length > 0).length > 1 ? found.map((lines) => lines.join('\n').trim()) : texts;
}

/** An IDR study file in its JSON form. Data sets become experiments, unless their name says screen. */
export function writeIdr(graph: StudyGraph): Json {
  const { study } = graph;
  const licence = study.licence === undefined ? undefined : statedLicence(study.licence);
  const entry = (...values: (string | undefined)[]): string[] => {
    const list = values.map((value) => value ?? '');
    while (list.at(-1) === '') list.pop();
    return list;
  };
  const isScreen = graph.datasets.map(({ title }) => /\/screen[A-Z]$/.test(title));
  const shared = sharedOrganisms(graph);
  const papers = graph.publications.length > 0 ? graph.publications : [{ key: '', title: study.title }];
  const organisation = (keys: readonly string[] | undefined) =>
    graph.organisations.find(({ key }) => key === keys?.[0])?.name;
  const part: JsonRecord = {
    'Comment[IDR Study Accession]': entry(study.identifier),
    'Study Title': entry(study.title),
    ...termEntries('Study Type', study.types ?? []),
    'Study Description': entry(study.description),
    ...(study.keywords ? { 'Study Key Words': entry(...study.keywords) } : {}),
    ...(shared.length > 0 ? termEntries('Study Organism', shared) : {}),
    'Study Experiments Number': entry(String(isScreen.filter((screen) => !screen).length)),
    ...(isScreen.some(Boolean) ? { 'Study Screens Number': entry(String(isScreen.filter(Boolean).length)) } : {}),
    'Study External URL': entry(...graph.links.map(({ url }) => url)),
    'Study Public Release Date': entry(study.releaseDate),
    ...(study.version === undefined ? {} : { 'Study Version History': entry(study.version) }),
    'Study PubMed ID': entry(...graph.publications.map(({ pubmedId }) => pubmedId)),
    'Study Publication Title': entry(...papers.map(({ title }) => title)),
    'Study Author List': entry(
      ...papers.map(
        (paper) =>
          ('authors' in paper ? paper.authors?.join(', ') : undefined) ??
          // As many lists as titles: of a paper without one nothing is told.
          (paper.title === undefined
            ? undefined
            : graph.contributors
                .filter(({ isNoAuthor }) => !isNoAuthor)
                .map(displayName)
                .join(', ')),
      ),
    ),
    'Study PMC ID': entry(...graph.publications.map(({ pmcId }) => pmcId)),
    'Study DOI': entry(
      ...graph.publications.map(({ doi }) => (doi === undefined ? undefined : `https://doi.org/${doi}`)),
    ),
    'Study License': entry(licence?.name ?? study.licence),
    'Study License URL': entry(licence?.url),
    ...(study.publisher === undefined ? {} : { 'Study Data Publisher': entry(study.publisher) }),
    ...(study.doi === undefined ? {} : { 'Study Data DOI': entry(`https://doi.org/${study.doi}`) }),
    'Study Person Last Name': entry(...graph.contributors.map(({ lastName, name }) => lastName ?? name)),
    'Study Person First Name': entry(...graph.contributors.map(({ firstName }) => firstName)),
    'Study Person Email': entry(...graph.contributors.map(({ email }) => email)),
    'Study Person Address': entry(...graph.contributors.map(({ organisations }) => organisation(organisations))),
    'Study Person ORCID': entry(...graph.contributors.map(({ orcid }) => orcid)),
    'Study Person Roles': entry(...graph.contributors.map(({ roles }) => roles?.join(';'))),
    ...termSources(graph),
  };
  const parts: JsonRecord = { study: part };
  graph.datasets.forEach((dataset, index) => {
    parts[`component ${index + 1}`] = component(
      graph,
      dataset,
      isScreen[index] ? 'Screen' : 'Experiment',
      index,
      shared.length > 0,
    );
  });
  const layout = Object.entries(parts).flatMap(([scope, entries]) => [
    scope === 'study' ? '# Study' : '# Component',
    ...Object.keys(entries as JsonRecord).map((key) => `= ${scope}|${key}`),
    '',
  ]);
  return { parts, layout };
}

/** Organisms that all samples share; they stand at the study, all others at the components. */
function sharedOrganisms(graph: StudyGraph): TermReference[] {
  const lists = graph.biosamples.map(({ organisms }) => JSON.stringify(organisms ?? []));
  const first = graph.biosamples.find(({ organisms }) => organisms !== undefined);
  const isShared = new Set(lists.filter((list) => list !== '[]')).size === 1;
  return isShared && first ? first.organisms! : [];
}

function termEntries(key: string, terms: readonly TermReference[]): JsonRecord {
  return {
    [key]: terms.map(({ label }) => label),
    [`${key} Term Source REF`]: terms.map(({ id, ontology }) => ontology ?? id?.split(':')[0] ?? ''),
    [`${key} Term Accession`]: terms.map(({ id }) => underscored(id)),
  };
}

function termSources(graph: StudyGraph): JsonRecord {
  const used = [
    ...(graph.study.types ?? []),
    ...graph.biosamples.flatMap(({ organisms }) => organisms ?? []),
    ...graph.acquisitions.flatMap(({ methods }) => methods ?? []),
  ];
  const names = [...new Set(used.flatMap(({ id }) => id?.split(':')[0] ?? []))];
  const bases: Record<string, string> = {
    EFO: 'http://www.ebi.ac.uk/efo/',
    CMPO: 'http://www.ebi.ac.uk/cmpo/',
    MeSH: 'http://id.nlm.nih.gov/mesh/',
  };
  return {
    'Term Source Name': names,
    'Term Source URI': names.map((name) => bases[name] ?? 'http://purl.obolibrary.org/obo/'),
  };
}

function component(
  graph: StudyGraph,
  dataset: StudyGraph['datasets'][number],
  kind: 'Screen' | 'Experiment',
  index: number,
  isShared: boolean,
): JsonRecord {
  const tuples = dataset.tuples ?? [];
  const linked = <Node extends { key: string }>(
    nodes: readonly Node[],
    link: 'biosample' | 'specimen' | 'acquisition' | 'analysis',
  ) => nodes.filter(({ key }) => tuples.some((tuple) => tuple[link] === key));
  const samples = linked(graph.biosamples, 'biosample');
  const protocols = [
    ...linked(graph.specimens, 'specimen').flatMap(({ growth, preparation }) => [
      ['growth protocol', 'EFO_0003789', growth],
      ['treatment protocol', 'EFO_0003969', preparation],
    ]),
    ...linked(graph.acquisitions, 'acquisition').map(({ parameters, instrument }) => [
      'image acquisition and feature extraction protocol',
      '',
      [instrument, parameters].filter(Boolean).join('\n') || undefined,
    ]),
    ...linked(graph.analyses, 'analysis').map(({ overview }) => ['data analysis protocol', '', overview]),
  ].filter((protocol): protocol is [string, string, string] => protocol[2] !== undefined);
  const methods = linked(graph.acquisitions, 'acquisition').flatMap((acquisition) => acquisition.methods ?? []);
  return {
    [`${kind} Number`]: [String(index + 1)],
    [`Comment[IDR ${kind} Name]`]: [dataset.title],
    [`${kind} Sample Type`]: samples.flatMap(({ biologicalEntity }) => biologicalEntity ?? []).slice(0, 1),
    [`${kind} Description`]: dataset.description === undefined ? [] : [dataset.description],
    ...(isShared
      ? {}
      : termEntries(
          `${kind} Organism`,
          samples.flatMap(({ organisms }) => organisms ?? []),
        )),
    ...termEntries(`${kind} Imaging Method`, methods),
    'Protocol Name': protocols.map(([type]) => type),
    'Protocol Type': protocols.map(([type]) => type),
    'Protocol Type Term Source REF': protocols.map(([, id]) => (id === '' ? '' : 'EFO')),
    'Protocol Type Term Accession': protocols.map(([, id]) => id),
    'Protocol Description': protocols.map(([, , text]) => text.replace(/\s*\n\s*/g, ' ')),
    'Raw Image Data Format': dataset.formats ?? [],
  };
}

/** IDR study files by their JSON form, read and written. */
export const idr: JsonStandard = { standard: 'idr', read: readIdr, write: writeIdr };

/** Reads the text of an IDR study file. */
export function importIdr(text: string): Imported {
  return importJson(idr, idrDocument(text));
}

/** Writes an IDR study file. */
export function exportIdr(graph: StudyGraph): Exported<string> {
  const { document, losses } = exportJson(idr, graph);
  return { document: idrText(document), losses };
}
