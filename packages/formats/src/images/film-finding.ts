import { imageFinding } from './findings.ts';
import type { ImageReader } from './image-reader.ts';

/** Says of a film (AVI, MP4) that it was made for showing; it is stored as it is, and its pixels are not read. */
export const filmReader: ImageReader = {
  async open({ path, format }) {
    const name = format === 'avi' ? 'AVI' : 'MP4 or QuickTime';
    const message = `This is a film (${name}): rendered for showing, not data. It is kept and can be played.`;
    return { images: [], issues: [imageFinding('rendered-not-data', message, { where: { file: path } })] };
  },
};
