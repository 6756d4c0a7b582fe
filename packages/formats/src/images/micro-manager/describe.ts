import type { ChannelDescription, ImageDescription, Quantity } from '@micrarium/model';
import { isoDate } from '../ome-xml/to-model.ts';
import { hasValues, hexColor, known, micrometers, positive, timeStepOf, voxelSizeOf } from '../stored/stated-values.ts';
import { type JsonValues, numberOf, textOf, valueAt } from './header.ts';

/** What Micro-Manager says of an image besides its sizes and type. */
export type StatedByMicroManager = Pick<
  ImageDescription,
  'voxelSize' | 'timeStep' | 'planeTimes' | 'origin' | 'acquiredAt' | 'instrument' | 'significantBits' | 'description'
> & { channels: ChannelDescription[] };

/**
 * Describes an image by the summary of its acquisition and the records of its planes.
 * @param channels record of the first plane of each channel, as far as known
 * @param times records of the first plane of each time point, as far as known
 * @param slices records of the planes of one stack, as far as known
 */
export function describeMicroManager(
  summary: JsonValues,
  channels: readonly (JsonValues | undefined)[],
  times: readonly (JsonValues | undefined)[] = [],
  slices: readonly (JsonValues | undefined)[] = [],
): StatedByMicroManager {
  const first = channels.find((plane) => plane !== undefined) ?? {};
  const pixelSizes = ['PixelSizeUm', 'PixelSize_um'] as const;
  const pixel = positive(numberOf(first, ...pixelSizes)) ?? positive(numberOf(summary, ...pixelSizes));
  const aspect = positive(numberOf(first, 'PixelAspect')) ?? positive(numberOf(summary, 'PixelAspect')) ?? 1;
  const depth = positive(Math.abs(numberOf(summary, 'z-step_um') ?? 0)) ?? sliceStep(slices);
  const bits = positive(numberOf(first, 'BitDepth') ?? numberOf(summary, 'BitDepth'));
  const seconds = times.map((plane) => (numberOf(plane ?? {}, 'ElapsedTime-ms') ?? Number.NaN) / 1000);
  const stage = (name: string): Quantity | undefined => {
    const value = numberOf(first, `${name}PositionUm`, `${name}Position_um_Intended`);
    return value === undefined ? undefined : { value, unit: 'micrometer' };
  };
  const origin = {
    ...known('z', stage('Z')),
    ...known('y', stage('Y')),
    ...known('x', stage('X')),
  };
  const version = textOf(summary, 'MicroManagerVersion', 'MicroManager_version');
  const instrument = {
    ...known('detector', textOf(first, 'Camera', 'Core-Camera')),
    ...known('detectorSettings', settingsOf(first)),
    ...known('software', version === undefined ? undefined : `Micro-Manager ${version}`),
  };
  return {
    ...voxelSizeOf(
      micrometers(pixel),
      micrometers(pixel === undefined ? undefined : pixel * aspect),
      micrometers(depth),
    ),
    ...stepOf(summary, seconds),
    ...(seconds.length > 1 && seconds.every(Number.isFinite) && seconds.some((time) => time !== seconds[0])
      ? { planeTimes: seconds.map((time) => time - seconds[0]!) }
      : {}),
    ...(hasValues(origin) ? { origin } : {}),
    channels: channels.map((plane, n) => channelOf(summary, plane, n)),
    ...known('acquiredAt', dateOf(first) ?? dateOf(summary)),
    ...(hasValues(instrument) ? { instrument } : {}),
    ...(bits !== undefined && bits > 8 && bits < 16 ? { significantBits: bits } : {}),
    ...known('description', textOf(summary, 'Comment')),
  };
}

/** Distance of slices by where the planes of a stack were taken, for programs that state no step. */
function sliceStep(slices: readonly (JsonValues | undefined)[]): number | undefined {
  const heights = slices.map((plane) => numberOf(plane ?? {}, 'ZPosition_um_Intended', 'ZPositionUm') ?? Number.NaN);
  if (!heights.every(Number.isFinite)) return undefined;
  const rising = (heights[0] ?? 0) > (heights.at(-1) ?? 0) ? heights.toReversed() : heights;
  return timeStepOf(rising).timeStep?.value;
}

/** Binning and gain, which stand there by the name of the camera. */
function settingsOf(plane: JsonValues): string | undefined {
  const camera = textOf(plane, 'Camera', 'Core-Camera') ?? '';
  const said = ['Binning', 'Gain'].flatMap((name) => {
    const value = valueAt(plane, `${camera}-${name}`) ?? valueAt(plane, name);
    const isSaid = (typeof value === 'string' && value !== '') || typeof value === 'number';
    return isSaid ? [`${name.toLowerCase()} ${String(value)}`] : [];
  });
  return said.join(', ') || undefined;
}

/** Times as they were measured are nearer to the truth than the interval that was asked for. */
function stepOf(summary: JsonValues, seconds: readonly number[]): { timeStep?: Quantity } {
  const measured = seconds.every(Number.isFinite) ? timeStepOf(seconds) : {};
  const stated = positive(numberOf(summary, 'Interval_ms', 'IntervalMs', 'interval_ms', 'WaitInterval'));
  const custom = summary['CustomIntervals_ms'];
  if (measured.timeStep || (Array.isArray(custom) && custom.length > 0)) return measured;
  return stated === undefined ? {} : { timeStep: { value: stated / 1000, unit: 'second' } };
}

function channelOf(summary: JsonValues, plane: JsonValues | undefined, n: number): ChannelDescription {
  const names = summary['ChNames'];
  const colours = summary['ChColors'];
  const name = Array.isArray(names) && typeof names[n] === 'string' ? names[n] : undefined;
  const colour = Array.isArray(colours) && typeof colours[n] === 'number' ? colours[n] : undefined;
  const exposure = positive(numberOf(plane ?? {}, 'Exposure-ms', 'ExposureMs', 'Exposure'));
  return {
    name: textOf(plane ?? {}, 'Channel', 'ChannelName') ?? name ?? '',
    // A signed whole number: alpha, red, green, blue.
    ...known('color', colour === undefined ? undefined : argbColor(colour)),
    ...known('exposureSeconds', exposure === undefined ? undefined : exposure / 1000),
  };
}

function argbColor(value: number): string {
  return hexColor((value >> 16) & 255, (value >> 8) & 255, value & 255);
}

/** Dates are written as `2023-05-04 10:11:12 +0200` or `...12.345 +0200`, or as ISO 8601. */
function dateOf(values: JsonValues): string | undefined {
  const text = textOf(values, 'ReceivedTime', 'receivedTime', 'StartTime', 'Time');
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)\s*(Z|[+-]\d\d:?\d\d)?$/.exec(text ?? '');
  const zone = (match?.[3] ?? '').replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  return match ? isoDate(`${match[1]}T${match[2]}${zone}`) : isoDate(textOf(values, 'Date'));
}

/** Fills what a description leaves out; what it says stays. */
export function fillFromMicroManager(description: ImageDescription, stated: StatedByMicroManager): void {
  const { channels, instrument, voxelSize, timeStep, planeTimes, ...rest } = stated;
  for (const [key, value] of Object.entries(rest))
    if (description[key as keyof typeof rest] === undefined) Object.assign(description, { [key]: value });
  description.voxelSize = { ...voxelSize, ...description.voxelSize };
  if (!hasValues(description.voxelSize)) delete description.voxelSize;
  if (description.sizes.t > 1 && !description.timeStep && timeStep) description.timeStep = timeStep;
  if (planeTimes && planeTimes.length === description.sizes.t && !description.planeTimes)
    description.planeTimes = planeTimes;
  if (instrument)
    // The outside names ImageJ, whose way of writing was used.
    description.instrument = { ...instrument, ...description.instrument, ...known('software', instrument.software) };
  if (channels.length === description.channels.length)
    description.channels = description.channels.map((channel, n) => ({
      ...channels[n],
      ...channel,
      name: channel.name || channels[n]!.name,
    }));
}
