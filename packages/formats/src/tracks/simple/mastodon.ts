import { parseSpaceUnit, parseTimeUnit } from '@micrarium/model';
import { type FileEntry, baseName, stemOf } from '../../bytes/file-tree.ts';
import { RowStream, pointHeader } from '../row-stream.ts';
import { trackFileIssue } from '../track-file-issues.ts';
import type { ReadOptions, SetHeader, TrackReader, TrackSink } from '../track-reader.ts';

/** Bytes of a vertex and of an edge in `model.raw`. */
const vertexBytes = 84;
const edgeBytes = 16;

const covariance = ['xx', 'xy', 'xz', 'yy', 'yz', 'zz'] as const;

/**
 * Reads Mastodon projects: `model.raw`, a Java object stream whose blocks hold vertices and edges, and the units of
 * `project.xml`. Positions are world coordinates; every spot is an ellipsoid, kept as its covariance.
 */
export const mastodonReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const find = (name: string) => item.tree.entries.find(({ path }) => baseName(path) === name);
    const model = find('model.raw');
    const where = { file: item.path };
    if (!model) return { issues: [trackFileIssue('track-file-damaged', 'no model.raw', { where })] };
    const units = await projectUnits(find('project.xml'));
    const header = pointHeader(stemOf(item.path) || 'model', {
      ...units,
      hasZ: true,
      sourceFrameBase: 0,
      objectColumns: [
        ...covariance.map((name) => ({
          name: `covariance_${name}`,
          type: 'float' as const,
          description: 'Covariance of the ellipsoid of the spot',
          ...(units.spaceUnit ? { unit: `${units.spaceUnit}^2` } : {}),
        })),
        {
          name: 'bounding_radius',
          type: 'float' as const,
          description: 'Radius of the sphere around the ellipsoid',
          ...(units.spaceUnit ? { unit: units.spaceUnit } : {}),
        },
      ],
      provenance: { software: 'Mastodon' },
    });
    const damage = await readModel(model, header, sink, options);
    const issues = damage === undefined ? [] : [trackFileIssue('track-file-damaged', damage, { where })];
    if (!units.spaceUnit) issues.push(trackFileIssue('no-units', 'the project names no unit we know', { where }));
    if (units.spaceUnit === 'pixel')
      issues.push(trackFileIssue('pixel-units-only', 'positions are in pixels', { where }));
    return { issues };
  },
};

async function projectUnits(project: FileEntry | undefined): Promise<Partial<SetHeader>> {
  if (!project || project.size > 1 << 20) return {};
  const text = new TextDecoder().decode(await (await project.open()).read(0, project.size));
  const space = /<SpaceUnits>([^<]{0,100})</.exec(text)?.[1];
  const time = /<TimeUnits>([^<]{0,100})</.exec(text)?.[1];
  const spaceUnit = space === undefined ? undefined : parseSpaceUnit(space);
  const timeUnit = time === undefined ? undefined : parseTimeUnit(time);
  return {
    ...(spaceUnit ? { spaceUnit } : {}),
    ...(timeUnit ? { timeUnit } : {}),
    ...(space === undefined ? {} : { sourceSpaceUnit: space }),
    ...(time === undefined ? {} : { sourceTimeUnit: time }),
  };
}

/** Reads vertices and edges; answers what is damaged, if anything. */
async function readModel(
  model: FileEntry,
  header: SetHeader,
  sink: TrackSink,
  { signal, onProgress }: ReadOptions,
): Promise<string | undefined> {
  const blocks = await blocksOf(model, signal);
  if (typeof blocks === 'string') return blocks;
  const vertices = (await blocks.next(4))?.getInt32(0);
  if (vertices === undefined || vertices < 0 || vertices * vertexBytes > model.size)
    return `${vertices ?? 'no'} spots announced in ${model.size} bytes`;
  const stream = await RowStream.begin(sink, header, signal);
  let damage: string | undefined;
  for (let id = 0; id < vertices && damage === undefined; id++) {
    const view = await blocks.next(vertexBytes);
    if (!view) {
      damage = `the file ends after ${id} of ${vertices} spots`;
      break;
    }
    const number = (at: number) => view.getFloat64(at, true);
    const full = stream.object({
      id,
      x: number(0),
      y: number(8),
      z: number(16),
      frame: view.getInt32(24, true),
      values: [...covariance.map((_, i) => number(28 + i * 8)), Math.sqrt(number(76))],
    });
    if (full) await full;
    if (id % 10_000 === 0) onProgress?.(id / vertices);
  }
  const edges = damage === undefined ? (await blocks.next(4))?.getInt32(0) : 0;
  if (damage === undefined && (edges === undefined || edges < 0 || edges * edgeBytes > model.size))
    damage = `${edges ?? 'no'} links announced in ${model.size} bytes`;
  for (let edge = 0; damage === undefined && edge < edges!; edge++) {
    const view = await blocks.next(edgeBytes);
    if (!view) damage = `the file ends after ${edge} of ${edges} links`;
    else await stream.edge(view.getInt32(0), view.getInt32(4));
  }
  await stream.end();
  return damage;
}

/** The payload of the block-data records of a Java object stream, record by record. */
async function blocksOf(
  model: FileEntry,
  signal?: AbortSignal,
): Promise<string | { next(length: number): Promise<DataView | undefined> }> {
  const source = await model.open();
  const magic = await source.read(0, 4, signal);
  if (magic[0] !== 0xac || magic[1] !== 0xed) return 'model.raw is no Java object stream';
  let at = 4;
  let pending: Uint8Array = new Uint8Array(0);
  const more = async (): Promise<boolean> => {
    const head = await source.read(at, 5, signal);
    const isLong = head[0] === 0x7a && head.length === 5;
    if (!isLong && !(head[0] === 0x77 && head.length >= 2)) return false;
    const length = isLong ? new DataView(head.buffer, head.byteOffset).getUint32(1) : head[1]!;
    const from = at + (isLong ? 5 : 2);
    if (from + length > source.size || length > 1 << 24) return false;
    const bytes = await source.read(from, length, signal);
    at = from + length;
    const joined = new Uint8Array(pending.length + bytes.length);
    joined.set(pending);
    joined.set(bytes, pending.length);
    pending = joined;
    return true;
  };
  return {
    async next(length) {
      while (pending.length < length) if (!(await more())) return undefined;
      const view = new DataView(pending.buffer, pending.byteOffset, length);
      pending = pending.subarray(length);
      return view;
    },
  };
}
