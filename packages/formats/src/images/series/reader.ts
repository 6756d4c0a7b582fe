import type { ChannelDescription, ImageDescription, Issue } from '@micrarium/model';
import type { Item } from '../../recognition/item.ts';
import { imageFinding, imageFindings } from '../findings.ts';
import { type ImagePixels, type ImageReader, type OpenedImages, PixelsUnreadable } from '../image-reader.ts';
import { timeStepOf } from '../stored/stated-values.ts';
import { emptyBlock } from '../tiff/paged-image.ts';
import { mainEntry } from '../tiff/reader.ts';
import { type SeriesPattern, guessSeries } from './guess-series.ts';
import { isSamePlane, samplesOfSeries } from './member.ts';
import { OpenMembers } from './open-members.ts';
import { seriesIssue } from './series-issues.ts';

/** Stacks the files of a series as one image. Nothing of a member is read until its plane is asked for. */
export const seriesReader: ImageReader = {
  async open(item: Item): Promise<OpenedImages> {
    const pattern = patternOf(item);
    const where = { file: item.path };
    const members = new OpenMembers(item.tree.entries);
    const first = pattern && (await firstPlane(pattern, members));
    if (!pattern || !first) {
      const message = 'None of the files of the series can be read as a plane.';
      return { images: [], issues: [seriesIssue('series-member-differs', message, { where })] };
    }
    const { t, c, z } = pattern.sizes;
    const issues: Issue[] = [
      seriesIssue(
        'series-axes-guessed',
        `${pattern.members.length} files named ${pattern.template} are read as ${t} times, ${c} channels and ${z} slices.`,
        { where },
      ),
    ];
    for (const path of pattern.missing.slice(0, 100))
      issues.push(
        imageFinding('set-member-missing', `${path} is missing in the series; its plane is shown as 0.`, {
          where: { file: path },
        }),
      );
    for (const { path } of samplesOfSeries(pattern.members)) {
      const plane = await members.plane(path);
      if (!plane || !isSamePlane(first, plane)) issues.push(differs(path));
    }
    const image = stack(pattern, first, members, await statedByMembers(pattern, members));
    issues.push(...imageFindings(image.description, item.path));
    return { images: [image], issues };
  },
};

function differs(path: string): Issue {
  const message = `${path} cannot be read, or is not of the size and type of the other files of the series.`;
  return seriesIssue('series-member-differs', message, { where: { file: path } });
}

/** The series of an item: the one the asked file is in, else the largest. */
function patternOf(item: Item): SeriesPattern | undefined {
  const patterns = guessSeries(item.tree.entries.map((entry) => entry.path));
  const main = mainEntry(item)?.path;
  return (
    patterns.find((pattern) => pattern.members.some((member) => member.path === main)) ??
    patterns.sort((a, b) => b.members.length - a.members.length)[0]
  );
}

async function firstPlane(pattern: SeriesPattern, members: OpenMembers): Promise<ImagePixels | undefined> {
  for (const { path } of pattern.members.slice(0, 100)) {
    const plane = await members.plane(path);
    if (plane) return plane;
  }
  return undefined;
}

/** Members that are asked when they were recorded, and channels that are asked their name. */
const mostAsked = 100;

/** Channels and times as the files of the series state them, each of its own plane. */
async function statedByMembers(
  { members: places, sizes }: SeriesPattern,
  members: OpenMembers,
): Promise<Pick<ImageDescription, 'channels' | 'timeStep' | 'planeTimes'>> {
  const channels: ChannelDescription[] = [];
  for (let c = 0; c < sizes.c; c++) {
    const place = c < mostAsked ? places.find((member) => member.c === c) : undefined;
    const [own] = (place && (await members.plane(place.path)))?.description.channels ?? [];
    channels.push(own ?? { name: '' });
  }
  const times: number[] = [];
  for (let t = 0; t < sizes.t && sizes.t > 1 && sizes.t <= mostAsked; t++) {
    const place = places.find((member) => member.t === t && member.c === 0 && member.z === 0);
    const at = (place && (await members.plane(place.path)))?.description.acquiredAt;
    times.push(at === undefined ? Number.NaN : Date.parse(at) / 1000);
  }
  const isTimed = times.length > 1 && times.every((time, n) => n === 0 || time > times[n - 1]!);
  if (!isTimed) return { channels };
  // Differences of dates are no more exact than they.
  const planeTimes = times.map((time) => Math.round((time - times[0]!) * 1000) / 1000);
  return { channels, ...timeStepOf(planeTimes), planeTimes };
}

function stack(
  pattern: SeriesPattern,
  first: ImagePixels,
  members: OpenMembers,
  stated: Pick<ImageDescription, 'channels' | 'timeStep' | 'planeTimes'>,
): ImagePixels {
  const { t, c, z } = pattern.sizes;
  const description: ImageDescription = {
    ...first.description,
    name: pattern.name,
    sizes: { ...first.description.sizes, t, c, z },
    ...stated,
  };
  const paths = new Map(pattern.members.map((member) => [`${member.t}/${member.c}/${member.z}`, member.path]));
  return {
    description,
    levels: first.levels.map((level) => ({ ...level, depth: z })),
    async readRegion(plane, region, level = 0, signal) {
      for (const axis of ['t', 'c', 'z'] as const)
        if (!(Number.isInteger(plane[axis]) && plane[axis] >= 0 && plane[axis] < pattern.sizes[axis]))
          throw new RangeError(`plane ${axis} ${plane[axis]} is not among ${pattern.sizes[axis]}`);
      const size = first.levels[level];
      if (!size) throw new RangeError(`the image has ${first.levels.length} levels, level ${level} was asked for`);
      const path = paths.get(`${plane.t}/${plane.c}/${plane.z}`);
      if (path === undefined)
        return emptyBlock(description, region ?? { x: 0, y: 0, width: size.width, height: size.height });
      const image = await members.plane(path);
      if (!image || !isSamePlane(first, image)) throw new PixelsUnreadable(differs(path).message);
      return image.readRegion({ t: 0, c: 0, z: 0 }, region, level, signal);
    },
  };
}
