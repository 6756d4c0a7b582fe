import type { ChannelDescription, ImageDescription, InstrumentDescription } from '@micrarium/model';
import { known, micrometers, positive, voxelSizeOf } from '../stored/stated-values.ts';
import type { EtsStack } from './ets.ts';
import { type VsiTag, vsiTag } from './tags.ts';

/** Values of the tags of one image, by number, in file order. */
type Values = ReadonlyMap<number, VsiTag['value'][]>;

/** Sides beyond this are damage. */
const largestSide = 10_000_000;
/** Kinds of stacks that are no recordings: sample masks, maps of sharpness, height and texture. */
const madeStacks = new Set([2, 8, 16, 32]);

function valuesOf(tags: readonly VsiTag[]): Values {
  const values = new Map<number, VsiTag['value'][]>();
  for (const { tag, value } of tags) values.set(tag, [...(values.get(tag) ?? []), value]);
  return values;
}

/**
 * The images of a VSI by its tags, each with the stack of tiles that holds it where as many of them are there: size, pixel
 * size, channels with exposure, objective, date. Overviews and what was computed of others are left out.
 */
export function describeVsi(tags: readonly VsiTag[], stacks: readonly EtsStack[], name: string): ImageDescription[] {
  const common = valuesOf(tags.filter(({ image }) => image === 0));
  const groups = [...Map.groupBy(tags, ({ image }) => image)]
    .filter(([image]) => image > 0)
    .map(([, own]) => valuesOf(own))
    .filter(
      (values) => boundary(values) !== undefined && !madeStacks.has(Number(values.get(vsiTag.stackType)?.[0] ?? 0)),
    );
  const withTiles = groups.length === stacks.length ? stacks : [];
  return groups.flatMap((values, n) => {
    const described = describe(values, common, withTiles[n], groups.length > 1 ? `${name} (${n + 1})` : name);
    return described ? [described] : [];
  });
}

/** Width and height of the largest frame; the boundary is x, y, width, height. */
function boundary(values: Values): { x: number; y: number } | undefined {
  const frames = (values.get(vsiTag.imageBoundary) ?? []).flatMap((value) =>
    Array.isArray(value) && value.length === 4 ? [{ x: Number(value[2]), y: Number(value[3]) }] : [],
  );
  const good = frames.filter(({ x, y }) => x > 0 && y > 0 && x <= largestSide && y <= largestSide);
  return good.toSorted((a, b) => b.x * b.y - a.x * a.y)[0];
}

function describe(
  values: Values,
  common: Values,
  stack: EtsStack | undefined,
  fallback: string,
): ImageDescription | undefined {
  const size = boundary(values);
  if (!size) return undefined;
  const first = (tag: number): VsiTag['value'] | undefined => values.get(tag)?.[0] ?? common.get(tag)?.[0];
  const text = (tag: number): string | undefined => {
    const value = first(tag);
    return typeof value === 'string' && value !== '' && value !== '0' ? value : undefined;
  };
  const names = (values.get(vsiTag.channelName) ?? []).filter((value) => typeof value === 'string');
  const channelNames = [...new Set(names.filter((one) => one !== ''))];
  const exposures = (values.get(vsiTag.exposureTime) ?? []).map((value) => positive(Number(value)));
  const scale = values.get(vsiTag.frameScale)?.find((value) => Array.isArray(value));
  const [x, y] = Array.isArray(scale) ? scale : [];
  const sizes = furtherSizes(values, stack, channelNames.length);
  const isColour = stack !== undefined && stack.samples >= 3;
  const channels = Array.from({ length: sizes.c }, (_, c): ChannelDescription => {
    const exposure = exposures.length === sizes.c ? exposures[c] : exposures[0];
    return {
      name: channelNames[c] ?? '',
      // Microseconds.
      ...known('exposureSeconds', exposure === undefined ? undefined : exposure / 1e6),
    };
  });
  const bits = positive(Number(first(vsiTag.bitDepth)));
  const instrument = instrumentOf(first, text);
  return {
    name: text(vsiTag.stackName) ?? fallback,
    sizes: { ...sizes, ...size },
    type: stack?.type ?? (bits !== undefined && bits <= 8 ? 'uint8' : 'uint16'),
    ...(isColour ? { samples: stack.samples } : {}),
    ...voxelSizeOf(micrometers(x), micrometers(y), sizes.z > 1 ? increment(values, vsiTag.zIncrement, 1) : undefined),
    ...known('timeStep', sizes.t > 1 ? timeStep(values) : undefined),
    channels,
    ...known('acquiredAt', dateOf(first(vsiTag.creationTime))),
    ...(Object.keys(instrument).length > 0 ? { instrument } : {}),
    ...(bits !== undefined && bits > 8 && bits < 16 ? { significantBits: bits } : {}),
  };
}

/** Which of the further axes of the tiles is which: channels by their number, then slices and times by their steps. */
function furtherSizes(
  values: Values,
  stack: EtsStack | undefined,
  channels: number,
): { t: number; c: number; z: number } {
  const sizes = { t: 1, c: Math.max(1, stack && stack.samples >= 3 ? 1 : channels), z: 1 };
  const left = (stack?.further ?? []).filter((count) => count > 1);
  const asChannels = left.indexOf(sizes.c);
  if (sizes.c > 1 && asChannels >= 0) left.splice(asChannels, 1);
  const axes = [
    ...(values.has(vsiTag.zIncrement) ? (['z'] as const) : []),
    ...(values.has(vsiTag.timeIncrement) ? (['t'] as const) : []),
  ];
  for (const [n, count] of left.entries()) sizes[axes[n] ?? (sizes.z === 1 ? 'z' : 't')] = count;
  return sizes;
}

function increment(values: Values, tag: number, perUnit: number): ReturnType<typeof micrometers> {
  const value = values.get(tag)?.find((one) => typeof one === 'number' && one !== 0);
  return micrometers(Math.abs(Number(value)), perUnit);
}

/** Milliseconds. */
function timeStep(values: Values): ImageDescription['timeStep'] {
  const value = positive(Number(values.get(vsiTag.timeIncrement)?.find((one) => Number(one) > 0)));
  return value === undefined ? undefined : { value: value / 1000, unit: 'second' };
}

/** Seconds since 1970. */
function dateOf(value: VsiTag['value'] | undefined): string | undefined {
  const seconds = Number(value);
  return seconds > 5e8 && seconds < 5e9 ? new Date(seconds * 1000).toISOString().replace('.000', '') : undefined;
}

function instrumentOf(
  first: (tag: number) => VsiTag['value'] | undefined,
  text: (tag: number) => string | undefined,
): InstrumentDescription {
  const aperture = positive(Number(first(vsiTag.numericalAperture)));
  const index = positive(Number(first(vsiTag.refractiveIndex)));
  const objective = {
    ...known('model', text(vsiTag.objectiveName)),
    ...known('magnification', positive(Number(first(vsiTag.magnification)))),
    ...known('numericalAperture', aperture !== undefined && aperture <= 2 ? aperture : undefined),
    ...known('refractiveIndex', index !== undefined && index >= 1 && index <= 2 ? index : undefined),
  };
  const product = [text(vsiTag.productName), text(vsiTag.productVersion)].filter((part) => part !== undefined);
  return {
    manufacturer: text(vsiTag.deviceManufacturer) ?? 'Olympus',
    ...(Object.keys(objective).length > 0 ? { objective } : {}),
    ...known('detector', text(vsiTag.deviceName)),
    ...known('software', product.join(' ') || undefined),
  };
}
