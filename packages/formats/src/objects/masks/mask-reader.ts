import { type Issue, type SpaceUnit, type TimeUnit, parseSpaceUnit, parseTimeUnit } from '@micrarium/model';
import { ByteSourceError } from '../../bytes/byte-source.ts';
import { type ImagePixels, PixelsUnreadable } from '../../images/image-reader.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { RowStream, pointHeader } from '../../tracks/row-stream.ts';
import type { ReadOptions, SetHeader, TrackReader, TrackSink } from '../../tracks/track-reader.ts';
import { type MaskObject, NotAMask, maskKind, maskObjects } from './mask-frames.ts';
import { type MaskIssueCode, maskIssue } from './mask-issues.ts';
import { linkNearest } from './nearest-links.ts';
import { polygonMoments } from './outline.ts';
import type { Connectivity } from './pieces.ts';

/** What becomes of a mask. */
export interface MaskChoices {
  /** `points`: centres of mass. `circles`: circles (in stacks spheres) of the same area (volume). `outlines`: closed outlines. */
  objects: 'points' | 'circles' | 'outlines';
  /** Links objects of following frames that are not further apart, in the unit of the positions; none where left out. */
  linkDistance?: number;
  /** Which pixels of a binary mask touch; 8 unless said. */
  connectivity?: Connectivity;
}

/**
 * Makes objects out of the masks of an item: binary images (every connected piece is an object) or label images (every
 * value is one). Frame by frame; optionally linked by nearest neighbour. The sets say that they were computed, and how.
 */
export function maskReader(choices: MaskChoices): TrackReader {
  return {
    async stream(item, sink, options = {}) {
      const reader = await item.descriptor?.images?.reader();
      if (!reader)
        return { issues: [maskIssue('not-a-mask', `${item.path} is no image`, { where: { file: item.path } })] };
      const { images, issues, formatVersion } = await reader.open(item, options);
      for (const [i, image] of images.entries()) {
        const progress = (done: number) => options.onProgress?.((i + done) / images.length);
        issues.push(...(await readMask(image, choices, sink, { ...options, onProgress: progress }, item.path)));
      }
      return { issues, ...(formatVersion === undefined ? {} : { formatVersion }) };
    },
  };
}

const words: Partial<Record<MaskIssueCode, (count: number) => string>> = {
  'label-in-pieces': (n) => `${n} ${n === 1 ? 'label has' : 'labels have'} several pieces`,
  'mask-holes': (n) => `${n} ${n === 1 ? 'object has' : 'objects have'} holes`,
};

async function readMask(
  image: ImagePixels,
  choices: MaskChoices,
  sink: TrackSink,
  options: ReadOptions,
  file: string,
): Promise<Issue[]> {
  const { name, sizes } = image.description;
  const where = { where: { file } };
  const tally = new IssueTally<MaskIssueCode>();
  const issues: Issue[] = [];
  try {
    const kind = await maskKind(image, options.signal);
    if (kind === 'empty') issues.push(maskIssue('mask-empty', `every pixel of "${name}" is 0`, where));
    if (sizes.c > 1) issues.push(maskIssue('mask-further-channels', `${sizes.c} channels; the first is taken`, where));
    const writing = new MaskWriting(image, choices, kind === 'labels' ? 'labels' : 'binary', tally);
    await writing.run(sink, options);
    issues.push(maskIssue('computed-from-mask', `${choices.objects} computed from the ${kind} mask "${name}"`, where));
  } catch (error) {
    if (error instanceof ByteSourceError) throw error;
    if (error instanceof NotAMask) issues.push(maskIssue('not-a-mask', `"${name}": ${error.message}`, where));
    else if (error instanceof PixelsUnreadable)
      issues.push(maskIssue('mask-unreadable', `"${name}": ${error.message}`, where));
    else throw error;
  }
  return [...issues, ...tally.issues(maskIssue, file, words)];
}

/** From pixels to positions: the pixel size where the image says it, else pixels. */
interface Scale {
  x: number;
  y: number;
  z: number;
  unit: SpaceUnit;
}

function scaleOf({ description: { voxelSize, sizes } }: ImagePixels): Scale {
  const { x, y, z } = voxelSize ?? {};
  const unit = x && parseSpaceUnit(x.unit);
  const stack = sizes.z > 1;
  if (!x || !y || !unit || unit === 'pixel' || y.unit !== x.unit || (stack && z?.unit !== x.unit))
    return { x: 1, y: 1, z: 1, unit: 'pixel' };
  return { x: x.value, y: y.value, z: stack ? z!.value : 1, unit };
}

class MaskWriting {
  private readonly image: ImagePixels;
  private readonly choices: MaskChoices;
  private readonly kind: 'binary' | 'labels';
  private readonly tally: IssueTally<MaskIssueCode>;
  private readonly scale: Scale;
  private readonly stack: boolean;
  private before: { x: number[]; y: number[]; z: number[]; ids: number[] } = { x: [], y: [], z: [], ids: [] };
  private next = 0;

  constructor(image: ImagePixels, choices: MaskChoices, kind: 'binary' | 'labels', tally: IssueTally<MaskIssueCode>) {
    this.image = image;
    this.choices = choices;
    this.kind = kind;
    this.tally = tally;
    this.scale = scaleOf(image);
    this.stack = image.description.sizes.z > 1;
  }

  async run(sink: TrackSink, { signal, onProgress }: ReadOptions): Promise<void> {
    const { sizes } = this.image.description;
    const stream = await RowStream.begin(sink, this.header(), signal);
    for (let t = 0; t < sizes.t; t++) {
      onProgress?.(t / sizes.t);
      const objects = await maskObjects(this.image, t, {
        kind: this.kind,
        connectivity: this.choices.connectivity ?? 8,
        outlines: this.choices.objects === 'outlines',
        ...(signal ? { signal } : {}),
      });
      await this.frame(t, objects, stream);
    }
    await stream.end();
  }

  private header(): SetHeader {
    const { name, sizes, timeStep } = this.image.description;
    const { objects, linkDistance, connectivity = 8 } = this.choices;
    const { unit, x, y, z } = this.scale;
    const timeUnit: TimeUnit | undefined = timeStep && parseTimeUnit(timeStep.unit);
    const isPhysical = unit !== 'pixel';
    return pointHeader(name, {
      spaceUnit: unit,
      ...(timeUnit ? { timeUnit } : {}),
      sourceFrameBase: 0,
      hasZ: this.stack,
      hasTime: timeUnit !== undefined,
      entity: objects === 'points' ? 'point' : objects === 'outlines' ? 'line' : this.stack ? 'sphere' : 'circle',
      objectColumns: [
        this.stack
          ? { name: 'volume', type: 'float', description: 'Volume of the voxels', unit: `${unit}^3` }
          : { name: 'area', type: 'float', description: 'Area of the pixels', unit: `${unit}^2` },
        ...(objects === 'circles'
          ? [
              {
                name: 'radius',
                type: 'float' as const,
                unit,
                description: `Radius of the ${this.stack ? 'sphere of the same volume' : 'circle of the same area'}`,
              },
            ]
          : []),
        ...(this.kind === 'labels'
          ? [{ name: 'mask_value', type: 'int' as const, description: 'Value of the object in the label image' }]
          : []),
      ],
      provenance: {
        software: 'Micrarium',
        imageName: name,
        imageSizes: { x: sizes.x, y: sizes.y, ...(this.stack ? { z: sizes.z } : {}), t: sizes.t },
        ...(isPhysical ? { pixelSize: { x, y, ...(this.stack ? { z } : {}) } } : {}),
        ...(timeUnit ? { frameInterval: timeStep!.value } : {}),
        settings: JSON.stringify({
          computed: 'objects from a mask',
          mask: this.kind,
          objects,
          ...(this.kind === 'binary' ? { connectivity } : {}),
          position: 'centre of mass of the pixels',
          ...(linkDistance === undefined
            ? {}
            : { linker: 'nearest neighbour, closest pairs first, one to one', maximumDistance: linkDistance, unit }),
        }),
      },
    });
  }

  private async frame(t: number, objects: readonly MaskObject[], stream: RowStream): Promise<void> {
    const { scale, choices, tally } = this;
    const { timeStep } = this.image.description;
    const now: typeof this.before = { x: [], y: [], z: [], ids: [] };
    for (const object of objects) {
      const id = this.next++;
      const [x, y, z] = [object.x * scale.x, object.y * scale.y, object.z * scale.z];
      const parts = object.outlines.map((outline) =>
        outline.map((value, i) => value * (i % 3 === 0 ? scale.x : i % 3 === 1 ? scale.y : scale.z)),
      );
      if (object.pieces > 1) tally.note('label-in-pieces', {}, `value ${object.value} in frame ${t}`);
      if (choices.objects === 'outlines' && enclosed(object) > object.size)
        tally.note('mask-holes', {}, `object at ${object.x.toFixed(1)}, ${object.y.toFixed(1)} in frame ${t}`);
      const full = stream.object({
        id,
        frame: t,
        x,
        y,
        z,
        ...(timeStep ? { time: t * timeStep.value } : {}),
        values: [
          this.extent(object.size),
          ...(choices.objects === 'circles' ? [this.radius(object.size)] : []),
          ...(this.kind === 'labels' ? [object.value] : []),
        ],
        ...(parts.length > 0 ? { parts } : {}),
      });
      if (full) await full;
      now.x.push(x);
      now.y.push(y);
      now.z.push(z);
      now.ids.push(id);
    }
    if (choices.linkDistance !== undefined)
      for (const { source, target } of linkNearest(this.before, now, choices.linkDistance)) {
        const full = stream.edge(this.before.ids[source]!, now.ids[target]!);
        if (full) await full;
      }
    this.before = now;
  }

  /** Area or volume of so many pixels. */
  private extent(pixels: number): number {
    return pixels * this.scale.x * this.scale.y * (this.stack ? this.scale.z : 1);
  }

  private radius(pixels: number): number {
    const extent = this.extent(pixels);
    return this.stack ? Math.cbrt((3 * extent) / (4 * Math.PI)) : Math.sqrt(extent / Math.PI);
  }
}

/** Pixels that the outlines of an object go around. */
function enclosed({ outlines }: MaskObject): number {
  return outlines.reduce((sum, outline) => sum + polygonMoments(outline.filter((_, i) => i % 3 !== 2)).area, 0);
}
