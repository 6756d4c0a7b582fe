import { type FormatId, type InspectReport, formatById } from '@micrarium/formats';
import { imagingMethodTerms, microscopeLine, microscopeOfInstrument } from '@micrarium/standards';
import type { Origin, Value } from './draft.ts';

/** What prefilling looks at: a report, and the sizes of its files. */
export interface ReadItem {
  path: string;
  bytes: number;
  report: Pick<InspectReport, 'format' | 'images'> & Partial<Pick<InspectReport, 'kind'>>;
}

/** Is a place in a file one that `valuesFromReports` notes? Values of other places were read of documents. */
export const isPlaceOfReports = (place: string): boolean =>
  /^(metadata of the microscope|contrast method “.*”|acquisition mode “.*”|emission at [\d.]+ nm)$/.test(place);

/** A value for a field, and where it came from. */
export interface Prefilled {
  value: Value;
  origin: Origin;
}

/** Formats that say nothing about what the data are in. */
const notDataFormats: ReadonlySet<FormatId> = new Set([
  'unknown',
  'text',
  'pdf',
  'isa-tab',
  'isa-json',
  'ro-crate',
  'rembi',
  'mifa',
  'miacme',
  'micro-meta',
  'data-package',
]);

/** Words microscopes use for a contrast method (OME-XML `ContrastMethod`, makers' own), with the FBbi term they mean. */
const contrastTerms: readonly [RegExp, string][] = [
  [/^(phase|phase ?contrast|ph\d?)$/i, 'FBbi:00000247'],
  [/^(dic|differential interference contrast|nomarski)$/i, 'FBbi:00000245'],
  [/^(bright ?-?field|bf)$/i, 'FBbi:00000243'],
  [/^(dark ?-?field|df)$/i, 'FBbi:00000244'],
  [/^(polari[sz]ed ?light|polari[sz]ation)$/i, 'FBbi:00000248'],
  [/^fluorescence$/i, 'FBbi:00000246'],
];

/** Words of OME-XML and of makers for a mode of acquisition, with the FBbi term they mean. */
const modeTerms: readonly [RegExp, string][] = [
  [/^(laser ?scanning ?confocal( ?microscopy)?|lsm|confocal)$/i, 'FBbi:00000251'],
  [/^spinning ?dis[ck] ?confocal$/i, 'FBbi:00000253'],
  [/^slit ?scan ?confocal$/i, 'FBbi:00000392'],
  [/^(multi ?photon( ?microscopy)?|two ?photon)$/i, 'FBbi:00000255'],
  [/^structured ?illumination$/i, 'FBbi:00000332'],
  [/^(total ?internal ?reflection|tirf)$/i, 'FBbi:00000617'],
  [/^palm$/i, 'FBbi:00000335'],
  [/^storm$/i, 'FBbi:00000336'],
  [/^sted$/i, 'FBbi:00000334'],
  [/^spim$/i, 'FBbi:00000369'],
  [/^(lattice ?)?light ?sheet$/i, 'FBbi:00000364'],
];

const siBytes = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A size as it is written into the metadata: English, three digits. */
function sizeText(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(siBytes.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** step).toPrecision(3))} ${siBytes[step]}`;
}

function formatNames(items: readonly ReadItem[]): Prefilled | undefined {
  const counts = new Map<FormatId, number>();
  // A filled template is no data, whatever it is written in.
  for (const { report } of items)
    if (!notDataFormats.has(report.format) && report.kind !== 'metadata')
      counts.set(report.format, (counts.get(report.format) ?? 0) + 1);
  if (counts.size === 0) return undefined;
  const ids = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([id]) => id);
  const first = items.find(({ report }) => report.format === ids[0])!;
  return {
    value: [...new Set(ids.map((id) => formatById(id)?.name ?? id))],
    origin: ofAll(items, first.path),
  };
}

/** Where a value of all files together came from. */
const ofAll = (items: readonly ReadItem[], file: string): Origin =>
  items.length > 1 ? { kind: 'file' } : { kind: 'file', file };

function imagingMethods(items: readonly ReadItem[]): Prefilled | undefined {
  const found = new Map<string, Origin>();
  const note = (id: string, file: string, place: string) => {
    if (!found.has(id)) found.set(id, { kind: 'file', file, place });
  };
  for (const { path, report } of items)
    for (const channel of (report.images ?? []).flatMap((image) => image.channels)) {
      const method = channel.contrastMethod?.trim();
      const term = method === undefined ? undefined : contrastTerms.find(([words]) => words.test(method));
      if (term) note(term[1], path, `contrast method “${method}”`);
      const mode = channel.acquisitionMode?.trim();
      const modeTerm = mode === undefined ? undefined : modeTerms.find(([words]) => words.test(mode));
      if (modeTerm) note(modeTerm[1], path, `acquisition mode “${mode}”`);
      if (!term && channel.emissionNanometers !== undefined)
        note('FBbi:00000246', path, `emission at ${channel.emissionNanometers} nm`);
    }
  const [first] = found.values();
  if (!first) return undefined;
  const terms = [...found.keys()].map((id) => imagingMethodTerms.find((term) => term.id === id)!);
  return { value: terms.map(({ id, label }) => ({ id, label })), origin: first };
}

type Image = NonNullable<ReadItem['report']['images']>[number];

/** What a file says of how an image was taken, in English sentences; empty where it says nothing of the microscope. */
function takenWith({ instrument = {}, channels, voxelSize, timeStep }: Image): string {
  const { manufacturer, model, objective, detector, software } = instrument;
  const lens = objective && [
    objective.model ?? (objective.magnification === undefined ? undefined : `${objective.magnification}x`),
    objective.numericalAperture === undefined ? undefined : `NA ${objective.numericalAperture}`,
    objective.immersion,
  ];
  const microscope = [manufacturer, model].filter(Boolean).join(' ');
  if (microscope === '' && !objective) return '';
  const named = channels.filter(({ name, fluorophore }) => name !== '' || fluorophore !== undefined);
  const sizes = (['x', 'y', 'z'] as const).flatMap((axis) => voxelSize?.[axis]?.value ?? []);
  const unit = voxelSize?.x?.unit ?? '';
  const sentences = [
    microscope === '' ? undefined : `Microscope: ${microscope}`,
    lens ? `Objective: ${lens.filter(Boolean).join(', ')}` : undefined,
    detector ? `Detector: ${detector}` : undefined,
    named.length > 0 ? `Channels: ${named.map(channelWords).join('; ')}` : undefined,
    sizes.length > 0
      ? `Pixel size: ${sizes.map((size) => Number(size.toPrecision(4))).join(' x ')} ${unit}`
      : undefined,
    timeStep ? `Time between frames: ${Number(timeStep.value.toPrecision(4))} ${timeStep.unit}` : undefined,
    software ? `Software: ${software}` : undefined,
  ];
  return sentences.flatMap((sentence) => (sentence === undefined ? [] : `${sentence}.`)).join(' ');
}

function channelWords(channel: Image['channels'][number]): string {
  const light = [
    channel.fluorophore,
    channel.excitationNanometers === undefined ? undefined : `excitation ${channel.excitationNanometers} nm`,
    channel.emissionNanometers === undefined ? undefined : `emission ${channel.emissionNanometers} nm`,
    channel.exposureSeconds === undefined ? undefined : `exposure ${Number(channel.exposureSeconds.toPrecision(3))} s`,
  ].filter((part) => part !== undefined && part !== channel.name);
  const name = channel.name || (light.shift() ?? '');
  return light.length === 0 ? name : `${name} (${light.join(', ')})`;
}

/** How the images were taken, as the first file tells that says anything of its microscope. */
function methodSummary(items: readonly ReadItem[]): Prefilled | undefined {
  for (const { path, report } of items)
    for (const image of report.images ?? []) {
      const words = takenWith(image);
      if (words !== '')
        return { value: words, origin: { kind: 'file', file: path, place: 'metadata of the microscope' } };
    }
  return undefined;
}

/** The microscope of the first file that tells of one, in a line as the form holds it. */
export function microscopeOfReports(items: readonly ReadItem[]): string | undefined {
  for (const { report } of items)
    for (const { instrument } of report.images ?? []) {
      if (!(instrument?.manufacturer ?? instrument?.model ?? instrument?.objective)) continue;
      const line = microscopeLine({ microscope: microscopeOfInstrument(instrument) });
      if (line !== undefined) return line;
    }
  return undefined;
}

/**
 * Values the files themselves give for the form, by field id, each with its origin. Pure; nothing is guessed: a field
 * no file speaks about is not there.
 */
export function valuesFromReports(items: readonly ReadItem[]): Record<string, Prefilled> {
  if (items.length === 0) return {};
  const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
  const largest = items.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const formats = formatNames(items);
  const methods = imagingMethods(items);
  const summary = methodSummary(items);
  return {
    dataSize: { value: sizeText(bytes), origin: ofAll(items, largest.path) },
    ...(formats ? { dataFormats: formats } : {}),
    ...(methods ? { imagingMethods: methods } : {}),
    ...(summary ? { methodSummary: summary } : {}),
  };
}
