import type { ChannelDescription, ImageDescription, InstrumentDescription, Quantity } from '@micrarium/model';
import { resolveEntities } from '../../containers/xlsx/xml-text.ts';
import { rounded } from '../ome-xml/to-model.ts';
import { hasValues, known, micrometers, positive, voxelSizeOf } from '../stored/stated-values.ts';
import type { StatedOfPlane } from './plate-images.ts';

/** What the index of Harmony says of a plate; all of it may be missing. */
export interface OperettaIndex {
  name?: string;
  size?: { rows: number; columns: number };
  channels: Map<number, Partial<ChannelDescription>>;
  voxelSize?: ImageDescription['voxelSize'];
  instrument?: InstrumentDescription;
  /** By the name of the file. */
  planes: Map<string, StatedOfPlane>;
  /** The index without its records of planes, of which there are as many as files. */
  head: string;
}

/** More records than this are not held. */
const mostRecords = 2_000_000;
/** A record is some thousand characters; what is longer is none. */
const longestRecord = 20_000;
const mostChannels = 1000;

const valueOf = (block: string, name: string): string | undefined => {
  const value = new RegExp(`<${name}(?:\\s[^<>]{0,200})?>([^<]{0,1000})<`).exec(block)?.[1];
  return value === undefined ? undefined : resolveEntities(value.trim()) || undefined;
};

/** Pieces of a text from an opening to a closing mark, without a tree: an index may have a hundred megabytes. */
function* pieces(text: string, open: string, close: string): Generator<string> {
  for (let at = text.indexOf(open); at >= 0; ) {
    const end = text.indexOf(close, at);
    if (end < 0) return;
    if (end - at <= longestRecord) yield text.slice(at, end + close.length);
    at = text.indexOf(open, end);
  }
}

/**
 * Reads `Index.idx.xml`, which has a record for each plane: file, channel, size of pixels, place and time. Later versions tell
 * what planes of a channel share once, in a map of channels.
 */
export function readOperettaIndex(text: string): OperettaIndex | undefined {
  if (!/<EvaluationInputData[\s>]/.test(text.slice(0, 4096))) return undefined;
  const from = text.indexOf('<Images');
  const head = from < 0 ? text : text.slice(0, from);
  const channels = new Map<number, Partial<ChannelDescription>>();
  let shared: string | undefined;
  const take = (number: number | undefined, block: string): void => {
    if (number === undefined || channels.has(number) || channels.size >= mostChannels) return;
    const told = channelOf(block);
    if (!hasValues(told)) return;
    channels.set(number, told);
    shared ??= block;
  };
  for (const entry of pieces(text, '<Entry ', '</Entry>'))
    take(positive(/ChannelID="(\d{1,4})"/.exec(entry)?.[1]), entry);
  const planes = new Map<string, StatedOfPlane>();
  for (const record of pieces(text, '<Image Version', '</Image>')) {
    if (planes.size >= mostRecords) break;
    take(positive(valueOf(record, 'ChannelID')), record);
    const file = valueOf(record, 'URL');
    if (file !== undefined) planes.set(file, planeOf(record));
  }
  const [rows, columns] = [positive(valueOf(head, 'PlateRows')), positive(valueOf(head, 'PlateColumns'))];
  const pixel = (axis: string): Quantity | undefined =>
    micrometers(shared && valueOf(shared, `ImageResolution${axis}`), 1e6);
  const lens = {
    ...known('magnification', positive(shared && valueOf(shared, 'ObjectiveMagnification'))),
    ...known('numericalAperture', positive(shared && valueOf(shared, 'ObjectiveNA'))),
  };
  return {
    ...known('name', valueOf(head, 'Name') ?? valueOf(head, 'PlateID')),
    ...(Number.isInteger(rows) && Number.isInteger(columns) ? { size: { rows: rows!, columns: columns! } } : {}),
    channels,
    ...voxelSizeOf(pixel('X'), pixel('Y')),
    instrument: {
      manufacturer: 'PerkinElmer',
      ...known('model', valueOf(head, 'InstrumentType')),
      ...known('detector', shared && valueOf(shared, 'CameraType')),
      ...(hasValues(lens) ? { objective: lens } : {}),
      software: 'Harmony',
    },
    planes,
    head,
  };
}

function channelOf(block: string): Partial<ChannelDescription> {
  return {
    ...known('name', valueOf(block, 'ChannelName')),
    ...known('excitationNanometers', positive(valueOf(block, 'MainExcitationWavelength'))),
    ...known('emissionNanometers', positive(valueOf(block, 'MainEmissionWavelength'))),
    ...known('exposureSeconds', positive(valueOf(block, 'ExposureTime'))),
    ...known('acquisitionMode', valueOf(block, 'AcquisitionType')),
    ...known('illumination', valueOf(block, 'IlluminationType')),
    ...known('contrastMethod', valueOf(block, 'ChannelType')),
  };
}

function planeOf(record: string): StatedOfPlane {
  const at = valueOf(record, 'AbsTime');
  const seconds = at === undefined ? Number.NaN : Date.parse(at) / 1000;
  const place = (axis: string): Quantity | undefined => {
    const meters = Number(valueOf(record, `Position${axis}`) ?? Number.NaN);
    return Number.isFinite(meters) ? { value: rounded(meters * 1e6), unit: 'micrometer' } : undefined;
  };
  const origin = { ...known('z', place('Z')), ...known('y', place('Y')), ...known('x', place('X')) };
  return {
    ...(Number.isFinite(seconds) ? { seconds, acquiredAt: at! } : {}),
    ...(hasValues(origin) ? { origin } : {}),
  };
}
