import type { JsonStandard } from '../exchange/exchange.ts';
import { type ContributorNode, filesElsewhere, type StudyGraph, withUniqueTitles } from '../graph/study-graph.ts';
import { vocabularies, vocabularyName } from '../identifiers/identifiers.ts';
import { filled, type Json, type JsonRecord } from '../json/json.ts';
import {
  annotation,
  type AssayRow,
  isaPlan,
  type IsaPlan,
  ownComments,
  sampleCharacteristics,
  termSources,
} from './isa-parts.ts';
import { assayMeasurement, imagingAssay } from './isa-configuration.ts';
import { type AcquisitionParameter, miacmeParameters } from './miacme-parameters.ts';
import { readIsaJson } from './read-isa-json.ts';

const reference = (id: string): Json => ({ '@id': id });
const safe = (text: string) => encodeURIComponent(text).replace(/'/g, '%27');
const plainTerm = (annotationValue: string): Json => ({ annotationValue, termSource: '', termAccession: '' });

/** An ISA-JSON 1.0 investigation with one study. Its assays are imaging assays; those of cell migration follow MIACME. */
export function writeIsaJson(told: StudyGraph): Json {
  const graph = withUniqueTitles(told);
  const { study } = graph;
  const plan = isaPlan(graph);
  const measurement = assayMeasurement(graph);
  const heading = filled<JsonRecord>({
    identifier: study.identifier,
    title: study.title,
    description: study.description,
    submissionDate: study.submissionDate ?? '',
    publicReleaseDate: study.releaseDate ?? '',
  });
  const people = graph.contributors.map((one) => person(graph, one));
  const publications = graph.publications.map((one) => ({
    ...filled<JsonRecord>({
      title: one.title,
      doi: one.doi,
      pubMedID: one.pubmedId,
      authorList: one.authors?.join(', '),
    }),
    ...(one.status === undefined ? {} : { status: plainTerm(one.status) }),
    comments: ownComments(one, [
      'title',
      'doi',
      'pubmedId',
      'status',
      ...(one.authors?.some((name) => /[,;]/.test(name)) ? [] : ['authors']),
    ]),
  }));
  const sources = termSources(graph).map((name) => ({
    name,
    file: vocabularies[name]?.url ?? '',
    version: '',
    description: vocabularyName(name),
  }));
  return {
    '@id': '#investigation',
    ...heading,
    ontologySourceReferences: sources,
    people,
    publications,
    comments: [],
    studies: [
      {
        '@id': '#study',
        ...heading,
        filename: 's_study.txt',
        people,
        publications,
        studyDesignDescriptors: [...(study.types ?? []).map(annotation), ...(study.keywords ?? []).map(plainTerm)],
        protocols: protocols(graph, plan),
        factors: [],
        unitCategories: [],
        characteristicCategories: categories(graph),
        ...materials(graph, plan),
        assays: plan.assays.map((assay, index) => writeAssay(graph, measurement, assay, index)),
        comments: studyComments(graph),
      },
    ],
  };
}

function person(graph: StudyGraph, one: ContributorNode): Json {
  const organisation = graph.organisations.find(({ key }) => key === one.organisations?.[0]);
  return {
    ...filled<JsonRecord>({
      firstName: one.firstName,
      lastName: one.lastName ?? one.name,
      email: one.email,
      affiliation: organisation?.name,
      address: organisation?.address,
    }),
    roles: (one.roles ?? []).map(plainTerm),
    comments: [
      ...(one.orcid === undefined ? [] : [{ name: 'ORCID', value: one.orcid }]),
      // The Tab form puts roles into one cell, with semicolons between.
      ...ownComments(one, [
        'firstName',
        'lastName',
        'email',
        'orcid',
        ...(one.roles?.some((role) => role.includes(';')) ? [] : ['roles']),
      ]),
    ],
  };
}

/** Fields of the study and nodes that ISA has no object for. */
function studyComments(graph: StudyGraph): Json[] {
  const { study } = graph;
  const named = [
    ['DOI', study.doi],
    ['License', study.licence],
    ['Version', study.version],
    ['Update Date', study.updateDate],
    ['Acknowledgements', study.acknowledgements],
    ['Funding Statement', study.fundingStatement],
    ['Method Summary', study.methodSummary],
  ] as const;
  const nodes = ['organisations', 'grants', 'links', 'images', 'files'] as const;
  return [
    ...named.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
    { name: 'micrarium:types', value: String(study.types?.length ?? 0) },
    ...ownComments(study, [
      'identifier',
      'title',
      'description',
      'submissionDate',
      'releaseDate',
      'types',
      'keywords',
      'doi',
      'licence',
      'version',
      'updateDate',
      'acknowledgements',
      'fundingStatement',
      'methodSummary',
    ]),
    ...nodes.flatMap((kind) =>
      graph[kind].flatMap((node, index) => [
        ...('key' in node ? [{ name: `micrarium:${kind}.${index}.key`, value: node.key }] : []),
        ...ownComments(node, [], `${kind}.${index}.`),
      ]),
    ),
    ...(graph.ethics ? ownComments(graph.ethics, [], 'ethics.') : []),
    ...filesElsewhere(graph).map(({ path, url }, index) => ({
      name: `External Data File ${index + 1}`,
      value: `${path} ${url}`,
    })),
  ];
}

const protocolId = (kind: string, key: string) => `#protocol/${kind}/${safe(key)}`;
const collection = protocolId('collection', 'sample');
/** How files came to be of which nothing is told. */
const untold = protocolId('acquisition', '');
const isUntold = ({ acquisition, analysis, images, derived }: AssayRow) =>
  acquisition === undefined && analysis === undefined && images.length + derived.length > 0;

function protocols(graph: StudyGraph, plan: IsaPlan): Json[] {
  const protocol = (
    id: string,
    name: string,
    type: string,
    description: string | undefined,
    comments: Json[],
    parameters: string[] = [],
  ): Json => ({
    '@id': id,
    name,
    protocolType: plainTerm(type),
    // Line ends within a cell break other tools' reading of the Tab form.
    description: (description ?? '').replace(/\s*\n\s*/g, ' '),
    uri: '',
    version: '',
    parameters: parameters.map((one) => ({ '@id': `${id}/parameter/${safe(one)}`, parameterName: plainTerm(one) })),
    components: [],
    comments,
  });
  const own = (kind: string, node: { key: string }) => [
    { name: `micrarium:kind`, value: kind },
    { name: 'micrarium:key', value: node.key },
    ...ownComments(node),
  ];
  return [
    ...(plan.samples.some(({ specimen }) => specimen === undefined)
      ? [protocol(collection, 'sample collection', 'sample collection', '', [])]
      : []),
    ...graph.specimens.map((one) =>
      protocol(
        protocolId('preparation', one.key),
        `sample preparation: ${one.title}`,
        'sample preparation',
        [one.growth, one.preparation].filter(Boolean).join(' '),
        own('specimens', one),
      ),
    ),
    ...graph.acquisitions.map((one) =>
      protocol(
        protocolId('acquisition', one.key),
        `image acquisition: ${one.title}`,
        'image acquisition',
        one.parameters,
        own('acquisitions', one),
        [
          ...new Set(
            plan.assays
              .filter(({ rows }) => rows.some(({ acquisition }) => acquisition === one.key))
              .flatMap(({ dataset }) => acquisitionParameters(graph, one, dataset.key))
              .concat(acquisitionParameters(graph, one))
              .map(({ name }) => name),
          ),
        ],
      ),
    ),
    ...(plan.assays.some(({ rows }) => rows.some(isUntold))
      ? [protocol(untold, 'image acquisition', 'image acquisition', '', [])]
      : []),
    ...graph.correlations.map((one) =>
      protocol(
        protocolId('correlation', one.key),
        `image correlation: ${one.title}`,
        'image correlation',
        one.alignment,
        own('correlations', one),
      ),
    ),
    ...graph.analyses.map((one) =>
      protocol(
        protocolId('analysis', one.key),
        `data analysis: ${one.title}`,
        'data analysis',
        one.overview,
        own('analyses', one),
      ),
    ),
  ];
}

/** Parameters of an acquisition with their values: its own, and what MIACME asks of the images of a data set. */
function acquisitionParameters(
  graph: StudyGraph,
  one: StudyGraph['acquisitions'][number],
  dataset?: string,
): AcquisitionParameter[] {
  const images = dataset === undefined ? [] : graph.images.filter((image) => image.dataset === dataset);
  return [
    ...(one.methods ?? []).slice(0, 1).map((method) => ({ name: 'imaging method', value: annotation(method) })),
    ...(one.instrument === undefined ? [] : [{ name: 'imaging instrument', value: one.instrument }]),
    ...(dataset === undefined ? [] : miacmeParameters(one, images)),
  ];
}

const categoryId = (name: string) => `#characteristic_category/${safe(name)}`;

function categories(graph: StudyGraph): Json[] {
  return sampleCharacteristics
    .filter(([, take]) => graph.biosamples.some((sample) => take(sample).length > 0))
    .map(([name]) => ({ '@id': categoryId(name), characteristicType: plainTerm(name) }));
}

function materials(graph: StudyGraph, plan: IsaPlan): JsonRecord {
  const sources = graph.biosamples.map((sample) => ({
    '@id': `#source/${safe(sample.key)}`,
    name: sample.title,
    characteristics: sampleCharacteristics.flatMap(([name, take]) =>
      take(sample).map((term) => ({ category: reference(categoryId(name)), value: annotation(term) })),
    ),
    comments: [{ name: 'micrarium:key', value: sample.key }, ...ownComments(sample, ['title'])],
  }));
  const samples = plan.samples.map(({ name, biosample }) => ({
    '@id': `#sample/${safe(name)}`,
    name,
    characteristics: [],
    factorValues: [],
    ...(biosample === undefined ? {} : { derivesFrom: [reference(`#source/${safe(biosample)}`)] }),
  }));
  const processSequence = plan.samples.map(({ name, biosample, specimen }, index) => ({
    '@id': `#process/sample/${index + 1}`,
    name: `preparation ${index + 1}`,
    executesProtocol: reference(specimen === undefined ? collection : protocolId('preparation', specimen)),
    parameterValues: [],
    performer: '',
    date: '',
    inputs: biosample === undefined ? [] : [reference(`#source/${safe(biosample)}`)],
    outputs: [reference(`#sample/${safe(name)}`)],
    comments: [],
  }));
  return { materials: { sources, samples, otherMaterials: [] }, processSequence };
}

function writeAssay(
  graph: StudyGraph,
  measurement: string,
  { dataset, fileName, rows }: IsaPlan['assays'][number],
  index: number,
): Json {
  const fileId = (path: string) => `#data/${index + 1}/${safe(path)}`;
  const paths = (kind: 'images' | 'derived') => [...new Set(rows.flatMap((row) => row[kind]))];
  const file =
    (type: string) =>
    (path: string): Json => ({ '@id': fileId(path), name: path, type, comments: [] });
  const acquisition = graph.acquisitions.find(({ key }) => rows.some((row) => row.acquisition === key));
  const processSequence = rows.flatMap((row, number): Json[] => {
    const base = `#process/assay/${index + 1}/${number + 1}`;
    const used = graph.acquisitions.find(({ key }) => key === row.acquisition);
    const steps: JsonRecord[] = [];
    const step = (kind: string, protocol: string, inputs: Json[], outputs: Json[], parameterValues: Json[] = []) =>
      steps.push({
        '@id': `${base}/${kind}`,
        name: `${kind} ${index + 1}.${number + 1}`,
        executesProtocol: reference(protocol),
        parameterValues,
        performer: '',
        date: '',
        inputs,
        outputs,
        comments: [],
      });
    const sample = reference(`#sample/${safe(row.sample)}`);
    const images = row.images.map((path) => reference(fileId(path)));
    const derived = row.derived.map((path) => reference(fileId(path)));
    if (used)
      step(
        'acquisition',
        protocolId('acquisition', used.key),
        [sample],
        row.analysis === undefined ? [...images, ...derived] : images,
        acquisitionParameters(graph, used, dataset.key).map(({ name, value, unit }) => ({
          category: reference(`${protocolId('acquisition', used.key)}/parameter/${safe(name)}`),
          value,
          ...(unit === undefined ? {} : { unit: plainTerm(unit) }),
        })),
      );
    else if (isUntold(row)) step('acquisition', untold, [sample], [...images, ...derived]);
    if (row.analysis !== undefined)
      step(
        'analysis',
        protocolId('analysis', row.analysis),
        used ? images : [sample],
        used ? derived : [...images, ...derived],
      );
    steps.forEach((one, at) => {
      if (at > 0) one.previousProcess = reference(steps[at - 1]!['@id'] as string);
      if (at < steps.length - 1) one.nextProcess = reference(steps[at + 1]!['@id'] as string);
    });
    return steps;
  });
  const isUsed = processSequence.length > 0;
  return {
    '@id': `#assay/${safe(dataset.key)}`,
    filename: fileName,
    measurementType: plainTerm(measurement),
    technologyType: plainTerm(imagingAssay.technology),
    technologyPlatform: acquisition?.instrument ?? '',
    materials: {
      samples: [...new Set(rows.map(({ sample }) => sample))].map((name) => reference(`#sample/${safe(name)}`)),
      otherMaterials: [],
    },
    dataFiles: isUsed
      ? [...paths('images').map(file('Image File')), ...paths('derived').map(file('Derived Data File'))]
      : [],
    characteristicCategories: [],
    unitCategories: [],
    processSequence,
    comments: [{ name: 'micrarium:key', value: dataset.key }, ...ownComments(dataset)],
  };
}

/** ISA-JSON, read and written. */
export const isaJson: JsonStandard = { standard: 'isa', read: readIsaJson, write: writeIsaJson };
