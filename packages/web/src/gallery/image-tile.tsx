import { type JSX, useState } from 'react';
import type { text as Text } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';

/** An image in a list, as the server gives it. */
export interface GalleryImage {
  item: string;
  image: number;
  name: string;
  path: string;
  format: string;
  dataset?: string | undefined;
  sizes: { t: number; c: number; z: number; y: number; x: number; [axis: string]: number };
  type: string;
  pixelSize?: { value: number; unit: string } | undefined;
  timeStep?: { value: number; unit: string } | undefined;
  bytes: number;
  well?: string | undefined;
  trackSets: number;
  isViewable: boolean;
  /** What is said of it. */
  annotations?:
    | { on: string; part?: string | undefined; key: string; label: string; id?: string | undefined }[]
    | undefined;
  thumbnail?: string | undefined;
  preview?: { path: string; frames: number } | undefined;
}

/** Sizes in words: pixels, and of the other axes those that are longer than one. */
export function writtenSizes({ x, y, z, c, t, ...further }: GalleryImage['sizes'], text: typeof Text): string {
  const parts = [`${writtenNumber(x)} × ${writtenNumber(y)}`];
  if (z > 1) parts.push(text('gallery.slices', { count: z }));
  if (c > 1) parts.push(text('meta.channels', { count: c }));
  if (t > 1) parts.push(text('gallery.times', { count: t }));
  for (const [axis, size] of Object.entries(further)) if (size > 1) parts.push(`${writtenNumber(size)} ${axis}`);
  return parts.join(' · ');
}

/** A quantity with its unit, as people write it. */
export const writtenQuantity = (quantity: { value: number; unit: string } | undefined): string =>
  quantity ? `${writtenNumber(quantity.value, 4)} ${shortUnit(quantity.unit)}` : '';

/** Width over height of the frame that pictures stand in. */
const frameShape = 1.6;
/** Seconds for which one picture of a preview stands. */
const pictureStands = 0.16;

/** The small picture of an image; its preview plays while the pointer or the focus is on it. */
export function ImagePicture({ image, isPlaying }: { image: GalleryImage; isPlaying: boolean }): JSX.Element {
  const [isLoaded, setLoaded] = useState(false);
  const { thumbnail, preview, sizes } = image;
  const fit = sizes.x / sizes.y > frameShape ? { width: '100%' } : { height: '100%' };
  const frame = { ...fit, aspectRatio: `${sizes.x} / ${sizes.y}` };
  return (
    <span className="gpic">
      {thumbnail ? (
        <img src={thumbnail} alt="" loading="lazy" style={frame} />
      ) : (
        <span className="xs">{image.format}</span>
      )}
      {isPlaying && preview ? (
        <>
          {isLoaded ? null : <img className="gload" src={preview.path} alt="" onLoad={() => setLoaded(true)} />}
          {isLoaded ? (
            <span
              className="gplay"
              style={{
                ...frame,
                backgroundImage: `url("${preview.path}")`,
                backgroundSize: `100% ${preview.frames * 100}%`,
                animationTimingFunction: `steps(${preview.frames}, jump-none)`,
                animationDuration: `${preview.frames * pictureStands}s`,
              }}
            />
          ) : null}
        </>
      ) : null}
    </span>
  );
}

interface TileProps {
  image: GalleryImage;
  /** Where it leads; left out for images the viewer cannot show. */
  to: string | undefined;
  text: typeof Text;
}

/** An image on the wall. */
export function ImageTile({ image, to, text }: TileProps): JSX.Element {
  const [isPlaying, setPlaying] = useState(false);
  const content = (
    <>
      <ImagePicture image={image} isPlaying={isPlaying} />
      <span className="gname">{image.name}</span>
      <span className="gsize">{[image.well, writtenSizes(image.sizes, text)].filter(Boolean).join(' · ')}</span>
    </>
  );
  if (to === undefined) return <span className="gtile">{content}</span>;
  return (
    <a
      className="gtile"
      href={to}
      title={image.path}
      onPointerEnter={() => setPlaying(true)}
      onPointerLeave={() => setPlaying(false)}
      onFocus={() => setPlaying(true)}
      onBlur={() => setPlaying(false)}
    >
      {content}
    </a>
  );
}
