import { commonUnit, measureDefinitions } from '@micrarium/model';
import { describeSet, type DescribedSet, valuesOf } from '../http/explore/explored-sets.ts';
import { type KnownMotion, motionsOf } from '../http/explore/known-motions.ts';
import type { Services } from '../http/kernel.ts';
import { Remembered } from '../http/remembered.ts';
import { allSets } from '../http/ssbd/ssbd-sets.ts';
import type { SimilarField, SimilarReason } from './similar-studies.ts';

/** A data set of like kind, of another study or of the same. */
export interface SimilarSet {
  /** As in `datasets` of SQL. */
  id: string;
  accession: string;
  version: number;
  item: string;
  part: number;
  title: string;
  name: string;
  reasons: SimilarReason[];
}

/** Fields in which sets are compared, with what one value in common counts. */
const weights: Readonly<Record<SimilarField, number>> = { cellType: 3, gene: 3, condition: 3, organism: 2, method: 1 };
/** Measures that are compared, and how close two means are, relative to the larger. */
const profile = ['mean_speed', 'straightness', 'mean_turning_angle'] as const;
const close = 0.25;
/** What a measure of the same mean counts; one that is just close counts nothing. */
const sameMovement = 2;
/** Sets shown, and those whose measures are compared. */
const [mostShown, mostLooked] = [5, 48];
/** Milliseconds for which an answer is given again. */
const rememberedFor = 60_000;

const remembered = new WeakMap<Services['studies'], Remembered<SimilarSet[]>>();

/** Open data sets of like kind as one of them, most alike first, each with the reasons; none where it is not open. */
export async function similarSets(services: Services, id: string): Promise<SimilarSet[]> {
  let known = remembered.get(services.studies);
  if (!known) remembered.set(services.studies, (known = new Remembered(rememberedFor)));
  const [found = [], closed] = await Promise.all([
    known.get(id, () => findSets(services, id)),
    services.states.closed(),
  ]);
  return found.filter(({ accession }) => !closed.has(accession));
}

const valuesIn = (set: DescribedSet, field: SimilarField): readonly string[] =>
  field === 'gene' ? valuesOf(set, 'genesProteinsReagents') : set.facets[field];

async function findSets(services: Services, id: string): Promise<SimilarSet[] | undefined> {
  const all = (await allSets(services)).filter(({ set }) => set.counts.edges > 0).map(describeSet);
  const here = all.find(({ source }) => source.bdmlId === id);
  if (!here) return undefined;
  const said = (Object.keys(weights) as SimilarField[]).map(
    (field) => [field, new Set(valuesIn(here, field))] as const,
  );
  const candidates = all
    .filter((set) => set !== here)
    .map((set) => {
      const same = said.flatMap(([field, values]): Extract<SimilarReason, { kind: 'same' }>[] => {
        const common = valuesIn(set, field).filter((value) => values.has(value));
        return common.length > 0 ? [{ kind: 'same', field, values: common.slice(0, 5) }] : [];
      });
      return { set, same, score: same.reduce((sum, one) => sum + weights[one.field] * one.values.length, 0) };
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, mostLooked);
  const [own, ...theirs] = await motionsOf(services, [here.source, ...candidates.map(({ set }) => set.source)]);
  return candidates
    .map(({ set, same, score }, at) => {
      const near = closeMeasures(own!, theirs[at]!);
      const reasons: SimilarReason[] = [...same, ...near.map(({ reason }) => reason)];
      return { set, reasons, score: score + near.reduce((sum, one) => sum + one.score, 0) };
    })
    .filter(({ reasons }) => reasons.length > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, mostShown)
    .map(({ set: { source, title }, reasons }) => ({
      id: source.bdmlId,
      accession: source.version.accession,
      version: source.version.version,
      item: source.item.id,
      part: source.set.part,
      title,
      name: source.set.name === '' ? source.item.path : source.set.name,
      reasons,
    }));
}

type Motion = KnownMotion | string;

/** Means of a measure that are close in both sets. Pixels of two films are not the same length. */
function closeMeasures(here: Motion, there: Motion): { reason: SimilarReason; score: number }[] {
  return profile.flatMap((measure) => {
    const [a, b] = [meanOf(here, measure), meanOf(there, measure)];
    if (!a || !b || a.unit !== b.unit || /pixel|unknown/.test(a.unit)) return [];
    const larger = Math.max(Math.abs(a.value), Math.abs(b.value));
    const apart = larger === 0 ? 0 : Math.abs(a.value - b.value) / larger;
    if (apart > close) return [];
    const reason = { kind: 'close' as const, measure, here: a.value, there: b.value, unit: a.unit };
    return [{ reason, score: sameMovement * (1 - apart / close) }];
  });
}

function meanOf(motion: Motion, measure: string): { value: number; unit: string } | undefined {
  if (typeof motion === 'string') return undefined;
  const mean = motion.measures.find(({ id }) => id === measure)?.mean;
  if (typeof mean !== 'number') return undefined;
  const { unit, factor } = commonUnit(measureDefinitions.get(measure)!.unit, motion.units.length, motion.units.time);
  return { value: mean * factor, unit };
}
