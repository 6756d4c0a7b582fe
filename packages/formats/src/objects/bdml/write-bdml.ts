import type { TrackSet } from '@micrarium/model';
import type { FileSink, FileSinkWriter, TrackWriter, WriteOptions } from '../../tracks/track-reader.ts';
import { attributeText } from '../../tracks/trackmate-xml/features.ts';
import { SetGathering } from '../gathering.ts';
import { comparedApart, outlinesApart, survivingTogether } from '../outlines-apart.ts';
import { type WritableSet, numberAt, textsOf, writableSet } from '../writable-set.ts';
import { comparableSet } from '../foretold.ts';
import { documentHeader } from './document-header.ts';
import { type KindRow, SharedComponents } from './shared-components.ts';
import { type WrittenBdml, type WrittenKind, toBdml, versionFor } from './to-bdml.ts';
import { bdmlLosses, survivingBdml } from './surviving.ts';
import { type BdmlVersion, bdmlNamespace } from './vocabulary.ts';

/**
 * Makes a writer of BDML: one kind of object for each set, one component for each object, in the order of the schema.
 * @param version the version to write; left out, the version the data came in, else 0.18
 */
export function bdmlWriterFor(version?: BdmlVersion): TrackWriter {
  const prepared = (sets: readonly WritableSet[]) => {
    const apart = outlinesApart(sets);
    const bdml = toBdml(apart, version ?? versionFor(sets));
    const compared = sets.map(comparableSet);
    const surviving = (headerText = documentHeader(bdml.version, sets).text) =>
      survivingTogether(
        sets,
        apart,
        survivingBdml(
          bdml,
          apart.map(({ set }) => set),
          comparedApart(apart, compared),
          headerText,
        ),
      );
    return {
      losses: () => bdmlLosses(bdml, sets, compared, surviving),
      surviving: () => surviving(),
      write: (sink: FileSink, options?: WriteOptions) => write(bdml, sets, sink, options),
    };
  };
  const ofSets = (sets: readonly TrackSet[]) => prepared(sets.map(writableSet));
  return {
    layout: 'file',
    extension: '.bdml.xml',
    losses: (sets) => ofSets(sets).losses(),
    surviving: (sets) => ofSets(sets).surviving(),
    write: (sets, sink, options) => ofSets(sets).write(sink, options),
    gather: (file) => new SetGathering(file, prepared),
  };
}

async function write(
  bdml: WrittenBdml,
  sets: readonly WritableSet[],
  sink: FileSink,
  options: WriteOptions = {},
): Promise<void> {
  const out = new Pieces(await sink.create(''), options.signal);
  await out.add(`${opening(bdml, sets, options)}${definitions(bdml)}`);
  const total = bdml.kinds.reduce((sum, { set }) => sum + set.objects.count, 0);
  let done = 0;
  const previous = new Map(bdml.kinds.map((kind) => [kind, previousRows(kind.set)]));
  const shared = new SharedComponents(bdml.kinds);
  for (const kind of bdml.kinds) {
    for (let row = 0; row < kind.set.objects.count; row++) {
      done++;
      const rows = shared.of(kind, row);
      const full = rows && out.add(component(bdml, rows, previous));
      if (!full) continue;
      await full;
      options.onProgress?.(done / total);
    }
  }
  await out.add('</data>\n</bdml>\n');
  await out.close();
}

const piece = 1 << 16;

/** Text to a file, some at a time. */
class Pieces {
  private readonly writer: FileSinkWriter;
  private readonly signal: AbortSignal | undefined;
  private readonly encoder = new TextEncoder();
  private text = '';

  constructor(writer: FileSinkWriter, signal: AbortSignal | undefined) {
    this.writer = writer;
    this.signal = signal;
  }

  add(text: string): Promise<void> | undefined {
    this.text += text;
    return this.text.length < piece ? undefined : this.flush();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.writer.close();
  }

  private async flush(): Promise<void> {
    this.signal?.throwIfAborted();
    const bytes = this.encoder.encode(this.text);
    this.text = '';
    await this.writer.write(bytes);
  }
}

function opening({ version }: WrittenBdml, sets: readonly WritableSet[], { title }: WriteOptions): string {
  const { text } = documentHeader(version, sets, title);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<bdml version="${version}" xmlns="${bdmlNamespace}">\n${text}\n`;
}

function definitions({ scale, spaceUnit, timeUnit, kinds, features }: WrittenBdml): string {
  const lines = [
    `<data>\n<scaleUnit><xScale>${scale.x}</xScale><yScale>${scale.y}</yScale><zScale>${scale.z}</zScale><xyzUnit>${spaceUnit}</xyzUnit><tScale>${scale.t}</tScale><tUnit>${timeUnit}</tUnit></scaleUnit>`,
    ...kinds.map(({ name }) => `<object><objectName>${attributeText(name)}</objectName></object>`),
    ...features.map(
      ({ name, unit }) =>
        `<feature><featureName>${attributeText(name)}</featureName><featureScale>1</featureScale><featureUnit>${attributeText(unit)}</featureUnit></feature>`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** Rows of the objects before each object: starts and rows. */
function previousRows({ objects, edges }: WritableSet): { starts: Uint32Array; rows: Uint32Array } {
  const starts = new Uint32Array(objects.count + 1);
  for (let edge = 0; edge < edges.count; edge++) starts[edges.target[edge]! + 1]!++;
  for (let row = 0; row < objects.count; row++) starts[row + 1]! += starts[row]!;
  const next = starts.slice();
  const rows = new Uint32Array(edges.count);
  for (let edge = 0; edge < edges.count; edge++) rows[next[edges.target[edge]!]!++] = edges.source[edge]!;
  return { starts, rows };
}

/** A number as `xsd:double` writes it. */
function double(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'INF';
  return value === Number.NEGATIVE_INFINITY ? '-INF' : String(value);
}

type PreviousRows = ReturnType<typeof previousRows>;

function component(
  bdml: WrittenBdml,
  rows: readonly KindRow[],
  previous: ReadonlyMap<WrittenKind, PreviousRows>,
): string {
  const [{ kind: first, row: firstRow }] = rows as [KindRow];
  let text = `<component><componentID>${attributeText(first.ids.at(firstRow))}</componentID>`;
  const named = rows.find(({ kind, row }) => kind.label && kind.label.missing?.[row] !== 1);
  if (named) text += `<componentName>${attributeText(textsOf(named.kind.label)!.at(named.row))}</componentName>`;
  text += `<time>${double(first.timeOf(firstRow))}</time>`;
  for (const id of predecessors(rows, previous)) text += `<prevID>${attributeText(id)}</prevID>`;
  for (const { kind, row } of rows) text += measurement(bdml, kind, row);
  return `${text}</component>\n`;
}

/** Ids of the components before, each once. */
function predecessors(rows: readonly KindRow[], previous: ReadonlyMap<WrittenKind, PreviousRows>): Iterable<string> {
  const ids: string[] = [];
  for (const { kind, row } of rows) {
    const { starts, rows: before } = previous.get(kind)!;
    for (let at = starts[row]!; at < starts[row + 1]!; at++) ids.push(kind.ids.at(before[at]!));
  }
  return rows.length > 1 ? new Set(ids) : ids;
}

function measurement(bdml: WrittenBdml, kind: WrittenKind, row: number): string {
  let text = `<measurement><objectRef>${attributeText(kind.name)}</objectRef>${geometry(bdml, kind, row)}`;
  for (const { name, column } of kind.features) {
    if (column.missing?.[row] !== 1)
      text += `<property><featureRef>${attributeText(name)}</featureRef><featureVal>${double(numberAt(column, row))}</featureVal></property>`;
  }
  return `${text}</measurement>`;
}

function geometry(bdml: WrittenBdml, kind: WrittenKind, row: number): string {
  const { entity, set, radius, factor } = kind;
  const { x, y, z, shapes } = set.objects;
  if (entity === 'circle' || entity === 'sphere') {
    const size = (radius ? numberAt(radius, row) : Number.NaN) * factor;
    return `<${entity}>${xyz(bdml, factor, x[row]!, y[row]!, z?.[row] ?? 0)}<radius>${double(size)}</radius></${entity}>`;
  }
  const [first, end] = shapes ? [shapes.partOffsets[row]!, shapes.partOffsets[row + 1]!] : [0, 0];
  const vertices = (part: number) => {
    let text = '';
    for (let at = shapes!.vertexOffsets[part]! * 3; at < shapes!.vertexOffsets[part + 1]! * 3; at += 3)
      text += xyz(bdml, factor, shapes!.xyz[at]!, shapes!.xyz[at + 1]!, shapes!.xyz[at + 2]!);
    return text;
  };
  const parts: string[] = [];
  if (entity !== 'point' || kind.isMultiPoint)
    for (let part = first; part < end; part++) {
      const count = shapes!.vertexOffsets[part + 1]! - shapes!.vertexOffsets[part]!;
      // A face of the schema has three vertices, and nothing else is one.
      if (count > 0 && (entity !== 'face' || count === 3)) parts.push(vertices(part));
    }
  if (entity === 'line' && parts.length > 0)
    return `<line>${parts.map((part) => `<xyzSequence>${part}</xyzSequence>`).join('')}</line>`;
  if (entity === 'face' && parts.length > 0)
    return `<face>${parts.map((part) => `<xyzTriplet>${part}</xyzTriplet>`).join('')}</face>`;
  if (entity !== 'point') return '';
  if (parts.length > 0) return `<point>${parts.join('')}</point>`;
  const isNowhere = Number.isNaN(x[row]!) && Number.isNaN(y[row]!);
  return isNowhere ? '' : `<point>${xyz(bdml, factor, x[row]!, y[row]!, z?.[row] ?? 0)}</point>`;
}

function xyz({ scale, planar }: WrittenBdml, factor: number, x: number, y: number, z: number): string {
  const depth = planar ? 0 : (z * factor) / scale.z;
  return `<xyz><x>${double((x * factor) / scale.x)}</x><y>${double((y * factor) / scale.y)}</y><z>${double(depth)}</z></xyz>`;
}
