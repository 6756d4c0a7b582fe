import { defineIssues, type Issue, type Quantity } from '@micrarium/model';
import { type Imported, type JsonStandard, rootRecord } from '../exchange/exchange.ts';
import { emptyGraph, type ImageNode, keyMaker, type StudyGraph } from '../graph/study-graph.ts';
import { termOfText, termText } from '../exchange/terms.ts';
import { readDoi, readOrcid } from '../identifiers/identifiers.ts';
import { filled, isRecord, type Json, type JsonRecord, recordsOf, textOf, textsOf } from '../json/json.ts';
import { assayMeasurement } from '../isa/isa-configuration.ts';
import { findLicence, knownLicence } from '../licences/licences.ts';

/** Version of MIACME that is read and written. */
export const miacmeVersion = '1.1';

/** Issues of a MIACME document. */
export const miacmeIssue = defineIssues({
  'miacme-missing': {
    severity: 'error',
    meaning: 'A description of a cell migration experiment lacks something MIACME 1.1 says it MUST have.',
    hint: 'Fill the field.',
  },
  'miacme-recommended': {
    severity: 'info',
    meaning: 'A description of a cell migration experiment lacks something MIACME 1.1 says it SHOULD have.',
  },
});

const pixelTypes: Readonly<Record<string, string>> = {
  uint8: 'uint8',
  int8: 'int8',
  uint16: 'uint16',
  int16: 'int16',
  uint32: 'uint32',
  int32: 'int32',
  float32: 'float',
  float64: 'double',
  complex64: 'complex',
  complex128: 'double-complex',
  bool: 'bit',
};
const lengthUnits: Readonly<Record<string, string>> = {
  micrometer: 'µm',
  nanometer: 'nm',
  millimeter: 'mm',
  centimeter: 'cm',
  meter: 'm',
  angstrom: 'Å',
  pixel: 'pixel',
};
const named = (unit: string | undefined) =>
  Object.entries(lengthUnits).find(([, symbol]) => symbol === unit)?.[0] ?? unit ?? 'micrometer';

/** A MIACME 1.1 investigation with one study. */
export function writeMiacme(graph: StudyGraph): Json {
  const { study } = graph;
  const contacts = graph.contributors.map((one) =>
    filled<JsonRecord>({
      '@type': 'Person',
      identifier: one.orcid && `https://orcid.org/${one.orcid}`,
      identifierSource: one.orcid && 'ORCID',
      lastName: one.lastName ?? one.name,
      firstName: one.firstName,
      email: one.email,
      affiliation: (one.organisations ?? []).flatMap((key): Json[] => {
        const home = graph.organisations.find((other) => other.key === key);
        return home
          ? [
              filled<JsonRecord>({
                '@type': 'Organization',
                name: home.name,
                identifier: home.ror && `https://ror.org/${home.ror}`,
              }),
            ]
          : [];
      }),
      roles: one.roles?.join('; '),
    }),
  );
  const publications = graph.publications.map((one) =>
    filled<JsonRecord>({
      '@type': 'Publication',
      identifier: one.doi ?? one.pubmedId,
      title: one.title,
      publicationVenue: one.venue,
    }),
  );
  const sample = graph.biosamples[0];
  const acquisition = graph.acquisitions[0];
  const shared = {
    MIACMEversion: miacmeVersion,
    ...filled<JsonRecord>({ identifier: study.identifier, title: study.title, description: study.description }),
  };
  const dates = [
    [study.releaseDate, 'publication'],
    [study.submissionDate, 'submission'],
  ].flatMap(([date, type]): Json[] =>
    date === undefined ? [] : [{ '@type': 'Date', date: `${date}T00:00:00Z`, type: { value: type! } }],
  );
  return {
    '@type': 'Investigation',
    ...shared,
    contacts,
    publications,
    studies: [
      filled<JsonRecord>({
        '@type': 'Study',
        ...shared,
        type: study.types?.[0]?.label,
        contacts,
        publications,
        dates,
        acknowledges: graph.grants.map((one) =>
          filled<JsonRecord>({
            '@type': 'Grant',
            name: one.title ?? one.identifier,
            identifier: one.identifier,
            funders: one.funder === undefined ? [] : [{ name: one.funder }],
          }),
        ),
        experimental_setup: filled<JsonRecord>({
          '@type': 'ExperimentalSetup',
          basicApproach: sample?.cellLine || sample?.cellType ? 'in vitro' : undefined,
          cellModel:
            sample &&
            filled<JsonRecord>({
              '@type': 'CellModel',
              cellType: sample.cellType?.map(termText).join('; '),
              specificCellDetails:
                sample.cellLine?.map(termText).join('; ') ?? sample.biologicalEntity ?? sample.description,
              organism: sample.organisms?.map(termText).join('; '),
            }),
          assay: { '@type': 'Assay', type: assayMeasurement(graph) },
          treatment: sample?.extrinsicVariables?.join('; '),
          microEnvironment: graph.specimens[0]?.preparation,
          medium: graph.specimens[0]?.growth,
        }),
        imaging_condition: filled<JsonRecord>({
          '@type': 'ImagingCondition',
          modality: acquisition?.methods?.map(termText).join('; '),
          objectiveLens: acquisition?.microscope?.objective,
          numericalAperture:
            acquisition?.microscope?.numericalAperture === undefined
              ? undefined
              : String(acquisition.microscope.numericalAperture),
          ...sequence(graph.images[0]),
          channelDefinition: [
            ...new Set(graph.images.flatMap(({ channels }) => (channels ?? []).map(({ name }) => name))),
          ],
          pixels: graph.images.map(pixels),
        }),
        data: {
          '@type': 'Data',
          rawImagesDataset: filled<JsonRecord>({
            '@type': 'Dataset',
            description: graph.datasets.map(({ title }) => title).join('; '),
            license: study.licence && (knownLicence(study.licence)?.url ?? study.licence),
            files: graph.files.map(({ path }) => path),
            numberOfFiles: graph.files.length,
            keyword: study.keywords?.join(', '),
          }),
        },
      }),
    ],
  };
}

function sequence(image: ImageNode | undefined): JsonRecord {
  const frames = image?.sizes?.t ?? 1;
  if (!image) return {};
  if (frames < 2) return { imageSequenceType: 'endpoint' };
  const { timeStep } = image;
  return filled<JsonRecord>({
    imageSequenceType: 'time-series',
    timeSeriesInterval: timeStep?.value,
    timeSeriesIntervalUnit: timeStep?.unit,
    observationPeriod: timeStep && Number((timeStep.value * (frames - 1)).toPrecision(12)),
    observationPeriodUnit: timeStep?.unit,
  });
}

function pixels(image: ImageNode): Json {
  const { x, y, z, c, t } = image.sizes ?? {};
  const scale = (axis: 'X' | 'Y' | 'Z', length: Quantity | undefined): JsonRecord =>
    length
      ? { [`physicalSize${axis}`]: length.value, [`physicalSize${axis}Unit`]: lengthUnits[length.unit] ?? 'µm' }
      : {};
  return {
    ...filled<JsonRecord>({
      identifier: image.name,
      dimensionsOrder: 'XYZCT',
      type: pixelTypes[image.pixelType ?? ''],
      sizeX: x,
      sizeY: y,
      sizeZ: z ?? 1,
      sizeC: c ?? 1,
      sizeT: t ?? 1,
    }),
    ...scale('X', image.pixelSize?.x),
    ...scale('Y', image.pixelSize?.y),
    ...scale('Z', image.pixelSize?.z),
  };
}

/** The study graph of a MIACME investigation, or of a study of one. */
export function readMiacme(document: Json): Imported {
  const { root, issues } = rootRecord(document, 'miacme', 'it is not a JSON object');
  const graph = emptyGraph();
  const study = recordsOf(root.studies)[0] ?? root;
  const either = (name: string) => textOf(study[name]) ?? textOf(root[name]);
  const raw = recordsOf((recordsOf(study.data)[0] ?? {}).rawImagesDataset)[0] ?? {};
  const licence = textOf(raw.license);
  const type = textOf(study.type);
  const date = (kind: string) =>
    textOf(recordsOf(study.dates).find((one) => textOf((recordsOf(one.type)[0] ?? {}).value) === kind)?.date)?.slice(
      0,
      10,
    );
  graph.study = filled({
    identifier: either('identifier'),
    title: either('title'),
    description: either('description'),
    types: type === undefined ? [] : [{ label: type }],
    licence: licence === undefined ? undefined : (findLicence(licence)?.spdx ?? licence),
    keywords: textOf(raw.keyword)
      ?.split(/\s*,\s*/)
      .filter(Boolean),
    releaseDate: date('publication'),
    submissionDate: date('submission'),
  });
  const keys = { c: keyMaker('c'), p: keyMaker('p'), g: keyMaker('g') };
  for (const one of recordsOf(recordsOf(study.contacts).length > 0 ? study.contacts : root.contacts)) {
    const organisations = recordsOf(one.affiliation).flatMap((home) => {
      const name = textOf(home.name);
      if (name === undefined) return [];
      const known = graph.organisations.find((other) => other.name === name);
      if (known) return known.key;
      graph.organisations.push({ key: `o-${graph.organisations.length + 1}`, name });
      return graph.organisations.at(-1)!.key;
    });
    graph.contributors.push({
      ...filled({
        firstName: textOf(one.firstName),
        lastName: textOf(one.lastName),
        email: textOf(one.email),
        orcid: readOrcid(textOf(one.identifier) ?? ''),
        roles: textOf(one.roles)?.split(/\s*;\s*/),
        organisations,
      }),
      key: keys.c(),
    });
  }
  for (const one of recordsOf(recordsOf(study.publications).length > 0 ? study.publications : root.publications)) {
    const doi = readDoi(textOf(one.identifier) ?? '');
    const pubmed = /^\d+$/.test(textOf(one.identifier) ?? '') ? textOf(one.identifier) : undefined;
    graph.publications.push({
      ...filled({
        doi: 'doi' in doi ? doi.doi : undefined,
        pubmedId: pubmed,
        title: textOf(one.title),
        venue: textOf(one.publicationVenue),
      }),
      key: keys.p(),
    });
  }
  for (const one of recordsOf(study.acknowledges))
    graph.grants.push({
      ...filled({
        identifier: textOf(one.identifier),
        title: textOf(one.name) === textOf(one.identifier) ? undefined : textOf(one.name),
        funder: textOf((recordsOf(one.funders)[0] ?? {}).name),
      }),
      key: keys.g(),
    });
  readSetup(graph, study);
  for (const path of textsOf(raw.files)) graph.files.push({ path });
  return { graph, issues };
}

function readSetup(graph: StudyGraph, study: JsonRecord): void {
  const setup = recordsOf(study.experimental_setup ?? study.experimentalSetup)[0] ?? {};
  const cell = recordsOf(setup.cellModel)[0];
  const terms = (text: string | undefined) =>
    text
      ?.split(/\s*;\s*/)
      .filter(Boolean)
      .map(termOfText) ?? [];
  if (cell || setup.treatment !== undefined)
    graph.biosamples.push({
      ...filled({
        cellType: terms(textOf(cell?.cellType)),
        description: textOf(cell?.specificCellDetails),
        organisms: terms(textOf(cell?.organism)),
        extrinsicVariables: textOf(setup.treatment)?.split(/\s*;\s*/),
      }),
      key: 'biosample-1',
      title: 'Cell model',
    });
  const environment = textOf(setup.microEnvironment);
  const medium = textOf(setup.medium);
  if (environment !== undefined || medium !== undefined)
    graph.specimens.push({
      ...filled({ preparation: environment, growth: medium }),
      key: 'specimen-1',
      title: 'Micro-environment',
    });
  const imaging = recordsOf(study.imaging_condition ?? study.imagingCondition)[0];
  if (!imaging) return;
  const aperture = Number(textOf(imaging.numericalAperture));
  const microscope = filled({
    objective: textOf(imaging.objectiveLens),
    numericalAperture:
      textOf(imaging.numericalAperture) !== undefined && Number.isFinite(aperture) ? aperture : undefined,
  });
  graph.acquisitions.push({
    ...filled({
      methods: terms(textOf(imaging.modality)),
      microscope: Object.keys(microscope).length > 0 ? microscope : undefined,
    }),
    key: 'acquisition-1',
    title: 'Imaging condition',
  });
  const interval = Number(textOf(imaging.timeSeriesInterval));
  const channels = textsOf(imaging.channelDefinition).map((name) => ({ name }));
  recordsOf(imaging.pixels).forEach((one, index) => {
    const size = (axis: string) =>
      typeof one[`size${axis}`] === 'number' ? (one[`size${axis}`] as number) : undefined;
    const scale = (axis: string) =>
      typeof one[`physicalSize${axis}`] === 'number'
        ? { value: one[`physicalSize${axis}`] as number, unit: named(textOf(one[`physicalSize${axis}Unit`])) }
        : undefined;
    const type = Object.entries(pixelTypes).find(([, name]) => name === textOf(one.type))?.[0];
    const pixelSize = filled({ x: scale('X'), y: scale('Y'), z: scale('Z') });
    graph.images.push({
      ...filled({
        pixelType: type,
        sizes: filled({ x: size('X'), y: size('Y'), z: size('Z'), c: size('C'), t: size('T') }),
        pixelSize: Object.keys(pixelSize).length > 0 ? pixelSize : undefined,
        channels,
        timeStep:
          textOf(imaging.timeSeriesInterval) !== undefined && Number.isFinite(interval)
            ? { value: interval, unit: textOf(imaging.timeSeriesIntervalUnit) ?? 'second' }
            : undefined,
      }),
      key: `image-${index + 1}`,
      name: textOf(one.identifier) ?? `Image ${index + 1}`,
    });
  });
}

/** Checks a MIACME document by the levels of the checklist 1.1. */
export function checkMiacme(document: Json): Issue[] {
  if (!isRecord(document)) return [miacmeIssue('miacme-missing', 'This is not a JSON object')];
  const issues: Issue[] = [];
  const look = (
    record: JsonRecord | undefined,
    place: string,
    must: readonly string[],
    should: readonly string[] = [],
  ) => {
    if (!record)
      return void issues.push(miacmeIssue('miacme-missing', `There is no ${place}`, { where: { field: place } }));
    const lacks = (name: string) =>
      textOf(record[name]) === undefined &&
      !isRecord(record[name]) &&
      !(Array.isArray(record[name]) && record[name].length > 0);
    for (const name of must)
      if (lacks(name))
        issues.push(miacmeIssue('miacme-missing', `${place} has no ${name}`, { where: { field: `${place}.${name}` } }));
    for (const name of should)
      if (lacks(name))
        issues.push(
          miacmeIssue('miacme-recommended', `${place} has no ${name}`, { where: { field: `${place}.${name}` } }),
        );
  };
  look(
    document,
    'investigation',
    ['description', 'contacts', 'studies', 'MIACMEversion'],
    ['identifier', 'title', 'publications'],
  );
  recordsOf(document.contacts).forEach((one, index) =>
    look(one, `contacts[${index}]`, ['identifier', 'identifierSource'], ['email']),
  );
  recordsOf(document.publications).forEach((one, index) =>
    look(one, `publications[${index}]`, ['identifier'], ['title']),
  );
  recordsOf(document.studies).forEach((study, index) => {
    const place = `studies[${index}]`;
    look(
      study,
      place,
      [
        'identifier',
        'title',
        'description',
        'type',
        'contacts',
        'experimental_setup',
        'imaging_condition',
        'MIACMEversion',
      ],
      ['data', 'dates', 'publications'],
    );
    const setup = recordsOf(study.experimental_setup)[0];
    look(setup, `${place}.experimental_setup`, [
      'basicApproach',
      'cellModel',
      'assay',
      'treatment',
      'microEnvironment',
      ...(textOf(setup?.basicApproach) === 'in vitro' ? ['medium'] : []),
    ]);
    look(recordsOf(setup?.cellModel)[0], `${place}.experimental_setup.cellModel`, [
      'cellType',
      'specificCellDetails',
      'organism',
    ]);
    look(recordsOf(setup?.assay)[0], `${place}.experimental_setup.assay`, ['type', 'cellInput']);
    const imaging = recordsOf(study.imaging_condition)[0];
    const isSeries = textOf(imaging?.imageSequenceType) === 'time-series';
    look(imaging, `${place}.imaging_condition`, [
      'modality',
      'imageSequenceType',
      'channelDefinition',
      'pixels',
      ...(isSeries
        ? ['observationPeriod', 'observationPeriodUnit', 'timeSeriesInterval', 'timeSeriesIntervalUnit']
        : []),
    ]);
    recordsOf(imaging?.pixels).forEach((one, number) =>
      look(
        one,
        `${place}.imaging_condition.pixels[${number}]`,
        ['identifier', 'dimensionsOrder', 'type', 'sizeX', 'sizeY', 'sizeZ', 'sizeC', 'sizeT'],
        ['physicalSizeX', 'physicalSizeY'],
      ),
    );
  });
  return issues;
}

/** MIACME, read and written. */
export const miacme: JsonStandard = { standard: 'miacme', read: readMiacme, write: writeMiacme };
