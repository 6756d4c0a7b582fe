import type { Quantity } from '@micrarium/model';
import type { Remainder } from '../json/remainder.ts';

/** A value out of a vocabulary: what people read and, where known, the identifier machines join on (`NCBITaxon:6239`). */
export interface TermReference {
  label: string;
  /** CURIE. */
  id?: string;
  /** Name of the vocabulary, where the id does not tell it. */
  ontology?: string;
  version?: string;
  /** The vernacular, for organisms: "human". */
  commonName?: string;
}

/** Labels of terms in one line, with commas; empty for none. */
export const labelsOf = (terms: readonly TermReference[] | undefined) =>
  terms?.map(({ label }) => label).join(', ') ?? '';

/** The heading of a study: what is cited. */
export interface StudyNode {
  /** Accession. */
  identifier?: string;
  /** Bare and lower case: `10.5072/abc`. */
  doi?: string;
  url?: string;
  title?: string;
  description?: string;
  keywords?: string[];
  /** Kind of study: MeSH headings, EFO or free text. */
  types?: TermReference[];
  /** SPDX identifier where it is a known licence, else the text. */
  licence?: string;
  /** YYYY-MM-DD, as are the other dates: the day on which the data become public, as whoever describes the study says. */
  releaseDate?: string;
  /** Day on which this version was published here. */
  issuedDate?: string;
  /** Day since which everybody may have the files of this version: after an embargo that on which it ended. */
  openedDate?: string;
  submissionDate?: string;
  updateDate?: string;
  /** When (YYYY-MM-DD) and why the study was withdrawn. */
  withdrawn?: { date: string; reason: string };
  version?: string;
  acknowledgements?: string;
  fundingStatement?: string;
  methodSummary?: string;
  publisher?: string;
  /** ISO 639 code. */
  language?: string;
  notes?: string;
}

/** Role of who curated a study here: no maker of the data, so nothing of what archives ask about people is asked of them. */
export const curatorRole = 'DataCurator';

/** A person or group credited with the study; the order of the list is the order of authors. */
export interface ContributorNode {
  key: string;
  firstName?: string;
  lastName?: string;
  /** Name of a group, or of a person whose name is not split. */
  name?: string;
  email?: string;
  /** Sixteen digits with hyphens. */
  orcid?: string;
  /** Roles in the person's own words ("submitter", "data analyst"). */
  roles?: string[];
  /** CRediT roles, by their name ("Formal analysis"). */
  credit?: string[];
  /** Keys of organisations. */
  organisations?: string[];
  /** Answers questions about the data. */
  isContact?: boolean;
  /** Credited, but not an author. */
  isNoAuthor?: boolean;
}

/** Where people work, or who pays. */
export interface OrganisationNode {
  key: string;
  name: string;
  /** Nine characters, without the address before them. */
  ror?: string;
  address?: string;
  department?: string;
  laboratory?: string;
  url?: string;
}

/** A paper about the data, or a document that belongs to them. */
export interface PublicationNode {
  key: string;
  title?: string;
  /** As "Family Given" or "Family, Given", in order. */
  authors?: string[];
  doi?: string;
  pubmedId?: string;
  pmcId?: string;
  year?: string;
  venue?: string;
  volume?: string;
  issue?: string;
  pages?: string;
  url?: string;
  /** "published", "in press", "submitted", "in preparation". */
  status?: string;
  meshHeadings?: TermReference[];
  /** Words of its authors, as reference managers keep them; only read of references. */
  keywords?: string[];
}

/** Money. */
export interface GrantNode {
  key: string;
  identifier?: string;
  title?: string;
  funder?: string;
  /** ROR or Crossref Funder address. */
  funderId?: string;
  url?: string;
}

/** Something related elsewhere. */
export interface LinkNode {
  key: string;
  url: string;
  /** "doi", "code", "EMPIAR" …, as the source says. */
  type?: string;
  description?: string;
  /** DataCite relation: `References`, `IsDocumentedBy`. */
  relation?: string;
}

/** What must be known before data of people or animals are shown. */
export interface EthicsNode {
  humanMaterial?: 'yes' | 'no';
  identifiable?: 'yes' | 'no' | 'unknown';
  consent?: string;
  body?: string;
  approvalNumber?: string;
  approvalDate?: string;
  animalLicence?: string;
  deIdentification?: string;
  /** `closed`: nobody reads the files through the repository. */
  access?: 'open' | 'embargoed' | 'registered' | 'controlled' | 'closed';
  /** YYYY-MM-DD: day from which the files of an embargoed study are open. */
  openFrom?: string;
  /** Data Use Ontology. */
  dataUse?: TermReference[];
  restrictions?: string;
  contact?: string;
}

/** What is alive. */
export interface BiosampleNode {
  key: string;
  title: string;
  organisms?: TermReference[];
  /** What is imaged: "MDCK epithelium". */
  biologicalEntity?: string;
  description?: string;
  strain?: string[];
  cellLine?: TermReference[];
  cellType?: TermReference[];
  tissue?: TermReference[];
  sex?: string;
  age?: string;
  genes?: string[];
  proteins?: string[];
  intrinsicVariables?: string[];
  extrinsicVariables?: string[];
  experimentalVariables?: string[];
  molecularFunction?: TermReference[];
  biologicalProcess?: TermReference[];
  cellularComponent?: TermReference[];
  phenotypes?: TermReference[];
}

/** A signal and how it was read; wavelengths in nanometers. */
export interface ChannelNode {
  name: string;
  /** What is seen: a protein, a structure. */
  target?: string;
  fluorophore?: string;
  excitationNanometers?: number;
  emissionNanometers?: number;
}

/** What is on the stage. */
export interface SpecimenNode {
  key: string;
  title: string;
  preparation?: string;
  growth?: string;
  channels?: ChannelNode[];
}

/** Parts of a microscope, as a methods section names them. */
export interface MicroscopeNode {
  type?: string;
  manufacturer?: string;
  model?: string;
  objective?: string;
  magnification?: number;
  numericalAperture?: number;
  immersion?: string;
  detector?: string;
  lightSource?: string;
  filters?: string;
  software?: string;
}

/** How something was recorded. */
export interface AcquisitionNode {
  key: string;
  title: string;
  methods?: TermReference[];
  instrument?: string;
  parameters?: string;
  microscope?: MicroscopeNode;
  experimentType?: string;
  acquisitionMode?: string;
  contrastMethod?: string;
}

/** How modalities were aligned. */
export interface CorrelationNode {
  key: string;
  title: string;
  alignment?: string;
  fiducials?: string;
  transformation?: string;
}

/** A quantity measured per object, frame or image. */
export interface FeatureNode {
  name: string;
  unit?: string;
  description?: string;
}

/** Derived data and how they were made: tracks, regions, masks, tables; an analysis method where no annotation type is given. */
export interface AnalysisNode {
  key: string;
  title: string;
  overview?: string;
  /** Makes it an annotation (MIFA): `tracks`, `segmentation_mask` … */
  annotationType?: string;
  annotationMethod?: string;
  criteria?: string;
  coverage?: string;
  confidence?: string;
  /** File list of the annotations. */
  fileList?: string;
  software?: string;
  softwareVersion?: string;
  features?: FeatureNode[];
}

/** What one set of files of a data set was made of and with, by key. */
export interface DatasetTuple {
  biosample?: string;
  specimen?: string;
  acquisition?: string;
  analysis?: string;
  correlation?: string;
}

/** A set of files that share protocols. */
export interface DatasetNode {
  key: string;
  title: string;
  description?: string;
  /** Within the study, the same for images and the data made from them. */
  identifier?: string;
  kind?: 'image' | 'quantitative';
  /** Observed dynamics, free text: "nuclear division dynamics". */
  datatype?: string;
  basedOn?: 'Experiment' | 'Simulation';
  /** Makes it training material: what a model can be taught with it. */
  trainingTask?: string;
  /** By the list of MIFA. */
  annotationType?: string;
  annotators?: string[];
  annotationMethod?: string;
  /** Identifies the sample, so that no sample lies in two parts of a split. */
  sample?: string;
  /** `train`, `validation` or `test`. */
  split?: string;
  /** Makes it ground truth: the family of measures results are scored by. */
  challengeMetric?: string;
  /** Distance under which two points are the same, in the unit of the positions. */
  challengeGate?: string;
  /** How much of the film the ground truth covers. */
  challengeCoverage?: string;
  formats?: string[];
  /** Path of the list of its files. */
  fileList?: string;
  tuples?: DatasetTuple[];
}

/** One image of up to five axes and more. */
export interface ImageNode {
  key: string;
  name: string;
  dataset?: string;
  file?: string;
  format?: string;
  pixelType?: string;
  sizes?: { x?: number; y?: number; z?: number; c?: number; t?: number };
  pixelSize?: { x?: Quantity; y?: Quantity; z?: Quantity };
  timeStep?: Quantity;
  channels?: ChannelNode[];
  acquiredAt?: string;
}

/** A file of the study. */
export interface FileNode {
  path: string;
  dataset?: string;
  /** Bytes. */
  size?: number;
  sha256?: string;
  mediaType?: string;
  /** `image`, `annotation`, `table`, as file lists say. */
  type?: string;
  url?: string;
}

/** Files elsewhere that a record names one by one; a longer list has its own file. */
const mostElsewhere = 100;

/** Files of a study that stay where they are, as records for other services name them. */
export function filesElsewhere({ files }: Pick<StudyGraph, 'files'>): { path: string; url: string }[] {
  return files
    .flatMap(({ path, url }) => (url === undefined || !/^https?:/.test(url) ? [] : [{ path, url }]))
    .slice(0, mostElsewhere);
}

/** A panel of a figure in a paper, with what it shows. */
export interface FigureNode {
  key: string;
  /** "Figure 3b". */
  label: string;
  /** DOI of the paper, bare and lower case. */
  doi?: string;
  caption?: string;
  /** Path of the item that holds the image. */
  image?: string;
  /** Where the image is seen as the panel shows it. */
  url?: string;
  /** Path of the item that holds the numbers. */
  table?: string;
  /** Address of the analysis, or path of its file. */
  analysis?: string;
}

/**
 * Everything told about a study: nodes with keys that are unique in their kind, and links by key, never by title.
 * Every export starts from it and every import makes one.
 */
export interface StudyGraph {
  study: StudyNode;
  contributors: ContributorNode[];
  organisations: OrganisationNode[];
  publications: PublicationNode[];
  grants: GrantNode[];
  links: LinkNode[];
  ethics?: EthicsNode;
  biosamples: BiosampleNode[];
  specimens: SpecimenNode[];
  acquisitions: AcquisitionNode[];
  correlations: CorrelationNode[];
  analyses: AnalysisNode[];
  datasets: DatasetNode[];
  images: ImageNode[];
  files: FileNode[];
  /** Panels of published figures; left out where there are none. */
  figures?: FigureNode[];
  /** By standard: what an import could not place here, given back when that standard is written again. */
  kept?: Record<string, Remainder>;
}

/** A study about which nothing is known yet. */
export function emptyGraph(): StudyGraph {
  return {
    study: {},
    contributors: [],
    organisations: [],
    publications: [],
    grants: [],
    links: [],
    biosamples: [],
    specimens: [],
    acquisitions: [],
    correlations: [],
    analyses: [],
    datasets: [],
    images: [],
    files: [],
  };
}

/** Lists of nodes that have keys. */
export const keyedKinds = [
  'contributors',
  'organisations',
  'publications',
  'grants',
  'links',
  'biosamples',
  'specimens',
  'acquisitions',
  'correlations',
  'analyses',
  'datasets',
  'images',
] as const;

/** Gives out keys that are unique within one kind: `biosample-1`, or the wanted one where it is free. */
export function keyMaker(prefix: string): (wanted?: string) => string {
  const given = new Set<string>();
  let count = 0;
  return (wanted) => {
    let key = wanted !== undefined && wanted !== '' && !given.has(wanted) ? wanted : '';
    while (key === '' || given.has(key)) key = `${prefix}-${++count}`;
    given.add(key);
    return key;
  };
}

/** A person's name as it is read: "Hanako Yamada". */
export function displayName({ firstName, lastName, name }: ContributorNode): string {
  return name ?? [firstName, lastName].filter(Boolean).join(' ');
}

/**
 * Splits a name written in one line: "Yamada, Hanako" at the comma, "Hanako Yamada" before the last word with the
 * particles of surnames ("van der Berg"). One word is a surname.
 */
export function splitName(text: string): { firstName?: string; lastName: string } {
  const tidy = text.replace(/\s+/g, ' ').trim();
  const comma = /^([^,]+), *(.+)$/.exec(tidy);
  if (comma) return { firstName: comma[2]!, lastName: comma[1]! };
  const words = tidy.split(' ');
  if (words.length === 1) return { lastName: tidy };
  let at = words.length - 1;
  while (at > 1 && /^(van|von|de|der|den|del|della|di|da|dos|la|le|ter|ten|bin|al)$/.test(words[at - 1]!)) at--;
  return { firstName: words.slice(0, at).join(' '), lastName: words.slice(at).join(' ') };
}

/**
 * The graph with titles that are unique in their kind, for standards that link by title: the second of a name becomes
 * "Name (2)", and what has no title is called by its kind.
 */
export function withUniqueTitles(graph: StudyGraph): StudyGraph {
  const distinct = <Node extends { title: string }>(nodes: readonly Node[], kind: string): Node[] => {
    const seen = new Set<string>();
    return nodes.map((node) => {
      const wanted = node.title === '' ? kind : node.title;
      let title = wanted;
      for (let count = 2; seen.has(title); count++) title = `${wanted} (${count})`;
      seen.add(title);
      return title === node.title ? node : { ...node, title };
    });
  };
  return {
    ...graph,
    biosamples: distinct(graph.biosamples, 'Biosample'),
    specimens: distinct(graph.specimens, 'Specimen'),
    acquisitions: distinct(graph.acquisitions, 'Image acquisition'),
    correlations: distinct(graph.correlations, 'Image correlation'),
    analyses: distinct(graph.analyses, 'Image analysis'),
    datasets: distinct(graph.datasets, 'Dataset'),
  };
}
