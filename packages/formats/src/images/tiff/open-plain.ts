import type { ImageDescription, Issue, PlaneIndex } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import { hasValues, known } from '../stored/known-values.ts';
import { imageFindings } from '../findings.ts';
import type { ImagePixels } from '../image-reader.ts';
import { rounded } from '../ome-xml/to-model.ts';
import type { TiffFile } from './directory.ts';
import { electronMicroscope } from './electron-microscope.ts';
import { statedByMaker } from './makers.ts';
import type { TiffPage } from './page.ts';
import { type PlaneSite, bytesOfPage, isLevelOf, pageAt, pagedImage, samplesOfPage } from './paged-image.ts';
import { type ShapedPages, shapedPages } from './shaped.ts';
import { tag } from './tags.ts';
import { tiffIssue } from './tiff-issues.ts';
import { type NamedAxis, turnedImage } from './turned.ts';
import { describedType, eagerPages, pageFindings, truncatedAt, truncatedIssue } from './verify.ts';

interface Group {
  page: TiffPage;
  /** Places in the chain; where `more` is set, pages go on behind the last of them, unseen as yet. */
  indices: number[];
  more: number;
  reduced: number[];
  /** What the writer said of the axes of the series. */
  shaped?: ShapedPages;
}

/** Pages of differing shape are looked at up to this number. */
const maxMixedPages = 20_000;

/**
 * Images of a TIFF that says nothing about its planes: neighbouring pages of one shape are one image, its pages times.
 * Samples that are not a colour are channels; slices that a page holds together (ImageDepth) are z.
 */
export async function openPlainTiff(file: TiffFile, path: string): Promise<{ images: ImagePixels[]; issues: Issue[] }> {
  const issues: Issue[] = [];
  const groups = await groupPages(file, issues);
  const images: ImagePixels[] = [];
  for (const [index, group] of groups.entries()) {
    const stored = await describe(file, group, path, groups.length > 1 ? index + 1 : 0);
    const turned = group.shaped?.turned;
    const description = turned ? turnedDescription(stored, turned) : stored;
    issues.push(...pageFindings(file, group.page, true), ...imageFindings(description, path));
    const isGuessed = group.shaped?.isNamed !== true && Object.keys(group.shaped?.sizes ?? { t: 1 }).join() === 't';
    if (description.sizes.t > 1 && isGuessed)
      issues.push(
        tiffIssue(
          'plane-axis-unknown',
          `The file has ${description.sizes.t} pages of one size; they are read as times.`,
          {
            where: { file: path },
          },
        ),
      );
    const { channels } = samplesOfPage(group.page);
    const levels = group.reduced.length > 0 && stored.sizes.t === 1 ? { chainLevels: group.reduced } : {};
    const image = await pagedImage({
      description: stored,
      first: { file, page: group.page },
      locate: (plane) => siteOf(file, group, plane, channels > 1),
      ...levels,
    });
    images.push(turned ? turnedImage(image, turned, description) : image);
  }
  return { images, issues };
}

/** The description of an image whose pages, rows and columns stand for other axes. */
function turnedDescription(stored: ImageDescription, axes: readonly NamedAxis[]): ImageDescription {
  const lengths = Object.fromEntries(axes.map(({ name, length }) => [name, length]));
  const count = lengths['c'] ?? 1;
  return {
    ...stored,
    sizes: { t: 1, c: 1, z: 1, y: 1, x: 1, ...lengths },
    channels: count === 1 ? stored.channels : Array.from({ length: count }, () => ({ name: '' })),
  };
}

/** Where a plane lies: at its place among the pages, or behind the only page. */
function siteOf(file: TiffFile, { page, indices, shaped }: Group, plane: PlaneIndex, bySample: boolean): PlaneSite {
  const indexOf = (axis: string): number =>
    (plane as unknown as Record<string, number>)[axis] ?? plane.other?.[axis] ?? 0;
  let place = shaped ? 0 : plane.t;
  for (const [axis, length] of Object.entries(shaped?.sizes ?? {})) place = place * length + indexOf(axis);
  const sample = shaped?.samplesAxis === undefined ? (bySample ? plane.c : undefined) : indexOf(shaped.samplesAxis);
  const part = {
    ...(sample === undefined ? {} : { sample }),
    ...(page.depth > 1 ? { slice: plane.z } : {}),
  };
  if (shaped?.truncated) return { file, directory: indices[0]!, shift: place * bytesOfPage(page), ...part };
  return { file, directory: indices[place] ?? indices.at(-1)! + 1 + place - indices.length, ...part };
}

async function groupPages(file: TiffFile, issues: Issue[]): Promise<Group[]> {
  const groups: Group[] = [];
  let unusable = 0;
  for (let index = 0; index < maxMixedPages; index++) {
    if (index === eagerPages && groups.length === 1 && !groups[0]!.shaped) {
      const { count } = await file.countDirectories();
      groups[0]!.more = count - index;
      break;
    }
    const offset = await file.directoryOffset(index);
    if (offset === undefined) break;
    const page = await pageAt(file, index);
    if (typeof page === 'string') {
      if (unusable++ < 10)
        issues.push(
          tiffIssue('tiff-page-unusable', `${page}.`.replace(/^p/, 'P'), { where: { file: file.source.name, offset } }),
        );
      continue;
    }
    const cut = index < eagerPages ? await truncatedAt(file, page) : undefined;
    if (cut !== undefined && !issues.some((issue) => issue.code === 'pixel-data-truncated'))
      issues.push(truncatedIssue(file, index + 1, cut));
    const last = groups.at(-1);
    const shaped = page.reduced ? undefined : await fittingShape(file, page, index, issues);
    if (shaped) {
      groups.push({ page, indices: [index], more: shaped.pages - 1, reduced: [], shaped });
      if (!shaped.truncated) index += shaped.pages - 1;
    } else if (isLevelOf(groups[0]?.page, page)) {
      // Levels of a slide, which its maker does not mark as such.
      groups[0]!.reduced.push(index);
    } else if (page.reduced && last && !(await statedByMaker(file, page.directory)).shows) {
      last.reduced.push(index);
    } else if (last && !last.shaped && isSameShape(last.page, page) && last.reduced.length === 0) {
      last.indices.push(index);
    } else {
      groups.push({ page, indices: [index], more: 0, reduced: [] });
    }
  }
  return groups;
}

/** The shape a series says it has, where the file holds as many pages; an issue says where it does not. */
async function fittingShape(
  file: TiffFile,
  page: TiffPage,
  index: number,
  issues: Issue[],
): Promise<ShapedPages | undefined> {
  const shaped = await shapedPages(file, page);
  if (!shaped || shaped.pages === 1) return shaped;
  const [start = 0] = await file.numbers(page.offsets, 0, 1);
  const follow = page.compression === 1 && !page.tiled && !page.planar;
  const found = shaped.truncated
    ? Math.floor((file.source.size - start) / bytesOfPage(page))
    : (await file.countDirectories(index + shaped.pages)).count - index;
  if (found >= shaped.pages && (follow || !shaped.truncated)) return shaped;
  const message = `The description speaks of ${shaped.pages} planes, the file holds ${Math.max(0, found)}.`;
  issues.push(
    tiffIssue('planes-missing', message, { where: { file: file.source.name, offset: page.directory.offset } }),
  );
  return undefined;
}

function isSameShape(a: TiffPage, b: TiffPage): boolean {
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.samples === b.samples &&
    a.depth === b.depth &&
    a.type === b.type &&
    a.photometric === b.photometric
  );
}

async function describe(file: TiffFile, group: Group, path: string, number: number): Promise<ImageDescription> {
  const { page } = group;
  const { samplesAxis } = group.shaped ?? {};
  const { colour, channels } = samplesAxis === undefined ? samplesOfPage(page) : { colour: 1, channels: 1 };
  const electron = await electronMicroscope(file, page.directory);
  const maker = await statedByMaker(file, page.directory);
  const voxelSize = electron?.voxelSize ?? maker.voxelSize ?? (await resolutionInMicrometers(file, page));
  const make = await file.text(page.directory, tag.make, 1000);
  const model = await file.text(page.directory, tag.model, 1000);
  const software = await file.text(page.directory, tag.software, 1000);
  const instrument = {
    ...known('manufacturer', electron ? undefined : make || undefined),
    ...known('model', electron ? undefined : model || undefined),
    ...known('software', software || undefined),
    ...maker.instrument,
    ...electron?.instrument,
  };
  const acquiredAt = electron?.acquiredAt ?? maker.acquiredAt;
  const count = group.shaped?.sizes['c'] ?? channels;
  const type = describedType(page);
  return {
    name: number === 0 ? stemOf(path) : `${stemOf(path)} (${maker.shows ?? number})`,
    sizes: {
      t: 1,
      c: channels,
      z: page.depth,
      y: page.height,
      x: page.width,
      ...(group.shaped?.sizes ?? { t: group.indices.length + group.more }),
      ...(samplesAxis === undefined ? {} : { [samplesAxis]: page.samples }),
    },
    type,
    ...(colour > 1 ? { samples: colour } : {}),
    ...(voxelSize ? { voxelSize } : {}),
    ...known('timeStep', maker.timeStep),
    ...known('origin', maker.origin),
    channels: maker.channels?.length === count ? maker.channels : Array.from({ length: count }, () => ({ name: '' })),
    ...known('acquiredAt', acquiredAt),
    ...(hasValues(instrument) ? { instrument } : {}),
    ...((page.bits < 16 && page.bits > 8) || (page.type === 'uint32' && page.bits < 32)
      ? { significantBits: page.bits }
      : {}),
  };
}

/**
 * Pixel size of the resolution tags, only where they are in pixels per centimeter and give a size a microscope has
 * (1 nm to 20 µm). The inch is what TIFF assumes when nobody said anything, so it says nothing.
 */
async function resolutionInMicrometers(file: TiffFile, page: TiffPage): Promise<ImageDescription['voxelSize']> {
  if ((await file.number(page.directory, tag.resolutionUnit)) !== 3) return undefined;
  const size = async (code: number): Promise<number | undefined> => {
    const micrometers = 10_000 / ((await file.number(page.directory, code)) ?? 0);
    return micrometers >= 0.001 && micrometers <= 20 ? rounded(micrometers) : undefined;
  };
  const x = await size(tag.xResolution);
  const y = await size(tag.yResolution);
  if (x === undefined || y === undefined) return undefined;
  return { y: { value: y, unit: 'micrometer' }, x: { value: x, unit: 'micrometer' } };
}
