import { type Issue, type PixelType } from '@micrarium/model';
import { imageFinding, orientationFindings } from '../findings.ts';
import type { TiffFile } from './directory.ts';
import type { TiffPage } from './page.ts';
import { compressionName, isCompressionLossy } from './tags.ts';
import { tiffIssue } from './tiff-issues.ts';

/** Pages of one file that are looked at when it is opened; later ones when they are read. */
export const eagerPages = 256;

/**
 * Findings of one page: pixels we cannot decode, that lossy compression has changed, or that are meant to be turned.
 * @param readsSlices whether the caller reads pages that hold several slices
 */
export function pageFindings(file: TiffFile, page: TiffPage, readsSlices = false): Issue[] {
  const where = { file: file.source.name, offset: page.directory.offset };
  const issues: Issue[] = [];
  if (page.unreadable) issues.push(imageFinding(page.unreadable.code, page.unreadable.reason, { where }));
  else if (page.depth > 1 && !readsSlices)
    issues.push(imageFinding('pixel-type-not-read', severalSlices(page), { where }));
  issues.push(...orientationFindings(page.orientation, file.source.name));
  if (isCompressionLossy(page.compression))
    issues.push(
      imageFinding(
        'lossy-primary-data',
        `The pixels are stored with ${compressionName(page.compression)}, which loses information.`,
        {
          where,
        },
      ),
    );
  return issues;
}

/** Why a page of several slices is not read where planes are looked for by other means. */
export function severalSlices({ depth }: TiffPage): string {
  return `A page holds several slices at once (ImageDepth ${depth}), where one plane was expected.`;
}

/** Type of the values of a page; where we do not decode them, the nearest name for its bits. */
export function describedType(page: TiffPage): PixelType {
  if (page.type) return page.type;
  if (page.format === 5 || page.format === 6) return page.bits > 64 ? 'complex128' : 'complex64';
  if (page.format === 2) return page.bits <= 8 ? 'int8' : page.bits <= 16 ? 'int16' : 'int32';
  return page.bits <= 8 ? 'uint8' : page.bits <= 16 ? 'uint16' : page.format === 3 ? 'float32' : 'uint32';
}

/**
 * Do the first and last strip or tile of a page end within the file? Writers lay them in order, so that a file that
 * was cut off shows here. `shift` as in reading.
 */
export async function truncatedAt(file: TiffFile, page: TiffPage, shift = 0): Promise<number | undefined> {
  for (const index of new Set([0, page.offsets.count - 1])) {
    const [offset] = await file.numbers(page.offsets, index, 1);
    const [count] = await file.numbers(page.byteCounts, index, 1);
    if (offset !== undefined && count !== undefined && offset + shift + count > file.source.size) return offset + shift;
  }
  return undefined;
}

/** The issue for a page whose pixels should lie past the end of the file. */
export function truncatedIssue(file: TiffFile, pageNumber: number, offset: number): Issue {
  const message = `The pixels of page ${pageNumber} begin at offset ${offset} and should go on past the end of the file (${file.source.size} bytes).`;
  return tiffIssue('pixel-data-truncated', message, { where: { file: file.source.name, offset } });
}
