import type { ImageDescription, Issue, PixelBlock } from '@micrarium/model';
import { type ImagePixels, PixelsUnreadable } from '../image-reader.ts';
import { measureColours } from './colour-measures.ts';
import { depositRule } from './issues.ts';
import { type GreyPlane, gridOfEight, letters, marksOf, scaleBar } from './pixel-marks.ts';

/** Planes of more pixels are not looked at; their names still are. */
const mostPixels = 2 ** 24;

/** Sizes of common screens, in pixels. */
const screens = new Set(
  '1280x720 1280x800 1280x1024 1366x768 1440x900 1600x900 1680x1050 1920x1080 1920x1200 2048x1536 2256x1504 2304x1440 2560x1080 2560x1440 2560x1600 2736x1824 2880x1800 3000x2000 3024x1964 3072x1920 3440x1440 3456x2234 3840x2160 5120x2880'.split(
    ' ',
  ),
);

/** What is known of a file besides its image. */
export interface DepositContext {
  /** Path of the file, for the place of the findings. */
  file: string;
  /** The file is JPEG itself, which is said elsewhere. */
  isJpeg?: boolean;
}

/**
 * Looks for what the deposit guidelines of SSBD ask not to deposit as data: screenshots, marks burnt into the pixels,
 * merged channels, traces of JPEG, single frames, projections, figures. One plane is read (the middle one). Findings say
 * what was seen; none is an error.
 */
export async function depositFindings(
  image: ImagePixels,
  context: DepositContext,
  signal?: AbortSignal,
): Promise<Issue[]> {
  const { description } = image;
  const issues = nameFindings(description, context.file);
  const { sizes, samples = 1, type } = description;
  if (sizes.x * sizes.y > mostPixels || sizes.x < 32 || sizes.y < 32) return issues;
  const isColour = samples >= 3 && type === 'uint8';
  if (samples > 1 && !isColour) return issues;
  try {
    const middle = { t: sizes.t >> 1, c: 0, z: sizes.z >> 1 };
    const block = await image.readRegion(middle, undefined, 0, signal);
    issues.push(...(isColour ? colourFindings(block, description, context.file) : []));
    issues.push(...planeFindings(greyOf(block), type, context));
  } catch (error) {
    // Pixels that cannot be read are a finding of the reader.
    if (!(error instanceof PixelsUnreadable)) throw error;
  }
  return unique(issues);
}

function unique(issues: readonly Issue[]): Issue[] {
  return [...new Map(issues.map((issue) => [issue.code, issue])).values()];
}

/** What the name alone says. */
export function nameFindings({ name, sizes }: ImageDescription, file: string): Issue[] {
  const where = { file };
  const base = file.slice(file.lastIndexOf('/') + 1);
  const names = [name, base.replace(/\.[^.]*$/, '')];
  const issues: Issue[] = [];
  const find = (pattern: RegExp): string | undefined => names.find((one) => pattern.test(one));
  const shot = find(/screen[\s_-]?(shot|cap)|スクリーンショット|bildschirmfoto|capture d.écran/i);
  if (shot !== undefined)
    issues.push(depositRule('looks-like-screenshot', `“${shot}” is named as a screenshot.`, { where }));
  const projection =
    sizes.z === 1
      ? (find(/^(MAX|AVG|SUM|STD|MIN|MED)_/) ??
        find(/(^|[\s_-])(mip|(max|avg|sum|z)[\s_-]?proj(ection)?|projection)([\s_.-]|$)/i))
      : undefined;
  if (projection !== undefined)
    issues.push(
      depositRule('looks-like-projection', `“${projection}” is named as a projection and has one slice.`, { where }),
    );
  const frame = sizes.t === 1 ? find(/(^|[\s_-])(t|tp|time|timepoint|frame)[\s_-]?0*\d+([\s_-]|$)/i) : undefined;
  if (frame !== undefined)
    issues.push(depositRule('single-frame', `“${frame}” counts a time point and holds one frame.`, { where }));
  const figure = find(/^(suppl?(ementary)?[\s_.-]*)?fig(ure|s)?[\s_.-]*\d+[a-z]?([\s_.-]|$)/i);
  if (figure !== undefined)
    issues.push(depositRule('looks-like-figure', `“${figure}” is named as a figure.`, { where }));
  return issues;
}

function colourFindings(block: PixelBlock, { voxelSize }: ImageDescription, file: string): Issue[] {
  const where = { file };
  const measured = measureColours(block);
  const percent = (part: number): string => `${Math.round(part * 100)} %`;
  const issues: Issue[] = [];
  const size = `${block.width}x${block.height}`;
  if (!voxelSize && screens.has(size) && (measured.oneColour > 0.1 || measured.white > 0.2)) {
    const part = percent(Math.max(measured.oneColour, measured.white));
    const message = `The picture has the size of a screen (${size}), and ${part} of it are of exactly one colour.`;
    issues.push(depositRule('looks-like-screenshot', message, { where }));
  }
  if (measured.margin >= 0.01 && measured.white >= 0.2) {
    const message = `The picture has a white margin, and ${percent(measured.white)} of it are exactly white, as pages are.`;
    issues.push(depositRule('looks-like-figure', message, { where }));
  }
  if (measured.dark >= 0.5 && measured.strong >= 0.3) {
    const message = `${percent(measured.dark)} of the picture are dark, and ${percent(measured.strong)} of what is bright are of strong colours: channels merged into red, green and blue.`;
    issues.push(depositRule('merged-channels', message, { where }));
  }
  return issues;
}

function planeFindings(plane: GreyPlane, type: ImageDescription['type'], { file, isJpeg }: DepositContext): Issue[] {
  const where = { file };
  const issues: Issue[] = [];
  const marks = marksOf(plane);
  const bar = (marks && scaleBar(marks, plane)) ?? darkBar(plane);
  const text = bar ? undefined : ((marks && letters(marks, plane)) ?? softLetters(plane));
  if (bar) {
    const message = `A rectangle of ${bar.width} x ${bar.height} pixels of one and the same value lies at x ${bar.x}, y ${bar.y}, as a scale bar would.`;
    issues.push(depositRule('burnt-in-marks', message, { where }));
  } else if (text) {
    const message = `${text.length} marks of one height in a row begin at x ${text[0]!.x}, y ${text[0]!.y}, as letters would.`;
    issues.push(depositRule('burnt-in-marks', message, { where }));
  }
  const grid = type === 'uint8' && !isJpeg ? gridOfEight(plane) : undefined;
  if (grid !== undefined && grid >= 1.25) {
    const message = `Steps at every eighth column and row are ${grid.toFixed(1)} times as large as elsewhere.`;
    issues.push(depositRule('jpeg-artefacts', message, { where }));
  }
  return issues;
}

/** Letters with soft edges: strokes fill less of their boxes than cells do. */
function softLetters(plane: GreyPlane): ReturnType<typeof letters> {
  const marks = marksOf(plane, 0.5);
  return marks && letters(marks, plane, 0.62);
}

/** A bar of the smallest value on a bright picture, as people draw it on stained tissue; black at the border is padding. */
function darkBar(plane: GreyPlane): ReturnType<typeof scaleBar> {
  const { width, height, values } = plane;
  let [least, most, sum] = [Infinity, -Infinity, 0];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
    sum += value;
  }
  if (!(sum / values.length > (least + most) / 2)) return undefined;
  const marks = marksOf({ width, height, values: values.map((value) => most - value) });
  const inside = marks?.filter(
    ({ x, y, ...mark }) => x > 0 && y > 0 && x + mark.width < width && y + mark.height < height,
  );
  return inside && scaleBar(inside, plane);
}

/** One number a pixel: the value, or the smallest of its colours (only white is largest there). */
function greyOf({ width, height, samples, data }: PixelBlock): GreyPlane {
  const values = new Float32Array(width * height);
  for (let n = 0, at = 0; n < values.length; n++, at += samples) {
    let least = Number(data[at]);
    for (let sample = 1; sample < Math.min(samples, 3); sample++) least = Math.min(least, Number(data[at + sample]));
    values[n] = least;
  }
  return { width, height, values };
}
