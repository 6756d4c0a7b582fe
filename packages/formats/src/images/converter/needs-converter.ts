import type { OpenedImages } from '../image-reader.ts';

/** What readers say of pixels that a converter may read where we do not. */
const convertible = new Set(['needs-converter', 'compression-not-read', 'pixel-type-not-read', 'recognised-not-read']);

/**
 * Are there pixels that we do not decode but an external converter may: a format only known by name, or a compression
 * without a decoder here? The findings of the reader decide.
 */
export function needsConverter({ issues }: Pick<OpenedImages, 'issues'>): boolean {
  return issues.some(({ code }) => convertible.has(code));
}

/**
 * What a converter read, completed with what our own reader knows of the same images where it found as many: names,
 * channels, sizes, instrument and dates of the file itself. Sizes in pixels and the type are the converter's.
 */
export function completedFrom(converted: OpenedImages['images'], own: OpenedImages['images']): void {
  if (converted.length !== own.length) return;
  for (const [n, { description }] of converted.entries()) {
    const told = own[n]!.description;
    const { name, description: text, acquiredAt, voxelSize, timeStep, planeTimes, origin, instrument } = told;
    const known = { description: text, acquiredAt, voxelSize, timeStep, planeTimes, origin, instrument };
    if (name !== '') description.name = name;
    for (const [key, value] of Object.entries(known))
      if (value !== undefined) Object.assign(description, { [key]: value });
    if (told.channels.length !== description.channels.length) continue;
    description.channels = description.channels.map((channel, c) => ({
      ...channel,
      ...told.channels[c],
      name: told.channels[c]!.name || channel.name,
    }));
  }
}
