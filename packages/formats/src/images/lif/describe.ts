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
  const hardware = hardwareOf(image);
  const instrument = instrumentOf(hardware);
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
    ...stageOf(hardware),
    ...wavelengthAxes(further),
    channels: withLight(channels.map(describeChannel), hardware, new Set(further.map(([axis]) => axis))),
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

/** Wavelengths of the places of a sweep, written in meters. */
function wavelengthAxes(further: readonly (readonly [string, LifAxis])[]): Pick<ImageDescription, 'furtherAxes'> {
  const known = further.flatMap(([name, { count, length, origin, unit }]) => {
    const isSweep = (name === 'emission' || name === 'excitation') && unit === 'm' && count > 1;
    const nanometers = (meters: number): number => Number((meters * 1e9).toPrecision(7));
    const [start, step] = [nanometers(origin), nanometers(length / (count - 1))];
    return isSweep && start > 0 && step > 0 ? [[name, { start, step, unit: 'nanometer' }] as const] : [];
  });
  return known.length > 0 ? { furtherAxes: Object.fromEntries(known) } : {};
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

function instrumentOf(hardware: XmlNode | undefined): InstrumentDescription {
  const a = settingOf(hardware)?.attributes ?? {};
  const objective = {
    ...known('model', a['ObjectiveName']?.trim()),
    ...known('magnification', positive(a['Magnification'])),
    ...known('numericalAperture', positive(a['NumericalAperture'])),
    ...known('immersion', a['Immersion']),
    ...known('refractiveIndex', refractiveIndex(positive(a['RefractionIndex']))),
  };
  return {
    ...known('manufacturer', hardware ? 'Leica' : undefined),
    ...known('model', hardware?.attributes['SystemTypeName'] ?? a['MicroscopeModel']),
    ...(Object.keys(objective).length > 0 ? { objective } : {}),
    ...known('detector', detectors(hardware) || undefined),
    ...known('detectorSettings', detectorSettings(hardware) || undefined),
    ...lasers(hardware),
    ...known('software', hardware?.attributes['Software']),
  };
}

function hardwareOf(image: XmlNode): XmlNode | undefined {
  return nodesNamed(image, 'Attachment').find(({ attributes }) => attributes['Name'] === 'HardwareSetting');
}

/** The setting the image was taken with: of the scanner, else of the camera. */
function settingOf(hardware: XmlNode | undefined): XmlNode | undefined {
  return findNode(hardware, 'ATLConfocalSettingDefinition') ?? findNode(hardware, 'ATLCameraSettingDefinition');
}

const isOn = (text: string | undefined): boolean => /^(on|1|true)$/i.test(text ?? '');

/** Detectors that were switched on. */
function activeDetectors(hardware: XmlNode | undefined): XmlNode[] {
  return nodesOf(settingOf(hardware), 'Detector').filter(({ attributes }) => isOn(attributes['IsActive']));
}

function detectors(hardware: XmlNode | undefined): string {
  const camera = nodesOf(settingOf(hardware), 'WideFieldChannelInfo').map(({ attributes: a }) => a['CameraName'] ?? '');
  const names = [...activeDetectors(hardware).map(({ attributes }) => attributes['Name'] ?? ''), ...camera];
  return [...new Set(names.filter((name) => name !== ''))].join(', ');
}

/** Gain of the detectors of a scanner, gain and binning of a camera. */
function detectorSettings(hardware: XmlNode | undefined): string {
  const scanner = activeDetectors(hardware).flatMap(({ attributes: a }) => {
    const gain = positive(a['Gain']);
    return gain === undefined ? [] : [`${a['Name'] ?? ''} gain ${Number(gain.toPrecision(6))}`.trim()];
  });
  const camera = nodesOf(settingOf(hardware), 'WideFieldChannelInfo').flatMap(({ attributes: a }) => [
    ...(positive(a['BinningX'] ?? a['Binning']) === undefined ? [] : [`binning ${a['BinningX'] ?? a['Binning']}`]),
    ...(positive(a['CameraGain'] ?? a['Gain']) === undefined ? [] : [`gain ${a['CameraGain'] ?? a['Gain']}`]),
  ]);
  return [...new Set([...scanner, ...camera])].join(', ');
}

/** Stage position, written in meters. */
function stageOf(hardware: XmlNode | undefined): Pick<ImageDescription, 'origin'> {
  const a = settingOf(hardware)?.attributes ?? {};
  const place = (text: string | undefined): Quantity | undefined => {
    const meters = text === undefined || text === '' ? Number.NaN : Number(text);
    return Number.isFinite(meters) && meters !== 0 ? { value: rounded(meters * 1e6), unit: 'micrometer' } : undefined;
  };
  const origin = { ...known('y', place(a['StagePosY'])), ...known('x', place(a['StagePosX'])) };
  return Object.keys(origin).length > 0 ? { origin } : {};
}

/**
 * What the settings say of the light of each channel. Of a scanner: the middle of the band that the detector of the channel
 * saw as emission, the one laser line that was on as excitation, and the pinhole; of a camera what its channels state. An axis
 * of wavelengths says these itself.
 */
function withLight(
  channels: readonly ChannelDescription[],
  hardware: XmlNode | undefined,
  further: ReadonlySet<string>,
): ChannelDescription[] {
  const setting = settingOf(hardware);
  const pinhole = positive(setting?.attributes['Pinhole']);
  const mode = hardware?.attributes['DataSourceTypeName'];
  const lines = nodesOf(setting, 'LaserLineSetting')
    .filter(({ attributes: a }) => positive(a['IntensityDev']) !== undefined && isOn(a['IsLineChecked']))
    .map(({ attributes }) => positive(attributes['LaserLine']));
  const line = new Set(lines).size === 1 && !further.has('excitation') ? lines[0] : undefined;
  const active = activeDetectors(hardware);
  const wide = nodesOf(setting, 'WideFieldChannelInfo');
  return channels.map((channel, n) => {
    const band = active.length === channels.length && !further.has('emission') ? bandOf(setting, active[n]!) : {};
    const camera = wide.length === channels.length ? wide[n]!.attributes : {};
    return {
      ...known('excitationNanometers', line),
      ...band,
      ...known('emissionNanometers', band.emissionNanometers ?? positive(camera['EmissionWavelength'])),
      ...known('exposureSeconds', positive(/^[\d.eE+-]+/.exec(camera['ExposureTime'] ?? '')?.[0])),
      ...known('contrastMethod', camera['ContrastingMethodName']),
      ...known('pinholeMicrometers', pinhole === undefined ? undefined : rounded(pinhole * 1e6)),
      ...known('acquisitionMode', mode),
      ...channel,
    };
  });
}

/** Dye and middle of the band of a detector, which are kept by the number of its channel. */
function bandOf(
  setting: XmlNode | undefined,
  detector: XmlNode,
): Pick<ChannelDescription, 'fluorophore' | 'emissionNanometers'> {
  const number = detector.attributes['Channel'];
  const a = nodesOf(setting, 'MultiBand').find(({ attributes }) => attributes['Channel'] === number)?.attributes ?? {};
  const [from, to] = [positive(a['LeftWorld']), positive(a['RightWorld'])];
  return {
    ...known('fluorophore', a['DyeName']?.replace(/^Leica\//, '') || undefined),
    ...known(
      'emissionNanometers',
      from !== undefined && to !== undefined && to > from ? Math.round((from + to) / 2) : undefined,
    ),
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
