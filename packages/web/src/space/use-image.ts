import type { CoordinateMapping, Pair } from '@micrarium/model';
import {
  type ChannelState,
  type ImageSource,
  loadVolume,
  paintedPlane,
  planeLayer,
  type SpaceScene,
  type SpaceState,
  volumeUnder,
} from '@micrarium/viewer';
import { useMemo } from 'react';
import { useAnswer } from '../app/answers.ts';
import { channelWindows } from '../viewer/channel-windows.ts';
import { whileBeingMade } from '../viewer/being-made.ts';
import { openImage } from '../viewer/open-film.ts';
import { firstView } from '../viewer/use-view.ts';
import type { SpaceSet } from './open-set.ts';

/** The image that belongs to a set, open, with the looks of its channels. */
export interface SetImage {
  source: ImageSource;
  channels: ChannelState[];
  mapping: CoordinateMapping;
}

/** What the panel tells of the image. */
export interface ShownImage {
  image: SetImage | undefined;
  isReading: boolean;
  error: Error | undefined;
  /** Layers of a scene. */
  layers: Pick<SpaceScene, 'under' | 'over'>;
}

/** Bytes of the voxels of a time point: more is read from a coarser level. */
const volumeBytes = 32 * 2 ** 20;
const forever = { staleTime: Number.POSITIVE_INFINITY } as const;

/** The image of the same time point as the objects, where the set has one and the view asks for it. @param t frame of the set */
export function useSpaceImage(set: SpaceSet, pair: Pair | undefined, view: SpaceState, t: number): ShownImage {
  const wanted = view.image;
  const opened = useAnswer({
    queryKey: ['space-image', pair?.imageItem, pair?.image, set.place],
    queryFn: async ({ signal }): Promise<SetImage> => {
      const source = await openImage({ ...set.place, item: pair!.imageItem }, pair!.image, signal);
      const windows = await channelWindows(source, signal);
      return { source, channels: firstView(source.description, windows).channels, mapping: pair!.mapping };
    },
    enabled: pair !== undefined && wanted !== undefined,
    ...whileBeingMade,
    ...forever,
  });
  const image = opened.data;
  const sizes = image?.source.description.sizes;
  const frame = t + (pair?.mapping.firstFrame ?? 0);
  const isInFilm = sizes !== undefined && frame >= 0 && frame < sizes.t;
  const z = Math.min((sizes?.z ?? 1) - 1, Math.max(0, Math.round(wanted?.z ?? 0)));
  const plane = useAnswer({
    queryKey: ['space-plane', pair?.imageItem, pair?.image, frame, z],
    queryFn: async ({ signal }) => {
      const { width, height, rgba } = await paintedPlane(image!.source, { t: frame, z }, image!.channels, signal);
      return new ImageData(rgba, width, height);
    },
    enabled: isInFilm && wanted?.kind === 'plane',
    ...forever,
    gcTime: 30_000,
  });
  const volume = useAnswer({
    queryKey: ['space-volume', pair?.imageItem, pair?.image, frame],
    queryFn: ({ signal }) =>
      loadVolume(image!.source, {
        t: frame,
        channels: image!.channels.flatMap(({ isVisible }, c) => (isVisible ? [c] : [])),
        budgetBytes: volumeBytes,
        signal,
      }),
    enabled: isInFilm && wanted?.kind === 'volume',
    ...forever,
    gcTime: 10_000,
  });
  const opacity = wanted?.opacity ?? 1;
  const kind = wanted?.kind;
  const { clip } = view;
  const layers = useMemo((): ShownImage['layers'] => {
    if (!image) return {};
    const origin = set.extent.map(([low, high]) => (low + high) / 2);
    const place = { mapping: image.mapping, image: image.source, z, isPlanar: set.slabs.isPlanar, origin, clip };
    if (kind === 'plane' && plane.data) {
      const layer = planeLayer(plane.data, place, opacity);
      return layer ? { over: [layer] } : {};
    }
    if (kind === 'volume' && volume.data) return { under: [volumeUnder(volume.data, place, image.channels)] };
    return {};
  }, [image, set, kind, plane.data, volume.data, z, opacity, clip]);
  return {
    image,
    isReading: wanted !== undefined && (opened.isFetching || plane.isFetching || volume.isFetching),
    error: opened.error ?? plane.error ?? volume.error ?? undefined,
    layers,
  };
}
