import { grantsOfText } from './grants-of-text.ts';
import {
  type Contributor,
  type FieldValue,
  type ImageDescription,
  type InstrumentDescription,
  type Quantity,
  type StudyVersion,
  type Term,
  versionLabel,
} from '@micrarium/model';
import { keptKey, keptOfValue } from '../exchange/kept-parts.ts';
import { readRelations, relationLinks, relationsKey } from '../relations/relations.ts';
import { analysisTarget, figureDoi, figuresKey, figureViewPath, readFigures } from '../figures/figures.ts';
import { splitValueKey } from '../fields/tiers.ts';
import { linkTypeOf } from '../identifiers/identifiers.ts';
import { isSamePaper, paperOfLine } from '../publications/paper-lines.ts';
import { filled } from '../json/json.ts';
import { readInterval, readScale, type ReadScale } from '../ssbd/scale-units.ts';
import { isGroup } from './organisation-names.ts';
import { microscopeOfInstrument, microscopeOfLine, standOf } from './microscope-line.ts';
import {
  type AcquisitionNode,
  type BiosampleNode,
  type ContributorNode,
  curatorRole,
  type DatasetTuple,
  emptyGraph,
  type FigureNode,
  type ImageNode,
  labelsOf,
  type MicroscopeNode,
  type OrganisationNode,
  type PublicationNode,
  type SpecimenNode,
  splitName,
  type StudyGraph,
  type TermReference,
} from './study-graph.ts';

/** A published version, or a draft that has no accession yet. */
export type DescribedStudy = Pick<StudyVersion, 'metadata' | 'files' | 'items' | 'datasets'> &
  Partial<
    Pick<StudyVersion, 'accession' | 'version' | 'minor' | 'revisedAt' | 'publishedAt' | 'curators' | 'references'>
  >;

/** Where a study is shown, for exports that name an address. */
export interface StudyPlace {
  url?: string;
  publisher?: string;
}

type Values = Readonly<Record<string, FieldValue>>;
const textAt = (values: Values, id: string): string | undefined => {
  const value = values[id];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
};
const listAt = (values: Values, id: string): string[] => {
  const value = values[id];
  return Array.isArray(value)
    ? value.filter((one) => typeof one === 'string')
    : typeof value === 'string' && value !== ''
      ? [value]
      : [];
};
const termsAt = (values: Values, id: string): TermReference[] => {
  const value = values[id];
  return (Array.isArray(value) ? value : []).flatMap((one) =>
    typeof one === 'object' && 'label' in one ? [{ ...(one as Term) }] : [],
  );
};

/** The study graph of a study of ours: its fields, data sets, images and files. Every export starts from it. */
export function graphOfStudy(study: DescribedStudy, place: StudyPlace = {}): StudyGraph {
  const graph = emptyGraph();
  const { values } = study.metadata;
  graph.study = filled({
    identifier: study.accession ?? textAt(values, 'projectName'),
    doi: textAt(values, 'doi')?.toLowerCase(),
    url: place.url ?? textAt(values, 'projectUrl'),
    title: textAt(values, 'title'),
    description: textAt(values, 'description'),
    keywords: listAt(values, 'keywords'),
    types: termsAt(values, 'studyType'),
    licence: textAt(values, 'licence'),
    releaseDate: textAt(values, 'releaseDate'),
    issuedDate: study.publishedAt?.slice(0, 10),
    updateDate: textAt(values, 'updateDate') ?? study.revisedAt?.slice(0, 10),
    version:
      study.version === undefined ? textAt(values, 'version') : versionLabel({ ...study, version: study.version }),
    acknowledgements: textAt(values, 'acknowledgements'),
    fundingStatement: textAt(values, 'fundingStatement'),
    methodSummary: textAt(values, 'methodSummary'),
    publisher: place.publisher,
    notes: textAt(values, 'notes'),
  });
  people(graph, values);
  // DataCite's name for the role: the other forms carry it as it is.
  (study.curators ?? []).forEach(({ name, orcid }, index) =>
    graph.contributors.push({
      ...splitName(name),
      ...filled({ orcid, roles: [curatorRole] }),
      isNoAuthor: true,
      key: `curator-${index + 1}`,
    }),
  );
  const doi = textAt(values, 'paperDoi')?.toLowerCase();
  const paper = filled({
    doi,
    url: textAt(values, 'paperUrl'),
    title: textAt(values, 'paperLong') ?? textAt(values, 'paperShort'),
    status: textAt(values, 'paperStatus'),
  });
  if (Object.keys(paper).length > 0) graph.publications.push({ ...paper, key: 'p-1' });
  for (const told of listAt(values, 'papers').flatMap((line) => paperOfLine(line) ?? [])) {
    const known = graph.publications.findIndex((one) => isSamePaper(one, told) || isCitationOf(one, told));
    // The fields of the paper hold its title in a citation; the line has it alone.
    if (known >= 0) graph.publications[known] = { ...graph.publications[known]!, ...told };
    else graph.publications.push({ ...told, key: `p-${graph.publications.length + 1}` });
  }
  grantsOfText(graph.study.fundingStatement ?? '').forEach((grant, index) =>
    graph.grants.push({ ...grant, key: `g-${index + 1}` }),
  );
  listAt(values, 'links').forEach((url, index) =>
    graph.links.push({ ...filled({ type: linkTypeOf(url) }), key: `l-${index + 1}`, url }),
  );
  graph.links.push(...relationLinks(readRelations(values[relationsKey]), place.url));
  parts(graph, study, values);
  const figures = graphFigures(study, place);
  if (figures.length > 0) graph.figures = figures;
  const kept = keptOfValue(values[keptKey]);
  if (Object.keys(kept).length > 0) graph.kept = kept;
  return graph;
}

/** Does the first paper, whose field holds a whole citation, cite the paper of a line? */
const isCitationOf = ({ key, title, doi }: PublicationNode, told: Omit<PublicationNode, 'key'>) =>
  key === 'p-1' &&
  (doi === undefined || told.doi === undefined) &&
  (told.title?.length ?? 0) > 12 &&
  title?.toLowerCase().includes(told.title!.toLowerCase()) === true;

/**
 * Formats of a data set: those said of it, else of those said of the study the ones that its items are in, and those that
 * no item is known to be in.
 */
function formatsByDataset({ items, datasets }: Pick<DescribedStudy, 'items' | 'datasets'>) {
  const folded = (format: string) => format.toLowerCase().replace(/[^a-z0-9]/g, '');
  const formatOf = new Map(items.map(({ id, format }) => [id, folded(format)]));
  const inside = (one: Pick<StudyVersion['datasets'][number], 'imageItems' | 'quantitativeItems'>) =>
    new Set([...one.imageItems, ...one.quantitativeItems].flatMap((item) => formatOf.get(item) ?? []));
  const known = new Set(datasets.flatMap((one) => [...inside(one)]));
  // "delimited" is called "Delimited table".
  const isIn = (formats: ReadonlySet<string>, name: string) =>
    [...formats].some((format) => folded(name) === format || (format.length > 4 && folded(name).startsWith(format)));
  return (one: StudyVersion['datasets'][number], told: Values, isOwn: boolean): string[] => {
    const said = listAt(told, 'dataFormats');
    if (isOwn || datasets.length < 2) return said;
    const own = inside(one);
    return said.filter((name) => isIn(own, name) || !isIn(known, name));
  };
}

/** Panels of figures of a study, with addresses where it has one. */
export function graphFigures(
  { metadata, items, accession, version }: Omit<DescribedStudy, 'files' | 'datasets'>,
  { url }: StudyPlace,
): FigureNode[] {
  const addressOf = (path: string | undefined) =>
    path !== undefined && url !== undefined && URL.canParse(path, url) ? new URL(path, url).href : undefined;
  return readFigures(metadata.values[figuresKey]).map((figure, index): FigureNode => {
    const { label, caption, image, table, analysis } = figure;
    const view =
      accession === undefined || version === undefined
        ? undefined
        : figureViewPath(figure, { accession, version, items });
    const target = analysis === undefined ? undefined : analysisTarget(analysis);
    return {
      ...filled<Omit<FigureNode, 'key' | 'label'>>({
        doi: figureDoi(figure),
        caption: caption?.trim(),
        image,
        url: addressOf(view),
        table,
        analysis:
          target &&
          ('url' in target ? target.url : 'page' in target ? (addressOf(target.page) ?? target.page) : target.file),
      }),
      key: `figure-${index + 1}`,
      label: label.trim(),
    };
  });
}

/** Values said of one data set, by its id. */
function ownValues(values: Values): Map<string, Record<string, FieldValue>> {
  const own = new Map<string, Record<string, FieldValue>>();
  for (const [key, value] of Object.entries(values)) {
    const { field, dataset } = splitValueKey(key);
    if (dataset === undefined) continue;
    const told = own.get(dataset) ?? {};
    told[field] = value;
    own.set(dataset, told);
  }
  return own;
}

/** Names of who is credited: a group has one that is not split. */
function namesOf(one: Contributor): Pick<ContributorNode, 'firstName' | 'lastName' | 'name'> {
  return isGroup(one) ? { name: one.lastName.trim() } : { firstName: one.firstName, lastName: one.lastName };
}

function people(graph: StudyGraph, values: Values): void {
  const organisations = new Map<string, OrganisationNode>();
  const organisation = (name: string | undefined, more: Partial<OrganisationNode>): string[] => {
    if (name === undefined || name === '') return [];
    const known = organisations.get(name);
    const node = {
      ...filled({ name, department: undefined, ...more, ...known }),
      key: known?.key ?? `o-${organisations.size + 1}`,
      name,
    };
    organisations.set(name, node);
    return [node.key];
  };
  const contactOrganisation = organisation(
    textAt(values, 'contactOrganisation'),
    filled({
      department: textAt(values, 'contactDepartment'),
      laboratory: textAt(values, 'contactLaboratory'),
      address: textAt(values, 'contactAddress'),
    }),
  );
  const shown = textAt(values, 'contactName');
  const split = shown === undefined ? {} : splitName(shown);
  const contact: ContributorNode = {
    ...filled<Omit<ContributorNode, 'key'>>({
      ...split,
      ...filled({ firstName: textAt(values, 'contactFirstName'), lastName: textAt(values, 'contactLastName') }),
      email: textAt(values, 'contactEmail')?.split(',')[0]?.trim(),
      orcid: textAt(values, 'contactOrcid'),
      organisations: contactOrganisation,
    }),
    isContact: true,
    key: 'contact',
  };
  const listed = (Array.isArray(values.contributors) ? values.contributors : []) as Contributor[];
  graph.contributors = listed.map((one, index) => ({
    ...filled({
      ...namesOf(one),
      email: one.email,
      orcid: one.orcid,
      roles: [one.role],
      organisations: organisation(one.organisation, filled({ department: one.department, laboratory: one.laboratory })),
    }),
    key: `c-${index + 1}`,
  }));
  const same = graph.contributors.find(
    ({ firstName, lastName }) =>
      lastName !== undefined && firstName === contact.firstName && lastName === contact.lastName,
  );
  if (same)
    Object.assign(same, {
      ...contact,
      ...same,
      ...filled({ email: contact.email ?? same.email, orcid: same.orcid ?? contact.orcid }),
      isContact: true,
      key: same.key,
    });
  else if (contact.lastName !== undefined || contact.email !== undefined)
    graph.contributors.push({ ...contact, ...(listed.length > 0 ? { isNoAuthor: true } : {}) });
  graph.organisations = [...organisations.values()];
}

/** Nodes of one kind, each told once however many data sets share it. */
class Shared<Node extends { key: string }> {
  readonly nodes: Node[];
  private readonly keys = new Map<string, string>();
  private readonly prefix: string;

  constructor(nodes: Node[], prefix: string) {
    this.nodes = nodes;
    this.prefix = prefix;
  }

  /** Key of the node that says this; `undefined` where it says nothing. */
  keyOf(content: Omit<Node, 'key' | 'title'>, title: string): string | undefined {
    if (Object.keys(content).length === 0) return undefined;
    const said = JSON.stringify(content);
    const known = this.keys.get(said);
    if (known !== undefined) return known;
    const key = `${this.prefix}-${this.nodes.length + 1}`;
    this.keys.set(said, key);
    this.nodes.push({ ...content, key, title } as unknown as Node);
    return key;
  }
}

function sampleOf(values: Values): Omit<BiosampleNode, 'key' | 'title'> {
  return filled({
    organisms: termsAt(values, 'organism'),
    biologicalEntity: textAt(values, 'biologicalEntity'),
    description: textAt(values, 'sampleDescription'),
    strain: listAt(values, 'strain'),
    cellLine: listAt(values, 'cellLine').map((label) => ({ label })),
    cellType: termsAt(values, 'cellType'),
    tissue: termsAt(values, 'tissue'),
    genes: listAt(values, 'genesProteinsReagents'),
    intrinsicVariables: listAt(values, 'geneticChange'),
    extrinsicVariables: listAt(values, 'treatment'),
    experimentalVariables: listAt(values, 'experimentalVariable'),
    molecularFunction: termsAt(values, 'molecularFunction'),
    biologicalProcess: termsAt(values, 'biologicalProcess'),
    cellularComponent: termsAt(values, 'cellularComponent'),
    phenotypes: termsAt(values, 'phenotype'),
  });
}

function acquisitionOf(values: Values, described: InstrumentDescription | undefined) {
  const typed = microscopeOfLine(textAt(values, 'microscope') ?? '');
  // What a person says of the microscope counts more than what a file of it does.
  const microscope = filled<MicroscopeNode>({
    ...microscopeOfInstrument(described),
    ...typed.microscope,
  });
  return filled<Omit<AcquisitionNode, 'key' | 'title'>>({
    methods: termsAt(values, 'imagingMethods'),
    instrument: typed.instrument ?? standOf(microscope),
    parameters: textAt(values, 'acquisitionParameters'),
    microscope: Object.keys(microscope).length > 0 ? microscope : undefined,
    experimentType: textAt(values, 'experimentType'),
    acquisitionMode: textAt(values, 'acquisitionMode'),
    contrastMethod: textAt(values, 'contrastMethod'),
  });
}

function parts(graph: StudyGraph, study: DescribedStudy, values: Values): void {
  const images = study.items.flatMap((item) => item.images.map((image, index) => ({ item, image, index })));
  const samples = new Shared(graph.biosamples, 'biosample');
  const specimens = new Shared(graph.specimens, 'specimen');
  const acquisitions = new Shared(graph.acquisitions, 'acquisition');
  const analyses = new Shared(graph.analyses, 'analysis');
  const anyMicroscope = images.flatMap(({ image }) => image.instrument ?? [])[0];
  /** The first microscope that an item tells of, with the place of its image among all. */
  const microscopeOf = new Map<string, { place: number; instrument: InstrumentDescription }>();
  for (const [place, { item, image }] of images.entries())
    if (image.instrument && !microscopeOf.has(item.id))
      microscopeOf.set(item.id, { place, instrument: image.instrument });
  const tupleOf = (told: Values, microscope: InstrumentDescription | undefined): DatasetTuple => {
    const sample = sampleOf(told);
    const specimen = filled<Omit<SpecimenNode, 'key' | 'title'>>({
      preparation: textAt(told, 'samplePreparation'),
      growth: textAt(told, 'growthProtocol'),
    });
    const acquisition = acquisitionOf(told, microscope);
    return filled<DatasetTuple>({
      biosample: samples.keyOf(sample, sample.biologicalEntity ?? (labelsOf(sample.organisms) || 'Biosample')),
      specimen: specimens.keyOf(specimen, 'Specimen'),
      acquisition: acquisitions.keyOf(acquisition, labelsOf(acquisition.methods) || 'Image acquisition'),
      analysis: analyses.keyOf(filled({ overview: textAt(told, 'imageAnalysis') }), 'Image analysis'),
    });
  };
  if (study.datasets.length === 0) tupleOf(values, anyMicroscope);
  const formatsOf = formatsByDataset(study);
  const datasetOfItem = new Map<string, string>();
  const own = ownValues(values);
  // Without those of single data sets: copied for each of a thousand they would take minutes.
  const general = Object.fromEntries(Object.entries(values).filter(([key]) => !key.includes('@')));
  for (const one of study.datasets) {
    for (const item of [...one.imageItems, ...one.quantitativeItems]) datasetOfItem.set(item, one.id);
    const told = { ...general, ...own.get(one.id) };
    const [first] = one.imageItems.flatMap((item) => microscopeOf.get(item) ?? []).sort((a, b) => a.place - b.place);
    const microscope = first?.instrument ?? anyMicroscope;
    const tuple = tupleOf(told, microscope);
    const basedOn = textAt(told, 'basedOn');
    graph.datasets.push({
      ...filled({
        description: textAt(told, 'datasetDescription'),
        identifier: textAt(told, 'localId'),
        kind: one.imageItems.length > 0 ? ('image' as const) : ('quantitative' as const),
        datatype: textAt(told, 'datatype'),
        basedOn: basedOn === 'Experiment' || basedOn === 'Simulation' ? basedOn : undefined,
        ...trainingOf(told),
        formats: formatsOf(one, told, own.get(one.id)?.['dataFormats'] !== undefined),
        tuples: Object.keys(tuple).length === 0 ? [] : [tuple],
      }),
      key: one.id,
      title: one.title,
    });
  }
  const datasetOfFile = new Map(
    study.items.flatMap((item) =>
      item.files.flatMap((path) => (datasetOfItem.has(item.id) ? [[path, datasetOfItem.get(item.id)!] as const] : [])),
    ),
  );
  for (const file of study.files)
    graph.files.push({
      path: file.path,
      size: file.size,
      sha256: file.sha256,
      mediaType: file.mediaType,
      ...(datasetOfFile.has(file.path) ? { dataset: datasetOfFile.get(file.path)! } : {}),
    });
  for (const { path, url, size, sha256, mediaType } of study.references ?? [])
    graph.files.push({ path, url, size, sha256, mediaType });
  const scales = new Map<string | undefined, TypedScale>();
  const scaleOf = (dataset: string | undefined) => {
    if (!scales.has(dataset)) scales.set(dataset, typedScale(general, own.get(dataset ?? '') ?? {}));
    return scales.get(dataset)!;
  };
  for (const { item, image, index } of images) {
    const dataset = datasetOfItem.get(item.id);
    graph.images.push(withScale(imageNode(item.id, item.path, item.format, image, index, dataset), scaleOf(dataset)));
  }
}

/** Scales that a person typed. */
interface TypedScale {
  pixel: ReadScale;
  step?: Quantity | undefined;
  /** Of which data set alone it was said: it stands before what the files say. */
  isOwn: { pixel: boolean; step: boolean };
}

function typedScale(general: Values, own: Values): TypedScale {
  const [space, time] = [textAt(own, 'spaceScale'), textAt(own, 'timeScale')];
  return {
    pixel: readScale(space ?? textAt(general, 'spaceScale') ?? ''),
    step: readInterval(time ?? textAt(general, 'timeScale') ?? ''),
    isOwn: { pixel: space !== undefined, step: time !== undefined },
  };
}

/** An image with the scales that were typed: those of its data set, else those of the study where its file tells none. */
function withScale(image: ImageNode, { pixel, step, isOwn }: TypedScale): ImageNode {
  const { z, ...plane } = pixel;
  const typed: ReadScale = z !== undefined && (image.sizes?.z ?? 1) > 1 ? { ...plane, z } : plane;
  const pixelSize = filled(isOwn.pixel ? { ...image.pixelSize, ...typed } : { ...typed, ...image.pixelSize });
  const timeStep =
    (image.sizes?.t ?? 1) > 1 ? (isOwn.step ? (step ?? image.timeStep) : (image.timeStep ?? step)) : image.timeStep;
  const { pixelSize: _, timeStep: __, ...rest } = image;
  return {
    ...rest,
    ...(Object.keys(pixelSize).length > 0 ? { pixelSize } : {}),
    ...(timeStep ? { timeStep } : {}),
  };
}

/** What a data set says of itself as training material or ground truth. */
const trainingOf = (told: Values) => ({
  trainingTask: textAt(told, 'trainingTask'),
  annotationType: textAt(told, 'annotationType'),
  annotators: listAt(told, 'annotators'),
  annotationMethod: textAt(told, 'annotationMethod'),
  sample: textAt(told, 'sampleId'),
  split: textAt(told, 'split'),
  challengeMetric: textAt(told, 'challengeMetric'),
  challengeGate: textAt(told, 'challengeGate'),
  challengeCoverage: textAt(told, 'challengeCoverage'),
});

function imageNode(
  item: string,
  path: string,
  format: string,
  image: ImageDescription,
  index: number,
  dataset: string | undefined,
): ImageNode {
  const { x, y, z, c, t } = image.sizes;
  const pixelSize =
    image.voxelSize === undefined
      ? undefined
      : filled({ x: image.voxelSize.x, y: image.voxelSize.y, z: image.voxelSize.z });
  return {
    ...filled<Omit<ImageNode, 'key' | 'name'>>({
      dataset,
      file: path,
      format,
      pixelType: image.type,
      sizes: { x, y, z, c, t },
      pixelSize: pixelSize && Object.keys(pixelSize).length > 0 ? pixelSize : undefined,
      timeStep: image.timeStep,
      channels: image.channels.map((channel, number) => ({
        ...filled({
          fluorophore: channel.fluorophore,
          excitationNanometers: channel.excitationNanometers,
          emissionNanometers: channel.emissionNanometers,
        }),
        name: channel.name === '' ? `Channel ${number + 1}` : channel.name,
      })),
      acquiredAt: image.acquiredAt,
    }),
    key: `${item}-${index}`,
    name: image.name === '' ? path : image.name,
  };
}
