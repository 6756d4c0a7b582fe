import type { Issue } from '@micrarium/model';
import { type FileEntry, baseName, folderOf } from '../../bytes/file-tree.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { PixelsUnreadable } from '../../images/image-reader.ts';
import type { ImagePixels } from '../../images/image-reader.ts';
import type { Item } from '../../recognition/item.ts';
import { RowStream } from '../row-stream.ts';
import type { ReadOptions, SetHeader, TrackReader, TrackSink } from '../track-reader.ts';
import { type CtcIssueCode, ctcIssue } from './issues.ts';
import { openLabelImage, measureLabels, sliceCount } from './label-image.ts';
import { type LabelSpan, readTrackTable } from './track-table.ts';

/** Objects that a table without label images may promise. */
const mostPromised = 2_000_000;

/**
 * Reads results and reference tracks of the Cell Tracking Challenge: an object is a label in a frame, its position the
 * centre of mass of its pixels. Label images are measured one by one; one band of rows is in memory.
 */
export const ctcReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const table = item.tree.entries.find(({ path }) => /^(res|man)_track\.txt$/.test(baseName(path)));
    if (!table) {
      const message = 'no track table (res_track.txt or man_track.txt)';
      return { issues: [ctcIssue('track-table-missing', message, { where: { file: item.path } })] };
    }
    return { issues: await new CtcRead(item, table, options).run(sink) };
  },
};

interface Frame {
  number: number;
  entry: FileEntry;
}

/** What was seen of a label so far: its last object. */
interface Seen {
  id: number;
  frame: number;
  /** Frames of the span that showed it. */
  frames: number;
}

class CtcRead {
  private readonly item: Item;
  private readonly table: FileEntry;
  private readonly options: ReadOptions;
  private readonly tally = new IssueTally<CtcIssueCode>();
  private readonly seen = new Map<number, Seen>();
  private spans = new Map<number, LabelSpan>();
  private nextId = 0;

  constructor(item: Item, table: FileEntry, options: ReadOptions) {
    this.item = item;
    this.table = table;
    this.options = options;
  }

  async run(sink: TrackSink): Promise<Issue[]> {
    const { tally, options, table } = this;
    this.spans = await readTrackTable(await table.open(), tally, options.signal);
    this.checkParents();
    const frames = this.framesOf();
    if (frames.length > 0) await this.streamImages(frames, sink);
    else await this.streamSpans(sink);
    return tally.issues(ctcIssue, this.item.path, {
      'mask-without-label': (n) => `${n} ${n === 1 ? 'object' : 'objects'} without a line in the track table`,
      'label-without-mask': (n) => `${n} ${n === 1 ? 'label is' : 'labels are'} not shown in all of their frames`,
      'label-images-missing': () => 'no label images, so no positions',
      'label-image-unreadable': (n) => `${n} label ${n === 1 ? 'image' : 'images'} cannot be read`,
      'track-table-malformed': (n) => `${n} ${n === 1 ? 'line' : 'lines'} without four whole numbers`,
      'track-table-too-long': () => `more than ${mostPromised} objects promised`,
      'parent-not-before': (n) => `${n} ${n === 1 ? 'parent does' : 'parents do'} not end before their daughter`,
      'pixel-units-only': () => 'positions are in pixels',
    });
  }

  private checkParents(): void {
    for (const span of this.spans.values()) {
      if (span.parent === 0) continue;
      const parent = this.spans.get(span.parent);
      if (parent && parent.end < span.begin) continue;
      this.tally.note('parent-not-before', {}, `label ${span.label}, parent ${span.parent}`);
      span.parent = 0;
    }
  }

  /** Label images by frame; the number in the name is the frame. */
  private framesOf(): Frame[] {
    const folder = folderOf(this.table.path);
    const pattern = baseName(this.table.path).startsWith('res') ? /^mask(\d+)\.tiff?$/i : /^man_track(\d+)\.tiff?$/i;
    const frames: Frame[] = [];
    for (const entry of this.item.tree.entries) {
      const number = folderOf(entry.path) === folder ? pattern.exec(baseName(entry.path))?.[1] : undefined;
      if (number !== undefined) frames.push({ number: Number(number), entry });
    }
    return frames.sort((a, b) => a.number - b.number);
  }

  private async streamImages(frames: readonly Frame[], sink: TrackSink): Promise<void> {
    const { options, tally } = this;
    let stream: RowStream | undefined;
    for (const [index, { number, entry }] of frames.entries()) {
      options.signal?.throwIfAborted();
      options.onProgress?.(index / frames.length);
      const image = await openLabelImage(entry);
      if (typeof image === 'string') {
        tally.note('label-image-unreadable', { file: entry.path }, `${baseName(entry.path)}: ${image}`);
        await entry.close?.();
        continue;
      }
      stream ??= await RowStream.begin(sink, this.header(image, frames), options.signal);
      await this.takeFrame(number, entry, image, stream);
      await entry.close?.();
    }
    await (stream ?? (await RowStream.begin(sink, this.header(undefined, frames)))).end();
    tally.note('pixel-units-only', {}, 'the format has no unit');
    for (const { label, begin, end } of this.spans.values()) {
      const missing = end - begin + 1 - (this.seen.get(label)?.frames ?? 0);
      if (missing > 0) tally.note('label-without-mask', {}, `label ${label}: ${missing} of ${end - begin + 1} frames`);
    }
  }

  private header(image: ImagePixels | undefined, frames: readonly Frame[]): SetHeader {
    const slices = image ? sliceCount(image) : 1;
    const last = frames.at(-1);
    return {
      name: folderOf(this.item.path) === '' ? baseName(this.item.path) || 'tracks' : this.setName(),
      spaceUnit: 'pixel',
      sourceFrameBase: 0,
      entity: 'point',
      hasZ: slices > 1,
      hasTime: false,
      objectColumns: [
        { name: 'label', type: 'int', role: 'track', description: 'Value of the object in the label images' },
        slices > 1
          ? { name: 'volume', type: 'int', description: 'Voxels of the object' }
          : { name: 'area', type: 'int', description: 'Pixels of the object' },
      ],
      edgeColumns: [],
      provenance: image
        ? {
            imageSizes: {
              x: image.description.sizes.x,
              y: image.description.sizes.y,
              ...(slices > 1 ? { z: slices } : {}),
              ...(last ? { t: last.number + 1 } : {}),
            },
          }
        : {},
    };
  }

  /** The folder's name, also where one of its files was pointed at. */
  private setName(): string {
    const { path } = this.item;
    return /\.(txt|tiff?)$/i.test(path) ? baseName(folderOf(path)) : baseName(path);
  }

  private async takeFrame(frame: number, entry: FileEntry, image: ImagePixels, stream: RowStream): Promise<void> {
    try {
      for (const { label, x, y, z, size } of await measureLabels(image, this.options.signal)) {
        const id = this.nextId++;
        const full = stream.object({ id, frame, x, y, z, values: [label, size] });
        if (full) await full;
        const span = this.spans.get(label);
        if (span && frame >= span.begin && frame <= span.end) await this.link(span, id, frame, stream);
        else this.tally.note('mask-without-label', {}, `label ${label} in frame ${frame}`);
      }
    } catch (error) {
      if (!(error instanceof PixelsUnreadable || error instanceof RangeError)) throw error;
      this.tally.note('label-image-unreadable', { file: entry.path }, `${baseName(entry.path)}: ${error.message}`);
    }
  }

  /** Edge from the label's last object, or from its parent's where this is its first. */
  private async link(span: LabelSpan, id: number, frame: number, stream: RowStream): Promise<void> {
    const before = this.seen.get(span.label);
    const from = before ?? (span.parent === 0 ? undefined : this.seen.get(span.parent));
    this.seen.set(span.label, { id, frame, frames: (before?.frames ?? 0) + 1 });
    if (!from) return;
    const full = stream.edge(from.id, id);
    if (full) await full;
  }

  /** Without label images: an object for each frame of each label, without a position. */
  private async streamSpans(sink: TrackSink): Promise<void> {
    const { tally, options } = this;
    tally.note('label-images-missing', {}, baseName(this.table.path));
    const stream = await RowStream.begin(
      sink,
      {
        ...this.header(undefined, []),
        objectColumns: [{ name: 'label', type: 'int', role: 'track', description: 'Label in the track table' }],
      },
      options.signal,
    );
    const lastOf = new Map<number, number>();
    const firstOf = new Map<number, number>();
    for (const { label, begin, end } of this.spans.values()) {
      if (this.nextId + end - begin + 1 > mostPromised) {
        tally.note('track-table-too-long', {}, `label ${label}: frames ${begin} to ${end}`);
        continue;
      }
      firstOf.set(label, this.nextId);
      for (let frame = begin; frame <= end; frame++) {
        const id = this.nextId++;
        const full = stream.object({ id, frame, x: Number.NaN, y: Number.NaN, values: [label] });
        if (full) await full;
        const fullEdge = frame === begin ? undefined : stream.edge(id - 1, id);
        if (fullEdge) await fullEdge;
      }
      lastOf.set(label, this.nextId - 1);
    }
    for (const { label, parent } of this.spans.values()) {
      const from = lastOf.get(parent);
      const to = firstOf.get(label);
      const full = from === undefined || to === undefined ? undefined : stream.edge(from, to);
      if (full) await full;
    }
    await stream.end();
  }
}
