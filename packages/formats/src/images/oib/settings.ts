import type { ChannelDescription, ImageDescription, InstrumentDescription, Quantity } from '@micrarium/model';
import { parseSpaceUnit, toMicrometers } from '@micrarium/model';
import { decodeText } from '../tiff/directory.ts';
import { known, micrometers, positive, voxelSizeOf } from '../stored/stated-values.ts';

/** Values of a settings file, by section and name. */
export type Settings = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Text of a settings file: UTF-16 with its mark, else UTF-8 or Latin-1. */
export function settingsText(bytes: Uint8Array): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = isWide ? new TextDecoder('utf-16le').decode(bytes) : decodeText(bytes);
  return text.replace(/^\uFEFF/, '').replace(/\0+$/, '');
}

/** Reads `[section]` and `name=value` lines; quotes around a value are taken away. */
export function parseSettings(text: string): Settings {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const title = /^\[(.*)\]\s*$/.exec(line)?.[1];
    if (title !== undefined) {
      section = new Map();
      sections.set(title, section);
      continue;
    }
    const at = line.indexOf('=');
    if (at > 0)
      section.set(
        line.slice(0, at).trim(),
        line
          .slice(at + 1)
          .trim()
          .replace(/^(["'])(.*)\1$/, '$2'),
      );
  }
  return sections;
}

/** An axis of the recording. */
export interface OifAxis {
  code: string;
  count: number;
  /** Distance of its places in `unit`; 0 where it is not stated. */
  step: number;
  /** The first of them. */
  start: number;
  unit: string;
}

/** Axes beyond the plane that have a length, by their letter. */
export function oifAxes(settings: Settings): Map<string, OifAxis> {
  const axes = new Map<string, OifAxis>();
  for (let n = 0; n < 16; n++) {
    const values = settings.get(`Axis ${n} Parameters Common`);
    const code = values?.get('AxisCode');
    if (!values || !code) continue;
    const count = Math.max(1, Math.floor(Number(values.get('MaxSize')) || 0));
    const length = Math.abs(Number(values.get('EndPosition')) - Number(values.get('StartPosition')));
    const step = count > 1 && Number.isFinite(length) ? length / (count - 1) : 0;
    const start = Number(values.get('StartPosition') ?? Number.NaN);
    axes.set(code, { code, count, step, start, unit: values.get('PixUnit') ?? '' });
  }
  return axes;
}

/** What the main file says of the image, without its sizes. */
export function describeOif(
  settings: Settings,
  axes: ReadonlyMap<string, OifAxis>,
): Omit<ImageDescription, 'name' | 'sizes' | 'type'> {
  const value = (section: string, name: string): string | undefined => settings.get(section)?.get(name);
  const reference = 'Reference Image Parameter';
  const length = (size: string | undefined, unit: string | undefined): Quantity | undefined => {
    const spaceUnit = parseSpaceUnit(unit ?? '');
    return spaceUnit && spaceUnit !== 'pixel'
      ? micrometers(size, toMicrometers({ value: 1, unit: spaceUnit }))
      : undefined;
  };
  const z = axes.get('Z');
  const t = axes.get('T');
  // Misspelt so in the files; the other name for a version that mends it.
  const date = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/.exec(
    value('Acquisition Parameters Common', 'ImageCaputreDate') ??
      value('Acquisition Parameters Common', 'ImageCaptureDate') ??
      '',
  );
  const bits = positive(value(reference, 'ValidBitCounts'));
  const model = value('Acquisition Parameters Common', 'Acquisition Device') ?? value('Version Info', 'SystemName');
  const version = value('Version Info', 'SystemVersion');
  const software = version === undefined ? undefined : `${value('Version Info', 'SystemName') ?? ''} ${version}`.trim();
  const common = settings.get('Acquisition Parameters Common');
  const lasers = Array.from({ length: 10 }, (_, n) => positive(common?.get(`LaserWavelength0${n}`))).filter(
    (wavelength) => wavelength !== undefined,
  );
  const instrument = {
    manufacturer: 'Olympus',
    ...known('model', model),
    ...(lasers.length > 0 ? { lightSources: lasers.map((wavelength) => `laser ${wavelength} nm`) } : {}),
    ...known('detectorSettings', detectorSettings(settings, axes.get('C')?.count ?? 1)),
    ...known('software', software),
  };
  return {
    ...voxelSizeOf(
      length(value(reference, 'WidthConvertValue'), value(reference, 'WidthUnit')),
      length(value(reference, 'HeightConvertValue'), value(reference, 'HeightUnit')),
      z && z.step > 0 ? length(String(z.step), z.unit) : undefined,
    ),
    ...(t && t.step > 0 && t.unit === 'ms' ? { timeStep: { value: t.step / 1000, unit: 'second' } } : {}),
    channels: Array.from({ length: axes.get('C')?.count ?? 1 }, (_, n) => channelOf(settings, n + 1)),
    ...known('description', value('File Info', 'UserComment')?.trim() || undefined),
    ...lambdaAxis(axes.get('L')),
    ...(date ? { acquiredAt: `${date[1]}T${date[2]}` } : {}),
    ...(Object.keys(instrument).length > 0 ? { instrument } : {}),
    ...(bits !== undefined && bits > 8 && bits < 16 ? { significantBits: bits } : {}),
  };
}

/** Voltage of the detector of each channel: of its counter where it counts photons. */
function detectorSettings(settings: Settings, channels: number): string | undefined {
  const said = Array.from({ length: Math.min(channels, 100) }, (_, n) => {
    const values = settings.get(`Channel ${n + 1} Parameters`);
    const voltage = positive(
      values?.get(values.get('PMTDetectingMode') === '1' ? 'CountingPMTVoltage' : 'AnalogPMTVoltage'),
    );
    return voltage === undefined ? '' : `${values?.get('CH Name') ?? `channel ${n + 1}`} ${voltage} V`;
  });
  return said.filter((words) => words !== '').join(', ') || undefined;
}

/** Wavelengths of a spectral recording. */
function lambdaAxis(axis: OifAxis | undefined): Pick<ImageDescription, 'furtherAxes'> {
  if (!axis || axis.count < 2 || axis.step <= 0 || axis.unit !== 'nm' || !(axis.start > 0)) return {};
  return { furtherAxes: { lambda: { start: axis.start, step: axis.step, unit: 'nanometer' } } };
}

/** Objective, and what the channels add to the main file, of the settings of a plane (`.pty`), one for each channel. */
export function describePlanes(planes: readonly Settings[]): {
  objective: NonNullable<InstrumentDescription['objective']>;
  detector?: string;
  channels: Partial<ChannelDescription>[];
} {
  const common = planes.map((plane) => plane.get('Acquisition Parameters Common'));
  const first = common.find((values) => values?.get('ObjectiveLens Name') !== undefined);
  const model = first?.get('ObjectiveLens Name')?.replace(/\s+/g, ' ').trim();
  const distance = positive(first?.get('ObjectiveLens WDValue'));
  const detecting = common.map((values) => values?.get('PMTDetectingMode')).find((mode) => mode !== undefined);
  return {
    objective: {
      ...known('model', model || undefined),
      ...known('magnification', positive(first?.get('Magnification'))),
      ...known('numericalAperture', positive(first?.get('ObjectiveLens NAValue'))),
      ...known('immersion', /\b(oil|water|w|o)\b/i.exec(model ?? '')?.[1]),
      // Millimeters; 9999 stands for none.
      ...known('workingDistanceMicrometers', distance === undefined || distance >= 9999 ? undefined : distance * 1000),
    },
    ...known('detector', detecting === undefined ? undefined : `PMT (${detecting})`),
    channels: common.map((values) => ({
      ...known('pinholeMicrometers', pinhole(positive(values?.get('PinholeDiameter')))),
      ...known('acquisitionMode', values?.get('Confocal') === 'ON' ? 'Confocal' : undefined),
    })),
  };
}

/** Written in nanometers. */
function pinhole(nanometers: number | undefined): number | undefined {
  return nanometers === undefined ? undefined : nanometers / 1000;
}

/** Middle of the band of a barrier filter, such as `BA505-525`. */
function filterMiddle(name: string | undefined): number | undefined {
  const [, from, to] = /^BA\s*(\d{3,4})-(\d{3,4})$/.exec(name?.trim() ?? '') ?? [];
  return from !== undefined && Number(to) > Number(from) ? (Number(from) + Number(to)) / 2 : undefined;
}

function channelOf(settings: Settings, number: number): ChannelDescription {
  const values = settings.get(`Channel ${number} Parameters`);
  const dye = values?.get('DyeName');
  return {
    name: values?.get('CH Name') ?? '',
    ...known('fluorophore', dye === 'None' ? undefined : dye),
    ...known('excitationNanometers', positive(values?.get('ExcitationWavelength'))),
    ...known('emissionNanometers', positive(values?.get('EmissionWavelength')) ?? filterMiddle(values?.get('BF Name'))),
    ...known('illumination', values?.get('LightType') || undefined),
    ...known('pinholeMicrometers', pinhole(positive(values?.get('PinholeDiameter')))),
  };
}
