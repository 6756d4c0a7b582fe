import type { Column, TrackSet } from '@micrarium/model';
import { type LabelChains, labelChains } from '../ctc/label-chains.ts';
import { type PlannedFeatures, planFeatures } from './planned-features.ts';
import { dummyColumn, trackColumn } from './store.ts';

/** A track without branches as the store has it. */
export interface PlannedTrack {
  label: number;
  /** Rows of the set, in the order of time. */
  members: readonly number[];
  /** Label of the track it comes from; its own where it comes from none. */
  parent: number;
  root: number;
  /** Divisions since the root. */
  generation: number;
  /** What became of it, as btrack numbers fates. */
  fate: number;
}

/** Where everything of a set goes in a store. */
export interface StorePlan {
  set: TrackSet;
  /** Rows of the set as the store has them: objects by time, then dummies by time. */
  order: Uint32Array;
  /** How many of them are objects. */
  real: number;
  /** In the order of the set's own table of tracks, where it names them. */
  tracks: readonly PlannedTrack[];
  /** Is the order of the tracks that of the set's table? */
  isOwnTable: boolean;
  /** Are the labels those of the set's column `source_track_id`? */
  isOwnLabel: boolean;
  features: PlannedFeatures;
}

const undefinedFate = 999;
/** Fates that btrack knows (`btrack.constants.Fates`); it opens no file with another. */
const fates: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 20, 21, 22, 666, undefinedFate]);
/** btrack opens no file in which a track has more daughters. */
const mostDaughters = 2;

/** Plans how a set becomes one kind of object of a store. */
export function planStore(set: TrackSet): StorePlan {
  const { count, frame, columns } = set.objects;
  const dummy = columns.find(
    ({ name, type, missing }) => name === dummyColumn.name && type === 'bool' && !missing?.includes(1),
  );
  const isDummy = (row: number) => (dummy?.values[row] === 1 ? 1 : 0);
  const byTime = Uint32Array.from({ length: count }, (_, row) => row).sort((a, b) => frame[a]! - frame[b]! || a - b);
  const order = Uint32Array.from([
    ...byTime.filter((row) => isDummy(row) === 0),
    ...byTime.filter((row) => isDummy(row) === 1),
  ]);
  const real = order.reduce((sum, row) => sum + 1 - isDummy(row), 0);
  const own = ownLabels(set, byTime);
  const chains =
    own?.chains ??
    chainsOf(
      labelChains(set, () => true),
      byTime,
    );
  const tracks = lineage(chains, own?.labels ?? counted(chains));
  const table = own && ownTable(set, tracks);
  return {
    set,
    order,
    real,
    tracks: table ?? tracks,
    isOwnTable: table !== undefined,
    isOwnLabel: own !== undefined,
    features: planFeatures(set, order, real, [...(own ? [own.column] : []), ...(dummy ? [dummy] : [])]),
  };
}

interface Chain {
  members: number[];
  /** Place of the chain it comes from. */
  parent: number | undefined;
  daughters: number;
}

function chainsOf({ labelOf, spans }: LabelChains, byTime: Uint32Array): Chain[] {
  const chains = spans.map(
    ({ parent }): Chain => ({
      members: [],
      parent: parent === 0 ? undefined : parent - 1,
      daughters: 0,
    }),
  );
  for (const row of byTime) chains[labelOf[row]! - 1]!.members.push(row);
  for (const chain of chains) {
    const mother = chain.parent === undefined ? undefined : chains[chain.parent]!;
    if (!mother) continue;
    if (mother.daughters === mostDaughters) chain.parent = undefined;
    else mother.daughters++;
  }
  return chains;
}

/** Has a chain edges in the store? Other objects belong to no track. */
const isLinked = ({ members, parent, daughters }: Chain) => members.length > 1 || parent !== undefined || daughters > 0;

/** Labels counted from 1 for chains with edges; 0 for single objects. */
function counted(chains: readonly Chain[]): number[] {
  let last = 0;
  return chains.map((chain) => (isLinked(chain) ? ++last : 0));
}

interface OwnLabels {
  column: Column;
  chains: Chain[];
  labels: number[];
}

/** The set's own labels of tracks, where each track without branches has one that no other has. */
function ownLabels(set: TrackSet, byTime: Uint32Array): OwnLabels | undefined {
  const column = set.objects.columns.find(({ name, type }) => name === trackColumn.name && type === 'int');
  if (!column) return undefined;
  const labelOf = (row: number) => (column.missing?.[row] === 1 ? 0 : Number(column.values[row]));
  const chains = chainsOf(
    labelChains(set, (from, to) => labelOf(from) === labelOf(to)),
    byTime,
  );
  const labels = chains.map(({ members }) => labelOf(members[0]!));
  const taken = new Set<number>();
  for (const [at, chain] of chains.entries()) {
    const label = labels[at]!;
    if (chain.members.some((row) => labelOf(row) !== label)) return undefined;
    if (label === 0) {
      // 0 as a value is no label, and nothing else says that there is none.
      if (isLinked(chain) || column.missing?.[chain.members[0]!] !== 1) return undefined;
      continue;
    }
    if (!(Number.isInteger(label) && label > 0 && label < 2 ** 31) || taken.has(label)) return undefined;
    taken.add(label);
  }
  return { column, chains, labels };
}

function lineage(chains: readonly Chain[], labels: readonly number[]): PlannedTrack[] {
  const made: (PlannedTrack | undefined)[] = [];
  // A chain begins after the one it comes from, and so stands behind it.
  for (const [at, { members, parent }] of chains.entries()) {
    const label = labels[at]!;
    const mother = parent === undefined ? undefined : made[parent];
    made.push(
      label === 0
        ? undefined
        : {
            label,
            members,
            parent: mother?.label ?? label,
            root: mother?.root ?? label,
            generation: mother ? mother.generation + 1 : 0,
            fate: undefinedFate,
          },
    );
  }
  return made.filter((track) => track !== undefined);
}

/** The tracks in the order of the set's own table, with the fates it gives; nothing where it has others. */
function ownTable({ sourceTracks }: TrackSet, tracks: readonly PlannedTrack[]): PlannedTrack[] | undefined {
  const whole = (wanted: string) =>
    sourceTracks?.columns.find(({ name, type, missing }) => name === wanted && type === 'int' && !missing?.includes(1));
  const labels = whole(trackColumn.name);
  if (!labels || tracks.length === 0 || sourceTracks!.count !== tracks.length) return undefined;
  const byLabel = new Map(tracks.map((track) => [track.label, track]));
  const fate = whole('fate');
  const found: PlannedTrack[] = [];
  for (let row = 0; row < tracks.length; row++) {
    const track = byLabel.get(Number(labels.values[row]));
    if (!track) return undefined;
    byLabel.delete(track.label);
    const said = Number(fate?.values[row] ?? undefinedFate);
    found.push({ ...track, fate: fates.has(said) ? said : undefinedFate });
  }
  return found;
}

/** Label, begin, end, parent, root and generation of a track. */
export function lineageOf({ label, members, parent, root, generation }: PlannedTrack, { objects }: TrackSet): number[] {
  return [label, objects.frame[members[0]!]!, objects.frame[members.at(-1)!]!, parent, root, generation];
}
