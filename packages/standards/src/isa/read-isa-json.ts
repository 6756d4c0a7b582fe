import { type Imported, rootRecord } from '../exchange/exchange.ts';
import { dayOf } from '../exchange/written-dates.ts';
import {
  type ContributorNode,
  emptyGraph,
  keyMaker,
  type StudyGraph,
  type TermReference,
} from '../graph/study-graph.ts';
import { readDoi, readOrcid } from '../identifiers/identifiers.ts';
import { filled, isRecord, type Json, type JsonRecord, recordsOf, textOf } from '../json/json.ts';
import { findLicence } from '../licences/licences.ts';
import { commentOf, readOwn, sampleOfCharacteristics, termOfAnnotation } from './isa-parts.ts';

/** The study graph of an ISA-JSON investigation; several studies become data sets of one. */
export function readIsaJson(document: Json): Imported {
  const { root, issues } = rootRecord(document, 'isa', 'it is not a JSON object with studies');
  const graph = emptyGraph();
  const studies = recordsOf(root.studies);
  readHeading(graph, root, studies.length === 1 ? studies[0]! : {}, studies);
  // An investigation of several studies names people and papers with each.
  readPeople(
    graph,
    distinctBy([root, ...studies], 'people', (one) => [one.firstName, one.lastName]),
  );
  readPublications(
    graph,
    distinctBy([root, ...studies], 'publications', (one) => [textOf(one.doi) ?? textOf(one.pubMedID) ?? one.title]),
  );
  studies.forEach((study, index) => readStudy(graph, study, studies.length > 1 ? `${index + 1}-` : ''));
  return { graph, issues };
}

/** Elements of a list that several records have: all of the first that has any, and what others name beside them. */
function distinctBy(
  records: readonly JsonRecord[],
  list: string,
  namesOf: (one: JsonRecord) => (Json | undefined)[],
): JsonRecord[] {
  const nameOf = (one: JsonRecord) =>
    namesOf(one)
      .map((name) => (textOf(name) ?? '').toLowerCase())
      .join(' ')
      .trim();
  const [first = [], ...others] = records.map((record) => recordsOf(record[list])).filter((one) => one.length > 0);
  const seen = new Set(['', ...first.map(nameOf)]);
  return [
    ...first,
    ...others.flat().filter((one) => {
      const isNew = !seen.has(nameOf(one));
      seen.add(nameOf(one));
      return isNew;
    }),
  ];
}

function readHeading(graph: StudyGraph, root: JsonRecord, study: JsonRecord, studies: readonly JsonRecord[]): void {
  const comments = [...recordsOf(root.comments), ...recordsOf(study.comments)];
  const own = readOwn(comments);
  const { organisations, grants, links, images, files, ethics, types, key: _, ...rest } = own;
  for (const [kind, list] of Object.entries({ organisations, grants, links, images }))
    (graph[kind as 'grants'] as unknown[]).push(...recordsOf(list).filter((node) => textOf(node.key) !== undefined));
  graph.files.push(
    ...recordsOf(files).flatMap((node) =>
      textOf(node.path) === undefined ? [] : [{ ...node, path: textOf(node.path)! }],
    ),
  );
  if (isRecord(ethics)) graph.ethics = ethics;
  const either = (name: string) => textOf(root[name]) ?? textOf(study[name]);
  const licence = commentOf(comments, 'License') ?? commentOf(comments, 'Licence');
  const doi = readDoi(commentOf(comments, 'DOI') ?? '');
  const descriptors = studies.flatMap((one) =>
    recordsOf(one.studyDesignDescriptors).flatMap((term) => termOfAnnotation(term) ?? []),
  );
  // Our own writing says how many of the descriptors are types; elsewhere those with a term are.
  const counted = typeof types === 'string' ? Number(types) : undefined;
  const isType = (term: TermReference, index: number) =>
    counted === undefined ? term.id !== undefined : index < counted;
  graph.study = {
    ...filled({
      identifier: either('identifier'),
      title: either('title'),
      description: either('description'),
      submissionDate: dayOf(either('submissionDate')),
      releaseDate: dayOf(either('publicReleaseDate')),
      types: descriptors.filter(isType),
      keywords: descriptors.filter((term, index) => !isType(term, index)).map(({ label }) => label),
      doi: 'doi' in doi ? doi.doi : undefined,
      licence: licence === undefined ? undefined : (findLicence(licence)?.spdx ?? licence),
      version: commentOf(comments, 'Version'),
      updateDate: commentOf(comments, 'Update Date'),
      acknowledgements: commentOf(comments, 'Acknowledgements'),
      fundingStatement: commentOf(comments, 'Funding Statement'),
      methodSummary: commentOf(comments, 'Method Summary'),
    }),
    ...rest,
  };
}

function readPeople(graph: StudyGraph, people: readonly JsonRecord[]): void {
  const key = keyMaker('c');
  for (const one of people) {
    const own = readOwn(one.comments) as Partial<ContributorNode>;
    const affiliation = textOf(one.affiliation);
    const orcid =
      commentOf(one.comments, 'ORCID') ??
      commentOf(one.comments, 'Person ORCID') ??
      commentOf(one.comments, 'Investigation Person ORCID');
    const isOurs = recordsOf(one.comments).some((comment) => textOf(comment.name)?.startsWith('micrarium:'));
    graph.contributors.push({
      ...filled<Omit<ContributorNode, 'key'>>({
        firstName: textOf(one.firstName),
        lastName: own.name === undefined ? textOf(one.lastName) : undefined,
        email: textOf(one.email),
        orcid: orcid === undefined ? undefined : readOrcid(orcid),
        roles: recordsOf(one.roles).flatMap((role) => termOfAnnotation(role)?.label ?? []),
        organisations:
          isOurs ||
          affiliation === undefined ||
          graph.organisations.some((other) => own.organisations?.includes(other.key))
            ? []
            : [organisationKey(graph, affiliation, textOf(one.address))],
        ...own,
      }),
      key: key(),
    });
  }
}

function organisationKey(graph: StudyGraph, name: string, address: string | undefined): string {
  const known = graph.organisations.find((one) => one.name === name);
  if (known) return known.key;
  const key = `o-${graph.organisations.length + 1}`;
  graph.organisations.push({ key, name, ...(address === undefined ? {} : { address }) });
  return key;
}

function readPublications(graph: StudyGraph, publications: readonly JsonRecord[]): void {
  const key = keyMaker('p');
  for (const one of publications) {
    const doi = readDoi(textOf(one.doi) ?? '');
    graph.publications.push({
      ...filled({
        title: textOf(one.title),
        doi: 'doi' in doi ? doi.doi : undefined,
        pubmedId: textOf(one.pubMedID),
        authors: textOf(one.authorList)
          ?.split(/\s*[,;]\s*/)
          .filter(Boolean),
        status: termOfAnnotation(one.status)?.label,
        ...readOwn(one.comments),
      }),
      key: key(),
    });
  }
}

function readStudy(graph: StudyGraph, study: JsonRecord, prefix: string): void {
  const materials = isRecord(study.materials) ? study.materials : {};
  const categories = new Map(
    recordsOf(study.characteristicCategories).map((one) => [
      textOf(one['@id']),
      termOfAnnotation(one.characteristicType)?.label ?? '',
    ]),
  );
  for (const source of recordsOf(materials.sources)) {
    const title = textOf(source.name) ?? '';
    const { key, ...own } = readOwn(source.comments);
    if (typeof key === 'string') graph.biosamples.push({ ...own, key, title });
    else {
      const pairs = recordsOf(source.characteristics).flatMap((one) => {
        const category = categories.get(textOf((recordsOf(one.category)[0] ?? {})['@id']));
        const term = termOfAnnotation(one.value);
        return category === undefined || term === undefined ? [] : [[category, term] as const];
      });
      graph.biosamples.push(sampleOfCharacteristics(`biosample-${prefix}${graph.biosamples.length + 1}`, title, pairs));
    }
  }
  const firstAcquisition = graph.acquisitions.length;
  const microscopes = new Set<string>();
  for (const protocol of recordsOf(study.protocols)) readProtocol(graph, protocol, prefix);
  for (const [index, assay] of recordsOf(study.assays).entries()) {
    const { key, ...own } = readOwn(assay.comments);
    if (typeof key === 'string') graph.datasets.push({ ...own, key, title: textOf(own.title) ?? '' });
    else {
      const dataset = `dataset-${prefix}${index + 1}`;
      const technology = termOfAnnotation(assay.technologyType)?.label;
      const platform = textOf(assay.technologyPlatform);
      const description = [termOfAnnotation(assay.measurementType)?.label, technology, platform]
        .filter(Boolean)
        .join(', ');
      if (platform !== undefined && /imag|microscop/i.test(technology ?? '')) microscopes.add(platform);
      graph.datasets.push({
        ...filled({ description }),
        key: dataset,
        title: textOf(assay.filename) ?? `Assay ${index + 1}`,
      });
      for (const file of recordsOf(assay.dataFiles)) {
        const path = textOf(file.name);
        if (path !== undefined && !graph.files.some((one) => one.path === path)) graph.files.push({ path, dataset });
      }
    }
  }
  // The platform of imaging assays is the microscope; of several it is not told which protocol is of which.
  const [microscope, ...others] = microscopes;
  if (microscope !== undefined && others.length === 0)
    for (const one of graph.acquisitions.slice(firstAcquisition)) one.instrument ??= microscope;
}

function readProtocol(graph: StudyGraph, protocol: JsonRecord, prefix: string): void {
  const { key, kind, ...own } = readOwn(protocol.comments);
  const title = textOf(own.title) ?? textOf(protocol.name) ?? '';
  if (typeof key === 'string' && typeof kind === 'string') {
    const list = {
      specimens: graph.specimens,
      acquisitions: graph.acquisitions,
      correlations: graph.correlations,
      analyses: graph.analyses,
    }[kind] as { key: string; title: string }[] | undefined;
    list?.push({ ...own, key, title });
    return;
  }
  const type = `${termOfAnnotation(protocol.protocolType)?.label ?? ''} ${title}`.toLowerCase();
  const text = textOf(protocol.description);
  if (text === undefined) return;
  if (/analysis|transformation|processing/.test(type))
    graph.analyses.push({ key: `analysis-${prefix}${graph.analyses.length + 1}`, title, overview: text });
  else if (/imag|microscop|acquisition/.test(type))
    graph.acquisitions.push({ key: `acquisition-${prefix}${graph.acquisitions.length + 1}`, title, parameters: text });
  else if (/growth|culture/.test(type))
    graph.specimens.push({ key: `specimen-${prefix}${graph.specimens.length + 1}`, title, growth: text });
  else graph.specimens.push({ key: `specimen-${prefix}${graph.specimens.length + 1}`, title, preparation: text });
}
