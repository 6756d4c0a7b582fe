import { type Issue, parseSpaceUnit, parseTimeUnit } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { Item } from '../../recognition/item.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { RowStream, pointHeader } from '../row-stream.ts';
import { type TrackFileIssueCode, trackFileIssue } from '../track-file-issues.ts';
import type { ReadOptions, SetHeader, TrackReader, TrackSink } from '../track-reader.ts';
import { type XmlFault, attributeNumber, walkElements } from './xml-elements.ts';

interface Detection {
  t: number;
  x: number;
  y: number;
  z: number;
}

/** What a first walk finds before the first detection can be handed on. */
interface Survey {
  root: Readonly<Record<string, string>>;
  hasZ: boolean;
  particles: number;
  fault?: XmlFault;
}

/** Walks particles of detections; `particle` gets each with its detections in the order of the file. */
async function walkParticles(
  source: ByteSource,
  rootName: string,
  take: {
    root?(attributes: Readonly<Record<string, string>>): void;
    particle(detections: Detection[]): Promise<void> | undefined | void;
  },
  options: ReadOptions,
  half: number,
): Promise<XmlFault | undefined> {
  let own: Detection[] | undefined;
  return walkElements(
    source,
    {
      open(name, attributes) {
        if (name === rootName) take.root?.(attributes);
        else if (name === 'particle') own = [];
        else if (name === 'detection')
          own?.push({
            t: attributeNumber(attributes, 't'),
            x: attributeNumber(attributes, 'x'),
            y: attributeNumber(attributes, 'y'),
            z: attributeNumber(attributes, 'z'),
          });
      },
      close(name) {
        if (name !== 'particle' || !own) return undefined;
        const detections = own;
        own = undefined;
        return take.particle(detections);
      },
    },
    {
      ...(options.signal ? { signal: options.signal } : {}),
      onBytes: (done) => options.onProgress?.(half + done / source.size / 2),
    },
  );
}

async function survey(source: ByteSource, rootName: string, options: ReadOptions): Promise<Survey> {
  const found: Survey = { root: {}, hasZ: false, particles: 0 };
  const fault = await walkParticles(
    source,
    rootName,
    {
      root: (attributes) => {
        found.root = attributes;
      },
      particle: (detections) => {
        found.particles++;
        if (detections.some(({ z }) => Number.isFinite(z) && z !== 0)) found.hasZ = true;
      },
    },
    options,
    0,
  );
  return fault ? { ...found, fault } : found;
}

interface ParticleFormat {
  rootName: string;
  name: string;
  /** Does a second detection in one frame prove that the export flattened branches? */
  flattened: boolean;
  header(root: Readonly<Record<string, string>>): Partial<SetHeader>;
  /** Physical time of a frame, where the file says the interval. */
  interval?(root: Readonly<Record<string, string>>): number;
}

async function readParticles(
  item: Item,
  sink: TrackSink,
  options: ReadOptions,
  format: ParticleFormat,
): Promise<{ issues: Issue[] }> {
  const source = await item.files[0]!.open();
  const { root, hasZ, particles, fault } = await survey(source, format.rootName, options);
  const tally = new IssueTally<TrackFileIssueCode>();
  const interval = format.interval?.(root) ?? Number.NaN;
  const header = pointHeader(stemOf(source.name), {
    sourceFrameBase: 0,
    hasZ,
    hasTime: Number.isFinite(interval),
    objectColumns: [{ name: 'source_track_id', type: 'int', description: 'Place of the particle in the file, from 0' }],
    ...format.header(root),
  });
  const refused = fault?.code === 'xml-doctype-refused';
  if (!refused) {
    const stream = await RowStream.begin(sink, header, options.signal);
    const state = { id: 0, particle: 0 };
    await walkParticles(
      source,
      format.rootName,
      { particle: (detections) => addParticle(detections, stream, state, interval, format.flattened, tally) },
      options,
      0.5,
    );
    await stream.end();
    const announced = attributeNumber(root, 'nTracks');
    if (Number.isFinite(announced) && announced !== particles)
      tally.note('track-count-differs', { field: 'Tracks/@nTracks' }, `nTracks is ${announced}`);
    if (!hasZ) tally.note('z-all-zero', {}, 'z');
    if (header.spaceUnit === 'pixel') tally.note('pixel-units-only', {}, 'the format counts pixels');
    if (!header.spaceUnit) tally.note('no-units', {}, 'no unit that we know');
  }
  const issues = tally.issues(trackFileIssue, item.path, {
    'z-all-zero': () => 'every z is 0',
    'pixel-units-only': () => 'positions are in pixels',
    'no-units': () => 'positions have no unit',
    'track-count-differs': () => `there are ${particles} particles`,
    'branching-lost': (n) => `${n} ${n === 1 ? 'particle has' : 'particles have'} several detections in one frame`,
    'duplicate-frame-in-track': (n) =>
      `${n} ${n === 1 ? 'frame' : 'frames'} in which one particle has several detections`,
    'detection-without-time': (n) => `${n} ${n === 1 ? 'detection' : 'detections'} without a frame`,
  });
  if (fault)
    issues.unshift(trackFileIssue(fault.code, fault.message, { where: { file: item.path, line: fault.line } }));
  return { issues };
}

/**
 * Hands on the detections of a particle. Nothing is waited for in between: the parser goes on to the next particle
 * meanwhile, whose detections would come among these.
 */
function addParticle(
  detections: readonly Detection[],
  stream: RowStream,
  state: { id: number; particle: number },
  interval: number,
  flattened: boolean,
  tally: IssueTally<TrackFileIssueCode>,
): Promise<void> | undefined {
  const waiting: Promise<void>[] = [];
  const particle = state.particle++;
  const placed: { id: number; frame: number }[] = [];
  for (const { t, x, y, z } of detections) {
    const frame = Math.round(t);
    if (!(Math.abs(frame) < 2 ** 31)) {
      tally.note('detection-without-time', {}, `particle ${particle + 1}`);
      continue;
    }
    const id = state.id++;
    placed.push({ id, frame });
    const full = stream.object({ id, frame, x, y, z, time: frame * interval, values: [particle] });
    if (full) waiting.push(full);
  }
  placed.sort((a, b) => a.frame - b.frame || a.id - b.id);
  const perFrame = new Map<number, number>();
  for (const { frame } of placed) perFrame.set(frame, (perFrame.get(frame) ?? 0) + 1);
  const doubled = [...perFrame].filter(([, count]) => count > 1).map(([frame]) => frame);
  if (doubled.length > 0 && flattened) {
    tally.note('branching-lost', {}, `particle ${particle + 1}, frame ${doubled[0]}`);
    return all(waiting);
  }
  for (const frame of doubled) tally.note('duplicate-frame-in-track', {}, `particle ${particle + 1}, frame ${frame}`);
  for (const [i, { id, frame }] of placed.entries()) {
    const next = placed[i + 1];
    if (!next || perFrame.get(frame) !== 1 || perFrame.get(next.frame) !== 1) continue;
    const full = stream.edge(id, next.id);
    if (full) waiting.push(full);
  }
  return all(waiting);
}

function all(waiting: readonly Promise<void>[]): Promise<void> | undefined {
  return waiting.length === 0 ? undefined : Promise.all(waiting).then(() => undefined);
}

/** TrackMate's "simple tracks": flattened in time order, so that branches cannot be told. */
export const trackmateSimpleReader: TrackReader = {
  stream: (item, sink, options = {}) =>
    readParticles(item, sink, options, {
      rootName: 'Tracks',
      name: 'TrackMate simple XML',
      flattened: true,
      header(root) {
        const space = root['spaceUnits'];
        const time = root['timeUnits'];
        const spaceUnit = space === undefined ? undefined : parseSpaceUnit(space);
        const timeUnit = time === undefined ? undefined : parseTimeUnit(time);
        const frameInterval = attributeNumber(root, 'frameInterval');
        return {
          ...(spaceUnit ? { spaceUnit } : {}),
          ...(timeUnit ? { timeUnit } : {}),
          ...(space ? { sourceSpaceUnit: space } : {}),
          ...(time ? { sourceTimeUnit: time } : {}),
          provenance: {
            software: root['from'] ?? 'TrackMate',
            ...(frameInterval > 0 ? { frameInterval } : {}),
          },
        };
      },
      interval: (root) => attributeNumber(root, 'frameInterval'),
    }),
};

/** The particle tracking challenge of ISBI 2012: x and y pixels, z slices, no branches. */
export const isbiReader: TrackReader = {
  stream: (item, sink, options = {}) =>
    readParticles(item, sink, options, {
      rootName: 'TrackContestISBI2012',
      name: 'the ISBI 2012 challenge',
      flattened: false,
      header: (root) => ({
        spaceUnit: 'pixel',
        provenance: Object.keys(root).length > 0 ? { settings: JSON.stringify(root) } : {},
      }),
    }),
};
