import { type Imported, rootRecord } from '../exchange/exchange.ts';
import {
  type ContributorNode,
  emptyGraph,
  type EthicsNode,
  keyMaker,
  type OrganisationNode,
  splitName,
  type StudyGraph,
  type TermReference,
} from '../graph/study-graph.ts';
import { readCurie, readDoi, readOrcid, readRor } from '../identifiers/identifiers.ts';
import { filled, type Json, type JsonRecord, recordsOf, textOf, textsOf } from '../json/json.ts';
import { findLicence } from '../licences/licences.ts';

/** Where subjects of a scheme stand in the graph; written and read by this table. */
export const subjectSchemes = [
  ['NCBI Taxonomy', 'NCBITaxon', 'organisms'],
  ['Gene Ontology: molecular function', 'GO', 'molecularFunction'],
  ['Gene Ontology: biological process', 'GO', 'biologicalProcess'],
  ['Gene Ontology: cellular component', 'GO', 'cellularComponent'],
  ['Cell Ontology', 'CL', 'cellType'],
  ['Cell Line Ontology', 'CLO', 'cellLine'],
  ['Cellular Microscopy Phenotype Ontology', 'CMPO', 'phenotypes'],
] as const;

/** Scheme of imaging methods. */
export const methodScheme = 'Biological Imaging Methods Ontology';

/** Scheme of terms of data use among the rights; by its prefix, as its identifiers have it. */
export const dataUseScheme = 'DUO';

/** Who may have the files, as it stands among the rights (`info:eu-repo/semantics`): what OpenAIRE's guidelines name. */
export const accessWords = {
  embargoed: { rights: 'embargoed access', rightsUri: 'info:eu-repo/semantics/embargoedAccess' },
  registered: { rights: 'restricted access', rightsUri: 'info:eu-repo/semantics/restrictedAccess' },
  controlled: { rights: 'restricted access', rightsUri: 'info:eu-repo/semantics/restrictedAccess' },
  closed: { rights: 'closed access', rightsUri: 'info:eu-repo/semantics/closedAccess' },
} as const;
/** What is said of the day on which the data became public, where whoever described them names another than that of the publication. */
export const releaseWords = 'Release date, as its depositor names it';

const isAccess = (rights: JsonRecord) => (textOf(rights.rightsUri) ?? '').startsWith('info:eu-repo/semantics/');

const isDataUse = (rights: JsonRecord) => textOf(rights.rightsIdentifierScheme) === dataUseScheme;

/** The study graph of DataCite JSON (kernel 4.5 to 4.7), or of the `attributes` of its REST form. */
export function readDataCite(document: Json): Imported {
  const { root, issues } = rootRecord(document, 'datacite', 'it is not a JSON object');
  const graph = emptyGraph();
  const descriptions = recordsOf(root.descriptions);
  const described = (kind: string) => textOf(descriptions.find((one) => one.descriptionType === kind)?.description);
  const dates = recordsOf(root.dates);
  const dated = (...kinds: string[]) =>
    kinds.flatMap((kind) => textOf(dates.find((one) => one.dateType === kind)?.date)?.slice(0, 10) ?? [])[0];
  const stated = recordsOf(root.rightsList);
  const rights = stated
    .filter((one) => !isDataUse(one) && !isAccess(one))
    .map((one) => textOf(one.rightsIdentifier) ?? textOf(one.rightsUri) ?? textOf(one.rights));
  const dataUse = stated.filter(isDataUse).flatMap((one): TermReference[] => {
    const label = textOf(one.rights);
    return label === undefined ? [] : [filled<TermReference>({ label, id: textOf(one.rightsIdentifier) })];
  });
  const said = stated.map(({ rightsUri }) => textOf(rightsUri));
  const access = (['embargoed', 'controlled', 'closed'] as const).find((one) =>
    said.includes(accessWords[one].rightsUri),
  );
  const openFrom = access === 'embargoed' ? dated('Available') : undefined;
  if (dataUse.length > 0 || access !== undefined)
    graph.ethics = filled<EthicsNode>({ access, openFrom, dataUse: dataUse.length > 0 ? dataUse : undefined });
  const licence = rights.find((one) => one !== undefined && findLicence(one) !== undefined) ?? rights[0];
  const doi = readDoi(textOf(root.doi) ?? '');
  const subjects = recordsOf(root.subjects);
  graph.study = filled({
    identifier: textOf(recordsOf(root.alternateIdentifiers)[0]?.alternateIdentifier),
    doi: 'doi' in doi ? doi.doi : undefined,
    url: textOf(root.url) ?? addressAmong(root),
    title: textOf(recordsOf(root.titles).find((one) => one.titleType === undefined)?.title),
    description: described('Abstract'),
    keywords: subjects.filter((one) => placeOf(one) === undefined).flatMap((one) => textOf(one.subject) ?? []),
    types: typesOf(root),
    licence: licence === undefined ? undefined : (findLicence(licence)?.spdx ?? licence),
    releaseDate:
      textOf(dates.find((one) => one.dateInformation === releaseWords)?.date) ??
      (openFrom === undefined ? dated('Available', 'Issued') : dated('Issued', 'Available')),
    submissionDate: dated('Submitted'),
    updateDate: dated('Updated'),
    version: textOf(root.version),
    methodSummary: described('Methods'),
    acknowledgements: described('Other'),
    publisher: textOf((recordsOf(root.publisher)[0] ?? {}).name) ?? textOf(root.publisher),
    language: textOf(root.language),
  });
  readPeople(graph, root);
  readRelated(graph, root);
  readSubjects(graph, subjects);
  return { graph, issues };
}

/** The address that stands for the DOI of a record without one. */
function addressAmong(root: JsonRecord): string | undefined {
  const address = recordsOf(root.identifiers).find((one) => textOf(one.identifierType)?.toUpperCase() === 'URL');
  return textOf(address?.identifier);
}

function typesOf(root: JsonRecord): TermReference[] {
  const label = textOf((recordsOf(root.types)[0] ?? {}).resourceType);
  return label === undefined || label === 'Dataset' ? [] : [{ label }];
}

const placeOf = (subject: JsonRecord) => {
  const scheme = textOf(subject.subjectScheme);
  return scheme === methodScheme ? 'methods' : subjectSchemes.find(([name]) => name === scheme)?.[2];
};

function readSubjects(graph: StudyGraph, subjects: readonly JsonRecord[]): void {
  const sample: Record<string, TermReference[]> = {};
  const methods: TermReference[] = [];
  for (const subject of subjects) {
    const place = placeOf(subject);
    const label = textOf(subject.subject);
    if (place === undefined || label === undefined) continue;
    const id = readCurie(textOf(subject.valueUri) ?? '');
    const term = { label, ...(id === undefined ? {} : { id }) };
    if (place === 'methods') methods.push(term);
    else (sample[place] ??= []).push(term);
  }
  if (Object.keys(sample).length > 0) graph.biosamples.push({ ...sample, key: 'biosample-1', title: 'Biosample' });
  if (methods.length > 0) graph.acquisitions.push({ key: 'acquisition-1', title: 'Image acquisition', methods });
}

function readPeople(graph: StudyGraph, root: JsonRecord): void {
  const key = keyMaker('c');
  const organisations = new Map<string, OrganisationNode>();
  const contacts = new Set(
    recordsOf(root.contributors)
      .filter((one) => one.contributorType === 'ContactPerson')
      .map((one) => textOf(one.name)),
  );
  const take = (one: JsonRecord, roles: string[]) => {
    const name = textOf(one.name);
    const given = textOf(one.givenName);
    const family = textOf(one.familyName);
    const isGroup = one.nameType === 'Organizational';
    const orcid = recordsOf(one.nameIdentifiers).find((id) => /orcid/i.test(textOf(id.nameIdentifierScheme) ?? ''));
    const parts =
      family !== undefined || given !== undefined
        ? { firstName: given, lastName: family }
        : isGroup || name === undefined
          ? { name }
          : splitName(name);
    graph.contributors.push({
      ...filled<Omit<ContributorNode, 'key'>>({
        ...parts,
        orcid: orcid ? readOrcid(textOf(orcid.nameIdentifier) ?? '') : undefined,
        organisations: affiliationsOf(one, organisations),
        roles,
      }),
      ...(roles.length > 0 ? { isNoAuthor: true } : contacts.has(name) ? { isContact: true } : {}),
      key: key(),
    });
  };
  const creators = recordsOf(root.creators);
  for (const one of creators) take(one, []);
  const names = new Set(creators.map((one) => textOf(one.name)));
  for (const one of recordsOf(root.contributors))
    if (one.contributorType !== 'ContactPerson' || !names.has(textOf(one.name)))
      take(one, textsOf(one.contributorType));
  graph.organisations = [...organisations.values()];
  const grantKey = keyMaker('g');
  for (const one of recordsOf(root.fundingReferences))
    graph.grants.push({
      ...filled({
        identifier: textOf(one.awardNumber),
        title: textOf(one.awardTitle),
        funder: textOf(one.funderName),
        funderId: textOf(one.funderIdentifier),
        url: textOf(one.awardUri),
      }),
      key: grantKey(),
    });
}

function affiliationsOf(one: JsonRecord, organisations: Map<string, OrganisationNode>): string[] {
  const list = Array.isArray(one.affiliation)
    ? one.affiliation
    : one.affiliation === undefined
      ? []
      : [one.affiliation];
  return list.flatMap((value) => {
    const record = recordsOf(value)[0];
    const name = record ? textOf(record.name) : textOf(value);
    if (name === undefined) return [];
    const ror = record ? readRor(textOf(record.affiliationIdentifier) ?? '') : undefined;
    const known = organisations.get(`${name} ${ror}`) ?? {
      key: `o-${organisations.size + 1}`,
      name,
      ...(ror === undefined ? {} : { ror }),
    };
    organisations.set(`${name} ${ror}`, known);
    return [known.key];
  });
}

function readRelated(graph: StudyGraph, root: JsonRecord): void {
  const key = keyMaker('p');
  const linkKey = keyMaker('l');
  for (const one of recordsOf(root.relatedIdentifiers)) {
    const value = textOf(one.relatedIdentifier);
    if (value === undefined) continue;
    const kind = textOf(one.relatedIdentifierType);
    const relation = textOf(one.relationType) ?? 'References';
    const isPaper = /^(IsSupplementTo|IsCitedBy|IsDescribedBy)$/.test(relation);
    const doi = kind === 'DOI' ? readDoi(value) : undefined;
    if (isPaper && doi && 'doi' in doi) graph.publications.push({ key: key(), doi: doi.doi });
    else if (isPaper && kind === 'PMID') graph.publications.push({ key: key(), pubmedId: value });
    else
      graph.links.push({ key: linkKey(), url: doi && 'doi' in doi ? `https://doi.org/${doi.doi}` : value, relation });
  }
}
