import type { ChannelDescription, ImageDescription, InstrumentDescription, Quantity } from '@micrarium/model';
import { known, micrometers, positive, timeStepOf, voxelSizeOf } from '../stored/stated-values.ts';
import { type XmlNode, nodeAt, nodesNamed, textAt } from '../stored/xml-tree.ts';

/** What the XML says of all images of the file. */
export interface CziMetadata {
  /** By the channel number of the file. */
  channels: ChannelDescription[];
  bits: (number | undefined)[];
  shared: Pick<ImageDescription, 'voxelSize' | 'acquiredAt' | 'description' | 'instrument'>;
  timeStep: Quantity | undefined;
  /** Seconds of the time points since the first, where they are listed. */
  planeTimes: number[];
}

/** Reads the description out of the XML of a CZI file. Lengths there are in meters, exposures in nanoseconds. */
export function cziMetadata(root: XmlNode | undefined): CziMetadata {
  const metadata = nodeAt(root, 'Metadata');
  const information = nodeAt(metadata, 'Information');
  const image = nodeAt(information, 'Image');
  const dimensions = nodeAt(image, 'Dimensions');
  const channelNodes = nodesNamed(nodeAt(dimensions, 'Channels'), 'Channel');
  const distance = (axis: string): Quantity | undefined => {
    const items = nodesNamed(nodeAt(metadata, 'Scaling', 'Items'), 'Distance');
    return micrometers(
      textAt(
        items.find(({ attributes }) => attributes['Id'] === axis),
        'Value',
      ),
      1e6,
    );
  };
  const instrument = instrumentOf(information, channelNodes);
  // Files that were assembled name their channels only where they say how these are shown.
  const settings = nodesNamed(nodeAt(metadata, 'DisplaySetting', 'Channels'), 'Channel');
  const shown = settings.length === channelNodes.length ? settings.map(({ attributes }) => attributes['Name']) : [];
  return {
    channels: channelNodes.map((node, n) => ({
      ...channelOf(node),
      ...known('name', node.attributes['Name'] || shown[n]),
    })),
    bits: channelNodes.map((node) => positive(textAt(node, 'ComponentBitCount'))),
    shared: {
      ...voxelSizeOf(distance('X'), distance('Y'), distance('Z')),
      ...known('acquiredAt', realDate(textAt(image, 'AcquisitionDateAndTime'))),
      ...known('description', textAt(information, 'Document', 'Description')),
      ...(Object.keys(instrument).length > 0 ? { instrument } : {}),
    },
    timeStep: timeStep(nodeAt(dimensions, 'T')),
    planeTimes: planeTimes(nodeAt(dimensions, 'T')),
  };
}

/** Dates of year 1 are those nobody set. */
function realDate(text: string | undefined): string | undefined {
  return text !== undefined && /^(19|2\d)\d\d-\d\d-\d\dT/.test(text) ? text : undefined;
}

function timeStep(axis: XmlNode | undefined): Quantity | undefined {
  const increment = positive(textAt(axis, 'Positions', 'Interval', 'Increment'));
  if (increment !== undefined) return { value: increment, unit: 'second' };
  const offsets = textAt(axis, 'Positions', 'List', 'Offsets');
  return timeStepOf((offsets ?? '').split(/\s+/).map(Number)).timeStep;
}

function channelOf(node: XmlNode): ChannelDescription {
  const color = /^#(?:[0-9a-f]{2})?([0-9a-f]{6})$/i.exec(textAt(node, 'Color') ?? '')?.[1];
  const exposure = positive(textAt(node, 'ExposureTime'));
  return {
    name: node.attributes['Name'] ?? '',
    ...known('color', color?.toUpperCase()),
    ...known('fluorophore', textAt(node, 'Fluor')),
    ...known('excitationNanometers', positive(textAt(node, 'ExcitationWavelength'))),
    ...known('emissionNanometers', positive(textAt(node, 'EmissionWavelength'))),
    ...known('exposureSeconds', exposure === undefined ? undefined : exposure / 1e9),
    ...known('contrastMethod', textAt(node, 'ContrastMethod')),
    ...known('acquisitionMode', textAt(node, 'AcquisitionMode')),
    ...known('illumination', textAt(node, 'IlluminationType')),
    // Written in meters by some versions, in micrometers by others; a pinhole has 10 to 1000 µm.
    ...known('pinholeMicrometers', pinhole(positive(textAt(node, 'PinholeSize')))),
  };
}

function pinhole(size: number | undefined): number | undefined {
  const micrometer = size === undefined || size > 0.01 ? size : size * 1e6;
  return micrometer !== undefined && micrometer >= 1 && micrometer <= 10_000 ? micrometer : undefined;
}

/** An index of 1 to 2; other numbers are those nobody set. */
function refractiveIndex(information: XmlNode | undefined): number | undefined {
  const index = positive(textAt(information, 'Image', 'ObjectiveSettings', 'RefractiveIndex'));
  return index !== undefined && index >= 1 && index <= 2 ? index : undefined;
}

/** Wavelengths of the light that the channels were lit with, where the sources themselves have no name. */
function lightsOfChannels(channels: readonly XmlNode[]): { lightSources?: string[] } {
  const waves = channels.flatMap((channel) =>
    nodesNamed(nodeAt(channel, 'LightSourcesSettings'), 'LightSourceSettings').map((node) =>
      positive(textAt(node, 'Wavelength')),
    ),
  );
  const said = waves.flatMap((wavelength) => (wavelength === undefined ? [] : [`${wavelength} nm`]));
  return said.length > 0 ? { lightSources: [...new Set(said)] } : {};
}

/** Binning and gain of the detectors of the channels. */
function detectorSettings(channels: readonly XmlNode[]): string | undefined {
  const said = channels.map((channel) => {
    const settings = nodeAt(channel, 'DetectorSettings');
    const binning = textAt(settings, 'Binning')?.replace(/\s*,\s*/, ' x ');
    const [gain, digital, electrons] = ['Gain', 'DigitalGain', 'EMGain'].map((name) =>
      positive(textAt(settings, name)),
    );
    return [
      binning && `binning ${binning}`,
      gain && `gain ${gain}`,
      digital && `digital gain ${digital}`,
      electrons && `EM gain ${electrons}`,
    ]
      .filter(Boolean)
      .join(', ');
  });
  const named = said.flatMap((words, n) => {
    const name = channels[n]?.attributes['Name'];
    return words === '' ? [] : [name ? `${name}: ${words}` : words];
  });
  const [only, ...others] = new Set(said);
  return (others.length === 0 ? only : named.join('; ')) || undefined;
}

function lightSources(parts: XmlNode | undefined): { lightSources?: string[] } {
  const sources = nodesNamed(nodeAt(parts, 'LightSources'), 'LightSource').map((node) => {
    const laser = nodeAt(node, 'LightSourceType', 'Laser');
    const wavelength = positive(textAt(laser, 'Wavelength'));
    const words = [
      textAt(node, 'Manufacturer', 'Model') ?? node.attributes['Name'],
      wavelength === undefined ? undefined : `${wavelength} nm`,
    ];
    return words.filter(Boolean).join(' ').trim();
  });
  const named = sources.filter((words) => words !== '');
  return named.length > 0 ? { lightSources: [...new Set(named)] } : {};
}

function planeTimes(axis: XmlNode | undefined): number[] {
  const times = (textAt(axis, 'Positions', 'List', 'Offsets') ?? '').split(/\s+/).filter(Boolean).map(Number);
  return times.length <= 10_000 && times.every(Number.isFinite) ? times.map((time) => time - times[0]!) : [];
}

function instrumentOf(information: XmlNode | undefined, channels: readonly XmlNode[]): InstrumentDescription {
  const parts = nodeAt(information, 'Instrument');
  const microscope = nodeAt(parts, 'Microscopes', 'Microscope');
  const lens = nodeAt(parts, 'Objectives', 'Objective');
  const detector = nodeAt(parts, 'Detectors', 'Detector');
  const software = [textAt(information, 'Application', 'Name'), textAt(information, 'Application', 'Version')];
  const objective = {
    ...known('model', textAt(lens, 'Manufacturer', 'Model') ?? lens?.attributes['Name']),
    ...known('magnification', positive(textAt(lens, 'NominalMagnification'))),
    ...known('numericalAperture', positive(textAt(lens, 'LensNA'))),
    ...known('immersion', textAt(lens, 'Immersion')),
    ...known('correction', textAt(lens, 'Correction')),
    ...known('workingDistanceMicrometers', positive(textAt(lens, 'WorkingDistance'))),
    ...known('refractiveIndex', refractiveIndex(information)),
  };
  return {
    ...known('manufacturer', textAt(microscope, 'Manufacturer', 'Manufacturer') ?? (microscope ? 'Zeiss' : undefined)),
    ...known('model', textAt(microscope, 'Manufacturer', 'Model') ?? microscope?.attributes['Name']),
    ...(Object.keys(objective).length > 0 ? { objective } : {}),
    ...known('detector', textAt(detector, 'Manufacturer', 'Model') ?? detector?.attributes['Name']),
    ...known('detectorSettings', detectorSettings(channels)),
    ...lightsOfChannels(channels),
    ...lightSources(parts),
    ...known('software', software.filter((part) => part !== undefined).join(' ') || undefined),
  };
}
