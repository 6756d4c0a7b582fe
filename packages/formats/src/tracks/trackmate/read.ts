import type { ByteSource } from '../../bytes/byte-source.ts';
import { AttributeRows, type AttributeSlot } from './attribute-rows.ts';
import {
  type AttributeColumn,
  type DeclaredFeature,
  featureColumns,
  readUnits,
  type TrackmateUnits,
} from './columns.ts';
import { type ScanFault, type ScanHandler, TrackmateScanner } from './scanner.ts';
import { type FileTail, hasDepth, joinSeen, readTail, type SeenAttributes, seenAttributes } from './survey.ts';
import type { Tag } from './tags.ts';
import { xmlWindows } from './windows.ts';

/** Sizes of the walk; tests make them small. */
export interface TrackmateReadOptions {
  /** Rows in a batch. */
  batchRows: number;
  windowBytes: number;
  /** Features are not read, only what makes the graph: ids, frames, positions, times. */
  graphOnly: boolean;
  /** Stands for the file's content: a second walk with the same key does not ask its end and z values again. */
  surveyKey?: object;
  signal?: AbortSignal;
  onProgress?(fraction: number): void;
}

/** What the file says before its first object. */
export interface TrackmateHead {
  version: string | undefined;
  units: TrackmateUnits;
  objectFeatures: readonly AttributeColumn[];
  edgeFeatures: readonly AttributeColumn[];
  trackFeatures: readonly DeclaredFeature[];
  tail: FileTail;
  /** Has any object a z other than 0; do objects name z, and a time? */
  hasDepth: boolean;
  namesZ: boolean;
  namesTime: boolean;
}

/** Slots of what is not a feature, in every batch. */
export interface ObjectSlots {
  id: AttributeSlot;
  x: AttributeSlot;
  y: AttributeSlot;
  z: AttributeSlot;
  time: AttributeSlot;
  frame: AttributeSlot;
}

/** Takes the file's content as it comes; batches stay in `rows` until `objectBatch` or `edgeBatch` has returned. */
export interface TrackmateSink {
  head(head: TrackmateHead, objects: AttributeRows, objectSlots: ObjectSlots, edges: AttributeRows): Promise<void>;
  objectBatch(): Promise<void>;
  edgeBatch(): Promise<void>;
  announceObjects(count: number): void;
  startFrame(frame: number | undefined): void;
  object(bytes: Uint8Array, outlineStart: number, outlineEnd: number): boolean;
  startTrack(attributes: ReadonlyMap<string, string>): void;
  edge(): boolean;
  visibleTrack(id: string): void;
}

/** Attributes of Spot and Edge that are not features. */
const objectAttributes = new Set(['ID', 'POSITION_X', 'POSITION_Y', 'POSITION_Z', 'POSITION_T', 'FRAME']);
const edgeAttributes = new Set(['SPOT_SOURCE_ID', 'SPOT_TARGET_ID']);
const longestPiece = 1 << 26;

/** Walks one TrackMate file and tells the sink what it says, batch by batch. Answers what stopped it early, if anything. */
export async function readTrackmate(
  source: ByteSource,
  sink: TrackmateSink,
  options: TrackmateReadOptions,
): Promise<ScanFault | undefined> {
  const windows = await xmlWindows(source, options.windowBytes, options.signal);
  const walk = new TrackmateWalk(source, sink, options, windows.encoding);
  const { scanner } = walk;
  for (;;) {
    options.signal?.throwIfAborted();
    const stop = scanner.scan();
    if (stop === 'end') break;
    if (stop === 'batch') await walk.flushFull();
    else {
      const window = await windows.next(scanner.pending.length);
      if (window) scanner.feed(window);
      if (stop === 'objects') await walk.begin();
      else if (!window) break;
      options.onProgress?.(Math.min(1, scanner.offset / Math.max(1, source.size)));
      if (scanner.pending.length > longestPiece + options.windowBytes)
        return { code: 'xml-too-long', message: 'one tag or text is longer than 64 MiB', offset: scanner.offset };
    }
  }
  scanner.finish();
  if (scanner.fault?.code !== 'not-trackmate' && scanner.fault?.code !== 'xml-doctype-refused') await walk.end();
  return scanner.fault;
}

/** State of one walk: declarations, rows, and where in the file it is. */
class TrackmateWalk implements ScanHandler {
  readonly scanner: TrackmateScanner;
  private readonly source: ByteSource;
  private readonly sink: TrackmateSink;
  private readonly options: TrackmateReadOptions;
  private readonly encoding: string;
  private version: string | undefined;
  private units = readUnits(undefined, undefined);
  private readonly features = {
    SpotFeatures: [] as DeclaredFeature[],
    EdgeFeatures: [] as DeclaredFeature[],
    TrackFeatures: [] as DeclaredFeature[],
  };
  private begun = false;

  constructor(source: ByteSource, sink: TrackmateSink, options: TrackmateReadOptions, encoding: string) {
    this.source = source;
    this.sink = sink;
    this.options = options;
    this.encoding = encoding;
    this.scanner = new TrackmateScanner(this, encoding);
  }

  /** Decides the columns, before the first object. */
  async begin(): Promise<void> {
    if (this.begun) return;
    this.begun = true;
    const { scanner, encoding, options } = this;
    const survey = await surveyOf(this.source, encoding, options);
    const sample = scanner.pending.subarray(0, 1 << 20);
    const seenObjects = joinSeen(seenAttributes(sample, 'Spot', encoding), survey.objects);
    const objectFeatures = featureColumns(this.features.SpotFeatures, seenObjects, this.units, {
      attributes: objectAttributes,
      names: ['object_id', 'frame', 'time', 'x', 'y', 'z', 'link_id', 'track_id'],
    });
    const seenEdges = joinSeen(seenAttributes(sample, 'Edge', encoding), survey.edges);
    const edgeFeatures = featureColumns(this.features.EdgeFeatures, seenEdges, this.units, {
      attributes: edgeAttributes,
      names: [
        'source_object_id',
        'target_object_id',
        'source_track_id',
        'link_id',
        'track_id',
        'gap',
        'split',
        'merge',
      ],
    });
    const objects = new AttributeRows(options.batchRows, 'ignored', encoding);
    const slots: ObjectSlots = {
      id: objects.add('ID', 'int'),
      x: objects.add('POSITION_X', 'float'),
      y: objects.add('POSITION_Y', 'float'),
      z: objects.add('POSITION_Z', 'float'),
      time: objects.add('POSITION_T', 'float'),
      frame: objects.add('FRAME', 'float'),
    };
    const edges = new AttributeRows(options.batchRows, 'ignored', encoding);
    edges.add('SPOT_SOURCE_ID', 'int');
    edges.add('SPOT_TARGET_ID', 'int');
    if (!options.graphOnly) {
      for (const { attribute, column } of objectFeatures) objects.add(attribute, column.type);
      for (const { attribute, column } of edgeFeatures) edges.add(attribute, column.type);
    }
    const head: TrackmateHead = {
      version: this.version,
      units: this.units,
      objectFeatures,
      edgeFeatures,
      trackFeatures: this.features.TrackFeatures,
      tail: survey.tail,
      hasDepth: survey.hasDepth,
      namesZ: seenObjects.has('POSITION_Z'),
      namesTime: seenObjects.has('POSITION_T'),
    };
    await this.sink.head(head, objects, slots, edges);
    scanner.spots = objects;
    scanner.edges = edges;
  }

  /** Hands on batches that are full. */
  async flushFull(): Promise<void> {
    const { spots, edges } = this.scanner;
    if (spots?.count === spots?.capacity) await this.sink.objectBatch();
    if (edges?.count === edges?.capacity) await this.sink.edgeBatch();
  }

  /** Hands on what is left; a file without objects still has a head. */
  async end(): Promise<void> {
    if (!this.begun) await this.begin();
    const { spots, edges } = this.scanner;
    if (spots && spots.count > 0) await this.sink.objectBatch();
    if (edges && edges.count > 0) await this.sink.edgeBatch();
  }

  element(tag: Tag, path: readonly string[]): void {
    const { attributes } = tag;
    switch (tag.name) {
      case 'TrackMate':
        if (path.length === 0) this.version = attributes.get('version');
        break;
      case 'Model':
        this.units = readUnits(attributes.get('spatialunits'), attributes.get('timeunits'));
        break;
      case 'Feature':
        this.declareFeature(path.at(-1), attributes);
        break;
      case 'AllSpots': {
        const announced = Number(attributes.get('nspots') ?? Number.NaN);
        if (Number.isSafeInteger(announced) && announced >= 0) this.sink.announceObjects(announced);
        break;
      }
      case 'SpotsInFrame':
        this.sink.startFrame(wholeNumber(attributes.get('frame')));
        break;
      case 'Track':
        if (path.at(-1) === 'AllTracks') this.sink.startTrack(attributes);
        break;
      case 'TrackID':
        if (path.at(-1) === 'FilteredTracks') this.sink.visibleTrack(attributes.get('TRACK_ID') ?? '');
        break;
    }
  }

  endElement(): void {
    // Frames and tracks end where the next one starts; nothing hangs on their end tags.
  }

  spot(bytes: Uint8Array, outlineStart: number, outlineEnd: number): boolean {
    return this.sink.object(bytes, outlineStart, outlineEnd);
  }

  edge(): boolean {
    return this.sink.edge();
  }

  private declareFeature(list: string | undefined, attributes: ReadonlyMap<string, string>): void {
    const key = attributes.get('feature');
    if (key === undefined || key === '') return;
    if (list !== 'SpotFeatures' && list !== 'EdgeFeatures' && list !== 'TrackFeatures') return;
    this.features[list].push({
      key,
      name: attributes.get('name') ?? '',
      dimension: attributes.get('dimension') ?? 'NONE',
      isInt: attributes.get('isint') === 'true',
    });
  }
}

function wholeNumber(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Math.round(Number(text));
  return Number.isFinite(value) && Math.abs(value) < 2 ** 31 ? value : undefined;
}

interface Survey {
  tail: FileTail;
  objects: SeenAttributes;
  edges: SeenAttributes;
  hasDepth: boolean;
}

/** Two passes over one file ask the same questions of its end and its z values; the answers stay with the key. */
const surveys = new WeakMap<object, Survey>();

async function surveyOf(source: ByteSource, encoding: string, options: TrackmateReadOptions): Promise<Survey> {
  const key = options.surveyKey ?? source;
  const known = surveys.get(key);
  if (known) return known;
  const tail = await readTail(source, encoding, options.signal);
  const survey: Survey = {
    tail,
    objects: seenAttributes(tail.bytes, 'Spot', encoding),
    edges: seenAttributes(tail.bytes, 'Edge', encoding),
    hasDepth: await hasDepth(source, options.windowBytes, options.signal),
  };
  survey.tail = { ...tail, bytes: new Uint8Array(0) };
  surveys.set(key, survey);
  return survey;
}
