import type { Contributor, FieldValue, ImageDescription, StudyVersion, Term } from '@micrarium/model';
import { filled } from '../json/json.ts';
import { licenceById } from '../licences/licences.ts';
import {
  type AcquisitionNode,
  type BiosampleNode,
  type ContributorNode,
  emptyGraph,
  type ImageNode,
  type OrganisationNode,
  splitName,
  type StudyGraph,
  type TermReference,
} from './study-graph.ts';

/** A published version, or a draft that has no accession yet. */
export type DescribedStudy = Pick<StudyVersion, 'metadata' | 'files' | 'items' | 'datasets'> &
  Partial<Pick<StudyVersion, 'accession' | 'version' | 'publishedAt'>>;

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
    types: termsAt(values, 'studyType'),
    licence: textAt(values, 'licence'),
    releaseDate: textAt(values, 'releaseDate'),
    updateDate: textAt(values, 'updateDate'),
    version: study.version === undefined ? textAt(values, 'version') : String(study.version),
    methodSummary: textAt(values, 'methodSummary'),
    publisher: place.publisher,
    notes: textAt(values, 'notes'),
  });
  people(graph, values);
  const doi = textAt(values, 'paperDoi')?.toLowerCase();
  const paper = filled({
    doi,
    url: textAt(values, 'paperUrl'),
    title: textAt(values, 'paperLong') ?? textAt(values, 'paperShort'),
  });
  if (Object.keys(paper).length > 0) graph.publications.push({ ...paper, key: 'p-1' });
  listAt(values, 'links').forEach((url, index) => graph.links.push({ key: `l-${index + 1}`, url }));
  parts(graph, study, values);
  return graph;
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
      firstName: one.firstName,
      lastName: one.lastName,
      email: one.email,
      orcid: one.orcid,
      roles: [one.role],
      organisations: organisation(one.organisation, filled({ department: one.department, laboratory: one.laboratory })),
    }),
    key: `c-${index + 1}`,
  }));
  const same = graph.contributors.find(
    ({ firstName, lastName }) => firstName === contact.firstName && lastName === contact.lastName,
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

function parts(graph: StudyGraph, study: DescribedStudy, values: Values): void {
  const sample: Omit<BiosampleNode, 'key' | 'title'> = filled({
    organisms: termsAt(values, 'organism'),
    strain: listAt(values, 'strain'),
    cellLine: listAt(values, 'cellLine').map((label) => ({ label })),
    genes: listAt(values, 'genesProteinsReagents'),
    molecularFunction: termsAt(values, 'molecularFunction'),
    biologicalProcess: termsAt(values, 'biologicalProcess'),
    cellularComponent: termsAt(values, 'cellularComponent'),
  });
  const hasSample = Object.keys(sample).length > 0;
  if (hasSample)
    graph.biosamples.push({
      ...sample,
      key: 'biosample-1',
      title: sample.organisms?.map(({ label }) => label).join(', ') || 'Biosample',
    });
  const images = study.items.flatMap((item) => item.images.map((image, index) => ({ item, image, index })));
  const microscope = images.flatMap(({ image }) => image.instrument ?? [])[0];
  const acquisition: Omit<AcquisitionNode, 'key' | 'title'> = filled({
    methods: termsAt(values, 'imagingMethods'),
    instrument:
      textAt(values, 'microscope') ??
      ([microscope?.manufacturer, microscope?.model].filter(Boolean).join(' ') || undefined),
    microscope:
      microscope &&
      filled({
        manufacturer: microscope.manufacturer,
        model: microscope.model,
        objective: microscope.objective?.model,
        magnification: microscope.objective?.magnification,
        numericalAperture: microscope.objective?.numericalAperture,
        immersion: microscope.objective?.immersion,
        detector: microscope.detector,
        software: microscope.software,
      }),
    experimentType: textAt(values, 'experimentType'),
    acquisitionMode: textAt(values, 'acquisitionMode'),
    contrastMethod: textAt(values, 'contrastMethod'),
  });
  const hasAcquisition = Object.keys(acquisition).length > 0;
  if (hasAcquisition)
    graph.acquisitions.push({
      ...acquisition,
      key: 'acquisition-1',
      title: acquisition.methods?.map(({ label }) => label).join(', ') || 'Image acquisition',
    });
  const tuple = {
    ...(hasSample ? { biosample: 'biosample-1' } : {}),
    ...(hasAcquisition ? { acquisition: 'acquisition-1' } : {}),
  };
  const formats = listAt(values, 'dataFormats');
  const datasetOfItem = new Map<string, string>();
  for (const one of study.datasets) {
    for (const item of [...one.imageItems, ...one.quantitativeItems]) datasetOfItem.set(item, one.id);
    graph.datasets.push({
      ...filled({
        description: textAt(values, 'datasetDescription'),
        kind: one.imageItems.length > 0 ? ('image' as const) : ('quantitative' as const),
        datatype: textAt(values, 'datatype'),
        formats,
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
  for (const { item, image, index } of images)
    graph.images.push(imageNode(item.id, item.path, item.format, image, index, datasetOfItem.get(item.id)));
}

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
  const terms = (list: readonly (TermReference[] | undefined)[]): Term[] => {
    const seen = new Map<string, Term>();
    for (const { label, id } of list.flatMap((one) => one ?? []))
      seen.set(id ?? label, { label, ...(id === undefined ? {} : { id }) });
    return [...seen.values()];
  };
  const texts = (list: readonly (string[] | undefined)[]) => [...new Set(list.flatMap((one) => one ?? []))];
  const licence = study.licence === undefined ? undefined : licenceById(study.licence)?.spdx;
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
  return filled<Record<string, FieldValue>>({
    title: study.title,
    description: study.description,
    releaseDate: study.releaseDate,
    licence,
    doi: study.doi,
    methodSummary:
      study.methodSummary ?? (graph.specimens.flatMap(({ preparation }) => preparation ?? []).join('\n') || undefined),
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
    paperDoi: paper?.doi,
    paperUrl: paper?.url ?? (paper?.doi === undefined ? undefined : `https://doi.org/${paper.doi}`),
    organism: terms(graph.biosamples.map(({ organisms }) => organisms)),
    strain: texts(graph.biosamples.map(({ strain }) => strain)),
    cellLine: texts(graph.biosamples.map(({ cellLine }) => cellLine?.map(({ label }) => label))),
    molecularFunction: terms(graph.biosamples.map(({ molecularFunction }) => molecularFunction)),
    biologicalProcess: terms(graph.biosamples.map(({ biologicalProcess }) => biologicalProcess)),
    cellularComponent: terms(graph.biosamples.map(({ cellularComponent }) => cellularComponent)),
    studyType: terms([study.types]),
    imagingMethods: terms(graph.acquisitions.map(({ methods }) => methods)),
    dataFormats: texts(graph.datasets.map(({ formats }) => formats)),
  });
}
