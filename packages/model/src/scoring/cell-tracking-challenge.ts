import { partialTruthReason, type TruthCoverage } from './truth-coverage.ts';
import { type LabelMatching, type LabelOverlaps, matchLabels, overlapsOf } from './label-matching.ts';

/** One line `L B E P` of a track file: label, first and last frame (both inclusive, zero-based), parent label or 0. */
export interface LabelTrack {
  label: number;
  begin: number;
  end: number;
  parent: number;
}

/** Faults of a result, and how many operations would repair its graph. */
export interface TrackingFaults {
  /** Splits needed: a result object over several reference objects. Weight 5. */
  NS: number;
  /** Reference objects without a result. Weight 10. */
  FN: number;
  /** Result objects without a reference. Weight 1. */
  FP: number;
  /** Edges too many. Weight 1. */
  ED: number;
  /** Edges missing. Weight 1.5. */
  EA: number;
  /** Edges of the wrong kind. Weight 1. */
  EC: number;
}

/** Scores by the definitions of the Cell Tracking Challenge; `null` where undefined (see `reasons`). All in 0..1, higher is better. */
export interface CellTrackingScores {
  /** Version of these definitions. */
  version: number;
  DET: number | null;
  LNK: number | null;
  TRA: number | null;
  CT: number | null;
  /** Without the order effect of the challenge's programs. */
  TF: number | null;
  TF_challenge: number | null;
  /** Branching correctness with 0 to 3 frames of tolerance. */
  BC: (number | null)[];
  CCA: number | null;
  faults: TrackingFaults;
  counts: { referenceObjects: number; referenceEdges: number; frames: number };
  /** Whether objects beside the reference were held against the result. */
  penalizesExtra: boolean;
  reasons: string[];
}

interface Edge {
  from: string;
  to: string;
  kind: 'link' | 'parent';
}

const vertex = (label: number, frame: number): string => `${label}@${frame}`;

/**
 * Scores a result against a reference, frame by frame: label planes are looked at once and let go. Definitions: Matula et al. 2015
 * (PLoS ONE 10:e0144959), Ulman et al. 2017 (Nat. Methods 14:1141), checked against the challenge's own programs.
 */
export class CellTrackingScorer {
  private readonly reference: readonly LabelTrack[];
  private readonly result: readonly LabelTrack[];
  private readonly frames = new Map<number, LabelMatching>();

  constructor(reference: readonly LabelTrack[], result: readonly LabelTrack[]) {
    this.reference = reference;
    this.result = [...result].sort((a, b) => a.label - b.label);
  }

  /** Takes one frame of both, as label planes or volumes of one size. @throws RangeError where the sizes differ */
  addFrame(frame: number, reference: ArrayLike<number>, result: ArrayLike<number>): void {
    this.addOverlaps(frame, overlapsOf(reference, result));
  }

  /** Takes one frame whose overlaps are counted already. */
  addOverlaps(frame: number, overlaps: LabelOverlaps): void {
    this.frames.set(frame, matchLabels(overlaps));
  }

  /**
   * Where the result's table and its label images differ: the challenge takes no such result. Labels that are not listed, or not in
   * their frame, and frames that do not show a label which is listed in them.
   */
  resultMisfits(): TrackTableFault[] {
    const spans = new Map(this.result.map((track) => [track.label, track]));
    const faults: TrackTableFault[] = [];
    for (const [frame, { takenBy }] of this.frames) {
      for (const label of takenBy.keys()) {
        const span = spans.get(label);
        if (!span || frame < span.begin || frame > span.end)
          faults.push({
            label,
            message: `Label ${label} is in frame ${frame}, but its line in the table does not say so.`,
          });
      }
      for (const { label, begin, end } of spans.values())
        if (frame >= begin && frame <= end && !takenBy.has(label))
          faults.push({
            label,
            message: `Label ${label} is listed in frame ${frame}, and its label image does not show it.`,
          });
    }
    return faults;
  }

  /**
   * The scores of all frames that were given.
   * @param penalizesExtra whether objects beside the reference count
   * @param coverage where the reference is partial, measures that would count what lies outside of it are `null`, with the reason
   */
  finish(penalizesExtra = true, coverage: TruthCoverage = 'all objects'): CellTrackingScores {
    const faults = this.countFaults();
    const objects = sum([...this.frames.values()], ({ referenceLabels }) => referenceLabels.length);
    const edges = this.referenceEdges().length;
    const nodes = 5 * faults.NS + 10 * faults.FN + (penalizesExtra ? faults.FP : 0);
    const links = faults.ED + 1.5 * faults.EA + faults.EC;
    const [nodesFromNothing, linksFromNothing] = [10 * objects, 1.5 * edges];
    const score = (cost: number, most: number) => (most === 0 ? null : 1 - Math.min(cost, most) / most);
    const reasons: string[] = [];
    const unseen = edgesOf(this.reference).length - edges;
    if (unseen > 0)
      reasons.push(`${unseen} edges of the reference lie in frames without a label image and do not count.`);
    if (objects === 0) reasons.push('The reference holds no object.');
    if (edges === 0) reasons.push('The reference holds no edge, so LNK is undefined.');
    const BC = [0, 1, 2, 3].map((tolerance) => (coverage === 'all objects' ? this.branching(tolerance) : null));
    const isPartial = coverage !== 'all objects';
    const CCA = isPartial ? null : this.cycles();
    if (isPartial) reasons.push(partialTruthReason(coverage, 'each of CT, BC, CCA and BIO'));
    else {
      if (BC[0] === null) reasons.push('The reference holds no division, so BC is undefined.');
      if (CCA === null) reasons.push('The reference holds no complete cell cycle, so CCA is undefined.');
    }
    return {
      version: 1,
      DET: score(nodes, nodesFromNothing),
      LNK: objects === 0 ? null : score(links, linksFromNothing),
      TRA: objects === 0 ? null : score(nodes + links, nodesFromNothing + linksFromNothing),
      CT: isPartial ? null : this.complete(),
      TF: this.fractions(false),
      TF_challenge: this.fractions(true),
      BC,
      CCA,
      faults,
      counts: { referenceObjects: objects, referenceEdges: edges, frames: this.frames.size },
      penalizesExtra,
      reasons,
    };
  }

  /** The reference object a result object stands for, where it takes exactly one. */
  private uniqueReference(label: number, frame: number): number | undefined {
    const taken = this.frames.get(frame)?.takenBy.get(label);
    return taken?.length === 1 ? taken[0] : undefined;
  }

  /** Do both exist in the frame, and does the result object stand for exactly this one? */
  private isSame(reference: number, result: number, frame: number): boolean {
    return this.uniqueReference(result, frame) === reference;
  }

  private countFaults(): TrackingFaults {
    const faults: TrackingFaults = { NS: 0, FN: 0, FP: 0, ED: 0, EA: 0, EC: 0 };
    for (const { resultOf, takenBy, referenceLabels } of this.frames.values()) {
      faults.FN += referenceLabels.length - resultOf.size;
      for (const taken of takenBy.values()) {
        if (taken.length === 0) faults.FP++;
        else faults.NS += taken.length - 1;
      }
    }
    const kinds = new Map(this.referenceEdges().map(({ from, to, kind }) => [`${from}>${to}`, kind]));
    const found = new Set<string>();
    for (const { from, to, kind } of edgesOf(this.result)) {
      const [a, b] = [this.asReference(from), this.asReference(to)];
      if (a === undefined || b === undefined) continue;
      const counterpart = kinds.get(`${a}>${b}`);
      if (counterpart === undefined) faults.ED++;
      else {
        found.add(`${a}>${b}`);
        if (counterpart !== kind) faults.EC++;
      }
    }
    faults.EA = kinds.size - found.size;
    return faults;
  }

  /** Edges of the reference between frames that were given: of the others nobody knows. */
  private referenceEdges(): Edge[] {
    const isSeen = (of: string) => this.frames.has(Number(of.slice(of.indexOf('@') + 1)));
    return edgesOf(this.reference).filter(({ from, to }) => isSeen(from) && isSeen(to));
  }

  private asReference(of: string): string | undefined {
    const [label, frame] = of.split('@').map(Number) as [number, number];
    const reference = this.uniqueReference(label, frame);
    return reference === undefined ? undefined : vertex(reference, frame);
  }

  private complete(): number | null {
    const all = this.reference.length + this.result.length;
    if (this.reference.length === 0) return null;
    const covers = (r: LabelTrack, s: LabelTrack) => {
      for (let frame = r.begin; frame <= r.end; frame++) if (!this.isSame(r.label, s.label, frame)) return false;
      return true;
    };
    const complete = this.reference.filter((r) =>
      this.candidates(r).some((s) => s.begin === r.begin && s.end === r.end && covers(r, s)),
    );
    return (2 * complete.length) / all;
  }

  /** Result tracks that match the reference track anywhere, in label order. */
  private candidates(r: LabelTrack): LabelTrack[] {
    const labels = new Set<number>();
    for (let frame = r.begin; frame <= r.end; frame++) {
      const label = this.frames.get(frame)?.resultOf.get(r.label);
      if (label !== undefined) labels.add(label);
    }
    return this.result.filter(({ label }) => labels.has(label));
  }

  private fractions(hasOrderEffect: boolean): number | null {
    const used = new Set<number>();
    const found: number[] = [];
    for (const r of this.reference) {
      const seen: number[] = [];
      for (let frame = r.begin; frame <= r.end; frame++) if (this.frames.has(frame)) seen.push(frame);
      let best = 0;
      for (const s of this.candidates(r)) {
        if (hasOrderEffect && used.has(s.label)) continue;
        let run = 0;
        for (const frame of seen) {
          run = this.isSame(r.label, s.label, frame) ? run + 1 : 0;
          best = Math.max(best, run);
        }
        if (best === seen.length) {
          used.add(s.label);
          break;
        }
      }
      if (best > 0) found.push(best / seen.length);
    }
    return found.length === 0 ? null : sum(found, (one) => one) / found.length;
  }

  private branching(tolerance: number): number | null {
    const reference = forksOf(this.reference);
    const result = forksOf(this.result);
    if (reference.length === 0) return null;
    const used = new Set<number>();
    let matches = 0;
    for (const fork of result) {
      const index = reference.findIndex((one, i) => !used.has(i) && this.isSameFork(one, fork, tolerance));
      if (index < 0) continue;
      used.add(index);
      matches++;
    }
    return (2 * matches) / (reference.length + result.length);
  }

  private isSameFork(r: Fork, s: Fork, tolerance: number): boolean {
    if (r.children.length !== s.children.length || Math.abs(r.parent.end - s.parent.end) > tolerance) return false;
    if (!this.isSame(r.parent.label, s.parent.label, Math.min(r.parent.end, s.parent.end))) return false;
    return r.children.every((child) =>
      s.children.some(
        (other) =>
          Math.abs(child.begin - other.begin) <= tolerance &&
          this.isSame(child.label, other.label, Math.max(child.begin, other.begin)),
      ),
    );
  }

  private cycles(): number | null {
    const [reference, result] = [cyclesOf(this.reference), cyclesOf(this.result)];
    if (reference.length === 0) return null;
    if (result.length === 0) return 0;
    const share = (lengths: readonly number[], most: number) =>
      lengths.filter((length) => length <= most).length / lengths.length;
    const distances = [...reference, ...result].map((at) => Math.abs(share(reference, at) - share(result, at)));
    return 1 - Math.max(...distances);
  }
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}

function edgesOf(tracks: readonly LabelTrack[]): Edge[] {
  const byLabel = new Map(tracks.map((track) => [track.label, track]));
  const edges: Edge[] = [];
  for (const { label, begin, end, parent } of tracks) {
    for (let frame = begin; frame < end; frame++)
      edges.push({ from: vertex(label, frame), to: vertex(label, frame + 1), kind: 'link' });
    const mother = parent > 0 ? byLabel.get(parent) : undefined;
    if (mother) edges.push({ from: vertex(parent, mother.end), to: vertex(label, begin), kind: 'parent' });
  }
  return edges;
}

interface Fork {
  parent: LabelTrack;
  children: LabelTrack[];
}

function forksOf(tracks: readonly LabelTrack[]): Fork[] {
  const children = new Map<number, LabelTrack[]>();
  for (const track of tracks)
    if (track.parent > 0) children.set(track.parent, [...(children.get(track.parent) ?? []), track]);
  return tracks.flatMap((parent) => {
    const mine = children.get(parent.label) ?? [];
    return mine.length > 1 ? [{ parent, children: mine }] : [];
  });
}

/** Lengths in frames of tracks that begin as a child of a fork and end as the parent of one. */
function cyclesOf(tracks: readonly LabelTrack[]): number[] {
  const forks = new Set(forksOf(tracks).map(({ parent }) => parent.label));
  return tracks
    .filter(({ label, parent }) => forks.has(parent) && forks.has(label))
    .map(({ begin, end }) => end - begin + 1);
}

/** `BIO`: mean of those of CT, TF, BC and CCA that are defined. */
export function biologicalScore({ CT, TF, BC, CCA }: CellTrackingScores, tolerance = 0): number | null {
  const defined = [CT, TF, BC[tolerance] ?? null, CCA].filter((one) => one !== null);
  return defined.length === 0 ? null : sum(defined, (one) => one) / defined.length;
}

/** A fault of a track table that makes a result no result. */
export interface TrackTableFault {
  label: number;
  message: string;
}

/** What the challenge asks of a track table: labels once, B <= E, parents that are listed and end before. */
export function checkLabelTracks(tracks: readonly LabelTrack[]): TrackTableFault[] {
  const byLabel = new Map(tracks.map((track) => [track.label, track]));
  const seen = new Set<number>();
  const faults: TrackTableFault[] = [];
  for (const { label, begin, end, parent } of tracks) {
    const fault = (message: string) => faults.push({ label, message });
    if (seen.has(label)) fault(`Label ${label} is listed more than once.`);
    seen.add(label);
    if (begin > end) fault(`Track ${label} begins in frame ${begin} after it ends in ${end}.`);
    const mother = byLabel.get(parent);
    if (parent < 0 || (parent > 0 && !mother)) fault(`Track ${label} names the parent ${parent}, which is not listed.`);
    else if (mother && mother.end >= begin)
      fault(`Track ${label} begins in frame ${begin}, but its parent ${parent} goes on to frame ${mother.end}.`);
  }
  return faults;
}
