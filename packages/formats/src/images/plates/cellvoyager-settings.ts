import type { ChannelDescription, ImageDescription, InstrumentDescription } from '@micrarium/model';
import { resolveEntities } from '../../containers/xlsx/xml-text.ts';
import { rounded } from '../ome-xml/to-model.ts';
import { hasValues, known, micrometers, positive, voxelSizeOf } from '../stored/stated-values.ts';
import { type XmlNode, findNode, nodesNamed, parseXmlTree } from '../stored/xml-tree.ts';
import type { StatedOfPlane } from './plate-images.ts';

/** What the files beside the planes of a CellVoyager say; all of it may be missing. */
export interface CellVoyagerSettings {
  title?: string;
  size?: { rows: number; columns: number };
  channels: Map<number, Partial<ChannelDescription>>;
  voxelSize?: ImageDescription['voxelSize'];
  instrument?: InstrumentDescription;
  fault?: string;
}

/** An attribute by its name without the prefix. */
const attribute = (node: XmlNode | undefined, name: string): string | undefined =>
  node?.attributes[`bts:${name}`] || node?.attributes[name] || undefined;

const named = (node: XmlNode | undefined, name: string): XmlNode[] => [
  ...nodesNamed(node, `bts:${name}`),
  ...nodesNamed(node, name),
];

/** Reads `MeasurementDetail.mrf`: name, plate, size of the pixels. */
export function readDetail(text: string): CellVoyagerSettings {
  const { root, fault } = parseXmlTree(text);
  const [first] = named(root, 'MeasurementChannel');
  const [rows, columns] = [positive(attribute(root, 'RowCount')), positive(attribute(root, 'ColumnCount'))];
  const [sample] = named(root, 'MeasurementSamplePlate');
  const system = attribute(root, 'TargetSystem');
  const release = attribute(root, 'ReleaseNumber');
  return {
    ...known('title', attribute(sample, 'Name') ?? attribute(root, 'Title')),
    ...(Number.isInteger(rows) && Number.isInteger(columns) ? { size: { rows: rows!, columns: columns! } } : {}),
    channels: new Map(),
    ...voxelSizeOf(
      micrometers(attribute(first, 'HorizontalPixelDimension')),
      micrometers(attribute(first, 'VerticalPixelDimension')),
    ),
    instrument: {
      manufacturer: 'Yokogawa',
      ...known('model', system),
      ...known('software', release && `CellVoyager ${release}`),
    },
    ...known('fault', fault),
  };
}

/** Reads a `.mes`: what each channel shows, and the lens. */
export function readSetting(
  text: string,
): Pick<CellVoyagerSettings, 'channels' | 'fault'> & { lens?: InstrumentDescription['objective'] } {
  const { root, fault } = parseXmlTree(text);
  const list = named(findNode(root, 'bts:ChannelList') ?? findNode(root, 'ChannelList'), 'Channel');
  const channels = new Map<number, Partial<ChannelDescription>>();
  for (const channel of list.slice(0, 1000)) {
    const number = positive(attribute(channel, 'Ch'));
    if (number !== undefined) channels.set(number, channelOf(channel, root));
  }
  const model = attribute(list[0], 'Objective');
  const lens = { ...known('model', model), ...known('magnification', positive(attribute(list[0], 'Magnification'))) };
  return { channels, ...known('fault', fault), ...(hasValues(lens) ? { lens } : {}) };
}

function channelOf(channel: XmlNode, root: XmlNode | undefined): Partial<ChannelDescription> {
  const filter = attribute(channel, 'Acquisition');
  const fluorophore = attribute(channel, 'Fluorophore');
  const [source] = named(channel, 'LightSourceName');
  const light = findLight(root, source?.text);
  const exposure = positive(attribute(channel, 'ExposureTime'));
  const pinhole = positive(attribute(channel, 'PinholeDiameter'));
  const color = /^#(?:[\dA-F]{2})?([\dA-F]{6})$/i.exec(attribute(channel, 'Color') ?? '')?.[1]?.toUpperCase();
  // The middle of a band-pass filter such as BP445/45.
  const emission = positive(/^BP(\d{3,4})[/-]\d+/.exec(filter ?? '')?.[1]);
  return {
    name: fluorophore ?? [source?.text, filter].filter(Boolean).join(' ') ?? '',
    ...known('color', color),
    ...known('fluorophore', fluorophore),
    ...known('excitationNanometers', light),
    ...known('emissionNanometers', emission),
    ...known('exposureSeconds', exposure === undefined ? undefined : exposure / 1000),
    ...known('acquisitionMode', attribute(channel, 'Kind')),
    ...known('pinholeMicrometers', pinhole),
  };
}

function findLight(root: XmlNode | undefined, name: string | undefined): number | undefined {
  const list = findNode(root, 'bts:LightSourceList') ?? findNode(root, 'LightSourceList');
  const light = named(list, 'LightSource').find((one) => attribute(one, 'Name') === name);
  return positive(attribute(light, 'WaveLength'));
}

/** More records than this are not held. */
const mostRecords = 2_000_000;

/**
 * Reads `MeasurementData.mlf`, which has a record for each plane: when and where it was taken, by the name of its file. It may
 * be far larger than other settings, so it is read without a tree.
 */
export function readRecords(text: string): Map<string, StatedOfPlane> {
  const records = new Map<string, StatedOfPlane>();
  for (const [, attributes = '', file = ''] of text.matchAll(/<(?:bts:)?MeasurementRecord\s([^<>]*)>([^<]*)</g)) {
    if (records.size >= mostRecords) break;
    const values = new Map<string, string>();
    for (const [, key = '', value = ''] of attributes.matchAll(/(?:bts:)?([A-Za-z]+)="([^"]*)"/g))
      values.set(key, value);
    const name = resolveEntities(file.trim());
    // Records of faults carry words in place of a name.
    if (values.get('Type') === 'ERR' || !/\.tiff?$/i.test(name)) continue;
    const at = values.get('Time');
    const seconds = at === undefined ? Number.NaN : Date.parse(at) / 1000;
    const place = (axis: string) => {
      const value = Number(values.get(axis) || Number.NaN);
      return Number.isFinite(value) ? { value: rounded(value), unit: 'micrometer' as const } : undefined;
    };
    const origin = { ...known('z', place('Z')), ...known('y', place('Y')), ...known('x', place('X')) };
    records.set(name, {
      ...(Number.isFinite(seconds) ? { seconds, acquiredAt: at! } : {}),
      ...(hasValues(origin) ? { origin } : {}),
    });
  }
  return records;
}
