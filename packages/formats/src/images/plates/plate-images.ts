import type { ChannelDescription, ImageDescription, Issue, Quantity } from '@micrarium/model';
import { imageFindings } from '../findings.ts';
import { type ImagePixels, type OpenedImages, PixelsUnreadable } from '../image-reader.ts';
import { rounded } from '../ome-xml/to-model.ts';
import { isSamePlane } from '../series/member.ts';
import type { OpenMembers } from '../series/open-members.ts';
import { seriesIssue } from '../series/series-issues.ts';
import { known, timeStepOf } from '../stored/stated-values.ts';
import { emptyBlock } from '../tiff/paged-image.ts';
import { plateIssue } from './plate-issues.ts';
import { type PlatePlane, rowsAndColumns, wellParts } from './plate-plane.ts';

/** What is stated of one plane: when it was taken, in seconds and as text, and where, in micrometers. */
export interface StatedOfPlane {
  seconds?: number;
  acquiredAt?: string;
  origin?: ImageDescription['origin'];
}

/** What the microscope says of a plate as a whole. */
export interface StatedOfPlate {
  name: string;
  /** Rows and columns of the plate. */
  size?: { rows: number; columns: number };
  /** By the number that stands in names of files. */
  channels: ReadonlyMap<number, Partial<ChannelDescription>>;
  voxelSize?: ImageDescription['voxelSize'];
  instrument?: ImageDescription['instrument'];
  description?: string;
  /** Left out, the planes are asked themselves, the first few hundred of them. */
  planeStated?(plane: PlatePlane): StatedOfPlane | undefined;
}

/** Planes that are opened to hear when and where they were taken. */
const mostAsked = 300;
/** Times and channels of an image that are looked at. */
const mostAlong = 100;

/**
 * One image for each field of each well, with its place on the plate. Planes that are of no stack are images of their own
 * where others are. Only a few files are opened; every other when its plane is asked for.
 */
export async function openPlate(
  planes: readonly PlatePlane[],
  members: OpenMembers,
  stated: StatedOfPlate,
  path: string,
): Promise<OpenedImages> {
  const first = await firstPlane(planes, members);
  if (!first) {
    const message = 'None of the files of the plate can be read as a plane.';
    return { images: [], issues: [seriesIssue('series-member-differs', message, { where: { file: path } })] };
  }
  const plate: Plate = {
    first,
    members,
    stated,
    ...rowsAndColumns([...new Set(planes.map(({ well }) => well))], stated.size),
    ask: asker(members, stated),
    isSeveralFields: planes.some(({ field }) => field !== planes[0]!.field),
  };
  const images: { image: ImagePixels; order: string }[] = [];
  const issues: Issue[] = [];
  // Stacks go before the single slices of the same field.
  const kinds = [planes.filter(({ z }) => z !== undefined), planes.filter(({ z }) => z === undefined)];
  for (const [n, own] of kinds.entries()) {
    if (own.length === 0) continue;
    const label = n === 1 && own.length < planes.length ? ' (2D)' : '';
    const made = await imagesOfKind(plate, own, label);
    if (made.missing) issues.push(plateIssue('plate-images-missing', made.missing, { where: { file: path } }));
    // Every field has the same things said of it.
    issues.push(...imageFindings(made.images[0]!.image.description, path));
    images.push(...made.images);
  }
  images.sort((a, b) => a.order.localeCompare(b.order, 'en', { numeric: true }));
  return { images: images.map(({ image }) => image), issues };
}

interface Plate {
  first: ImagePixels;
  members: OpenMembers;
  stated: StatedOfPlate;
  rows: string[];
  columns: string[];
  ask(plane: PlatePlane): Promise<StatedOfPlane | undefined>;
  isSeveralFields: boolean;
}

async function firstPlane(planes: readonly PlatePlane[], members: OpenMembers): Promise<ImagePixels | undefined> {
  for (const { path } of planes.slice(0, mostAlong)) {
    const plane = await members.plane(path);
    if (plane) return plane;
  }
  return undefined;
}

/** Asks what is stated of planes; files themselves only so often, since each must be opened. */
function asker(members: OpenMembers, { planeStated }: StatedOfPlate): Plate['ask'] {
  let asked = 0;
  return async (plane) => {
    if (planeStated) return planeStated(plane);
    if (asked++ >= mostAsked) return undefined;
    const { acquiredAt, origin } = (await members.plane(plane.path))?.description ?? {};
    const seconds = acquiredAt === undefined ? Number.NaN : Date.parse(acquiredAt) / 1000;
    return {
      ...known('acquiredAt', acquiredAt),
      ...(Number.isFinite(seconds) ? { seconds } : {}),
      ...known('origin', origin),
    };
  };
}

/** The numbers that planes have along an axis, in order. */
interface Axes {
  t: number[];
  c: number[];
  z: number[];
}

const axesOf = (planes: readonly PlatePlane[]): Axes => ({
  t: counted(planes, ({ t }) => t),
  c: counted(planes, ({ c }) => c),
  z: counted(planes, ({ z }) => z ?? 0),
});

function counted(planes: readonly PlatePlane[], of: (plane: PlatePlane) => number): number[] {
  return [...new Set(planes.map(of))].sort((a, b) => a - b);
}

async function imagesOfKind(
  plate: Plate,
  planes: readonly PlatePlane[],
  label: string,
): Promise<{ images: { image: ImagePixels; order: string }[]; missing: string | undefined }> {
  const common = axesOf(planes);
  const channels = await channelsOf(plate, planes, common.c);
  const fields = Map.groupBy(planes, ({ well, field }) => `${well} ${field}`);
  const images: { image: ImagePixels; order: string }[] = [];
  const missing: string[] = [];
  let wanted = 0;
  for (const [order, own] of fields) {
    const full = common.t.length * common.c.length * common.z.length;
    // A field recorded for a shorter time, or in fewer slices, has no planes missing.
    const axes = full > 4 * own.length + 16 ? { ...axesOf(own), c: common.c } : common;
    const size = axes.t.length * axes.c.length * axes.z.length;
    wanted += size;
    const byPlace = new Map(own.map((plane) => [`${plane.t}/${plane.c}/${plane.z ?? 0}`, plane]));
    if (byPlace.size < size) missing.push(`${order.replace(' ', ' field ')} (${size - byPlace.size})`);
    const description = await describe(plate, own[0]!, byPlace, axes, label, images[0]?.image.description);
    images.push({ image: fieldImage(plate, own[0]!, byPlace, axes, { ...description, channels }, label), order });
  }
  if (missing.length === 0) return { images, missing: undefined };
  const shown = missing.slice(0, 5).join(', ') + (missing.length > 5 ? ` and ${missing.length - 5} more` : '');
  return { images, missing: `${wanted - planes.length} of ${wanted} planes of the plate are not there: ${shown}.` };
}

/** Channels as stated for the plate, else as the first file of each states its own. */
async function channelsOf(
  { members, stated }: Plate,
  planes: readonly PlatePlane[],
  numbers: readonly number[],
): Promise<ChannelDescription[]> {
  const channels: ChannelDescription[] = [];
  for (const [n, number] of numbers.entries()) {
    const place = n < mostAlong ? planes.find(({ c }) => c === number) : undefined;
    const [own] = (place && (await members.plane(place.path)))?.description.channels ?? [];
    channels.push({ name: '', ...own, ...stated.channels.get(number) });
  }
  return channels;
}

async function describe(
  { first, stated, ask, isSeveralFields }: Plate,
  { well, field }: PlatePlane,
  byPlace: ReadonlyMap<string, PlatePlane>,
  axes: Axes,
  label: string,
  before: ImageDescription | undefined,
): Promise<ImageDescription> {
  const at = async (t: number, z: number): Promise<StatedOfPlane | undefined> => {
    const plane = byPlace.get(`${axes.t[t]}/${axes.c[0]}/${axes.z[z]}`);
    return plane && ask(plane);
  };
  const start = await at(0, 0);
  // Where files must be opened for it, the first field says for all how far times and slices are apart.
  const isAsked = before === undefined || stated.planeStated !== undefined;
  const times: number[] = [];
  for (let t = 0; isAsked && t < axes.t.length && axes.t.length > 1 && axes.t.length <= mostAlong; t++)
    times.push(milliseconds(((await at(t, 0))?.seconds ?? Number.NaN) - (start?.seconds ?? 0)));
  const isTimed =
    times.length > 1 && times.every((time, n) => (n === 0 ? Number.isFinite(time) : time > times[n - 1]!));
  const [isFilm, isStack] = [axes.t.length > 1, axes.z.length > 1];
  const step = isAsked && isStack ? distance(start?.origin?.z, (await at(0, 1))?.origin?.z) : undefined;
  const {
    voxelSize: ownVoxel,
    timeStep: _step,
    planeTimes: _times,
    acquiredAt: _at,
    origin: _origin,
    ...told
  } = first.description;
  const voxelSize = {
    ...ownVoxel,
    ...stated.voxelSize,
    ...known('z', step ?? (isStack ? before?.voxelSize?.z : undefined)),
  };
  return {
    ...told,
    name: [stated.name, well, isSeveralFields ? `field ${field}` : ''].filter((part) => part !== '').join(' ') + label,
    sizes: { ...told.sizes, t: axes.t.length, c: axes.c.length, z: axes.z.length },
    ...(Object.keys(voxelSize).length > 0 ? { voxelSize } : {}),
    ...(isTimed
      ? { ...timeStepOf(times), planeTimes: times }
      : known('timeStep', isFilm ? before?.timeStep : undefined)),
    ...known('origin', start?.origin),
    ...known('acquiredAt', start?.acquiredAt),
    ...known('description', stated.description),
    ...known('instrument', stated.instrument ?? told.instrument),
  };
}

/** Differences of dates are no more exact than they. */
const milliseconds = (seconds: number): number => Math.round(seconds * 1000) / 1000;

function distance(a: Quantity | undefined, b: Quantity | undefined): Quantity | undefined {
  if (!a || !b || a.unit !== b.unit || a.value === b.value) return undefined;
  return { value: rounded(Math.abs(b.value - a.value)), unit: a.unit };
}

function fieldImage(
  { first, members, stated, rows, columns }: Plate,
  { well, field }: PlatePlane,
  byPlace: ReadonlyMap<string, PlatePlane>,
  axes: Axes,
  description: ImageDescription,
  label: string,
): ImagePixels {
  const [row, column] = wellParts(well);
  return {
    description,
    levels: first.levels.map((level) => ({ ...level, depth: axes.z.length })),
    place: { plate: stated.name, rows, columns, row, column, field: label === '' ? field : `${field}flat` },
    async readRegion(plane, region, level = 0, signal) {
      for (const axis of ['t', 'c', 'z'] as const)
        if (!(Number.isInteger(plane[axis]) && plane[axis] >= 0 && plane[axis] < axes[axis].length))
          throw new RangeError(`plane ${axis} ${plane[axis]} is not among ${axes[axis].length}`);
      const size = first.levels[level];
      if (!size) throw new RangeError(`the image has ${first.levels.length} levels, level ${level} was asked for`);
      const member = byPlace.get(`${axes.t[plane.t]}/${axes.c[plane.c]}/${axes.z[plane.z]}`);
      if (!member) return emptyBlock(description, region ?? { x: 0, y: 0, width: size.width, height: size.height });
      const image = await members.plane(member.path);
      if (!image || !isSamePlane(first, image))
        throw new PixelsUnreadable(
          `${member.path} cannot be read, or is not of the size and type of the other files of the plate`,
        );
      return image.readRegion({ t: 0, c: 0, z: 0 }, region, level, signal);
    },
  };
}
