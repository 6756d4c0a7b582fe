import type { ChannelDescription, InstrumentDescription } from '@micrarium/model';
import { hexColor, known, positive } from '../stored/stated-values.ts';
import { type Variant, findVariant, numberAt, textOf, variantAt } from './light-variants.ts';

/** Channels of the picture planes; as many as the pixels have components. */
export function nd2Channels(picture: readonly Variant[] | undefined, components: number): ChannelDescription[] {
  const planes = variantAt(picture, 'sPicturePlanes')?.children;
  const list = variantAt(planes, 'sPlaneNew')?.children ?? variantAt(planes, 'sPlane')?.children ?? [];
  const settings = variantAt(planes, 'sSampleSetting')?.children ?? [];
  const channels = list.flatMap(({ children }) => {
    const count = Math.min(components, Math.max(1, numberAt(children, 'uiCompCount') ?? 1));
    const setting = settings[numberAt(children, 'uiSampleIndex') ?? 0]?.children;
    const channel = channelOf(children, positive(numberAt(setting, 'dExposureTime')));
    return Array.from({ length: count }, () => channel);
  });
  return Array.from({ length: components }, (_, index) => channels[index] ?? { name: '' });
}

function channelOf(plane: readonly Variant[], exposure: number | undefined): ChannelDescription {
  const color = numberAt(plane, 'uiColor');
  const filter = variantAt(plane, 'pFilterPath', 'm_pFilter')?.children[0]?.children;
  return {
    name: textOf(plane, 'sDescription') ?? '',
    ...known('color', color === undefined ? undefined : hexColor(color & 255, (color >> 8) & 255, (color >> 16) & 255)),
    ...known('fluorophore', textOf(plane, 'pFluorescentProbe', 'm_sName')),
    ...known('excitationNanometers', onlyLine(variantAt(filter, 'm_ExcitationSpectrum'))),
    ...known('emissionNanometers', onlyLine(variantAt(filter, 'm_EmissionSpectrum'))),
    ...known('pinholeMicrometers', positive(numberAt(plane, 'dPinholeDiameter'))),
    ...known('exposureSeconds', exposure === undefined ? undefined : exposure / 1000),
  };
}

/** Wavelength of a spectrum with one line; several lines do not say which one was meant. */
function onlyLine(spectrum: Variant | undefined): number | undefined {
  const points = variantAt(spectrum?.children, 'pPoint')?.children ?? [];
  return points.length === 1 ? positive(numberAt(points[0]!.children, 'dWavelength')) : undefined;
}

/** Microscope, objective and camera of the picture metadata. */
export function nd2Instrument(
  picture: readonly Variant[] | undefined,
  { text: told, application }: Nd2Texts = { text: '', application: '' },
): InstrumentDescription {
  const lens = textOf(picture, 'wsObjectiveName');
  const named = /(\d+(?:\.\d+)?)\s*x\b/i.exec(lens ?? '')?.[1];
  const objective = {
    ...known('model', lens),
    ...known('magnification', positive(numberAt(picture, 'dObjectiveMag')) ?? positive(named)),
    ...known('numericalAperture', positive(numberAt(picture, 'dObjectiveNA'))),
    ...known('refractiveIndex', refractiveIndex(numberAt(picture, 'dRefractIndex1'))),
  };
  const text = (name: string): string | undefined => {
    const value = findVariant(picture, name)?.value;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const stated = (name: string): string | undefined =>
    new RegExp(`<${name} [^>]*value="([^"<]{1,200})"`).exec(application)?.[1]?.trim() || undefined;
  const software = [stated('m_SWNameString'), stated('m_VersionString')].filter((part) => part !== undefined);
  return {
    manufacturer: 'Nikon',
    ...known('model', text('m_sMicroscopePhysFullName') ?? text('m_sMicroscopeFullName')),
    ...(Object.keys(objective).length > 0 ? { objective } : {}),
    ...known('detector', text('CameraUserName') ?? line(told, 'Camera Name')),
    ...known('detectorSettings', detectorSettings(told)),
    ...lasersOf(told),
    ...known('software', software.join(' ') || undefined),
  };
}

/** Texts of the file beside its records: what the program shows of the recording, and XML of the program itself. */
export interface Nd2Texts {
  text: string;
  application: string;
}

/** A line of the text, such as `Camera Name: Nikon A1plus`. */
function line(text: string, name: string): string | undefined {
  return new RegExp(`^\\s*${name}:[ \\t]*(\\S.{0,200}?)\\s*$`, 'm').exec(text)?.[1];
}

/** Binning and gain of a camera; voltages of the detectors of a scanner whose lasers were on. */
function detectorSettings(text: string): string | undefined {
  const camera = ['Binning', 'Conversion Gain', 'Multiplier', 'Readout Mode'].flatMap((name) => {
    const value = line(text, name);
    return value === undefined ? [] : [`${name.toLowerCase()} ${value}`];
  });
  const scanner = [...text.matchAll(/^[ \t]*(CH\d+|TD)\b[^\n]*(?:\n[^\n]*)?\{PMT HV\}:[ \t]*([\d.]+)/gm)].map(
    ([, channel, voltage]) => `${channel} PMT HV ${voltage}`,
  );
  return [...new Set([...camera, ...scanner])].join(', ') || undefined;
}

/** Lasers that the text names with a power above 0. */
function lasersOf(text: string): { lightSources?: string[] } {
  const found = [...text.matchAll(/\{Laser Wavelength\}:\s*([\d.]+)\s*\{Laser Power\}:\s*([\d.]+)/g)]
    .filter(([, , power]) => Number(power) > 0)
    .map(([, wavelength]) => `laser ${Number(wavelength)} nm`);
  return found.length > 0 ? { lightSources: [...new Set(found)] } : {};
}

/** How each plane was taken (`Modality`), in the program's words; one line for all planes holds for each. */
export function nd2Modalities(text: string, components: number): (string | undefined)[] {
  const found = [...text.matchAll(/^\s*Modality:[ \t]*(\S.{0,200}?)\s*$/gm)].map(([, words]) => words);
  return Array.from({ length: components }, (_, n) => (found.length === 1 ? found[0] : found[n]));
}

/** An index of 1 to 2; other numbers are those nobody set. */
function refractiveIndex(index: number | undefined): number | undefined {
  return index !== undefined && index >= 1 && index <= 2 ? index : undefined;
}

/** The date of a Julian day, in UTC to the second; `undefined` where it is no day of this or the last century. */
export function julianDate(days: number | undefined): string | undefined {
  const milliseconds = Math.round(((days ?? 0) - 2_440_587.5) * 86_400) * 1000;
  return milliseconds > 0 && milliseconds < 4e12 ? new Date(milliseconds).toISOString().replace('.000', '') : undefined;
}
