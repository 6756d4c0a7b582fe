import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Stripping } from './patches.ts';
import { stripCzi, stripDicom, stripText } from './strip-others.ts';
import { stripJpeg, stripPng } from './strip-pictures.ts';
import { stripTiff } from './strip-tiff.ts';

/** Ends of names of files that can be stripped; each is looked at by its content before it is. */
const strippable = /\.(?:tiff?|btf|tf8|svs|ndpi|scn|jpe?g|png|dcm|dicom|czi|xml|ome|txt|json|ini)$/i;

/** Can details of persons be taken out of a file of this name, as far as the name tells? */
export const mayBeStripped = (path: string): boolean => strippable.test(path);

/**
 * What takes out of a file what `findPrivateInFile` finds in it, without moving a byte of the rest and without touching pixels: TIFF and what is
 * made like it (OME-TIFF, SVS, NDPI, SCN), JPEG, PNG, DICOM, CZI, and plain text. Formats whose metadata lie among pixels in ways we do not write
 * are left alone.
 * @returns `undefined` for a format it cannot be done for
 */
export async function stripPrivate(source: ByteSource, signal?: AbortSignal): Promise<Stripping | undefined> {
  const head = await source.read(0, 132, signal);
  const starts = (text: string, at = 0): boolean =>
    [...text].every((letter, n) => head[at + n] === letter.charCodeAt(0));
  if (starts('II') || starts('MM')) return (await stripTiff(source, signal)) ?? (await stripText(source, signal));
  if (head[0] === 0xff && head[1] === 0xd8) return await stripJpeg(source, signal);
  if (starts('\u0089PNG')) return await stripPng(source, signal);
  if (starts('DICM', 128)) return await stripDicom(source, signal);
  if (starts('ZISRAWFILE')) return await stripCzi(source, signal);
  return await stripText(source, signal);
}
