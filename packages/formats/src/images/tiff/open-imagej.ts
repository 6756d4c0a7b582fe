import type { ChannelDescription, ImageDescription, Issue } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import { imageFindings } from '../findings.ts';
import type { ImagePixels } from '../image-reader.ts';
import type { TiffKind } from './classify.ts';
import type { TiffFile } from './directory.ts';
import {
  type ImagejCounts,
  type ImagejLines,
  imagejCounts,
  imagejTimeStep,
  imagejVoxelSize,
  parseImagejDescription,
} from './imagej-description.ts';
import { type ImagejMetadata, readImagejMetadata, tableColor } from './imagej-metadata.ts';
import type { TiffPage } from './page.ts';
import { bytesOfPage, pageAt, pagedImage, samplesOfPage } from './paged-image.ts';
import { tag } from './tags.ts';
import { tiffIssue } from './tiff-issues.ts';
import { describedType, eagerPages, pageFindings, truncatedAt, truncatedIssue } from './verify.ts';

/** The image of an ImageJ TIFF: planes with C fastest, then Z, then T. */
export async function openImagejTiff(
  { file, first, description: text }: TiffKind,
  path: string,
): Promise<{ images: ImagePixels[]; issues: Issue[] }> {
  const issues: Issue[] = [];
  const page = await pageAt(file, 0);
  if (typeof page === 'string') {
    issues.push(
      tiffIssue('tiff-page-unusable', `The first page: ${page}.`, { where: { file: path, offset: first.offset } }),
    );
    return { images: [], issues };
  }
  const lines = parseImagejDescription(text);
  const written = imagejCounts(lines);
  if (written.disagree)
    issues.push(
      tiffIssue(
        'imagej-counts-disagree',
        `channels ${lines.get('channels') ?? 1}, slices ${lines.get('slices') ?? 1} and frames ${lines.get('frames') ?? 1} do not multiply to ${written.images} images.`,
        { where: { file: path } },
      ),
    );
  const contiguous = await areContiguous(file, page);
  const found = await planesFound(file, page, written.images, contiguous);
  if (found < written.images)
    issues.push(
      tiffIssue('planes-missing', `ImageJ’s description speaks of ${written.images} planes, the file holds ${found}.`, {
        where: { file: path, field: 'images' },
      }),
    );
  const cut = await truncatedAt(file, page);
  if (cut !== undefined) issues.push(truncatedIssue(file, 1, cut));
  const counts = shrink(written, Math.max(1, found));
  const metadata = await readImagejMetadata(file, first);
  const description = await describe(file, page, lines, counts, metadata, path);
  issues.push(...pageFindings(file, page), ...imageFindings(description, path));
  const planeBytes = bytesOfPage(page);
  const bySample = samplesOfPage(page).channels > 1;
  const image = await pagedImage({
    description,
    first: { file, page },
    locate: ({ t, c, z }) => {
      const index = bySample ? z + counts.slices * t : c + counts.channels * (z + counts.slices * t);
      const sample = bySample ? { sample: c } : {};
      if (index >= Math.max(1, found)) return undefined;
      return contiguous
        ? { file, directory: 0, shift: index * planeBytes, ...sample }
        : { file, directory: index, ...sample };
    },
  });
  return { images: [image], issues };
}

/**
 * Do the planes follow each other without gaps? Then the first directory is enough for all, however many there are:
 * always so in ImageJ's own files, where those over 4 GB have but one directory. The second directory, where there is
 * one, must agree.
 */
async function areContiguous(file: TiffFile, page: TiffPage): Promise<boolean> {
  if (page.compression !== 1 || page.tiled || page.planar) return false;
  const start = (await file.numbers(page.offsets, 0, 1))[0] ?? 0;
  const last = (await file.numbers(page.offsets, page.offsets.count - 1, 1))[0];
  const stripBytes = page.tileHeight * (bytesOfPage(page) / page.height);
  if (start === 0 || last !== start + (page.offsets.count - 1) * stripBytes) return false;
  if ((await file.directoryOffset(1)) === undefined) return true;
  const second = await pageAt(file, 1);
  if (typeof second === 'string' || second.width !== page.width || second.height !== page.height) return false;
  return (await file.numbers(second.offsets, 0, 1))[0] === start + bytesOfPage(page);
}

async function planesFound(file: TiffFile, page: TiffPage, images: number, contiguous: boolean): Promise<number> {
  if (contiguous) {
    const start = (await file.numbers(page.offsets, 0, 1))[0] ?? 0;
    return Math.min(images, Math.max(0, Math.floor((file.source.size - start) / bytesOfPage(page))));
  }
  // Few pages are counted; of many only what is asked for later, and a missing one shows then.
  // More than the file could hold directories of one entry is not believed.
  const limit = images > file.source.size / 18 ? images : Math.min(images, eagerPages);
  const { count, complete } = await file.countDirectories(limit);
  return complete ? Math.min(images, count) : images;
}

/** Counts that hold only what was found: the slowest axis that has more than one place is cut. */
function shrink(counts: ImagejCounts, found: number): ImagejCounts {
  if (found >= counts.images) return counts;
  const { channels, slices, frames } = counts;
  if (frames > 1) return { ...counts, frames: Math.ceil(found / (channels * slices)) };
  if (slices > 1) return { ...counts, slices: Math.ceil(found / channels) };
  return { ...counts, channels: found };
}

async function describe(
  file: TiffFile,
  page: TiffPage,
  lines: ImagejLines,
  counts: ImagejCounts,
  metadata: ImagejMetadata,
  path: string,
): Promise<ImageDescription> {
  const { colour, channels: samples } = samplesOfPage(page);
  const c = samples > 1 ? samples : counts.channels;
  const voxelSize = imagejVoxelSize(
    lines,
    await file.number(page.directory, tag.xResolution),
    await file.number(page.directory, tag.yResolution),
  );
  const timeStep = imagejTimeStep(lines);
  const version = lines.get('ImageJ');
  // A program that wrote it as ImageJ does still names itself.
  const software = (await file.text(page.directory, tag.software, 1000)) || (version ? `ImageJ ${version}` : '');
  return {
    name: stemOf(path),
    sizes: { t: counts.frames, c, z: counts.slices, y: page.height, x: page.width },
    type: describedType(page),
    ...(colour > 1 ? { samples: colour } : {}),
    ...(voxelSize ? { voxelSize } : {}),
    ...(timeStep ? { timeStep } : {}),
    channels: Array.from({ length: Math.min(c, 10_000) }, (_, index) => describeChannel(index, c, lines, metadata)),
    ...(software ? { instrument: { software } } : {}),
  };
}

function describeChannel(index: number, c: number, lines: ImagejLines, metadata: ImagejMetadata): ChannelDescription {
  // Labels belong to planes; only where every plane is a channel do they name channels.
  const name = metadata.labels.length === c && c > 1 ? (metadata.labels[index] ?? '').trim() : '';
  const table = metadata.tables[index];
  const isCalm = (lines.get('mode') ?? 'grayscale') === 'grayscale';
  const window = metadata.ranges[index] ?? (c === 1 ? plainRange(lines) : undefined);
  return {
    name,
    ...(table && !(isCalm && c === 1) ? { color: tableColor(table) } : {}),
    ...(window && window.end > window.start ? { window } : {}),
  };
}

function plainRange(lines: ImagejLines): { start: number; end: number } | undefined {
  const start = Number(lines.get('min') ?? Number.NaN);
  const end = Number(lines.get('max') ?? Number.NaN);
  return Number.isFinite(start) && Number.isFinite(end) ? { start, end } : undefined;
}
