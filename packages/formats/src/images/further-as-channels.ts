import type { ChannelDescription, ImageDescription } from '@micrarium/model';
import { furtherAxesOf, placeName } from './further-axes.ts';
import type { ImagePixels } from './image-reader.ts';
import { furtherIndices } from './ome-zarr/folded-planes.ts';

/** The image with a channel for each place of its further axes, named after it; itself where it has none. */
export function furtherAsChannels(image: ImagePixels): ImagePixels {
  const axes = furtherAxesOf(image.description);
  if (axes.length === 0) return image;
  const { sizes, channels, furtherAxes, ...rest } = image.description;
  const places = [...furtherIndices(axes)];
  const names = places.map((place) => axes.map(([axis]) => placeName(furtherAxes?.[axis], place[axis]!)).join(' '));
  const description: ImageDescription = {
    ...rest,
    sizes: { t: sizes.t, c: sizes.c * places.length, z: sizes.z, y: sizes.y, x: sizes.x },
    channels: Array.from({ length: sizes.c }, (_, c) => channels[c]).flatMap((channel) =>
      names.map((name): ChannelDescription => ({ ...channel, name: [channel?.name, name].filter(Boolean).join(' ') })),
    ),
  };
  return {
    description,
    levels: image.levels,
    ...(image.givesBlocksAway ? { givesBlocksAway: true } : {}),
    ...(image.readsAtOnce === undefined ? {} : { readsAtOnce: image.readsAtOnce }),
    readRegion: ({ t, c, z }, region, level, signal) => {
      const [channel, place] = [Math.floor(c / places.length), c % places.length];
      return image.readRegion({ t, c: channel, z, other: places[place]! }, region, level, signal);
    },
  };
}
