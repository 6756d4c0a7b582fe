import type { ImageDescription, PixelBlock } from '@micrarium/model';
import type { FileSinkWriter } from '../../tracks/track-reader.ts';
import type { OmeDescription } from '../ome-xml/modulo.ts';
import { omeTypeName, writeOmeXml } from '../ome-xml/write.ts';
import { type FieldToWrite, aligned, directorySize, encodeDirectory, tiffText } from './encode-directory.ts';
import { tag } from './tags.ts';
import { hasPyramid, writePyramidPage } from './write-pyramid.ts';
import { classicLimit, exactly, pageFields, planeBytes, writePlane } from './write-blocks.ts';

/** One image to be written: every plane once, c fastest, then z, then t. */
export interface ImageToWrite {
  description: OmeDescription;
  planes: AsyncIterable<PixelBlock>;
}

/** How an OME-TIFF is written. */
export interface OmeTiffOptions {
  /** BigTIFF even where the file stays below 4 GB. */
  big?: boolean;
  uuid?: string;
  /** Smaller levels for planes above 1024 pixels, in tiles, as sub-directories; written unless refused. */
  pyramid?: boolean;
  /** Tiles of a pyramid are packed with deflate. */
  deflate?: boolean;
}

/**
 * Writes an OME-TIFF as the planes come: little endian, one directory before each plane, uncompressed; large planes in
 * tiles with a pyramid. BigTIFF where the file may grow past 4 GB or where asked for.
 * @throws TypeError where OME-XML has no such pixel type, or the planes are not those announced
 */
export async function writeOmeTiff(
  writer: FileSinkWriter,
  images: readonly ImageToWrite[],
  options: OmeTiffOptions = {},
): Promise<void> {
  const descriptions = images.map((image) => image.description);
  for (const { type } of descriptions) if (!omeTypeName(type)) throw new TypeError(`OME-XML has no pixel type ${type}`);
  const isTiled = (one: ImageDescription): boolean => options.pyramid !== false && hasPyramid(one);
  const xml = tiffText(writeOmeXml(descriptions, options.uuid ?? crypto.randomUUID()));
  const total = descriptions.reduce(
    (sum, one) => sum + one.sizes.t * one.sizes.c * one.sizes.z * (planeBytes(one) * (isTiled(one) ? 1.5 : 1) + 4096),
    xml.length,
  );
  const big = options.big ?? total > classicLimit;
  const header = new Uint8Array(big ? 16 : 8);
  const view = new DataView(header.buffer);
  view.setUint16(0, 0x4949, true);
  view.setUint16(2, big ? 43 : 42, true);
  if (big) view.setUint16(4, 8, true);
  if (big) view.setBigUint64(8, 16n, true);
  else view.setUint32(4, 8, true);
  await writer.write(header);
  let at = header.length;
  let left = descriptions.reduce((sum, { sizes }) => sum + sizes.t * sizes.c * sizes.z, 0);
  let described = false;
  for (const { description, planes } of images) {
    const { t, c, z } = description.sizes;
    for await (const plane of exactly(planes, t * c * z)) {
      const own: FieldToWrite[] = described ? [] : [{ tag: tag.imageDescription, type: 2, values: xml }];
      described = true;
      left--;
      if (isTiled(description)) {
        const page = { at, big, isLast: left === 0, own, deflate: options.deflate ?? false };
        at = await writePyramidPage(writer, description, plane, page);
        continue;
      }
      const pixels = at + directorySize([...pageFields(description, 0, big), ...own], big);
      const end = aligned(pixels + planeBytes(description));
      await writer.write(
        encodeDirectory([...pageFields(description, pixels, big), ...own], at, left > 0 ? end : 0, big),
      );
      await writePlane(writer, description, plane);
      if (left > 0) await writer.write(new Uint8Array(end - pixels - planeBytes(description)));
      at = end;
    }
  }
}
