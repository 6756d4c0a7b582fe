import type { ChannelDescription, ImageDescription, InstrumentDescription, Quantity } from '@micrarium/model';
import { rounded } from '../ome-xml/to-model.ts';
import { known, micrometers, positive, timeStepOf, voxelSizeOf } from '../stored/stated-values.ts';
import { type XmlNode, findNode, nodesNamed } from '../stored/xml-tree.ts';
import type { LifAxis, LifLayout } from './layout.ts';

/** Lookup tables of the format that are plain colours. */
const tableColors: Readonly<Record<string, string>> = {
  red: 'FF0000',
  green: '00FF00',
  blue: '0000FF',
  cyan: '00FFFF',
  magenta: 'FF00FF',
  yellow: 'FFFF00',
  gray: 'FFFFFF',
  grey: 'FFFFFF',
};

/** Describes an image from its element. Steps are the length divided by the number of places less one. */
export function describeLif(name: string, image: XmlNode, layout: LifLayout): ImageDescription {
  const { axes, type, bits, channels } = layout;
  const count = (axis: string): number => axes.get(axis)?.count ?? 1;
  const further = [...axes].filter(([axis]) => !['x', 'y', 'z', 't'].includes(axis));
  const instrument = instrumentOf(image);
  const stamps = timeStamps(image);
  const t = axes.get('t');
  return {
    name,
    sizes: {
      t: count('t'),
      c: channels.length,
      z: count('z'),
      y: count('y'),
      x: count('x'),
      ...Object.fromEntries(further.map(([axis, { count: length }]) => [axis, length])),
    },
    type,
    ...voxelSizeOf(step(axes.get('x')), step(axes.get('y')), step(axes.get('z'))),
    ...timeStep(t, stamps),
    ...(t && t.count > 1 && stamps.length === t.count && t.count <= 10_000
      ? { planeTimes: stamps.map((time) => rounded(time - stamps[0]!)) }
      : {}),
    channels: channels.map(describeChannel),
    ...known('acquiredAt', stamps[0] === undefined ? undefined : new Date(stamps[0] * 1000).toISOString()),
    ...known('description', image.attributes['TextDescription']),
    ...(Object.keys(instrument).length > 0 ? { instrument } : {}),
    ...(bits > 8 && bits < 16 ? { significantBits: bits } : {}),
  };
}

function step(axis: LifAxis | undefined): Quantity | undefined {
  if (!axis || axis.count < 2 || axis.unit !== 'm') return undefined;
  return micrometers(Math.abs(axis.length) / (axis.count - 1), 1e6);
}

function timeStep(axis: LifAxis | undefined, stamps: readonly number[]): { timeStep?: Quantity } {
  if (!axis || axis.count < 2) return {};
  const stated = axis.unit === 's' ? positive(axis.length / (axis.count - 1)) : undefined;
  if (stated !== undefined) return { timeStep: { value: stated, unit: 'second' } };
  return stamps.length === axis.count ? timeStepOf(stamps) : {};
}

function describeChannel({ attributes, children }: XmlNode): ChannelDescription {
  const dye = children
    .filter(({ name }) => name === 'ChannelProperty')
    .find((node) => node.children.some(({ name, text }) => name === 'Key' && text === 'DyeName'));
  const fluorophore = dye?.children.find(({ name }) => name === 'Value')?.text;
  return {
    name: attributes['NameOfMeasuredQuantity'] ?? '',
    ...known('color', tableColors[(attributes['LUTName'] ?? '').toLowerCase()]),
    ...known('fluorophore', fluorophore),
  };
}

function instrumentOf(image: XmlNode): InstrumentDescription {
  const hardware = nodesNamed(image, 'Attachment').find(({ attributes }) => attributes['Name'] === 'HardwareSetting');
  const a =
    (findNode(hardware, 'ATLConfocalSettingDefinition') ?? findNode(hardware, 'ATLCameraSettingDefinition'))
      ?.attributes ?? {};
  const objective = {
    ...known('model', a['ObjectiveName']?.trim()),
    ...known('magnification', positive(a['Magnification'])),
    ...known('numericalAperture', positive(a['NumericalAperture'])),
    ...known('immersion', a['Immersion']),
    ...known('refractiveIndex', refractiveIndex(positive(a['RefractionIndex']))),
  };
  return {
    ...known('model', hardware?.attributes['SystemTypeName'] ?? a['MicroscopeModel']),
    ...(Object.keys(objective).length > 0 ? { objective } : {}),
    ...lasers(hardware),
    ...known('software', hardware?.attributes['Software']),
  };
}

/** An index of 1 to 2; other numbers are those nobody set. */
function refractiveIndex(index: number | undefined): number | undefined {
  return index !== undefined && index >= 1 && index <= 2 ? index : undefined;
}

/** Lasers that were switched on, each once. */
function lasers(hardware: XmlNode | undefined): { lightSources?: string[] } {
  const found = nodesOf(hardware, 'Laser').flatMap(({ attributes: a }) => {
    const isOff = a['PowerState'] !== undefined && !/^(on|1|true)$/i.test(a['PowerState']);
    const wavelength = positive(a['Wavelength']);
    const words = [a['LaserName'], wavelength === undefined ? undefined : `${Math.round(wavelength)} nm`].filter(
      Boolean,
    );
    return isOff || words.length === 0 ? [] : [words.join(' ')];
  });
  return found.length > 0 ? { lightSources: [...new Set(found)] } : {};
}

/** All elements of a name below one. */
function nodesOf(node: XmlNode | undefined, name: string): XmlNode[] {
  return (node?.children ?? []).flatMap((child) => [...(child.name === name ? [child] : []), ...nodesOf(child, name)]);
}

/** Times of the frames in seconds since 1970: FILETIME, 100 nanoseconds since 1601, in hexadecimal digits or halves. */
function timeStamps(image: XmlNode): number[] {
  const list = nodesNamed(image, 'TimeStampList')[0];
  if (!list) return [];
  const halves = nodesNamed(list, 'TimeStamp').map(({ attributes }) => {
    const high = Number(attributes['HighInteger'] ?? Number.NaN);
    return high * 2 ** 32 + Number(attributes['LowInteger'] ?? Number.NaN);
  });
  const ticks = halves.length > 0 ? halves : list.text.split(/\s+/).map((text) => Number.parseInt(text, 16));
  const seconds = ticks.map((tick) => tick / 1e7 - 11_644_473_600);
  return seconds.every((time) => time > 0 && time < 1e10) ? seconds : [];
}
