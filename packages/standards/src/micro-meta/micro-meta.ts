import type { Issue, Quantity } from '@micrarium/model';
import { type Exported, type Imported, lossesOf, otherStandard, unplacedIssues } from '../exchange/exchange.ts';
import { standOf } from '../graph/microscope-line.ts';
import {
  type AcquisitionNode,
  type ChannelNode,
  emptyGraph,
  type ImageNode,
  type MicroscopeNode,
  type StudyGraph,
} from '../graph/study-graph.ts';
import { filled, isRecord, type Json, type JsonRecord, recordsOf } from '../json/json.ts';
import { jsonRemainder, type Remainder, restoreJson } from '../json/remainder.ts';
import { unknownParts } from '../json/unknown-parts.ts';
import {
  kindOf,
  memberOf,
  node,
  numberAt,
  type PartKind,
  schemaOf,
  settingsOf,
  textAt,
  uuidOf,
  wordsOf,
} from './components.ts';

/** Microscopes and settings written at most; a study with more images of different settings is no case for this app. */
const mostSettings = 100;

const lengthUnits: Readonly<Record<string, string>> = {
  µm: 'micrometer',
  μm: 'micrometer',
  um: 'micrometer',
  nm: 'nanometer',
  mm: 'millimeter',
  m: 'meter',
};
const timeUnits: Readonly<Record<string, string>> = {
  s: 'second',
  ms: 'millisecond',
  min: 'minute',
  h: 'hour',
  d: 'day',
};
const symbolOf = (unit: string, units: Readonly<Record<string, string>>) =>
  Object.entries(units).find(([, name]) => name === unit)?.[0] ?? unit;

/** Is the document a microscope of the Micro-Meta App (4DN-BINA-OME), or the settings of an image? */
export function microMetaKind(document: Json): 'microscope' | 'settings' | undefined {
  if (!isRecord(document)) return undefined;
  const schema = schemaOf(document);
  const isScope = schema === 'Instrument' || schema === 'Microscope';
  if (isScope || (isRecord(memberOf(document, 'MicroscopeStand')) && Array.isArray(memberOf(document, 'components'))))
    return 'microscope';
  if (schema === 'Image' || textAt(document, 'InstrumentID') !== undefined) return 'settings';
  return undefined;
}

/** A document without the envelope that the 4DN portal puts around it. */
export function microMetaWithin(document: Json): Json {
  const inner = isRecord(document) ? document.microscope : undefined;
  return microMetaKind(document) === undefined && microMetaKind(inner ?? null) !== undefined ? inner! : document;
}

/**
 * Reads documents of the Micro-Meta App: microscopes, and settings that name their microscope. What the study graph has no
 * place for (stages, turrets, tables, positions on the canvas) is kept and given back by `exportMicroMeta`.
 */
export function importMicroMeta(documents: readonly Json[]): Imported {
  const inner = documents.map(microMetaWithin);
  const graph = graphOf(inner);
  if (graph.acquisitions.length === 0 && graph.images.length === 0)
    return {
      graph,
      issues: [otherStandard('micro-meta', 'an Instrument.json or Image.json of the Micro-Meta App is wanted')],
    };
  const kept = keptOf(inner, graph, jsonRemainder);
  return {
    graph: Object.keys(kept).length > 0 ? { ...graph, kept } : graph,
    issues: [],
    unknownBeside: (of) => keptOf(inner, of, unknownParts),
  };
}

/** Documents without what is kept beside them. */
function graphOf(documents: readonly Json[]): StudyGraph {
  const graph = emptyGraph();
  for (const document of documents)
    if (isRecord(document) && microMetaKind(document) === 'microscope')
      graph.acquisitions.push(microscope(document, graph));
  for (const document of documents)
    if (isRecord(document) && microMetaKind(document) === 'settings') settings(document, graph);
  return graph;
}

/** What the documents say beyond our own writing of a graph, by the number of each document of its kind. */
function keptOf(
  documents: readonly Json[],
  graph: StudyGraph,
  compare: (original: Json, written: Json) => Remainder,
): Record<string, Remainder> {
  const written = writtenDocuments(graph);
  const kept: Record<string, Remainder> = {};
  for (const kind of ['microscope', 'settings'] as const)
    documents
      .filter((document) => microMetaKind(document) === kind)
      .forEach((document, index) => {
        const ours = written.filter((one) => one.kind === kind)[index]?.document;
        const remainder = ours === undefined ? [] : remainderOf(document, ours, compare);
        if (remainder.length > 0) kept[keptName(kind, index)] = remainder;
      });
  return kept;
}

const keptName = (kind: string, index: number) => `micro-meta ${kind} ${index + 1}`;

/**
 * The remainder, with components told apart by identifiers: ours of a kind takes the identifier of theirs where both are the
 * only one, so that their further members stay with it and an edit does not give two.
 */
function remainderOf(original: Json, written: Json, compare: (original: Json, written: Json) => Remainder): Remainder {
  const parts = (document: Json) => (isRecord(document) ? recordsOf(memberOf(document, 'components')) : []);
  const renamed: Remainder = [];
  const single = (list: readonly JsonRecord[], kind: PartKind | undefined) => {
    const found = list.filter((one) => kindOf(one) === kind);
    return found.length === 1 ? found[0] : undefined;
  };
  const aligned = JSON.parse(JSON.stringify(written)) as Json;
  for (const part of parts(aligned)) {
    const theirs = single(parts(original), kindOf(part));
    if (!theirs || !single(parts(aligned), kindOf(part)) || typeof theirs.ID !== 'string' || theirs.ID === part.ID)
      continue;
    renamed.push({
      path: ['components', { member: 'ID', is: part.ID as string }, 'ID'],
      was: part.ID!,
      now: theirs.ID,
    });
    part.ID = theirs.ID;
  }
  return [...renamed, ...compare(original, aligned)];
}

function microscope(document: JsonRecord, graph: StudyGraph): AcquisitionNode {
  const stood = memberOf(document, 'MicroscopeStand');
  const stand = isRecord(stood) ? stood : document;
  const components = recordsOf(memberOf(document, 'components'));
  const of = (kind: PartKind) => components.filter((one) => kindOf(one) === kind);
  const words = (kind: PartKind) => [...new Set(of(kind).flatMap((one) => wordsOf(one) ?? []))].join(', ') || undefined;
  const lenses = of('objective');
  const [lens] = lenses;
  const scope = filled<MicroscopeNode>({
    type: /^(Inverted|Upright)/i.exec(schemaOf(stand))?.[1] ?? textAt(stand, 'Type'),
    manufacturer: textAt(stand, 'Manufacturer'),
    model: textAt(stand, 'Model'),
    ...(lens && lenses.length === 1
      ? {
          objective: wordsOf(lens),
          magnification: numberAt(lens, 'Magnification', 'NominalMagnification', 'CalibratedMagnification'),
          numericalAperture: numberAt(lens, 'LensNA'),
          immersion: immersionAt(lens),
        }
      : { objective: lenses.map(lensWords).join(', ') || undefined }),
    detector: words('detector'),
    lightSource: words('lightSource'),
    filters: words('filters'),
    software: of('software').map(softwareWords).join(', ') || undefined,
  });
  const key = textAt(document, 'ID') ?? `acquisition-${graph.acquisitions.length + 1}`;
  const title = textAt(document, 'Name') ?? standOf(scope) ?? 'Microscope';
  return {
    ...filled({ instrument: standOf(scope) ?? title, parameters: textAt(document, 'Description') }),
    ...(Object.keys(scope).length > 0 ? { microscope: scope } : {}),
    key: graph.acquisitions.some((one) => one.key === key) ? `${key} ${graph.acquisitions.length + 1}` : key,
    title,
  };
}

const lensWords = (lens: JsonRecord): string => {
  const [power, aperture] = [numberAt(lens, 'Magnification', 'NominalMagnification'), numberAt(lens, 'LensNA')];
  const numbers = power === undefined ? '' : `${power}×${aperture === undefined ? '' : `/${aperture}`}`;
  return [wordsOf(lens), numbers, immersionAt(lens)].filter(Boolean).join(' ');
};

/** What the model calls an immersion that people have a shorter word for. */
const immersions: readonly (readonly [word: string, inModel: string])[] = [['Oil', 'Mineral Oil']];
const immersionAt = (lens: JsonRecord): string | undefined => {
  const said = textAt(lens, 'ImmersionType', 'NominalImmersionMedium');
  return immersions.find(([, inModel]) => inModel === said)?.[0] ?? said;
};
const immersionOf = (word: string | undefined): string | undefined =>
  immersions.find(([known]) => known === word)?.[1] ?? word;
const softwareWords = (one: JsonRecord): string =>
  [textAt(one, 'Developer', 'Manufacturer'), textAt(one, 'Model') ?? textAt(one, 'Name'), textAt(one, 'Version')]
    .filter(Boolean)
    .join(' ');

function settings(document: JsonRecord, graph: StudyGraph): void {
  const [id, name] = [textAt(document, 'InstrumentID'), textAt(document, 'InstrumentName')];
  let acquisition =
    graph.acquisitions.find((one) => one.key === id) ?? graph.acquisitions.find((one) => one.title === name);
  if (!acquisition) {
    acquisition = {
      ...filled({ instrument: name }),
      key: id ?? `acquisition-${graph.acquisitions.length + 1}`,
      title: name ?? 'Image acquisition',
    };
    graph.acquisitions.push(acquisition);
  }
  const channels = recordsOf(memberOf(document, 'Channels'));
  const one = (member: string) => {
    const said = [...new Set(channels.flatMap((channel) => textAt(channel, member) ?? []))];
    return said.length === 1 ? said[0] : undefined;
  };
  const told = [
    textAt(document, 'Description'),
    ...[
      ...recordsOf(memberOf(document, 'ObjectiveSettings')),
      ...recordsOf(memberOf(document, 'ImagingEnvironment')),
    ].map((part) => settingsOf(part).join(', ')),
    ...channels.map((channel, index) => {
      const light = settingsOf(filled<JsonRecord>({ LightPath: memberOf(channel, 'LightPath') ?? [] })).join(', ');
      return light === '' ? undefined : `${textAt(channel, 'Name') ?? `Channel ${index + 1}`}: ${light}`;
    }),
  ].filter((text) => text !== undefined && text !== '');
  Object.assign(
    acquisition,
    filled<Partial<AcquisitionNode>>({
      acquisitionMode: acquisition.acquisitionMode ?? one('AcquisitionMode'),
      contrastMethod: acquisition.contrastMethod ?? one('ContrastMethod'),
      parameters: [...new Set([acquisition.parameters, ...told].filter((text) => text !== undefined))].join('\n'),
    }),
  );
  const pixels = memberOf(document, 'Pixels');
  const image = imageOf(document, isRecord(pixels) ? pixels : {}, channels, graph.images.length);
  graph.images.push({ ...image, dataset: datasetOf(graph, acquisition) });
}

/** The data set of the images of a microscope; made with the first of them. */
function datasetOf(graph: StudyGraph, { key, title }: AcquisitionNode): string {
  const known = graph.datasets.find(({ tuples }) => tuples?.some(({ acquisition }) => acquisition === key));
  if (known) return known.key;
  const made = { key: `d-${graph.datasets.length + 1}`, title, kind: 'image' as const, tuples: [{ acquisition: key }] };
  graph.datasets.push(made);
  return made.key;
}

function imageOf(document: JsonRecord, pixels: JsonRecord, channels: readonly JsonRecord[], index: number): ImageNode {
  const quantity = (name: string, units: Readonly<Record<string, string>>, usual: string): Quantity | undefined => {
    const value = numberAt(pixels, name);
    const unit = textAt(pixels, `${name}Unit`);
    return value === undefined || value <= 0
      ? undefined
      : { value, unit: unit === undefined ? usual : (units[unit] ?? unit) };
  };
  const date = textAt(document, 'AcquisitionDate');
  const pixelSize = filled({
    x: quantity('PhysicalSizeX', lengthUnits, 'micrometer'),
    y: quantity('PhysicalSizeY', lengthUnits, 'micrometer'),
    z: quantity('PhysicalSizeZ', lengthUnits, 'micrometer'),
  });
  const sizes = filled({
    x: numberAt(pixels, 'SizeX'),
    y: numberAt(pixels, 'SizeY'),
    z: numberAt(pixels, 'SizeZ'),
    c: numberAt(pixels, 'SizeC'),
    t: numberAt(pixels, 'SizeT'),
  });
  return {
    ...filled<Omit<ImageNode, 'key' | 'name'>>({
      pixelType: textAt(pixels, 'PixelType', 'Type'),
      sizes: Object.keys(sizes).length > 0 ? sizes : undefined,
      pixelSize: Object.keys(pixelSize).length > 0 ? pixelSize : undefined,
      timeStep: quantity('TimeIncrement', timeUnits, 'second'),
      channels: channels.map(channelOf),
      acquiredAt: date !== undefined && /^\d{4}-\d{2}-\d{2}/.test(date) ? date : undefined,
    }),
    key: textAt(document, 'ID') ?? `image-${index + 1}`,
    name: textAt(document, 'Name') ?? `Image ${index + 1}`,
  };
}

function channelOf(channel: JsonRecord, index: number): ChannelNode {
  const dye = memberOf(channel, 'Fluorophore');
  // The model gives wavelengths to the fluorophore, early versions to the channel.
  const wave = (name: string) => {
    const holder = isRecord(dye) && numberAt(dye, name) !== undefined ? dye : channel;
    const unit = textAt(holder, `${name}Unit`) ?? 'nm';
    return unit === 'nm' ? numberAt(holder, name) : undefined;
  };
  return {
    ...filled({
      fluorophore: isRecord(dye) ? textAt(dye, 'Name', 'Fluorophore') : textAt(channel, 'Fluorophore'),
      excitationNanometers: wave('ExcitationWavelength'),
      emissionNanometers: wave('EmissionWavelength'),
    }),
    name: textAt(channel, 'Name') ?? `Channel ${index + 1}`,
  };
}

interface WrittenDocument {
  kind: 'microscope' | 'settings';
  name: string;
  document: Json;
}

/** Our own writing: a microscope for each acquisition, the settings of images that differ in more than their names. */
function writtenDocuments(graph: StudyGraph): WrittenDocument[] {
  // A study that names none gets an empty one to fill in.
  const none: AcquisitionNode[] = graph.images.length === 0 ? [{ key: 'microscope', title: 'Microscope' }] : [];
  const scopes = (graph.acquisitions.length > 0 ? graph.acquisitions : none).map(
    (one, index): WrittenDocument => ({
      kind: 'microscope',
      name: `microscope-${index + 1}.json`,
      document: instrument(one),
    }),
  );
  const seen = new Set<string>();
  const images = graph.images.flatMap((image): { image: ImageNode; of: AcquisitionNode | undefined }[] => {
    const tuples = graph.datasets.find(({ key }) => key === image.dataset)?.tuples ?? [];
    const of = graph.acquisitions.find(({ key }) => tuples.some(({ acquisition }) => acquisition === key));
    const { key: _key, name: _name, file: _file, dataset: _dataset, acquiredAt: _date, ...settingsAlone } = image;
    const said = JSON.stringify([of?.key, settingsAlone]);
    if (seen.has(said) || seen.size >= mostSettings) return [];
    seen.add(said);
    return [{ image, of: of ?? (graph.acquisitions.length === 1 ? graph.acquisitions[0] : undefined) }];
  });
  const settingsOfImages = images.map(
    ({ image, of }, index): WrittenDocument => ({
      kind: 'settings',
      name: `settings-${index + 1}.json`,
      document: imageSettings(image, of),
    }),
  );
  return [...scopes, ...settingsOfImages];
}

function instrument(acquisition: AcquisitionNode): Json {
  const { key, title, microscope: scope = {}, instrument: called } = acquisition;
  const part = (schema: string, kind: PartKind, name: string | undefined, more: JsonRecord = {}): JsonRecord[] =>
    name === undefined && Object.keys(more).length === 0
      ? []
      : [node(schema, name, `${key} ${kind}`, { ...filled<JsonRecord>({ Model: name as Json }), ...more })];
  // Sets of filters and programs have a name and no model.
  const named = (schema: string, kind: PartKind, name: string | undefined): JsonRecord[] =>
    name === undefined ? [] : [node(schema, name, `${key} ${kind}`, {})];
  const type = /^(inverted|upright)/i.exec(scope.type ?? '')?.[1];
  const standSchema =
    type === undefined
      ? 'InvertedMicroscopeStand'
      : `${type[0]!.toUpperCase()}${type.slice(1).toLowerCase()}MicroscopeStand`;
  return {
    ...node('Instrument', title, key, {}),
    ValidationTier: 1,
    MicroscopeStand: node(standSchema, called ?? standOf(scope) ?? title, `${key} stand`, {
      ...filled<JsonRecord>({
        Manufacturer: scope.manufacturer as Json,
        Model: (scope.model ?? (scope.manufacturer === undefined ? called : undefined)) as Json,
        Type: (type === undefined ? scope.type : undefined) as Json,
      }),
    }),
    components: [
      ...part(
        'Objective',
        'objective',
        scope.objective,
        filled<JsonRecord>({
          Magnification: scope.magnification as Json,
          LensNA: scope.numericalAperture as Json,
          ImmersionType: immersionOf(scope.immersion) as Json,
        }),
      ),
      ...part('GenericDetector', 'detector', scope.detector),
      ...part('Fluorescence_LightSource_GenericExcitationSource', 'lightSource', scope.lightSource),
      ...named('FilterSet', 'filters', scope.filters),
      ...named('AcquisitionSoftware', 'software', scope.software),
    ],
    linkedFields: null,
  };
}

function imageSettings(image: ImageNode, of: AcquisitionNode | undefined): Json {
  const sized = (name: string, length: Quantity | undefined, units: Readonly<Record<string, string>>): JsonRecord =>
    length === undefined ? {} : { [name]: length.value, [`${name}Unit`]: symbolOf(length.unit, units) };
  const sizes = image.sizes ?? {};
  return {
    ...node('Image', image.name, image.key, {}),
    ValidationTier: 1,
    ...filled<JsonRecord>({
      AcquisitionDate: image.acquiredAt as Json,
      Description: of?.parameters as Json,
      InstrumentName: of?.title as Json,
      InstrumentID: (of === undefined ? undefined : uuidOf(of.key)) as Json,
    }),
    Pixels: node('Pixels', image.name, `${image.key} pixels`, {
      ...filled<JsonRecord>({
        PixelType: image.pixelType as Json,
        SizeX: sizes.x as Json,
        SizeY: sizes.y as Json,
        SizeZ: sizes.z as Json,
        SizeC: sizes.c as Json,
        SizeT: sizes.t as Json,
      }),
      ...sized('PhysicalSizeX', image.pixelSize?.x, lengthUnits),
      ...sized('PhysicalSizeY', image.pixelSize?.y, lengthUnits),
      ...sized('PhysicalSizeZ', image.pixelSize?.z, lengthUnits),
      ...sized('TimeIncrement', image.timeStep, timeUnits),
    }),
    Channels: (image.channels ?? []).map((channel, index) =>
      node('Channel', channel.name, `${image.key} channel ${index + 1}`, {
        ...filled<JsonRecord>({
          AcquisitionMode: of?.acquisitionMode as Json,
          ContrastMethod: of?.contrastMethod as Json,
        }),
        ...(channel.fluorophore === undefined
          ? wavelengths(channel)
          : {
              Fluorophore: node(
                'Fluorophore',
                channel.fluorophore,
                `${image.key} dye ${index + 1}`,
                wavelengths(channel),
              ),
            }),
      }),
    ),
  };
}

const wavelengths = ({ excitationNanometers, emissionNanometers }: ChannelNode): JsonRecord => ({
  ...(excitationNanometers === undefined
    ? {}
    : { ExcitationWavelength: excitationNanometers, ExcitationWavelengthUnit: 'nm' }),
  ...(emissionNanometers === undefined ? {} : { EmissionWavelength: emissionNanometers, EmissionWavelengthUnit: 'nm' }),
});

/** Microscopes and settings of a study as the Micro-Meta App opens them, by file name, with what an import kept. */
export function exportMicroMeta(graph: StudyGraph): Exported<ReadonlyMap<string, string>> {
  const written = writtenDocuments(graph);
  const counts = { microscope: 0, settings: 0 };
  let unplaced = 0;
  const files = new Map(
    written.map(({ kind, name, document }) => {
      const restored = restoreJson(document, graph.kept?.[keptName(kind, counts[kind]++)] ?? []);
      unplaced += restored.unplaced.length;
      return [name, `${JSON.stringify(restored.document, undefined, 2)}\n`] as const;
    }),
  );
  const back = graphOf(written.map(({ document }) => document));
  const losses: Issue[] = [...lossesOf('micro-meta', graph, back), ...unplacedIssues(unplaced)];
  return { document: files, losses };
}

/** The study graph of files that `exportMicroMeta` wrote. */
export function readMicroMeta(files: ReadonlyMap<string, string>): StudyGraph {
  return graphOf([...files.values()].map((text) => JSON.parse(text) as Json));
}
