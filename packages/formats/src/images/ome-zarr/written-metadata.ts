import { type ImageDescription, parseSpaceUnit, parseTimeUnit } from '@micrarium/model';
import { channelColors } from '../pyramid/channel-colors.ts';
import type { DisplayWindow } from '../pyramid/display-window.ts';
import type { DownsampleMethod } from '../pyramid/downsample.ts';
import type { PlannedLevel } from '../pyramid/pyramid-plan.ts';
import { type ArrayPlan, type StoredType, storedTypes } from './array-plan.ts';
import { furtherAxesOf, placeName } from '../further-axes.ts';
import { foldedAxesOf } from './folded-axes.ts';
import { furtherIndices } from './folded-planes.ts';

/** Versions we write. */
export type WrittenVersion = '0.4' | '0.5';

/** JSON as it is laid down. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const axes = ['t', 'c', 'z', 'y', 'x'] as const;
const known = (value: number | undefined): value is number =>
  value !== undefined && Number.isFinite(value) && value > 0;

/** Step and unit of each axis at level 0; unit only where the size is known. */
function axisSizes(description: ImageDescription): Record<(typeof axes)[number], { step: number; unit?: string }> {
  const space = (axis: 'z' | 'y' | 'x'): { step: number; unit?: string } => {
    const size = description.voxelSize?.[axis];
    const unit = size && parseSpaceUnit(size.unit);
    return size && known(size.value) && unit && unit !== 'pixel' ? { step: size.value, unit } : { step: 1 };
  };
  const step = description.timeStep;
  const unit = step && parseTimeUnit(step.unit);
  const time = step && known(step.value) && unit && unit !== 'frame' ? { step: step.value, unit } : { step: 1 };
  return { t: time, c: { step: 1 }, z: space('z'), y: space('y'), x: space('x') };
}

/** The `multiscales` entry. Centres of averaged pixels lie `(factor - 1) / 2` pixels of level 0 further. */
export function multiscalesEntry(
  description: ImageDescription,
  levels: readonly PlannedLevel[],
  method: DownsampleMethod,
  version: WrittenVersion,
): Json {
  const sizes = axisSizes(description);
  const folded = foldedAxesOf(description);
  const types = { t: 'time', c: 'channel', z: 'space', y: 'space', x: 'space' } as const;
  const factorOf = (level: PlannedLevel, axis: (typeof axes)[number]): number =>
    axis === 't' || axis === 'c' ? 1 : level.factor[axis];
  return {
    ...(version === '0.4' ? { version } : {}),
    name: description.name || 'image',
    axes: axes.map((name) => {
      const { unit } = sizes[name];
      return { name, type: types[name], ...(unit === undefined ? {} : { unit }) };
    }),
    datasets: levels.map((level, n) => ({
      path: String(n),
      coordinateTransformations: [
        { type: 'scale', scale: axes.map((axis) => sizes[axis].step * factorOf(level, axis)) },
        ...(n === 0
          ? []
          : [
              {
                type: 'translation',
                translation: axes.map((axis) => (sizes[axis].step * (factorOf(level, axis) - 1)) / 2),
              },
            ]),
      ],
    })),
    type: method,
    metadata: {
      method:
        method === 'mean'
          ? 'mean of 2 x 2 pixels (and of 2 planes where z is halved), rounded half up'
          : 'top-left of 2 x 2 pixels (first of 2 planes where z is halved)',
      version: '0.1.0',
      software: 'Micrarium',
      ...(folded.length > 0 ? { foldedAxes: folded.map((axis): Json => ({ ...axis })) } : {}),
    },
  };
}

/** The `omero` block: how channels are shown at first. Colour pixels count as one channel each for red, green, blue. */
export function omeroBlock(description: ImageDescription, windows: readonly DisplayWindow[]): Json {
  const samples = description.samples ?? 1;
  const places = [...furtherIndices(furtherAxesOf(description))];
  const further = places.length;
  const placeOf = (n: number): string =>
    Object.entries(places[n] ?? {})
      .map(([axis, place]) => placeName(description.furtherAxes?.[axis], place))
      .join(' ');
  const channels = Array.from({ length: description.sizes.c }, (_, c) => description.channels[c] ?? { name: '' });
  const colors = channelColors(channels);
  const sampleNames = ['red', 'green', 'blue', 'opacity'];
  const sampleColors = ['FF0000', '00FF00', '0000FF', 'FFFFFF'];
  const written = channels.flatMap((channel, c) =>
    Array.from({ length: further * samples }, (_, n) => {
      const s = n % samples;
      const { min, max, start, end } = windows[c * samples + s]!;
      const place = further > 1 ? ` ${placeOf(Math.floor(n / samples))}` : '';
      const name = (channel.name || (samples === 1 ? `channel ${c + 1}` : '')) + place;
      return {
        label: samples === 1 ? name : `${name} ${sampleNames[s] ?? s + 1}`.trim(),
        color: samples === 1 ? colors[c]! : (sampleColors[s] ?? 'FFFFFF'),
        window: { min, max, start, end },
        active: s < 3,
        family: 'linear',
        coefficient: 1,
        inverted: false,
      };
    }),
  );
  return {
    channels: written,
    rdefs: {
      defaultT: 0,
      defaultZ: Math.floor(description.sizes.z / 2),
      model: written.length === 1 ? 'greyscale' : 'color',
    },
  };
}

/** Metadata of an array: `zarr.json` of a sharded v3 array, or `.zarray`. Fill value 0, never null. */
export function arrayMetadata(plan: ArrayPlan, type: StoredType, level: number, version: WrittenVersion): Json {
  const { shape, chunkSide, shard, itemSize } = plan;
  const chunk = [1, 1, 1, chunkSide, chunkSide];
  if (version === '0.4')
    return {
      zarr_format: 2,
      shape: [...shape],
      chunks: chunk,
      dtype: storedTypes[type].v2,
      compressor: { id: 'blosc', cname: 'zstd', clevel: level, shuffle: itemSize > 1 ? 1 : 0, blocksize: 0 },
      fill_value: 0,
      order: 'C',
      filters: null,
      dimension_separator: '/',
    };
  const bytes = { name: 'bytes', configuration: { endian: 'little' } };
  const blosc = {
    cname: 'zstd',
    clevel: level,
    shuffle: itemSize > 1 ? 'shuffle' : 'noshuffle',
    typesize: itemSize,
    blocksize: 0,
  };
  return {
    zarr_format: 3,
    node_type: 'array',
    shape: [...shape],
    data_type: storedTypes[type].v3,
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [1, 1, shard.z, shard.y, shard.x] } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: 0,
    codecs: [
      {
        name: 'sharding_indexed',
        configuration: {
          chunk_shape: chunk,
          codecs: [bytes, { name: 'blosc', configuration: blosc }],
          index_codecs: [bytes, { name: 'crc32c' }],
          index_location: 'end',
        },
      },
    ],
    attributes: {},
    dimension_names: [...axes],
  };
}
