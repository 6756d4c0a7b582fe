import type { Layer } from '@deck.gl/core';
import { BitmapLayer } from '@deck.gl/layers';
import type { CoordinateMapping } from '@micrarium/model';
import type { ImageSource } from '../sources.ts';
import type { ChannelState } from '../view-state.ts';
import type { Volume } from '../volume/load-volume.ts';
import { VolumeLayer } from '../volume/volume-layer.ts';
import { partInBox, type PicturePart, planeCorners, volumeClip, volumeMatrix } from './image-place.ts';
import type { ClipBox } from './space-state.ts';
import { toWorld } from './space-world.ts';

/** Where an image lies among the objects of a set. */
export interface ImagePlace {
  mapping: CoordinateMapping;
  image: ImageSource;
  /** Of what is drawn, in the coordinates of the set. */
  origin: readonly number[];
  /** Outside it nothing is drawn; left out = all is. */
  clip?: ClipBox | undefined;
}

/** A slice of the image where it lies among the objects. What is behind it is seen through it. `undefined` where it lies outside the box. */
export function planeLayer(
  picture: ImageData,
  place: ImagePlace & { z: number; isPlanar: boolean },
  opacity: number,
): Layer | undefined {
  const { width, height } = picture;
  const part = place.clip ? partInBox(place, picture, place.clip) : { left: 0, top: 0, right: width, bottom: height };
  if (!part) return undefined;
  const share = {
    left: part.left / width,
    right: part.right / width,
    top: part.top / height,
    bottom: part.bottom / height,
  };
  const corners = planeCorners(place.mapping, place.image, place.z, place.isPlanar, share).map(
    (corner) => [...toWorld(corner, place.origin)] as [number, number, number],
  );
  return new BitmapLayer({
    id: 'image-plane',
    image: place.clip ? cut(picture, part) : picture,
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

function cut(picture: ImageData, { left, top, right, bottom }: PicturePart): ImageData {
  const part = new ImageData(right - left, bottom - top);
  for (let row = top; row < bottom; row++) {
    const from = (row * picture.width + left) * 4;
    part.data.set(picture.data.subarray(from, from + part.width * 4), (row - top) * part.width * 4);
  }
  return part;
}

/** All slices of the image where they lie: the brightest of each ray, behind the objects. */
export function volumeUnder(volume: Volume, place: ImagePlace, channels: readonly ChannelState[]): Layer {
  return new VolumeLayer({
    id: 'image-volume',
    volume,
    channels,
    mode: 'max',
    modelMatrix: volumeMatrix(place.mapping, place.image, place.origin),
    ...(place.clip ? { clip: volumeClip(place.mapping, place.image, place.clip) } : {}),
  } as never);
}
