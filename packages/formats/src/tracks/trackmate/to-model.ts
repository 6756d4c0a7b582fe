import type { Column, Issue, TrackProvenance } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import { methodOfTrackmate } from '../tracking-method.ts';
import type { SetHeader, TrackSink } from '../track-reader.ts';
import type { AttributeRows, AttributeSlot } from './attribute-rows.ts';
import { type AttributeColumn, unitOfDimension } from './columns.ts';
import { TrackmateFindings } from './findings.ts';
import { IdSet } from './id-set.ts';
import { Outlines } from './outline.ts';
import type { ObjectSlots, TrackmateHead, TrackmateSink } from './read.ts';
import { SourceTracks } from './source-tracks.ts';
import type { FileTail } from './survey.ts';

/** Turns what a TrackMate file says into our model, batch by batch, and notes what its readers should know. */
export class TrackmateModel implements TrackmateSink {
  version: string | undefined;
  private readonly sink: TrackSink;
  private readonly file: string;
  private readonly graphOnly: boolean;
  private readonly findings: TrackmateFindings;
  private readonly outlines = new Outlines();
  private readonly tracks = new SourceTracks();
  private readonly objectIds = new IdSet();
  private readonly linkedIds = new IdSet();
  private head_: TrackmateHead | undefined;
  private header: SetHeader | undefined;
  private objects!: AttributeRows;
  private slots!: ObjectSlots;
  private edges!: AttributeRows;
  private frame: number | undefined;
  private track: number | undefined;
  private frames = new Int32Array(0);
  private trackOfEdge = new Float64Array(0);
  private readonly absentColumns = new Map<AttributeColumn['column'], Column>();

  constructor(sink: TrackSink, file: string, graphOnly: boolean) {
    this.sink = sink;
    this.file = file;
    this.graphOnly = graphOnly;
    this.findings = new TrackmateFindings(file);
  }

  async head(head: TrackmateHead, objects: AttributeRows, slots: ObjectSlots, edges: AttributeRows): Promise<void> {
    this.head_ = head;
    this.version = head.version;
    this.objects = objects;
    this.slots = slots;
    this.edges = edges;
    this.frames = new Int32Array(objects.capacity);
    this.trackOfEdge = new Float64Array(edges.capacity);
    this.header = headerOf(head, stemOf(this.file));
    this.findings.header(head, this.header);
    await this.sink.header(this.header);
  }

  announceObjects(count: number): void {
    this.findings.announced = count;
  }

  startFrame(frame: number | undefined): void {
    this.frame = frame;
  }

  object(bytes: Uint8Array, outlineStart: number, outlineEnd: number): boolean {
    const { slots, objects, findings } = this;
    const row = objects.count;
    const written = slots.frame.missing[row] === 0 ? slots.frame.numbers[row]! : Number.NaN;
    const frame = this.frame ?? (Number.isFinite(written) ? Math.round(written) : undefined);
    findings.seenObjects++;
    if (slots.id.missing[row] === 1 || frame === undefined || Math.abs(frame) >= 2 ** 31) {
      findings.incompleteObjects++;
      return false;
    }
    const id = slots.id.numbers[row]!;
    if (Number.isFinite(written) && Math.round(written) !== frame) findings.noteFrame(id, written, frame);
    this.frames[row] = frame;
    if (slots.x.missing[row] === 1) slots.x.numbers[row] = Number.NaN;
    if (slots.y.missing[row] === 1) slots.y.numbers[row] = Number.NaN;
    if (slots.time.missing[row] === 1) slots.time.numbers[row] = Number.NaN;
    if (slots.z.missing[row] === 1) slots.z.numbers[row] = Number.NaN;
    this.objectIds.add(id);
    if (!this.graphOnly) this.addOutline(row, bytes, outlineStart, outlineEnd);
    return true;
  }

  async objectBatch(): Promise<void> {
    const { objects, slots, header } = this;
    const { count } = objects;
    const cut = (slot: AttributeSlot) => slot.numbers.subarray(0, count);
    const shapes = this.outlines.take();
    const columns = this.columns(this.head_!.objectFeatures, objects, count);
    const visible = this.head_!.objectFeatures.findIndex(({ attribute }) => attribute === 'VISIBILITY');
    if (visible >= 0) this.findings.countInvisible(columns[visible]!, count);
    await this.sink.objects({
      count,
      id: cut(slots.id),
      frame: this.frames.slice(0, count),
      ...(header!.hasTime ? { time: cut(slots.time) } : {}),
      x: cut(slots.x),
      y: cut(slots.y),
      ...(header!.hasZ ? { z: cut(slots.z) } : {}),
      columns,
      ...(shapes ? { shapes } : {}),
    });
    objects.renew();
  }

  startTrack(attributes: ReadonlyMap<string, string>): void {
    this.track = this.tracks.add(attributes);
  }

  edge(): boolean {
    const { edges, findings } = this;
    const row = edges.count;
    const [source, target] = edges.slots;
    if (source!.missing[row] === 1 || target!.missing[row] === 1) {
      findings.incompleteEdges++;
      return false;
    }
    this.trackOfEdge[row] = this.track ?? Number.NaN;
    this.linkedIds.add(source!.numbers[row]!);
    this.linkedIds.add(target!.numbers[row]!);
    return true;
  }

  async edgeBatch(): Promise<void> {
    const { edges } = this;
    const { count } = edges;
    const [source, target] = edges.slots;
    await this.sink.edges({
      count,
      sourceId: source!.numbers.subarray(0, count),
      targetId: target!.numbers.subarray(0, count),
      columns: [this.trackColumn(count), ...this.columns(this.head_!.edgeFeatures, edges, count)],
    });
    edges.renew();
  }

  visibleTrack(id: string): void {
    this.tracks.setVisible(id);
  }

  /** Ends the set, where one was begun. */
  async end(): Promise<void> {
    const head = this.head_;
    if (!head) return;
    const units = head.units;
    const table = this.tracks.finish(head.trackFeatures, (dimension) => unitOfDimension(dimension, units));
    if (table.count > 0) await this.sink.sourceTracks?.(table.columns, table.count);
    await this.sink.end();
  }

  /** Everything found, once the file was read. */
  issues(): Issue[] {
    const { findings, head_: head, graphOnly } = this;
    if (!head) return [];
    findings.tracks = { all: this.tracks.count, hidden: this.tracks.hidden };
    findings.untracked = this.untracked();
    findings.unreadableOutlines = this.outlines.unreadable;
    return findings.issues({
      objects: [...(graphOnly ? [] : this.objects.slots)],
      edges: [...(graphOnly ? [] : this.edges.slots)],
    });
  }

  private untracked(): number {
    if (this.linkedIds.size === 0) return 0;
    return this.objectIds.size - this.objectIds.countShared(this.linkedIds);
  }

  private addOutline(row: number, bytes: Uint8Array, start: number, end: number): void {
    const { x, y, z } = this.slots;
    const points = this.objects.slot('ROI_N_POINTS');
    const announced = points && points.missing[row] === 0 && points.kind !== 'string' ? points.numbers[row] : undefined;
    const depth = this.header!.hasZ ? z.numbers[row]! : 0;
    this.outlines.add(bytes, start, end, [x.numbers[row]!, y.numbers[row]!, depth], announced);
  }

  private trackColumn(count: number): Column {
    const values = this.trackOfEdge.slice(0, count);
    const { column } = sourceTrackColumn;
    if (!values.some(Number.isNaN)) return { ...column, values };
    return {
      ...column,
      values: values.map((v) => (Number.isNaN(v) ? 0 : v)),
      missing: Uint8Array.from(values, (v) => Number(Number.isNaN(v))),
    };
  }

  /** A column without values. It is the same for every full batch, and the most of what a walk for the graph alone gives. */
  private absent(column: AttributeColumn['column'], count: number): Column {
    const known = this.absentColumns.get(column);
    if (known?.values.length === count) return known;
    const absent = absentColumn(column, count);
    this.absentColumns.set(column, absent);
    return absent;
  }

  private columns(features: readonly AttributeColumn[], rows: AttributeRows, count: number): Column[] {
    return features.map(({ attribute, column }) => {
      const slot = rows.slot(attribute);
      return slot === undefined || slot.kind === 'ignored' ? this.absent(column, count) : columnOf(column, slot, count);
    });
  }
}

/** Which source track an edge was listed under. */
export const sourceTrackColumn: AttributeColumn = {
  attribute: 'TRACK_ID',
  column: {
    name: 'source_track_id',
    type: 'int',
    description: 'Track of the source file',
    sourceKey: 'TRACK_ID',
  },
};

function columnOf(column: Column | AttributeColumn['column'], slot: AttributeSlot, count: number): Column {
  const missing = slot.filled >= count ? undefined : slot.missing.subarray(0, count);
  if (column.type === 'string') {
    const values = slot.strings;
    for (let row = 0; row < count; row++) values[row] ??= '';
    values.length = count;
    return { ...column, values, ...(missing ? { missing } : {}) };
  }
  let values: Float64Array | Int32Array | Uint8Array = slot.numbers.subarray(0, count);
  if (column.type === 'bool') values = Uint8Array.from(values);
  else if (column.type === 'int') values = narrow(values as Float64Array);
  else if (missing) for (let row = 0; row < count; row++) if (missing[row] === 1) values[row] = Number.NaN;
  return { ...column, values, ...(missing ? { missing } : {}) };
}

/** Whole numbers in 32 bits where all fit. */
function narrow(values: Float64Array): Float64Array | Int32Array {
  const narrowed = Int32Array.from(values);
  for (let row = 0; row < values.length; row++) if (narrowed[row] !== values[row]) return values;
  return narrowed;
}

function absentColumn(column: AttributeColumn['column'], count: number): Column {
  const missing = new Uint8Array(count).fill(1);
  if (column.type === 'string') return { ...column, values: Array.from({ length: count }, () => ''), missing };
  if (column.type === 'bool') return { ...column, values: new Uint8Array(count), missing };
  return { ...column, values: new Float64Array(count).fill(column.type === 'float' ? Number.NaN : 0), missing };
}

function headerOf(head: TrackmateHead, name: string): SetHeader {
  const { units } = head;
  return {
    name,
    ...(units.space === undefined ? {} : { spaceUnit: units.space }),
    ...(units.time === undefined ? {} : { timeUnit: units.time }),
    ...(units.sourceSpace === undefined ? {} : { sourceSpaceUnit: units.sourceSpace }),
    ...(units.sourceTime === undefined ? {} : { sourceTimeUnit: units.sourceTime }),
    sourceFrameBase: 0,
    entity: 'point',
    hasZ: head.namesZ && head.hasDepth,
    hasTime: head.namesTime,
    objectColumns: head.objectFeatures.map(({ column }) => column),
    edgeColumns: [sourceTrackColumn.column, ...head.edgeFeatures.map(({ column }) => column)],
    provenance: provenanceOf(head.version, head.tail),
  };
}

/** What a file says of the program and the film. */
export function provenanceOf(
  version: string | undefined,
  { image, settings }: Pick<FileTail, 'image' | 'settings'>,
): TrackProvenance {
  const number = (key: string) => {
    const value = Number(image?.get(key) ?? Number.NaN);
    return Number.isFinite(value) ? value : undefined;
  };
  const positive = (key: string) => {
    const value = number(key);
    return value !== undefined && value > 0 ? value : undefined;
  };
  const tracking = settings === undefined ? undefined : methodOfTrackmate(settings);
  const imageName = image?.get('filename') || undefined;
  const interval = positive('timeinterval');
  return {
    software: 'TrackMate',
    ...(version === undefined ? {} : { softwareVersion: version }),
    ...(imageName === undefined ? {} : { imageName }),
    ...(image
      ? {
          imageSizes: said({
            x: positive('width'),
            y: positive('height'),
            z: positive('nslices'),
            t: positive('nframes'),
          }),
          pixelSize: said({ x: positive('pixelwidth'), y: positive('pixelheight'), z: positive('voxeldepth') }),
        }
      : {}),
    ...(interval === undefined ? {} : { frameInterval: interval }),
    ...(settings === undefined ? {} : { settings }),
    ...(tracking ? { tracking } : {}),
  };
}

/** The entries that are known. */
function said<Key extends string>(sizes: Record<Key, number | undefined>): { [K in Key]?: number } {
  return Object.fromEntries(Object.entries(sizes).filter(([, value]) => value !== undefined)) as {
    [K in Key]?: number;
  };
}
