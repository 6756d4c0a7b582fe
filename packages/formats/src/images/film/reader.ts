import type { Issue } from '@micrarium/model';
import type { Item } from '../../recognition/item.ts';
import type { ReadOptions } from '../../tracks/track-reader.ts';
import { imageFinding } from '../findings.ts';
import type { ImageReader, OpenedImages } from '../image-reader.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import { mainEntry } from '../tiff/reader.ts';
import { openAvi } from './avi.ts';

const names: Readonly<Record<string, string>> = { avi: 'AVI', mp4: 'MP4 or QuickTime', webm: 'WebM or Matroska' };

function rendered(item: Item, what: string): Issue {
  const message = `This is a film (${what}): rendered for showing, not data. It is kept and can be played.`;
  return imageFinding('rendered-not-data', message, { where: { file: item.path } });
}

/** Says of a film that it was made for showing; it is stored as it is and played in the browser, its pixels are no data. */
export const filmReader: ImageReader = {
  async open(item: Item, { signal }: ReadOptions = {}): Promise<OpenedImages> {
    const name = names[item.format] ?? item.format;
    const entry = item.format === 'avi' ? mainEntry(item) : undefined;
    if (!entry) return { images: [], issues: [rendered(item, name)] };
    const { film, issues } = await openAvi(reopeningSource(entry), signal);
    const told = film
      ? `${name}, ${film.frames.offsets.length} frames of ${film.width} x ${film.height} pixels at ${Number(film.framesPerSecond.toPrecision(4))} a second, packed as ${film.codec.name}`
      : name;
    const where = { file: item.path };
    return { images: [], issues: [rendered(item, told), ...issues.map((issue) => ({ ...issue, where }))] };
  },
};
