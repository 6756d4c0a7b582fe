import type { ImageDescription, Issue } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import { hasValues, known } from '../stored/known-values.ts';
import { imageFindings } from '../findings.ts';
import type { ImagePixels } from '../image-reader.ts';
import { rounded } from '../ome-xml/to-model.ts';
import type { TiffFile } from './directory.ts';
import { electronMicroscope } from './electron-microscope.ts';
import type { TiffPage } from './page.ts';
import { pageAt, pagedImage, samplesOfPage } from './paged-image.ts';
import { tag } from './tags.ts';
import { tiffIssue } from './tiff-issues.ts';
import { describedType, eagerPages, pageFindings, truncatedAt, truncatedIssue } from './verify.ts';

interface Group {
  page: TiffPage;
  /** Places in the chain; where `more` is set, pages go on behind the last of them, unseen as yet. */
  indices: number[];
  more: number;
  reduced: number[];
}

/** Pages of differing shape are looked at up to this number. */
const maxMixedPages = 20_000;

/**
 * Images of a TIFF that says nothing about its planes: neighbouring pages of one shape are one image, its pages times.
 * Samples that are not a colour are channels.
 */
export async function openPlainTiff(file: TiffFile, path: string): Promise<{ images: ImagePixels[]; issues: Issue[] }> {
  const issues: Issue[] = [];
  const groups = await groupPages(file, issues);
  const images: ImagePixels[] = [];
  for (const [index, group] of groups.entries()) {
    const description = await describe(file, group, path, groups.length > 1 ? index + 1 : 0);
    issues.push(...pageFindings(file, group.page), ...imageFindings(description, path));
    if (description.sizes.t > 1)
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
    const levels = group.reduced.length > 0 && description.sizes.t === 1 ? { chainLevels: group.reduced } : {};
    images.push(
      await pagedImage({
        description,
        first: { file, page: group.page },
        locate: ({ t, c }) => ({
          file,
          directory: group.indices[t] ?? group.indices.at(-1)! + 1 + t - group.indices.length,
          ...(channels > 1 ? { sample: c } : {}),
        }),
        ...levels,
      }),
    );
  }
  return { images, issues };
}

async function groupPages(file: TiffFile, issues: Issue[]): Promise<Group[]> {
  const groups: Group[] = [];
  let unusable = 0;
  for (let index = 0; index < maxMixedPages; index++) {
    if (index === eagerPages && groups.length === 1) {
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
    if (page.reduced) {
      last?.reduced.push(index);
    } else if (last && isSameShape(last.page, page) && last.reduced.length === 0) {
      last.indices.push(index);
    } else {
      groups.push({ page, indices: [index], more: 0, reduced: [] });
    }
  }
  return groups;
}

function isSameShape(a: TiffPage, b: TiffPage): boolean {
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.samples === b.samples &&
    a.type === b.type &&
    a.photometric === b.photometric
  );
}

async function describe(file: TiffFile, group: Group, path: string, number: number): Promise<ImageDescription> {
  const { page } = group;
  const { colour, channels } = samplesOfPage(page);
  const electron = await electronMicroscope(file, page.directory);
  const voxelSize = electron?.voxelSize ?? (await resolutionInMicrometers(file, page));
  const make = await file.text(page.directory, tag.make, 1000);
  const model = await file.text(page.directory, tag.model, 1000);
  const software = await file.text(page.directory, tag.software, 1000);
  const instrument = {
    ...known('manufacturer', electron ? undefined : make || undefined),
    ...known('model', electron ? undefined : model || undefined),
    ...known('software', software || undefined),
    ...electron?.instrument,
  };
  const type = describedType(page);
  return {
    name: number === 0 ? stemOf(path) : `${stemOf(path)} (${number})`,
    sizes: { t: group.indices.length + group.more, c: channels, z: 1, y: page.height, x: page.width },
    type,
    ...(colour > 1 ? { samples: colour } : {}),
    ...(voxelSize ? { voxelSize } : {}),
    channels: Array.from({ length: channels }, () => ({ name: '' })),
    ...(electron?.acquiredAt ? { acquiredAt: electron.acquiredAt } : {}),
    ...(hasValues(instrument) ? { instrument } : {}),
    ...(page.bits < 16 && page.bits > 8 ? { significantBits: page.bits } : {}),
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
