import type { Column, ColumnDescription, Issue } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import { readNode } from '../../images/ome-zarr/group-metadata.ts';
import { type TreeStore, treeStore } from '../../images/ome-zarr/tree-store.ts';
import type { OpenArray } from '../../images/ome-zarr/zarr-level.ts';
import type { Item } from '../../recognition/item.ts';
import type { ReadOptions, SetHeader, TrackReader, TrackSink } from '../track-reader.ts';
import { type OpenProperty, GeffArrayError, checkLength, openGeffArray, readRows, toNumbers } from './arrays.ts';
import { type Coordinate, type GeffAxes, geffAxes } from './axes.ts';
import { type FrameRule, frameRule } from './frames.ts';
import { geffIssue } from './issues.ts';
import { type GeffMetadata, parseGeffMetadata } from './metadata.ts';
import { NodeIds, bytesBelow, readIds } from './node-ids.ts';
import { readOutlines } from './outlines.ts';
import { type PropertyRequest, absentColumn, openProperties, propertyNames } from './properties.ts';
import { type OwnExtra, parseOwnExtra, provenanceOfExtra } from './own-extra.ts';
import { readChildTracks } from './child-tracks.ts';
import { TrackCheck } from './track-check.ts';

const leastWindow = 16_384;
const mostWindow = 1 << 18;

/**
 * Reads GEFF of all versions, Zarr v2 and v3, by windows of nodes and edges. Positions and times come from the axes;
 * every other property becomes a column. Nested GEFFs give the table of source tracks.
 */
export const geffReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const store = treeStore(item.tree);
    const node = await readNode(store, '', [], options.signal);
    const meta = node && parseGeffMetadata(node.attributes);
    if (!node || !meta) {
      const message = 'the group has no metadata of a GEFF';
      return { issues: [geffIssue('geff-metadata-unreadable', message, { where: { file: item.path } })] };
    }
    const read = new GeffRead({ item, store, meta, zarrFormat: node.zarrFormat, options });
    await read.run(sink);
    return { issues: read.issues, ...(meta.version === undefined ? {} : { formatVersion: meta.version }) };
  },
};

interface GeffSource {
  item: Item;
  store: TreeStore;
  meta: GeffMetadata;
  zarrFormat: 2 | 3;
  options: ReadOptions;
}

class GeffRead {
  readonly issues: Issue[] = [];
  private readonly from: GeffSource;
  private readonly own: OwnExtra | undefined;
  private ids!: NodeIds;
  private count = 0;
  private window = leastWindow;
  private axes: GeffAxes = {};
  private rule!: FrameRule;
  private frames: Int32Array | undefined;
  private check: TrackCheck | undefined;
  private header!: SetHeader;
  private badFrames = 0;

  constructor(from: GeffSource) {
    this.from = from;
    this.own = parseOwnExtra(from.meta.extra);
  }

  async run(sink: TrackSink): Promise<void> {
    let begun = false;
    try {
      await this.readIds();
      await this.findAxes();
      const nodes = await openProperties(this.properties(), 'nodes', this.count);
      const edges = await this.openEdges();
      this.makeHeader(nodes, edges.properties);
      begun = true;
      await sink.header(this.header);
      await this.streamNodes(nodes, sink);
      await this.streamEdges(edges.array, edges.properties, sink);
      if (!this.from.options.graphOnly) await readChildTracks(this.from, this.own?.tracks, sink);
      this.noteFindings();
    } catch (error) {
      if (!(error instanceof GeffArrayError)) throw error;
      this.say('geff-array-unreadable', error.message);
    }
    if (begun) await sink.end();
  }

  private say(code: keyof typeof geffIssue.catalogue, message: string): void {
    this.issues.push(geffIssue(code, message, { where: { file: this.from.item.path } }));
  }

  private properties(): PropertyRequest {
    return { ...this.from, axes: this.axes, own: this.own, say: (code, message) => this.say(code, message) };
  }

  private async readIds(): Promise<void> {
    const { store, zarrFormat, item, options } = this.from;
    const array = await openGeffArray(store, 'nodes/ids', zarrFormat);
    if (array.shape.length !== 1) throw new GeffArrayError(`nodes/ids has ${array.shape.length} dimensions`);
    this.count = checkLength(array, 'nodes/ids', bytesBelow(store, item.tree, 'nodes/ids'));
    this.window = Math.min(mostWindow, Math.max(leastWindow, array.chunks[0] ?? leastWindow));
    const parts = [];
    for (let from = 0; from < this.count; from += this.window)
      parts.push(await readIds(array, from, Math.min(this.count, from + this.window), options.signal));
    this.ids = new NodeIds(parts, this.count);
    if (this.ids.written) this.say('ids-renumbered', `ids beyond 2^53, the first ${this.ids.written[0]}`);
  }

  private async findAxes(): Promise<void> {
    const { meta, item, options } = this.from;
    const { names } = propertyNames(this.from, 'nodes');
    const { axes, issues } = geffAxes(meta, names, item.path);
    this.axes = axes;
    this.issues.push(...issues);
    if (this.own) this.issues.length = 0;
    const { t } = axes;
    const distinct = new Set<number>();
    if (t) {
      const read = await this.coordinate(t);
      for (let from = 0; from < this.count; from += this.window)
        for (const value of await read(from, Math.min(this.count, from + this.window)))
          if (Number.isFinite(value) && distinct.size < 5_000_000) distinct.add(value);
    }
    options.signal?.throwIfAborted();
    this.rule = frameRule(distinct, axes.timeUnit, axes.frameInterval !== undefined);
    if (!meta.directed) this.frames = new Int32Array(this.count);
  }

  /** Reader of the raw values of a coordinate. */
  private async coordinate({
    property,
    component,
  }: Coordinate): Promise<(from: number, to: number) => Promise<Float64Array>> {
    const { store, zarrFormat, options } = this.from;
    const path = `${propertyNames(this.from, 'nodes').root}/${property}/values`;
    const array = await openGeffArray(store, path, zarrFormat);
    if (array.shape[0] !== this.count || (component === undefined) !== (array.shape.length === 1))
      throw new GeffArrayError(`${path} has the shape ${array.shape.join(' x ')} for ${this.count} nodes`);
    const width = array.shape[1] ?? 1;
    if (component !== undefined && component >= width) throw new GeffArrayError(`${path} has ${width} values a node`);
    return async (from, to) => {
      const values = toNumbers(await readRows(array, from, to, options.signal));
      return component === undefined
        ? values
        : new Float64Array(to - from).map((_, row) => values[row * width + component]!);
    };
  }

  private async openEdges(): Promise<{ array: OpenArray; properties: OpenProperty[] }> {
    const { store, zarrFormat, item } = this.from;
    const array = await openGeffArray(store, 'edges/ids', zarrFormat);
    if (array.shape.length !== 2 || array.shape[1] !== 2)
      throw new GeffArrayError(`edges/ids has the shape ${array.shape.join(' x ')}, not two columns`);
    const count = checkLength(array, 'edges/ids', bytesBelow(store, item.tree, 'edges/ids'));
    return { array, properties: await openProperties(this.properties(), 'edges', count) };
  }

  private makeHeader(nodes: readonly OpenProperty[], edges: readonly OpenProperty[]): void {
    const { item, options, meta } = this.from;
    const { axes, rule, own } = this;
    const { x, y, z, t, pixelSize, frameInterval, ...units } = axes;
    const interval = frameInterval ?? (rule.regular ? rule.step : undefined);
    const written: ColumnDescription[] = this.ids.written
      ? [{ name: 'source_id', type: 'string', description: 'Id as written' }]
      : [];
    this.header = {
      ...(own
        ? own.set
        : {
            name: stemOf(item.path) || 'tracks',
            ...units,
            entity: 'point' as const,
            provenance: {
              ...provenanceOfExtra(meta),
              ...(pixelSize ? { pixelSize } : {}),
              ...(interval ? { frameInterval: interval } : {}),
            },
          }),
      hasZ: z !== undefined,
      hasTime: own ? own.time !== undefined : rule.isTime,
      objectColumns: options.graphOnly ? [] : [...nodes.flatMap(({ columns }) => columns), ...written],
      edgeColumns: options.graphOnly ? [] : edges.flatMap(({ columns }) => columns),
    };
    for (const { type, path, property } of own ? [] : meta.related)
      if (type === 'labels')
        this.say('geff-labels-related', `${path}${property ? `, by the property ${property}` : ''}`);
    if (!x || !y) throw new GeffArrayError('no properties with positions');
    if (!t && !this.issues.some(({ code }) => code === 'geff-no-time'))
      this.say('geff-no-time', 'no property with a time');
    if (meta.lineage !== undefined || meta.tracklet !== undefined)
      this.check = new TrackCheck(this.count, {
        lineage: meta.lineage !== undefined,
        tracklet: meta.tracklet !== undefined,
      });
    if (rule.computed) this.say('frames-from-time', `frames computed from times, step ${rule.step ?? 'unknown'}`);
    if (!rule.regular) this.say('irregular-time', 'times are not multiples of one step');
  }

  private async streamNodes(properties: readonly OpenProperty[], sink: TrackSink): Promise<void> {
    const { axes, rule, header, own } = this;
    const { options, store, zarrFormat } = this.from;
    const { root } = propertyNames(this.from, 'nodes');
    const [x, y, z, t] = await Promise.all(
      [axes.x, axes.y, axes.z, axes.t].map((one) => (one ? this.coordinate(one) : undefined)),
    );
    const time =
      own?.time === undefined ? undefined : await this.coordinate({ property: own.time, scale: 1, offset: 0 });
    const scaled = (values: Float64Array, { scale, offset }: Coordinate) =>
      scale === 1 && offset === 0 ? values : values.map((value) => value * scale + offset);
    for (let from = 0; from < this.count; from += this.window) {
      options.signal?.throwIfAborted();
      const to = Math.min(this.count, from + this.window);
      const rawTimes = await t?.(from, to);
      const frame = new Int32Array(to - from);
      for (let row = 0; rawTimes && row < frame.length; row++) frame[row] = this.frame(rule.frameOf(rawTimes[row]!));
      this.frames?.set(frame, from);
      const columns = await this.columns(properties, from, to);
      const shapes =
        own?.outlines && !options.graphOnly
          ? await readOutlines({ store, zarrFormat, root, ...own.outlines }, from, to, options.signal)
          : undefined;
      await sink.objects({
        count: to - from,
        id: this.ids.ids.slice(from, to),
        frame,
        ...(header.hasTime ? { time: time ? await time(from, to) : scaled(rawTimes!, axes.t!) } : {}),
        x: scaled(await x!(from, to), axes.x!),
        y: scaled(await y!(from, to), axes.y!),
        ...(z ? { z: scaled(await z(from, to), axes.z!) } : {}),
        columns: options.graphOnly ? [] : columns,
        ...(shapes ? { shapes } : {}),
      });
      options.onProgress?.((0.6 * to) / this.count);
    }
  }

  private frame(value: number): number {
    const frame = Math.round(value);
    if (Number.isFinite(frame) && Math.abs(frame) < 2 ** 31) return frame;
    this.badFrames++;
    return 0;
  }

  private async columns(properties: readonly OpenProperty[], from: number, to: number): Promise<Column[]> {
    const columns: Column[] = [];
    const { meta, options } = this.from;
    for (const { key, columns: declared, read } of properties) {
      let values: Column[];
      try {
        values = await read(from, to, options.signal);
      } catch (error) {
        if (!(error instanceof GeffArrayError)) throw error;
        this.say('geff-property-unreadable', error.message);
        values = declared.map((column) => absentColumn(column, to - from));
      }
      columns.push(...values);
      const [first] = values;
      if (!first || Array.isArray(first.values)) continue;
      for (const kind of ['lineage', 'tracklet'] as const)
        if (meta[kind] === key) this.check?.values(kind, from, first.values, first.missing);
    }
    const { written } = this.ids;
    if (written)
      columns.push({
        name: 'source_id',
        type: 'string',
        description: 'Id as written',
        values: Array.from(written.slice(from, to) as ArrayLike<bigint>, String),
      });
    return columns;
  }

  private async streamEdges(array: OpenArray, properties: readonly OpenProperty[], sink: TrackSink): Promise<void> {
    const { options } = this.from;
    const [count] = array.shape as [number, number];
    const { ids, frames, check } = this;
    for (let from = 0; from < count; from += this.window) {
      options.signal?.throwIfAborted();
      const to = Math.min(count, from + this.window);
      const ends = ids.endsOf(await readIds(array, from, to, options.signal));
      const sourceId = new Float64Array(to - from);
      const targetId = new Float64Array(to - from);
      for (let i = 0; i < sourceId.length; i++) {
        const a = ends[2 * i]!;
        const b = ends[2 * i + 1]!;
        const [rowA, rowB] = frames || check ? [ids.row(a), ids.row(b)] : [-1, -1];
        const turned = frames !== undefined && rowA >= 0 && rowB >= 0 && frames[rowA]! > frames[rowB]!;
        sourceId[i] = turned ? b : a;
        targetId[i] = turned ? a : b;
        check?.edge(turned ? rowB : rowA, turned ? rowA : rowB);
      }
      const columns = await this.columns(properties, from, to).then((all) => (ids.written ? all.slice(0, -1) : all));
      await sink.edges({ count: to - from, sourceId, targetId, columns: options.graphOnly ? [] : columns });
      options.onProgress?.(0.6 + (0.4 * to) / count);
    }
  }

  private noteFindings(): void {
    if (this.frames) this.say('undirected-edges', 'edges have no direction');
    if (this.badFrames > 0) this.say('geff-frame-range', `${this.badFrames} objects without a usable time`);
    for (const words of this.check?.disagreements() ?? []) this.say('track-id-disagrees-with-graph', words);
  }
}
