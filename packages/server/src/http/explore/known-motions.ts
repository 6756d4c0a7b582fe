import type { MotionSummary } from '@micrarium/model';
import { type DerivedStore, FormNotMade, formKeys, mappingOf, NotThere, readMotion } from '@micrarium/repository';
import type { SsbdSet } from '../ssbd/ssbd-sets.ts';

/** What is kept of how a set moves: no curves. */
export type KnownMotion = Pick<MotionSummary, 'units' | 'dimensions' | 'frameInterval' | 'quality' | 'measures'>;

/** Why a set has no measures: they are not made now, or never for a set of its size. */
export type Unmeasured = 'being-made' | 'too-large';

/** Summaries kept in memory, of some 8 kB each; those asked for longest ago go first. */
const mostKept = 4000;

/** Files read at once. */
const readAtOnce = 6;

const remembered = new WeakMap<DerivedStore, Map<string, KnownMotion>>();

/** How sets move, in their order. What was read once is remembered: measures under a form's key never change. */
export async function motionsOf(
  ports: { derived: DerivedStore },
  sets: readonly SsbdSet[],
): Promise<(KnownMotion | Unmeasured)[]> {
  let known = remembered.get(ports.derived);
  if (!known) remembered.set(ports.derived, (known = new Map()));
  const found: (KnownMotion | Unmeasured)[] = Array.from({ length: sets.length }, () => 'being-made');
  let next = 0;
  const reader = async () => {
    while (next < sets.length) {
      const at = next++;
      found[at] = await motionOf(ports, known, sets[at]!);
    }
  };
  await Promise.all(Array.from({ length: readAtOnce }, reader));
  return found;
}

async function motionOf(
  ports: { derived: DerivedStore },
  known: Map<string, KnownMotion>,
  { item, set }: SsbdSet,
): Promise<KnownMotion | Unmeasured> {
  const key = `${formKeys(item.id, mappingOf(item)).motion} ${set.part}`;
  const kept = known.get(key);
  // Put last again: the first of the map is the one asked for longest ago.
  if (kept) known.delete(key);
  const motion = kept ?? (await readKnown(ports, item, set.part));
  if (typeof motion === 'string') return motion;
  known.set(key, motion);
  for (const oldest of known.keys()) {
    if (known.size <= mostKept) break;
    known.delete(oldest);
  }
  return motion;
}

async function readKnown(
  ports: { derived: DerivedStore },
  item: SsbdSet['item'],
  part: number,
): Promise<KnownMotion | Unmeasured> {
  try {
    const { units, dimensions, frameInterval, quality, measures } = (await readMotion(ports, item, part)).summary;
    return { units, dimensions, frameInterval, quality, measures };
  } catch (fault) {
    if (fault instanceof FormNotMade) return 'being-made';
    if (fault instanceof NotThere) return 'too-large';
    throw fault;
  }
}
