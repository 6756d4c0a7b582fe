import { histogramOf, type ImageSource } from '@micrarium/viewer';

/** The window every channel is first seen in: the file's own, else from the middle plane, at a level that is small enough. */
export function channelWindows(source: ImageSource, signal: AbortSignal): Promise<[number, number][]> {
  const { sizes, channels } = source.description;
  const level = Math.max(
    0,
    source.levels.findLastIndex((one) => Math.max(one.width, one.height) >= 256),
  );
  const windows = Array.from({ length: sizes.c }, async (_, c): Promise<[number, number]> => {
    const own = channels[c]?.window;
    if (own) return [own.start, own.end];
    const block = await source.readRegion({ t: 0, c, z: Math.floor(sizes.z / 2) }, undefined, level, signal);
    const { low, high } = histogramOf(block.data as ArrayLike<number>);
    return [low, high > low ? high : low + 1];
  });
  return Promise.all(windows);
}
