import { type Issue, defineIssues } from '@micrarium/model';
import { SaxesParser } from 'saxes';
import { type StatedModulo, softwareNamespace } from './modulo.ts';

/** What can be wrong with OME-XML. */
export const omeXmlIssue = defineIssues({
  'ome-xml-broken': {
    severity: 'error',
    meaning: 'The OME-XML is not well-formed. What stood before the fault is used.',
    hint: 'Save the file again from the program that made it.',
  },
  'ome-pixels-incomplete': {
    severity: 'error',
    meaning: 'An image of the OME-XML lacks a size, or a size that is not a positive number. The image is left out.',
    hint: 'Save the file again from the program that made it.',
  },
  'ome-companion-missing': {
    severity: 'error',
    meaning: 'The file only points at a companion file with the metadata, and that file is not there.',
    hint: 'Add the companion file in the same folder. Until then only the pages of this file can be shown.',
  },
  'ome-sizes-disagree': {
    severity: 'warning',
    meaning: 'The OME-XML and the pages of the TIFF do not agree in width, height or type. The pages are right.',
  },
});

/** One channel in the words of OME-XML; lengths and times with their unit as written. */
export interface OmeChannel {
  attributes: Readonly<Record<string, string>>;
  detectorId?: string;
  /** Attributes of `DetectorSettings`. */
  detectorSettings?: Readonly<Record<string, string>>;
}

/** Where planes lie: `TiffData`. Absent numbers are `undefined`, as their defaults depend on each other. */
export interface OmeTiffData {
  ifd?: number;
  planeCount?: number;
  firstZ: number;
  firstC: number;
  firstT: number;
  uuid?: string;
  fileName?: string;
}

/** One image in the words of OME-XML. */
export interface OmeImage {
  id: string;
  name: string;
  acquiredAt?: string;
  description?: string;
  /** Attributes of `Pixels`. */
  pixels: Readonly<Record<string, string>>;
  channels: OmeChannel[];
  tiffData: OmeTiffData[];
  instrumentId?: string;
  objectiveId?: string;
  /** Attributes of `ObjectiveSettings`, and of `StageLabel`. */
  objectiveSettings?: Readonly<Record<string, string>>;
  stageLabel?: Readonly<Record<string, string>>;
  /** Attributes of the first plane of the image. */
  firstPlane?: Readonly<Record<string, string>>;
  /** Exposure of the first plane of each channel, and the time of the first plane of each time point, as attributes. */
  exposures: Map<number, Readonly<Record<string, string>>>;
  times: Map<number, Readonly<Record<string, string>>>;
  /** Annotations that belong to the image. */
  annotationIds: string[];
}

/** An instrument: attributes of its parts by id. */
export interface OmeInstrument {
  microscope?: Readonly<Record<string, string>>;
  objectives: Map<string, Readonly<Record<string, string>>>;
  detectors: Map<string, Readonly<Record<string, string>>>;
  /** Lasers and lamps: the name of the element with its attributes. */
  lightSources: { kind: string; attributes: Readonly<Record<string, string>> }[];
}

/** An OME-XML document as it says itself. */
export interface OmeDocument {
  /** Year-month of the schema, such as `2016-06`. */
  version?: string;
  uuid?: string;
  creator?: string;
  /** File name in `BinaryOnly`: the metadata are there. */
  companion?: string;
  images: OmeImage[];
  instruments: Map<string, OmeInstrument>;
  /** Further axes that are stored within z, c or t, by the annotation that tells of them. */
  modulos: Map<string, StatedModulo[]>;
  /** Programs that took images, by the annotation that names them. */
  programs: Map<string, string>;
  issues: Issue[];
}

type Attributes = Record<string, string>;

/** Time points whose times are remembered: enough for a regular step, bounded for endless films. */
const maxTimes = 100_000;

/**
 * Reads OME-XML of any schema year, by local names. Never throws for bad XML: what stood before the fault is kept.
 * @param file name for the places of issues
 */
export function parseOmeXml(text: string, file = ''): OmeDocument {
  const document: OmeDocument = {
    images: [],
    instruments: new Map(),
    modulos: new Map(),
    programs: new Map(),
    issues: [],
  };
  const parser = new SaxesParser({ xmlns: false, position: true });
  const stack: string[] = [];
  const state: State = { text: '' };
  let failure: Error | undefined;
  parser.on('error', (error) => {
    failure ??= error;
  });
  parser.on('opentag', (node) => {
    if (failure) return;
    const name = localName(node.name);
    const attributes: Attributes = {};
    for (const [key, value] of Object.entries(node.attributes as Record<string, string>))
      attributes[localName(key)] = value;
    if (name === 'OME' && stack.length === 0) {
      const year = /(\d{4}-\d{2})/.exec(String(node.attributes['xmlns'] ?? Object.values(node.attributes).join(' ')));
      if (year?.[1]) document.version = year[1];
    }
    openElement(document, state, stack.at(-1), name, attributes);
    stack.push(name);
    state.text = '';
  });
  parser.on('text', (value) => {
    if (state.text.length < 100_000) state.text += value;
  });
  parser.on('cdata', (value) => {
    if (state.text.length < 100_000) state.text += value;
  });
  parser.on('closetag', (node) => {
    if (failure) return;
    stack.pop();
    const closed = localName(node.name);
    if (closed === 'Value' && state.programId !== undefined && state.text.trim() && document.programs.size < 1000)
      document.programs.set(state.programId, state.text.trim());
    closeElement(state, stack.at(-1), closed, state.text.trim());
    state.text = '';
  });
  const fail = (error: Error): void => {
    const message = `The OME-XML is not well-formed: ${error.message.replace(/^\d+:\d+: /, '')}`;
    document.issues.push(omeXmlIssue('ome-xml-broken', message, { where: { file, line: parser.line } }));
  };
  const step = 1 << 20;
  try {
    // In pieces, so that a fault early in a long text ends the work there.
    for (let at = 0; at < text.length && !failure; at += step) parser.write(text.slice(at, at + step));
    if (!failure) parser.close();
  } catch (error) {
    failure ??= error as Error;
  }
  if (failure) fail(failure);
  return document;
}

interface State {
  text: string;
  image?: OmeImage;
  channel?: OmeChannel;
  tiffData?: OmeTiffData;
  instrument?: OmeInstrument;
  annotationId?: string;
  /** Annotation that names a program. */
  programId?: string;
  modulo?: StatedModulo;
}

/** More labels than any axis has places. */
const mostLabels = 100_000;

function openElement(
  document: OmeDocument,
  state: State,
  parent: string | undefined,
  name: string,
  attributes: Attributes,
): void {
  switch (name) {
    case 'OME':
      if (attributes['UUID']) document.uuid = attributes['UUID'];
      if (attributes['Creator']) document.creator = attributes['Creator'];
      break;
    case 'BinaryOnly':
      if (attributes['MetadataFile']) document.companion = attributes['MetadataFile'];
      break;
    case 'Instrument':
      state.instrument = { objectives: new Map(), detectors: new Map(), lightSources: [] };
      document.instruments.set(attributes['ID'] ?? '', state.instrument);
      break;
    case 'Microscope':
      if (state.instrument) state.instrument.microscope = attributes;
      break;
    case 'Objective':
      state.instrument?.objectives.set(attributes['ID'] ?? '', attributes);
      break;
    case 'Detector':
      state.instrument?.detectors.set(attributes['ID'] ?? '', attributes);
      break;
    case 'Laser':
    case 'Arc':
    case 'Filament':
    case 'LightEmittingDiode':
    case 'GenericExcitationSource':
      if (state.instrument && state.instrument.lightSources.length < 100)
        state.instrument.lightSources.push({ kind: name, attributes });
      break;
    case 'Image':
      if (parent !== 'OME') break;
      state.image = {
        id: attributes['ID'] ?? '',
        name: attributes['Name'] ?? '',
        pixels: {},
        channels: [],
        tiffData: [],
        exposures: new Map(),
        times: new Map(),
        annotationIds: [],
      };
      document.images.push(state.image);
      break;
    case 'XMLAnnotation':
      state.annotationId = attributes['ID'] ?? '';
      break;
    case 'CommentAnnotation':
      if (attributes['Namespace'] === softwareNamespace) state.programId = attributes['ID'] ?? '';
      break;
    case 'ModuloAlongZ':
    case 'ModuloAlongC':
    case 'ModuloAlongT':
      openModulo(document, state, name, attributes);
      break;
    default:
      if (state.image) openInImage(state.image, state, parent, name, attributes);
  }
}

function openModulo(document: OmeDocument, state: State, name: string, attributes: Attributes): void {
  if (state.annotationId === undefined || document.modulos.size >= 10_000) return;
  const along = name.slice(-1).toLowerCase() as StatedModulo['along'];
  state.modulo = { along, attributes, labels: [] };
  const list = document.modulos.get(state.annotationId) ?? [];
  document.modulos.set(state.annotationId, list);
  if (list.length < 3) list.push(state.modulo);
}

function openInImage(image: OmeImage, state: State, parent: string | undefined, name: string, a: Attributes): void {
  switch (name) {
    case 'Pixels':
      image.pixels = a;
      break;
    case 'InstrumentRef':
      if (a['ID']) image.instrumentId = a['ID'];
      break;
    case 'ObjectiveSettings':
    case 'ObjectiveRef':
      if (a['ID']) image.objectiveId = a['ID'];
      image.objectiveSettings = a;
      break;
    case 'StageLabel':
      image.stageLabel = a;
      break;
    case 'Channel':
      if (parent !== 'Pixels') break;
      state.channel = { attributes: a };
      image.channels.push(state.channel);
      break;
    case 'DetectorSettings':
      if (state.channel && a['ID']) state.channel.detectorId = a['ID'];
      if (state.channel) state.channel.detectorSettings = a;
      break;
    case 'TiffData':
      state.tiffData = {
        firstZ: count(a['FirstZ']) ?? 0,
        firstC: count(a['FirstC']) ?? 0,
        firstT: count(a['FirstT']) ?? 0,
        ...optional('ifd', count(a['IFD'])),
        ...optional('planeCount', count(a['PlaneCount'] ?? a['NumPlanes'])),
      };
      image.tiffData.push(state.tiffData);
      break;
    case 'UUID':
      if (parent === 'TiffData' && state.tiffData && a['FileName']) state.tiffData.fileName = a['FileName'];
      break;
    case 'AnnotationRef':
      if (parent === 'Image' && image.annotationIds.length < 1000) image.annotationIds.push(a['ID'] ?? '');
      break;
    case 'Plane':
      notePlane(image, a);
      break;
  }
}

function notePlane(image: OmeImage, a: Attributes): void {
  const c = count(a['TheC']) ?? 0;
  const t = count(a['TheT']) ?? 0;
  if (c === 0 && t === 0 && (count(a['TheZ']) ?? 0) === 0) image.firstPlane ??= a;
  if (a['ExposureTime'] && !image.exposures.has(c) && image.exposures.size < 1000) image.exposures.set(c, a);
  if (a['DeltaT'] && c === 0 && (count(a['TheZ']) ?? 0) === 0 && image.times.size < maxTimes) image.times.set(t, a);
}

function closeElement(state: State, parent: string | undefined, name: string, text: string): void {
  if (name === 'UUID' && parent === 'TiffData' && state.tiffData && text) state.tiffData.uuid = text;
  if (parent === 'Image' && state.image && text) {
    // `CreationDate` is what schemas before 2012 called it.
    if (name === 'AcquisitionDate' || name === 'AcquiredDate' || name === 'CreationDate') state.image.acquiredAt = text;
    if (name === 'Description') state.image.description = text;
  }
  if (name === 'Label' && parent?.startsWith('ModuloAlong') && (state.modulo?.labels.length ?? mostLabels) < mostLabels)
    state.modulo!.labels.push(text);
  if (name === 'XMLAnnotation') delete state.annotationId;
  if (name === 'CommentAnnotation') delete state.programId;
  if (name.startsWith('ModuloAlong')) delete state.modulo;
  if (name === 'Channel' && parent === 'Pixels') delete state.channel;
  if (name === 'TiffData') delete state.tiffData;
  if (name === 'Image' && parent === 'OME') delete state.image;
  if (name === 'Instrument') delete state.instrument;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** A whole number of at least 0. */
function count(text: string | undefined): number | undefined {
  if (text === undefined || !/^\s*\d+\s*$/.test(text)) return undefined;
  return Number(text);
}

function optional<Key extends string>(key: Key, value: number | undefined): Partial<Record<Key, number>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, number>);
}
