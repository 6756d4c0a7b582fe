import { textOfGrants } from './grants-of-text.ts';
import { type Contributor, type FieldValue, type Term } from '@micrarium/model';
import { fieldChoices } from '../fields/further-fields.ts';
import { accessionAddress } from '../identifiers/identifiers.ts';
import { paperLine } from '../publications/paper-lines.ts';
import { filled } from '../json/json.ts';
import { findLicence } from '../licences/licences.ts';
import { microscopeLine } from './microscope-line.ts';
import {
  type AcquisitionNode,
  type AnalysisNode,
  type BiosampleNode,
  type ContributorNode,
  type DatasetNode,
  type DatasetTuple,
  labelsOf,
  type PublicationNode,
  type SpecimenNode,
  type StudyGraph,
  type TermReference,
} from './study-graph.ts';

const terms = (list: readonly (TermReference[] | undefined)[]): Term[] => {
  const seen = new Map<string, Term>();
  for (const { label, id } of list.flatMap((one) => one ?? []))
    seen.set(id ?? label, { label, ...(id === undefined ? {} : { id }) });
  return [...seen.values()];
};
const texts = (list: readonly (string[] | undefined)[]) => [...new Set(list.flatMap((one) => one ?? []))];
const lines = (list: readonly (string | undefined)[]) =>
  [...new Set(list.filter((one) => one !== undefined))].join('\n') || undefined;

function fundingOf({ study, grants }: StudyGraph): string | undefined {
  return study.fundingStatement ?? textOfGrants(grants);
}

/** "Kyoda, Koji" as citations have it: "Kyoda K". Names without a comma stay: they may be those of groups. */
function withInitials(author: string): string {
  const [family = '', given] = author.split(/,\s*/);
  const initials = (given ?? '').split(/[\s.-]+/).map((name) => [...name][0] ?? '');
  return given === undefined ? author : `${family} ${initials.join('').toUpperCase()}`.trim();
}

/** Fields of the form that a paper fills. */
export function valuesOfPublication(paper: Omit<PublicationNode, 'key'>): Record<string, FieldValue> {
  const { authors = [], year, venue, title, volume, issue, pages, doi, pubmedId } = paper;
  const who = authors.length > 1 ? `${withInitials(authors[0]!)}, et al.` : authors[0] && withInitials(authors[0]);
  const place = [volume, issue && `(${issue})`].filter(Boolean).join('');
  return filled<Record<string, FieldValue>>({
    paperShort: who && [who, year && `(${year})`, venue].filter(Boolean).join(' '),
    paperLong:
      title === undefined && who === undefined
        ? undefined
        : [
            [authors.join('; '), year && `(${year})`].filter(Boolean).join(' '),
            title,
            [venue, [place, pages].filter(Boolean).join(':')].filter(Boolean).join(', '),
          ]
            .filter((part) => part !== undefined && part !== '')
            .join('. '),
    paperDoi: doi,
    paperUrl:
      paper.url ??
      (doi !== undefined
        ? `https://doi.org/${doi}`
        : pubmedId === undefined
          ? undefined
          : `https://pubmed.ncbi.nlm.nih.gov/${pubmedId}/`),
    studyType: terms([paper.meshHeadings]),
    keywords: paper.keywords,
    paperStatus: fieldChoices.paperStatus!.find((one) => one === paper.status?.toLowerCase()),
  });
}

/** Samples whose titles are told; of more, they are a table of their own. */
const mostTitles = 50;

/** Titles of samples that say something of their own: made neither of other values of the sample nor of its kind, each once. */
function ownTitles(nodes: readonly (BiosampleNode | SpecimenNode)[]): (node: BiosampleNode | SpecimenNode) => string[] {
  const told = new Set<string>();
  return (node) => {
    const title = node.title.replace(/ \(\d+\)$/, '').trim();
    if (nodes.length > mostTitles || title === '' || /^(bio-?sample|specimen)\b/i.test(title) || told.has(title))
      return [];
    const { title: _, key, ...rest } = node;
    const said = JSON.stringify(rest);
    const organisms = 'organisms' in node ? labelsOf(node.organisms) : '';
    if (title === key || title === organisms || said.includes(JSON.stringify(title).slice(1, -1))) return [];
    told.add(title);
    return [title];
  };
}

function valuesOfNodes(
  samples: readonly BiosampleNode[],
  specimens: readonly SpecimenNode[],
  acquisitions: readonly AcquisitionNode[],
  analyses: readonly AnalysisNode[],
): Record<string, FieldValue | undefined> {
  const titles = ownTitles([...samples, ...specimens]);
  return {
    organism: terms(samples.map(({ organisms }) => organisms)),
    biologicalEntity: lines(samples.map(({ biologicalEntity }) => biologicalEntity)),
    sampleDescription: lines(samples.flatMap((one) => [...titles(one), one.description])),
    strain: texts(samples.map(({ strain }) => strain)),
    cellLine: texts(samples.map(({ cellLine }) => cellLine?.map(({ label }) => label))),
    cellType: terms(samples.map(({ cellType }) => cellType)),
    tissue: terms(samples.map(({ tissue }) => tissue)),
    phenotype: terms(samples.map(({ phenotypes }) => phenotypes)),
    genesProteinsReagents: texts(samples.flatMap(({ genes, proteins }) => [genes, proteins])),
    geneticChange: texts(samples.map(({ intrinsicVariables }) => intrinsicVariables)),
    treatment: texts(samples.map(({ extrinsicVariables }) => extrinsicVariables)),
    experimentalVariable: texts(samples.map(({ experimentalVariables }) => experimentalVariables)),
    molecularFunction: terms(samples.map(({ molecularFunction }) => molecularFunction)),
    biologicalProcess: terms(samples.map(({ biologicalProcess }) => biologicalProcess)),
    cellularComponent: terms(samples.map(({ cellularComponent }) => cellularComponent)),
    samplePreparation: lines(specimens.flatMap((one) => [...titles(one), one.preparation])),
    growthProtocol: lines(specimens.map(({ growth }) => growth)),
    imagingMethods: terms(acquisitions.map(({ methods }) => methods)),
    microscope: lines(acquisitions.map(microscopeLine)),
    acquisitionParameters: lines(acquisitions.map(({ parameters }) => parameters)),
    experimentType: acquisitions.find(({ experimentType }) => experimentType)?.experimentType,
    acquisitionMode: acquisitions.find(({ acquisitionMode }) => acquisitionMode)?.acquisitionMode,
    contrastMethod: acquisitions.find(({ contrastMethod }) => contrastMethod)?.contrastMethod,
    imageAnalysis: lines(analyses.map(({ overview }) => overview)),
  };
}

/** Values that a graph says of one of its data sets. */
export function valuesOfDataset(graph: StudyGraph, dataset: DatasetNode): Record<string, FieldValue> {
  const chosen = <Node extends { key: string }>(nodes: readonly Node[], kind: keyof DatasetTuple) =>
    nodes.filter(({ key }) => dataset.tuples?.some((tuple) => tuple[kind] === key));
  return filled<Record<string, FieldValue>>({
    datasetDescription: dataset.description,
    localId: dataset.identifier,
    datatype: dataset.datatype,
    basedOn: dataset.basedOn,
    dataFormats: dataset.formats,
    trainingTask: dataset.trainingTask,
    annotationType: dataset.annotationType,
    annotators: dataset.annotators,
    annotationMethod: dataset.annotationMethod,
    sampleId: dataset.sample,
    split: dataset.split,
    challengeMetric: dataset.challengeMetric,
    challengeGate: dataset.challengeGate,
    challengeCoverage: dataset.challengeCoverage,
    ...valuesOfNodes(
      chosen(graph.biosamples, 'biosample'),
      chosen(graph.specimens, 'specimen'),
      chosen(graph.acquisitions, 'acquisition'),
      chosen(graph.analyses, 'analysis'),
    ),
  });
}

/**
 * Where a study that came from elsewhere is read, by its number there: the page, or the number as it is where nobody knows
 * its repository. Numbers of our own are given anew, names without a digit are none.
 */
function elsewhereOf(identifier: string | undefined): string | undefined {
  if (identifier === undefined) return undefined;
  const trimmed = identifier.trim();
  const isNumber = /^\S{3,100}$/.test(trimmed) && /\d/.test(trimmed) && !/^(MIC-\d+|10\.\d+\/.*)$/.test(trimmed);
  return accessionAddress(trimmed) ?? (isNumber ? trimmed : undefined);
}

/** Values of the form's fields out of a graph, for filling a draft from an import. Fields the graph says nothing of are left out. */
export function valuesOfGraph(graph: StudyGraph): Record<string, FieldValue> {
  const { study } = graph;
  const contact =
    graph.contributors.find(({ isContact }) => isContact) ??
    graph.contributors.find(({ email }) => email !== undefined) ??
    graph.contributors[0];
  const organisationOf = (one: ContributorNode | undefined) =>
    graph.organisations.find(({ key }) => key === one?.organisations?.[0]);
  const home = organisationOf(contact);
  // One that is not offered stays as it is said: the form marks it.
  const licence = study.licence === undefined ? undefined : (findLicence(study.licence)?.spdx ?? study.licence);
  const authors = graph.contributors.filter(({ isNoAuthor, lastName }) => !isNoAuthor && lastName !== undefined);
  const contributors = authors.map((one): Contributor => {
    const place = organisationOf(one);
    return {
      firstName: one.firstName ?? '',
      lastName: one.lastName!,
      organisation: place?.name ?? '',
      role:
        (['image', 'quantitative', 'image and quantitative'] as const).find((role) => one.roles?.includes(role)) ??
        'image and quantitative',
      ...filled({ email: one.email, orcid: one.orcid, laboratory: place?.laboratory, department: place?.department }),
    };
  });
  const paper = graph.publications[0];
  const elsewhere = elsewhereOf(study.identifier);
  return filled<Record<string, FieldValue>>({
    title: study.title,
    keywords: study.keywords,
    acknowledgements: study.acknowledgements,
    fundingStatement: fundingOf(graph),
    description: study.description,
    releaseDate: study.releaseDate,
    licence,
    doi: study.doi,
    methodSummary: study.methodSummary,
    notes: study.notes,
    contactFirstName: contact?.firstName,
    contactLastName: contact?.lastName,
    contactEmail: contact?.email,
    contactOrcid: contact?.orcid,
    contactOrganisation: home?.name,
    contactDepartment: home?.department,
    contactLaboratory: home?.laboratory,
    contactAddress: home?.address,
    contributors,
    ...(paper ? valuesOfPublication(paper) : {}),
    papers: graph.publications
      .filter((one) => one !== paper || ['authors', 'venue', 'year', 'pubmedId', 'pmcId'].some((name) => name in one))
      .map(paperLine)
      .filter((line) => line !== ''),
    ...valuesOfNodes(graph.biosamples, graph.specimens, graph.acquisitions, graph.analyses),
    // Headings of the paper are those of the study where it has none of its own.
    studyType: terms([study.types?.length ? study.types : paper?.meshHeadings]),
    dataFormats: texts(graph.datasets.map(({ formats }) => formats)),
    // An accession of another repository is a page to link to: here the study has its own.
    links: texts([graph.links.map(({ url }) => url), elsewhere === undefined ? [] : [elsewhere]]),
  });
}
