import {
  type ChannelDescription,
  type ImageDescription,
  type InstrumentDescription,
  type PixelType,
  type Quantity,
  parseSpaceUnit,
  parseTimeUnit,
  toMicrometers,
  toSeconds,
} from '@micrarium/model';
import { hasValues, known } from '../stored/known-values.ts';
import { type Modulo, understoodModulos, withoutPlace } from './modulo.ts';
import type { OmeChannel, OmeDocument, OmeImage, OmeInstrument } from './parse.ts';

/** An image of OME-XML in our words, with what a TIFF needs to find its planes. */
export interface DescribedOmeImage {
  description: ImageDescription;
  /** `XYCZT` and the like: the order of planes, fastest first. */
  dimensionOrder: string;
  /** Samples of each channel; their sum is SizeC. */
  channelSamples: number[];
  /** Further axes that are stored within c, z and t, as the sizes of the description no longer tell. */
  modulos: Modulo[];
}

const pixelTypes: Readonly<Record<string, PixelType>> = {
  int8: 'int8',
  int16: 'int16',
  int32: 'int32',
  uint8: 'uint8',
  uint16: 'uint16',
  uint32: 'uint32',
  float: 'float32',
  double: 'float64',
  bit: 'bool',
  complex: 'complex64',
  'double-complex': 'complex128',
  // Not in the schema, but written by some programs.
  float32: 'float32',
  float64: 'float64',
  uint64: 'uint64',
  int64: 'int64',
};

/** Describes one image; `undefined` where a size or the type is missing or not positive. */
export function describeOmeImage(document: OmeDocument, image: OmeImage): DescribedOmeImage | undefined {
  const { pixels } = image;
  const size = (axis: string): number => Number(pixels[`Size${axis}`] ?? Number.NaN);
  const type = pixelTypes[(pixels['Type'] ?? pixels['PixelType'] ?? '').toLowerCase()];
  const sizes = { t: size('T'), c: size('C'), z: size('Z'), y: size('Y'), x: size('X') };
  if (!type || Object.values(sizes).some((value) => !Number.isSafeInteger(value) || value < 1)) return undefined;
  const channelSamples = samplesOf(image.channels, sizes.c);
  const samples = Math.max(...channelSamples);
  // RGB: one channel of three samples. Unequal or other numbers of samples are channels of their own.
  const colour = samples > 1 && samples <= 4 && channelSamples.every((value) => value === samples);
  if (colour) sizes.c = channelSamples.length;
  const modulos = modulosOfImage(document, image, sizes, samples > 1);
  const within = (along: Modulo['along']): number => modulos.find((one) => one.along === along)?.count ?? 1;
  const inC = within('c');
  const inT = within('t');
  const spectral = modulos.find(({ along }) => along === 'c');
  const bits = Number(pixels['SignificantBits'] ?? 0);
  const acquiredAt = isoDate(image.acquiredAt);
  const instrument = describeInstrument(document, image);
  const times = timesOf(image, sizes.t, inT);
  const timeStep = timeStepOf(image, times);
  const unfolded: Record<string, number> = {};
  for (const { along, axis, count } of modulos) {
    sizes[along] /= count;
    unfolded[axis] = count;
  }
  const places = modulos.flatMap(({ axis, places: known }) => (known ? [[axis, known] as const] : []));
  const voxelSize = voxelSizeOf(pixels);
  return {
    description: {
      name: image.name,
      sizes: { ...sizes, ...unfolded },
      type,
      ...(colour ? { samples } : {}),
      ...(voxelSize ? { voxelSize } : {}),
      ...(timeStep ? { timeStep } : {}),
      ...known('planeTimes', planeTimesOf(times)),
      ...known('timeOffset', timeOffsetOf(image)),
      ...(places.length > 0 ? { furtherAxes: Object.fromEntries(places) } : {}),
      ...known('origin', originOf(image)),
      channels: Array.from({ length: Math.min(sizes.c, 10_000) }, (_, index) =>
        spectral
          ? withoutPlaces(describeChannel(image, image.channels[index * inC], index * inC), spectral)
          : describeChannel(image, image.channels[colour ? index : channelOfSample(channelSamples, index)], index),
      ),
      ...(acquiredAt ? { acquiredAt } : {}),
      ...(image.description ? { description: image.description } : {}),
      ...(instrument ? { instrument } : {}),
      ...(bits > 0 && Number.isInteger(bits) ? { significantBits: bits } : {}),
    },
    dimensionOrder: /^XY[CZT]{3}$/.test(pixels['DimensionOrder'] ?? '') ? pixels['DimensionOrder']! : 'XYCZT',
    channelSamples,
    modulos,
  };
}

/** What annotations say of further axes; where no image refers to any, those of the document are of its only image. */
function modulosOfImage(
  document: OmeDocument,
  image: OmeImage,
  sizes: ImageDescription['sizes'],
  isColour: boolean,
): Modulo[] {
  const own = image.annotationIds.flatMap((id) => document.modulos.get(id) ?? []);
  const stated = own.length === 0 && document.images.length === 1 ? [...document.modulos.values()].flat() : own;
  return understoodModulos(
    stated.filter(({ along }) => !(isColour && along === 'c')),
    sizes,
  );
}

/** A channel of an axis of places: what its first place says of the place alone is taken away. */
function withoutPlaces(channel: ChannelDescription, modulo: Modulo): ChannelDescription {
  const { emissionNanometers, excitationNanometers, ...rest } = channel;
  return {
    ...rest,
    name: withoutPlace(channel.name, modulo),
    ...(modulo.axis === 'emission' ? {} : known('emissionNanometers', emissionNanometers)),
    ...(modulo.axis === 'excitation' ? {} : known('excitationNanometers', excitationNanometers)),
  };
}

function samplesOf(channels: readonly OmeChannel[], sizeC: number): number[] {
  const samples = channels.map(({ attributes }) =>
    Math.max(1, Math.floor(Number(attributes['SamplesPerPixel'] ?? 1)) || 1),
  );
  const sum = samples.reduce((total, value) => total + value, 0);
  if (sum === sizeC) return samples;
  // Channels that are not listed, or lists that do not fit the size: one sample each.
  return Array.from({ length: Math.min(sizeC, 1_000_000) }, () => 1);
}

function channelOfSample(samples: readonly number[], index: number): number {
  let end = 0;
  for (let channel = 0; channel < samples.length; channel++) {
    end += samples[channel]!;
    if (index < end) return channel;
  }
  return index;
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** A length of OME-XML in micrometers (its default unit); `undefined` for 0, pixels and reference frames. */
function micrometers(value: string | undefined, unit: string | undefined): number | undefined {
  const number = positive(value);
  const known = parseSpaceUnit(unit ?? 'µm');
  if (number === undefined || known === undefined) return undefined;
  const length = toMicrometers({ value: number, unit: known });
  return length === undefined || known === 'micrometer' ? length : rounded(length);
}

/** A duration of OME-XML in seconds (its default unit). */
function seconds(value: string | undefined, unit: string | undefined): number | undefined {
  const number = Number(value ?? Number.NaN);
  const known = parseTimeUnit(unit ?? 's');
  const time = Number.isFinite(number) && known ? toSeconds({ value: number, unit: known }) : undefined;
  return time === undefined || known === 'second' ? time : rounded(time);
}

/** Takes away the last digits that a change of unit adds: 90.5767 nm is 0.0905767 µm, not 0.09057670000000001. */
export function rounded(value: number): number {
  return Number(value.toPrecision(15));
}

function voxelSizeOf(pixels: Readonly<Record<string, string>>): ImageDescription['voxelSize'] {
  const voxelSize: NonNullable<ImageDescription['voxelSize']> = {};
  for (const axis of ['z', 'y', 'x'] as const) {
    const key = `PhysicalSize${axis.toUpperCase()}`;
    const value = micrometers(pixels[key], pixels[`${key}Unit`]);
    if (value !== undefined) voxelSize[axis] = { value, unit: 'micrometer' };
  }
  return Object.keys(voxelSize).length > 0 ? voxelSize : undefined;
}

/** The stated increment, else the step of recorded plane times where they are regular within a tenth. */
function timeStepOf(image: OmeImage, times: readonly number[] | undefined): Quantity | undefined {
  const stated = seconds(image.pixels['TimeIncrement'], image.pixels['TimeIncrementUnit']);
  if (stated !== undefined && stated > 0) return { value: stated, unit: 'second' };
  if (!times) return undefined;
  const step = (times.at(-1)! - times[0]!) / (times.length - 1);
  if (times.length < 2 || !(step > 0)) return undefined;
  const regular = times.every((time, index) => index === 0 || Math.abs(time - times[index - 1]! - step) <= step / 10);
  return regular ? { value: rounded(step), unit: 'second' } : undefined;
}

/** Recorded times of the time points, where all are there; `inT` stored ones are one of the image. */
function timesOf(image: OmeImage, sizeT: number, inT: number): number[] | undefined {
  const times: number[] = [];
  for (let t = 0; t < sizeT; t += inT) {
    const plane = image.times.get(t);
    const time = plane && seconds(plane['DeltaT'], plane['DeltaTUnit']);
    if (time === undefined) return undefined;
    times.push(time);
  }
  return times;
}

function planeTimesOf(times: readonly number[] | undefined): number[] | undefined {
  return times && times.length > 1 && times.length <= 10_000
    ? times.map((time) => rounded(time - times[0]!))
    : undefined;
}

/** When the first plane was taken, counted from the start of the recording; 0 is not saying. */
function timeOffsetOf(image: OmeImage): Quantity | undefined {
  const first = image.times.get(0);
  const time = first && seconds(first['DeltaT'], first['DeltaTUnit']);
  return time !== undefined && time > 0 ? { value: time, unit: 'second' } : undefined;
}

/** Position of the stage: of the label, else of the first plane; positions in "reference frame" say nothing. */
function originOf(image: OmeImage): ImageDescription['origin'] {
  const origin: NonNullable<ImageDescription['origin']> = {};
  for (const axis of ['z', 'y', 'x'] as const) {
    const key = axis.toUpperCase();
    const [label, plane] = [image.stageLabel ?? {}, image.firstPlane ?? {}];
    const written = label[key] === undefined ? plane[`Position${key}`] : label[key];
    const unit = parseSpaceUnit((label[key] === undefined ? plane[`Position${key}Unit`] : label[`${key}Unit`]) ?? '');
    const value = unit && unit !== 'pixel' ? toMicrometers({ value: Number(written ?? Number.NaN), unit }) : undefined;
    if (value !== undefined && Number.isFinite(value)) origin[axis] = { value: rounded(value), unit: 'micrometer' };
  }
  return hasValues(origin) ? origin : undefined;
}

function describeChannel(image: OmeImage, channel: OmeChannel | undefined, index: number): ChannelDescription {
  const a = channel?.attributes ?? {};
  const color = hexColor(a['Color']);
  const excitation = nanometers(a['ExcitationWavelength'], a['ExcitationWavelengthUnit']);
  const emission = nanometers(a['EmissionWavelength'], a['EmissionWavelengthUnit']);
  const plane = image.exposures.get(index);
  const exposure = plane && seconds(plane['ExposureTime'], plane['ExposureTimeUnit']);
  return {
    name: a['Name'] ?? '',
    ...(color ? { color } : {}),
    ...(a['Fluor'] ? { fluorophore: a['Fluor'] } : {}),
    ...(excitation === undefined ? {} : { excitationNanometers: excitation }),
    ...(emission === undefined ? {} : { emissionNanometers: emission }),
    ...(exposure !== undefined && exposure > 0 ? { exposureSeconds: exposure } : {}),
    ...known('contrastMethod', a['ContrastMethod']),
    ...known('acquisitionMode', a['AcquisitionMode']),
    ...known('illumination', a['IlluminationType']),
    ...known('pinholeMicrometers', micrometers(a['PinholeSize'], a['PinholeSizeUnit'])),
  };
}

function nanometers(value: string | undefined, unit: string | undefined): number | undefined {
  const length = micrometers(value, unit ?? 'nm');
  return length === undefined ? undefined : rounded(length * 1000);
}

/**
 * OME colours are signed 32-bit RGBA. 0 and 0x80000000, which some programs write for "none", are left out.
 */
function hexColor(text: string | undefined): string | undefined {
  const value = Number(text ?? Number.NaN);
  if (!Number.isInteger(value) || value === -2_147_483_648 || value === 0) return undefined;
  return ((value >>> 8) & 0xffffff).toString(16).padStart(6, '0').toUpperCase();
}

function describeInstrument(document: OmeDocument, image: OmeImage): InstrumentDescription | undefined {
  const instrument =
    image.instrumentId === undefined ? onlyOne(document) : document.instruments.get(image.instrumentId);
  const microscope = instrument?.microscope ?? {};
  const objective =
    image.objectiveId === undefined
      ? instrument?.objectives.size === 1
        ? [...instrument.objectives.values()][0]
        : undefined
      : instrument?.objectives.get(image.objectiveId);
  const detectorId = image.channels.find((channel) => channel.detectorId !== undefined)?.detectorId;
  const detector = detectorId === undefined ? undefined : instrument?.detectors.get(detectorId);
  const described: InstrumentDescription = {};
  if (microscope['Manufacturer']) described.manufacturer = microscope['Manufacturer'];
  if (microscope['Model']) described.model = microscope['Model'];
  if (objective) {
    const magnification = positive(objective['NominalMagnification'] ?? objective['CalibratedMagnification']);
    const aperture = positive(objective['LensNA']);
    const parts: NonNullable<InstrumentDescription['objective']> = {
      ...(objective['Model'] ? { model: objective['Model'] } : {}),
      ...(magnification === undefined ? {} : { magnification }),
      ...(aperture === undefined ? {} : { numericalAperture: aperture }),
      ...known('immersion', objective['Immersion']),
      ...known('correction', objective['Correction']),
      ...known(
        'workingDistanceMicrometers',
        micrometers(objective['WorkingDistance'], objective['WorkingDistanceUnit']),
      ),
      ...known('refractiveIndex', positive(image.objectiveSettings?.['RefractiveIndex'])),
    };
    if (Object.keys(parts).length > 0) described.objective = parts;
  }
  const detectorName = detector && [detector['Manufacturer'], detector['Model']].filter(Boolean).join(' ');
  if (detectorName) described.detector = detectorName;
  const settings = detectorSettings(image);
  if (settings) described.detectorSettings = settings;
  const lights = (instrument?.lightSources ?? []).map(lightSource).filter((light) => light !== '');
  if (lights.length > 0) described.lightSources = lights;
  // What wrote the file is the nearest to what took the image, unless that is named too.
  const program = image.annotationIds.map((id) => document.programs.get(id)).find((name) => name !== undefined);
  const software = program ?? document.creator;
  if (software) described.software = software;
  return Object.keys(described).length > 0 ? described : undefined;
}

/** Binning, gain and the like of the detectors of the channels. */
function detectorSettings({ channels }: OmeImage): string {
  const said = channels.map(({ detectorSettings: a = {} }) =>
    ['Binning', 'Gain', 'Offset', 'Voltage', 'ReadOutRate', 'Zoom']
      .flatMap((name) => (a[name] === undefined ? [] : [`${name.toLowerCase()} ${a[name]}`]))
      .join(', '),
  );
  return [...new Set(said.filter((words) => words !== ''))].join('; ');
}

/** A lamp or laser in a few words: maker, model, wavelength, power. */
function lightSource({ kind, attributes: a }: OmeInstrument['lightSources'][number]): string {
  const wavelength = nanometers(a['Wavelength'], a['WavelengthUnit']);
  const words = [
    a['Manufacturer'],
    a['Model'],
    wavelength === undefined ? undefined : `${wavelength} nm`,
    a['Power'] === undefined ? undefined : `${a['Power']} ${a['PowerUnit'] ?? 'mW'}`,
  ].filter(Boolean);
  if (words.length === 0) return '';
  const what = kind === 'LightEmittingDiode' ? 'LED' : kind.toLowerCase();
  return [...(kind === 'GenericExcitationSource' ? [] : [what]), ...words].join(' ');
}

function onlyOne(document: OmeDocument): OmeInstrument | undefined {
  return document.instruments.size === 1 ? [...document.instruments.values()][0] : undefined;
}

/** ISO 8601 as it is written, where it is a date at all; a space between date and time becomes a `T`. */
export function isoDate(text: string | undefined): string | undefined {
  const match = /^\s*(\d{4})[-:](\d{2})[-:](\d{2})(?:[T ](\d{2}:\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}:?\d{2})?)?\s*$/.exec(
    text ?? '',
  );
  if (!match || match[1] === '0000' || match[2] === '00' || match[3] === '00') return undefined;
  const date = `${match[1]}-${match[2]}-${match[3]}`;
  if (Number.isNaN(Date.parse(`${date}T00:00:00Z`))) return undefined;
  return match[4] === undefined ? date : `${date}T${match[4]}${match[5] ?? ''}`;
}
