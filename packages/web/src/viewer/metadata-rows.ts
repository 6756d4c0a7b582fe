import type { ChannelDescription, ConversionRecord, ImageDescription } from '@micrarium/model';
import type { MessageKey } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenMoment, writtenNumber } from '../messages/written.ts';

/** A line of the metadata panel: the key of its name, and what the file says; `undefined` where it does not. */
export type MetadataRow = readonly [name: MessageKey, value: string | undefined];

const joined = (parts: readonly (string | number | false | undefined)[], by = ' ') =>
  parts.filter((part) => part !== undefined && part !== false && part !== '').join(by) || undefined;
const unlessEmpty = (rows: readonly MetadataRow[]) => rows.filter(([, value]) => value !== undefined);
const number = (value: number | undefined, unit = '') =>
  value === undefined ? undefined : joined([writtenNumber(value, 5), unit]);

/** A moment as the reader writes it; as the file has it where that is no date. */
function moment(iso: string | undefined): string | undefined {
  return iso === undefined || Number.isNaN(Date.parse(iso)) ? iso : writtenMoment(iso);
}

/** What the image is: sizes, type, pixel, interval. The first rows stand even where the file says nothing. */
export function imageRows(image: ImageDescription): MetadataRow[] {
  const { sizes, voxelSize, timeStep } = image;
  const further = Object.entries(sizes).filter(([axis, size]) => !'tczyx'.includes(axis) && size > 1);
  const pixel = voxelSize?.x
    ? `${[voxelSize.x, voxelSize.y, voxelSize.z].flatMap((one) => (one ? [writtenNumber(one.value, 4)] : [])).join(' × ')} ${shortUnit(voxelSize.x.unit)}`
    : undefined;
  const size = `${sizes.x} × ${sizes.y}, ${sizes.z} z, ${sizes.c} c, ${sizes.t} t`;
  return [
    [
      'viewer.size',
      joined([size, ...further.map(([axis, count]) => `${count} ${axis}${placesOf(image, axis, count)}`)], ', '),
    ],
    ['viewer.type', image.type],
    ['viewer.pixel', pixel],
    ...(sizes.t > 1 ? [['viewer.interval', number(timeStep?.value, shortUnit(timeStep?.unit))] as const] : []),
    ...unlessEmpty([
      ['meta.bits', number(image.significantBits)],
      ['meta.samples', number(image.samples)],
      ['meta.said', image.description],
    ]),
  ];
}

/** From where to where a further axis goes: ` (550–740 nm)`. */
function placesOf({ furtherAxes }: ImageDescription, axis: string, count: number): string {
  const { start, step, unit = '' } = furtherAxes?.[axis] ?? {};
  if (start === undefined || step === undefined) return '';
  return ` (${writtenNumber(start, 5)}–${writtenNumber(start + (count - 1) * step, 5)} ${shortUnit(unit)})`;
}

/** When and how it was recorded. */
export function acquisitionRows(image: ImageDescription): MetadataRow[] {
  const { origin, planeTimes = [], timeOffset, channels } = image;
  const all = (of: (channel: ChannelDescription) => string | undefined) => joined([...new Set(channels.map(of))], ', ');
  const stage = origin
    ? joined(
        (['x', 'y', 'z'] as const).map(
          (axis) => origin[axis] && `${axis} ${writtenNumber(origin[axis].value, 6)} ${shortUnit(origin[axis].unit)}`,
        ),
        ', ',
      )
    : undefined;
  const last = planeTimes.at(-1);
  return [
    ['viewer.acquired', moment(image.acquiredAt)],
    ...unlessEmpty([
      ['meta.mode', all((channel) => channel.acquisitionMode)],
      ['meta.contrast', all((channel) => channel.contrastMethod)],
      ['meta.illumination', all((channel) => channel.illumination)],
      ['meta.stage', stage],
      ['meta.firstAfter', number(timeOffset?.value, shortUnit(timeOffset?.unit))],
      ['meta.lasted', planeTimes.length > 1 ? number(last, 's') : undefined],
    ]),
  ];
}

/** The microscope. */
export function instrumentRows({ instrument }: ImageDescription): MetadataRow[] {
  const objective = instrument?.objective;
  return [
    ['meta.microscope', joined([instrument?.manufacturer, instrument?.model])],
    [
      'viewer.objective',
      joined([objective?.model, objective?.magnification && `${writtenNumber(objective.magnification)}×`]),
    ],
    ...unlessEmpty([
      ['meta.aperture', number(objective?.numericalAperture)],
      ['meta.immersion', objective?.immersion],
      ['meta.correction', objective?.correction],
      ['meta.refractive', number(objective?.refractiveIndex)],
      ['meta.working', number(objective?.workingDistanceMicrometers, 'µm')],
    ]),
    ['meta.detector', joined([instrument?.detector, instrument?.detectorSettings], ', ')],
    ...unlessEmpty([['meta.lights', joined(instrument?.lightSources ?? [], ', ')]]),
    ['meta.software', instrument?.software],
  ];
}

/** What was seen in one channel; nothing where the file names it only. */
export function channelRows(channel: ChannelDescription): MetadataRow[] {
  const { fluorophore, excitationNanometers, emissionNanometers, exposureSeconds, pinholeMicrometers } = channel;
  const exposure =
    exposureSeconds === undefined
      ? undefined
      : exposureSeconds < 1
        ? number(exposureSeconds * 1000, 'ms')
        : number(exposureSeconds, 's');
  return unlessEmpty([
    ['meta.fluorophore', fluorophore],
    ['meta.excitation', number(excitationNanometers, 'nm')],
    ['meta.emission', number(emissionNanometers, 'nm')],
    ['meta.exposure', exposure],
    ['meta.pinhole', number(pinholeMicrometers, 'µm')],
  ]);
}

const recipeNames: Readonly<Record<string, MessageKey>> = {
  'image-to-ozx': 'meta.recipeOzx',
  'zarr-packed': 'meta.recipePacked',
  'zarr-as-deposited': 'meta.recipeDeposited',
  'raw-metadata': 'meta.recipeRaw',
};

/** One conversion, told: what was made, by which tool, when, with which parameters. */
export interface ToldConversion {
  recipe: MessageKey | undefined;
  /** The recipe's own name, for those without words. */
  name: string;
  rows: MetadataRow[];
}

/** How what is shown of an image was made: its own conversions, and those of the whole item that concern images. */
export function conversionsOf(conversions: readonly ConversionRecord[], image: number): ToldConversion[] {
  return conversions
    .filter(({ recipe, parameters }) => parameters.image === image || recipe === 'raw-metadata')
    .map(({ recipe, tool, toolVersion, parameters, madeAt, outputs }) => ({
      recipe: recipeNames[recipe],
      name: recipe,
      rows: [
        ['meta.tool', `${tool} ${toolVersion}`],
        ['meta.made', moment(madeAt)],
        ...unlessEmpty([
          [
            'meta.parameters',
            joined(
              Object.entries(parameters).map(([key, value]) => `${key} ${value}`),
              ', ',
            ),
          ],
          [
            'meta.outputs',
            joined(
              outputs.map(({ path, sha256 }) => `${path} (SHA-256 ${sha256.slice(0, 12)}…)`),
              ', ',
            ),
          ],
        ]),
      ],
    }));
}
