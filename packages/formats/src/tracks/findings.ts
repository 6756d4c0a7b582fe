import {
  type Column,
  type ColumnDescription,
  type Issue,
  type TrackCounts,
  type TrackSet,
  countTracks,
} from '@micrarium/model';
import { AxisOrder } from './axis-order.ts';
import { trackFinding } from './findings-issues.ts';
import { headerOfSet } from './from-sets.ts';
import type { EdgeBatch, ObjectBatch, SetHeader } from './track-reader.ts';

type FindingCode = keyof typeof trackFinding.catalogue;

/** What must be known of the whole graph of a set. */
export interface GraphFacts {
  counts: TrackCounts;
  /** Objects without any edge. */
  untracked: number;
  /** Smallest and largest frame; infinite for a set without objects. */
  frames: readonly [first: number, last: number];
  /** Objects whose id an earlier one has: row of each, and of the first with its id. */
  repeated: readonly { row: number; first: number }[];
  frameOf(row: number): number;
}

/** Values of a track column that are counted; of files with more tracks, single ones are not searched. */
const mostTracks = 2_000_000;

/**
 * Looks at the rows of one set as they go by, and says at the end what anybody who uses the data should know. The one
 * place for findings that do not depend on the format; memory is 4 bytes an object, and a number for each named track.
 */
export class TrackFindings {
  private readonly header: SetHeader;
  private readonly axes: AxisOrder;
  private readonly trackAt: number;
  private readonly visibleAt: number;
  private readonly objectsOfTrack = new Map<number | string, number>();
  private places = new Uint32Array(1024);
  private rows = 0;
  private hidden = 0;
  private hiddenTracks = { hidden: 0, all: 0 };

  constructor(header: SetHeader) {
    this.header = header;
    this.axes = new AxisOrder(header);
    this.trackAt = header.objectColumns.findIndex(({ role }) => role === 'track');
    this.visibleAt = header.objectColumns.findIndex(({ name, type }) => name === 'visible' && type === 'bool');
  }

  /** Takes a batch of objects. */
  objects(batch: ObjectBatch): void {
    const { count, columns } = batch;
    const track = this.trackAt < 0 ? undefined : columns[this.trackAt];
    const visible = this.visibleAt < 0 ? undefined : columns[this.visibleAt];
    this.axes.objects(batch, track);
    this.reserve(this.rows + count);
    for (let row = 0; row < count; row++) {
      this.places[this.rows + row] = placeHash(batch, row);
      if (visible?.values[row] === 0 && visible.missing?.[row] !== 1) this.hidden++;
      if (track && track.missing?.[row] !== 1 && this.objectsOfTrack.size <= mostTracks) {
        const name = track.values[row]!;
        this.objectsOfTrack.set(name, (this.objectsOfTrack.get(name) ?? 0) + 1);
      }
    }
    this.rows += count;
  }

  /** Takes a batch of edges. */
  edges(batch: EdgeBatch): void {
    this.axes.edges(batch);
  }

  /** Takes the table of source tracks. */
  sourceTracks(columns: readonly Column[], count: number): void {
    const visible = columns.find(({ name, type }) => name === 'visible' && type === 'bool');
    let hidden = 0;
    for (let row = 0; visible && row < count; row++)
      if (visible.values[row] === 0 && visible.missing?.[row] !== 1) hidden++;
    this.hiddenTracks = { hidden, all: count };
  }

  /** Everything found. */
  finish(facts: GraphFacts, file: string): Issue[] {
    const issues: Issue[] = [];
    const say = (code: FindingCode, message: string, where: Issue['where'] = {}) =>
      issues.push(trackFinding(code, message, { where: { file, ...where } }));
    this.ofHeader(facts, say);
    this.ofFrames(facts, say);
    this.ofTracks(facts, say);
    const swapped = this.axes.verdict();
    if (swapped !== undefined) say('axis-order-suspect', swapped);
    this.ofIds(facts, say);
    return issues;
  }

  private ofHeader({ counts }: GraphFacts, say: Say): void {
    const { spaceUnit, timeUnit, hasTime, provenance, objectColumns, edgeColumns } = this.header;
    if (counts.objects === 0) return;
    if (!spaceUnit) say('no-units', 'the file does not say in which unit its positions are');
    else if (spaceUnit === 'pixel') say('pixel-units-only', 'positions are in pixels');
    const isTimed = hasTime && timeUnit !== undefined && timeUnit !== 'frame';
    if (counts.frames > 1 && !isTimed && provenance.frameInterval === undefined)
      say('no-frame-interval', 'nothing says how long a frame is');
    const { software, settings, tracking } = provenance;
    if (counts.edges > 0 && software === undefined && settings === undefined && tracking === undefined)
      say('tracking-method-missing', 'nothing says which program made the tracks, and how');
    const unknown = [...objectColumns, ...edgeColumns].filter(isWithoutMeaning);
    if (unknown.length > 0) {
      const named = unknown.slice(0, 5).map(({ name }) => name);
      const more = unknown.length > 5 ? `, and ${unknown.length - 5} more` : '';
      say(
        'column-without-meaning',
        `${unknown.length} columns without unit and description: ${named.join(', ')}${more}`,
      );
    }
  }

  private ofFrames({ counts, frames: [first, last] }: GraphFacts, say: Say): void {
    if (counts.objects === 0) return;
    if (this.header.sourceFrameBase === undefined && first > 0)
      say('frame-base-unknown', `the first frame is ${first}`);
    const empty = last - first + 1 - counts.frames;
    if (empty > 0) say('frame-gap', `${empty} of the frames from ${first} to ${last} hold no object`);
  }

  private ofTracks({ counts, untracked }: GraphFacts, say: Say): void {
    if (counts.edges > 0 && untracked > 0)
      say('untracked-objects', `${untracked} of ${counts.objects} objects are in no track`);
    if (this.hidden > 0) say('invisible-objects', `${this.hidden} of ${counts.objects} objects are hidden by a filter`);
    const { hidden, all } = this.hiddenTracks;
    if (hidden > 0) say('filtered-tracks', `${hidden} of ${all} tracks are hidden by a filter`);
    if (this.objectsOfTrack.size > mostTracks || this.objectsOfTrack.size === counts.objects) return;
    const single: (number | string)[] = [];
    for (const [name, objects] of this.objectsOfTrack) if (objects === 1) single.push(name);
    if (single.length > 0)
      say(
        'single-object-track',
        `${single.length} of ${this.objectsOfTrack.size} tracks have one object (first: ${single.slice(0, 5).join(', ')})`,
      );
  }

  private ofIds({ repeated, frameOf }: GraphFacts, say: Say): void {
    const reused = repeated.filter(({ row, first }) => frameOf(row) !== frameOf(first));
    const unequal = repeated.filter(
      ({ row, first }) => frameOf(row) === frameOf(first) && this.places[row] !== this.places[first],
    );
    if (reused.length > 0)
      say('id-reused', `${reused.length} objects have an id that an object of another frame has`, {
        row: reused[0]!.row + 1,
      });
    if (unequal.length > 0)
      say(
        'disagreeing-duplicate',
        `${unequal.length} objects occur again in the same frame with other values (first: rows ${unequal[0]!.first + 1} and ${unequal[0]!.row + 1})`,
        { row: unequal[0]!.row + 1 },
      );
  }

  private reserve(rows: number): void {
    if (rows <= this.places.length) return;
    const grown = new Uint32Array(Math.max(rows, Math.ceil(this.places.length * 1.5)));
    grown.set(this.places);
    this.places = grown;
  }
}

type Say = (code: FindingCode, message: string, where?: Issue['where']) => void;

/** A number whose meaning nobody can look up: no unit, no sentence, and no name that says it all. */
function isWithoutMeaning({ type, unit, description, role, name }: ColumnDescription): boolean {
  if (type === 'string' || type === 'bool' || role !== undefined) return false;
  return unit === undefined && description === undefined && !/(^|_)(id|label|name|frame|visible)$/i.test(name);
}

const place = new Float64Array(3);
const placeWords = new Uint32Array(place.buffer);

/** A number that differs where the positions of two objects differ (all but surely: 32 bits). */
function placeHash({ x, y, z }: ObjectBatch, row: number): number {
  place[0] = x[row]!;
  place[1] = y[row]!;
  place[2] = z?.[row] ?? 0;
  let hash = 0x811c9dc5;
  for (const word of placeWords) hash = Math.imul(hash ^ word, 0x01000193) ^ (word >>> 15);
  return hash >>> 0;
}

/** Findings of a set in memory. */
export function findingsOfSet(set: TrackSet, file: string): Issue[] {
  const { objects, edges, sourceTracks } = set;
  const findings = new TrackFindings(headerOfSet(set));
  findings.objects(objects);
  const ids = (rows: Uint32Array) => Float64Array.from(rows, (row) => objects.id[row]!);
  findings.edges({
    ...edges,
    // Asked for only where z counts in whole numbers.
    get sourceId() {
      return ids(edges.source);
    },
    get targetId() {
      return ids(edges.target);
    },
  });
  if (sourceTracks) findings.sourceTracks(sourceTracks.columns, sourceTracks.count);
  const linked = new Uint8Array(objects.count);
  for (const rows of [edges.source, edges.target]) for (const row of rows) linked[row] = 1;
  let untracked = 0;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < objects.count; row++) {
    if (linked[row] === 0) untracked++;
    first = Math.min(first, objects.frame[row]!);
    last = Math.max(last, objects.frame[row]!);
  }
  const facts = {
    counts: countTracks(objects, edges),
    untracked,
    frames: [first, last] as const,
    // Ids of a set are unique: what was repeated has been numbered anew.
    repeated: [],
    frameOf: (row: number) => objects.frame[row]!,
  };
  return findings.finish(facts, file);
}

/** Issues of a reader with the findings that it has not said itself; what several sets have in common is said once. */
export function withFindings(issues: readonly Issue[], findings: readonly Issue[]): Issue[] {
  const said = new Set(issues.map(({ code }) => code));
  const words = new Set<string>();
  const further = findings.filter(({ code, message }) => {
    if (said.has(code) || words.has(`${code} ${message}`)) return false;
    words.add(`${code} ${message}`);
    return true;
  });
  return [...issues, ...further];
}
