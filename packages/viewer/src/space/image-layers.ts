import type { Layer } from '@deck.gl/core';
import { BitmapLayer } from '@deck.gl/layers';
import type { CoordinateMapping } from '@micrarium/model';
import type { ImageSource } from '../sources.ts';
import type { ChannelState } from '../view-state.ts';
import type { Volume } from '../volume/load-volume.ts';
import { VolumeLayer } from '../volume/volume-layer.ts';
import { planeCorners, volumeMatrix } from './image-place.ts';
import { toWorld } from './space-world.ts';

/** A slice of the image where it lies among the objects. What is behind it is seen through it. */
export function planeLayer(
  picture: ImageData,
  place: { mapping: CoordinateMapping; image: ImageSource; z: number; isPlanar: boolean; origin: readonly number[] },
  opacity: number,
): Layer {
  const corners = planeCorners(place.mapping, place.image, place.z, place.isPlanar).map(
    (corner) => [...toWorld(corner, place.origin)] as [number, number, number],
  );
  return new BitmapLayer({
    id: 'image-plane',
    image: picture,
    bounds: corners as [
      [number, number, number],
      [number, number, number],
      [number, number, number],
      [number, number, number],
    ],
    opacity,
    parameters: { depthWriteEnabled: false, cullMode: 'none' },
  });
}

/** All slices of the image where they lie: the brightest of each ray, behind the objects. */
export function volumeUnder(
  volume: Volume,
  place: { mapping: CoordinateMapping; image: ImageSource; origin: readonly number[] },
  channels: readonly ChannelState[],
): Layer {
  return new VolumeLayer({
    id: 'image-volume',
    volume,
    channels,
    mode: 'max',
    modelMatrix: volumeMatrix(place.mapping, place.image, place.origin),
  } as never);
}
