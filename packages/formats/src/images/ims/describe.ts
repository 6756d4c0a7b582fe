import {
  type ChannelDescription,
  type ImageDescription,
  type PixelType,
  type Quantity,
  parseSpaceUnit,
  toMicrometers,
} from '@micrarium/model';
import type { Hdf5Type } from '../../containers/hdf5/datatype.ts';
import type { OpenHdf5 } from '../../containers/hdf5/open-hdf5.ts';
import { rounded } from '../ome-xml/to-model.ts';
import { hexColor, known, positive, timeStepOf } from '../stored/stated-values.ts';
import { type ImsLayout, textAttributes } from './layout.ts';

const mostTimes = 10_000;

/** Pixel type of stored values; `undefined` for kinds that are no pixels. */
export function imsPixelType(type: Hdf5Type): PixelType | undefined {
  if (type.class === 'float' && type.isStandard) return `float${(type.size * 8) as 16 | 32 | 64}`;
  if (type.class !== 'integer' || type.precision !== type.size * 8 || ![1, 2, 4].includes(type.size)) return undefined;
  const bits = (type.size * 8) as 8 | 16 | 32;
  return type.signed ? `int${bits}` : `uint${bits}`;
}

/** What the metadata group says of the image. */
export async function describeIms(
  file: OpenHdf5,
  layout: ImsLayout,
  type: PixelType,
  fallbackName: string,
): Promise<ImageDescription> {
  const image = await textAttributes(await file.node(`${layout.info}/Image`));
  const { sizes } = layout.levels[0]!;
  const name = image.get('Name') ?? '';
  const times = await readTimes(file, layout.info, layout.times);
  const objective = {
    ...known('magnification', positive(/[\d.]+/.exec(image.get('LensPower') ?? '')?.[0])),
    ...known('numericalAperture', positive(image.get('NumericalAperture'))),
  };
  const program = await textAttributes(await file.node(`${layout.info}/Imaris`));
  const version = sensible(program.get('Version'));
  const instrument = {
    ...known('manufacturer', sensible(image.get('ManufactorString'))),
    ...known('model', sensible(image.get('ManufactorType'))),
    ...(Object.keys(objective).length > 0 ? { objective } : {}),
    ...known('software', version === undefined ? undefined : `Imaris ${version}`),
  };
  return {
    name: sensible(name) ?? fallbackName,
    sizes: { t: layout.times, c: layout.channels, ...sizes },
    type,
    ...extents(image, sizes),
    ...(layout.times > 1 ? timeStepOf(times.seconds) : {}),
    ...(times.seconds.length > 1 ? { planeTimes: times.seconds } : {}),
    channels: await readChannels(file, layout),
    ...known('acquiredAt', isoTime(image.get('RecordingDate')) ?? times.first),
    ...known('description', sensible(image.get('Description'))),
    ...(Object.keys(instrument).length > 0 ? { instrument } : {}),
  };
}

/** Words the program writes where nobody said anything. */
function sensible(text: string | undefined): string | undefined {
  return text === undefined || text === '' || /^\(.*(not|no) .*\)$|^generic/i.test(text) ? undefined : text;
}

/** Voxel size from the extents, and where the corner of the image lies. Axis 0 is x. */
function extents(
  image: ReadonlyMap<string, string>,
  sizes: { z: number; y: number; x: number },
): Pick<ImageDescription, 'voxelSize' | 'origin'> {
  const unit = parseSpaceUnit(image.get('Unit') ?? 'um') ?? 'micrometer';
  const perUnit = toMicrometers({ value: 1, unit });
  if (perUnit === undefined) return {};
  const voxelSize: { z?: Quantity; y?: Quantity; x?: Quantity } = {};
  const origin: { z?: Quantity; y?: Quantity; x?: Quantity } = {};
  for (const [axis, name] of (['x', 'y', 'z'] as const).entries()) {
    const [from, to] = [Number(image.get(`ExtMin${axis}`)), Number(image.get(`ExtMax${axis}`))];
    const size = Math.abs(to - from) / sizes[name];
    if (!(size > 0) || !Number.isFinite(size)) continue;
    voxelSize[name] = { value: rounded(size * perUnit), unit: 'micrometer' };
    if (from !== 0) origin[name] = { value: rounded(from * perUnit), unit: 'micrometer' };
  }
  return {
    ...(Object.keys(voxelSize).length > 0 ? { voxelSize } : {}),
    ...(Object.keys(origin).length > 0 ? { origin } : {}),
  };
}

async function readChannels(file: OpenHdf5, { info, channels }: ImsLayout): Promise<ChannelDescription[]> {
  const out: ChannelDescription[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const stated = await textAttributes(await file.node(`${info}/Channel ${channel}`));
    const parts = (stated.get('Color') ?? '').split(/\s+/).map(Number);
    const isColor = parts.length === 3 && parts.every((part) => part >= 0 && part <= 1);
    const range = (stated.get('ColorRange') ?? '').split(/\s+/).map(Number);
    const [start, end] = range;
    out.push({
      name: sensible(stated.get('Name')) ?? '',
      ...known('color', isColor ? hexColor(parts[0]! * 255, parts[1]! * 255, parts[2]! * 255) : undefined),
      ...known('excitationNanometers', positive(stated.get('LSMExcitationWavelength'))),
      ...known('emissionNanometers', positive(stated.get('LSMEmissionWavelength'))),
      ...known('acquisitionMode', sensible(stated.get('MicroscopyMode'))),
      ...known('pinholeMicrometers', positive(stated.get('LSMPinhole'))),
      ...(range.length === 2 && start! < end! ? { window: { start: start!, end: end! } } : {}),
    });
  }
  return out;
}

/** Times of the time points in seconds since the first, at most 10 000 of them, and the first as it is written. */
export async function readTimes(
  file: OpenHdf5,
  info: string,
  times: number,
): Promise<{ seconds: number[]; first: string | undefined }> {
  const stated = await textAttributes(await file.node(`${info}/TimeInfo`));
  const first = isoTime(stated.get('TimePoint1'));
  const begin = milliseconds(stated.get('TimePoint1'));
  const seconds: number[] = [];
  for (let time = 1; begin !== undefined && time <= Math.min(times, mostTimes); time++) {
    const at = milliseconds(stated.get(`TimePoint${time}`));
    if (at === undefined) return { seconds: [], first };
    seconds.push(rounded((at - begin) / 1000));
  }
  return { seconds, first };
}

/** `2005-09-08 10:37:51.610` in ISO 8601; no zone is known. Dates of the epoch and before say nothing. */
function isoTime(text: string | undefined): string | undefined {
  const at = milliseconds(text);
  return text !== undefined && at !== undefined && at > 86_400_000 ? text.trim().replace(' ', 'T') : undefined;
}

function milliseconds(text: string | undefined): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?$/.test(text?.trim() ?? '')) return undefined;
  const at = Date.parse(`${text!.trim().replace(' ', 'T')}Z`);
  return Number.isNaN(at) ? undefined : at;
}
