import type { ImageDescription, PixelType } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { imageFinding, imageFindings } from '../findings.ts';
import type { ImageReader, OpenedImages } from '../image-reader.ts';
import { checkClaimedSize } from '../stored/claimed-size.ts';
import { microscopeIssue } from '../stored/microscope-issues.ts';
import { micrometers, voxelSizeOf } from '../stored/stated-values.ts';
import { stridedImage } from '../stored/strided-image.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import { mainEntry } from '../tiff/reader.ts';
import { halfByteSource } from './half-bytes.ts';
import { type MrcHeader, halfFloats, readMrcHeader } from './header.ts';

const angstrom = 1e-4;

/**
 * Opens MRC and CCP4 maps in the axes of space, whatever order they are stored in. Complex values are two channels, as they
 * stand.
 */
export const mrcReader: ImageReader = {
  async open(item: Item, options = {}): Promise<OpenedImages> {
    const where = { file: item.path };
    const entry = mainEntry(item);
    const source = entry && reopeningSource(entry);
    const header = source && readMrcHeader(await source.read(0, 1024, options.signal));
    if (!source || typeof header !== 'object') {
      const message = `The header of the map cannot be used: ${header ?? 'it is not there'}.`;
      return { images: [], issues: [microscopeIssue('microscope-image-unusable', message, { where })] };
    }
    const rawMetadata = { mediaType: 'text/plain', text: header.labels.join('\n') };
    const { type } = header;
    if (!type) {
      const message = `The values are of mode ${header.mode}, which we do not read.`;
      return { images: [], issues: [imageFinding('pixel-type-not-read', message, { where })], rawMetadata };
    }
    const { usable, issues } = checkClaimedSize(header.end, source.size, item.path);
    if (!usable) return { images: [], issues, rawMetadata };
    const description = describe(header, type, item.path);
    const depth = description.sizes.z;
    const half = header.halfByteRow;
    const image = stridedImage({
      description,
      source: half === undefined ? source : halfByteSource(source, header.start, half),
      littleEndian: header.little,
      locate: ({ t, c, z }) => ({
        offset: (half === undefined ? header.start : 0) + (t * depth + z) * header.z.stride + c * header.bytes,
        xStride: header.x.stride,
        yStride: header.y.stride,
      }),
      ...(header.mode === 12 ? { stored: { bytes: 2, decode: halfFloats } } : {}),
    });
    return { images: [image], issues: [...issues, ...imageFindings(description, item.path)], rawMetadata };
  },
};

function describe(header: MrcHeader, type: PixelType, path: string): ImageDescription {
  const { x, y, z, spaceGroup, volumeDepth } = header;
  const isStackOfVolumes = spaceGroup >= 401 && volumeDepth > 0 && z.count % volumeDepth === 0;
  const depth = isStackOfVolumes ? volumeDepth : z.count;
  // Sections of an image stack are no slices of space, so their distance says nothing.
  const isImages = spaceGroup === 0 && z.count > 1;
  return {
    name: stemOf(path),
    sizes: { t: z.count / depth, c: header.parts, z: depth, y: y.count, x: x.count },
    type,
    ...voxelSizeOf(
      micrometers(x.angstroms, angstrom),
      micrometers(y.angstroms, angstrom),
      isImages ? undefined : micrometers(z.angstroms, angstrom),
    ),
    channels: header.parts === 2 ? [{ name: 'real part' }, { name: 'imaginary part' }] : [{ name: '' }],
  };
}
