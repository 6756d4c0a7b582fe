import { commonUnit, measureDefinitions } from '@micrarium/model';
import { sql } from 'kysely';
import { motionsOf } from '../http/explore/known-motions.ts';
import type { Services } from '../http/kernel.ts';
import { Remembered } from '../http/remembered.ts';
import { openVersion, type SsbdSet } from '../http/ssbd/ssbd-sets.ts';

/** Fields in which studies are compared, with what one value in common counts. */
const fields = {
  cellType: 3,
  gene: 3,
  condition: 3,
  organism: 2,
  method: 1,
} as const;

/** A field in which studies are alike. */
export type SimilarField = keyof typeof fields;

/** Why a study is like another. */
export type SimilarReason =
  | { kind: 'same'; field: SimilarField; values: string[] }
  | { kind: 'close'; measure: string; here: number; there: number; unit: string };

/** A study of like kind. */
export interface SimilarStudy {
  accession: string;
  version: number;
  title: string;
  reasons: SimilarReason[];
}

/** Studies shown. */
const mostShown = 5;
/** Studies whose movement is compared: those most alike by their metadata. */
const mostLooked = 15;
/** Measures of movement that are compared, and how close two values of one are, relative to the larger. */
const profile = ['mean_speed', 'straightness'] as const;
const close = 0.25;
/** Milliseconds for which an answer is given again. */
const rememberedFor = 60_000;

const remembered = new WeakMap<Services['studies'], Remembered<SimilarStudy[]>>();

/** Open studies of like kind, most alike first, each with the reasons. One query over the search index, and the measures of a few. */
export async function similarStudies(services: Services, accession: string): Promise<SimilarStudy[]> {
  let known = remembered.get(services.studies);
  if (!known) remembered.set(services.studies, (known = new Remembered(rememberedFor)));
  return (await known.get(accession, () => findSimilar(services, accession))) ?? [];
}

interface Candidate extends Record<SimilarField, string[]> {
  accession: string;
  title: string;
}

async function candidatesOf({ db }: Services, accession: string): Promise<Candidate[]> {
  const shared = (column: string) =>
    sql`array(select unnest(s.${sql.ref(column)}) intersect select unnest(m.${sql.ref(column)}))`;
  // "NA" and "Unknown" are what forms ask for where nothing is known: nothing is alike in them.
  const counted = (name: SimilarField) =>
    sql`${sql.lit(fields[name])} * coalesce(array_length(array_remove(array_remove(${sql.ref(name)}, 'NA'), 'Unknown'), 1), 0)`;
  const { rows } = await sql<Candidate>`
    select accession, title, organism, method, "cellType", gene, condition from (
      select s.accession, s.title, s.published_at,
        ${shared('organisms')} as organism, ${shared('methods')} as method, ${shared('cell_types')} as "cellType",
        ${shared('genes')} as gene, ${shared('conditions')} as condition
      from search_document s, search_document m
      where m.accession = ${accession} and s.accession <> m.accession
        and (s.organisms && m.organisms or s.methods && m.methods or s.cell_types && m.cell_types
          or s.genes && m.genes or s.conditions && m.conditions)
    ) alike
    order by ${sql.join((Object.keys(fields) as SimilarField[]).map(counted), sql` + `)} desc, published_at desc
    limit ${mostLooked}`.execute(db);
  return rows;
}

const isUnknown = (value: string) => value === 'NA' || value === 'Unknown';

async function findSimilar(services: Services, accession: string): Promise<SimilarStudy[]> {
  const candidates = await candidatesOf(services, accession);
  if (candidates.length === 0) return [];
  const here = (await movementOf(services, [accession]))[0];
  const there = await movementOf(
    services,
    candidates.map((one) => one.accession),
  );
  const found = candidates.flatMap((candidate, at): (SimilarStudy & { score: number })[] => {
    const moving = there[at];
    if (!moving) return [];
    const same = (Object.keys(fields) as SimilarField[]).flatMap((field): SimilarReason[] => {
      const values = candidate[field].filter((value) => !isUnknown(value)).slice(0, 5);
      return values.length > 0 ? [{ kind: 'same', field, values }] : [];
    });
    const near = here ? closeMeasures(here.measures, moving.measures) : [];
    if (same.length + near.length === 0) return [];
    const score =
      same.reduce((sum, one) => sum + (one.kind === 'same' ? fields[one.field] * one.values.length : 0), 0) +
      near.length;
    const { accession: id, title } = candidate;
    return [{ accession: id, version: moving.version, title, reasons: [...same, ...near], score }];
  });
  return found
    .toSorted((a, b) => b.score - a.score)
    .slice(0, mostShown)
    .map(({ score: _score, ...one }) => one);
}

type Measured = ReadonlyMap<string, { value: number; unit: string }>;

/** How the first set of each study moves, as far as it is measured already; `undefined` for studies that are not open. */
async function movementOf(
  services: Services,
  accessions: readonly string[],
): Promise<({ version: number; measures: Measured } | undefined)[]> {
  const versions = await Promise.all(accessions.map((accession) => openVersion(services, accession)));
  const sets = versions.map((version): SsbdSet | undefined => {
    const item = version?.items.find(({ trackSets }) => trackSets.some(({ counts }) => counts.edges > 0));
    const set = item?.trackSets.find(({ counts }) => counts.edges > 0);
    return version && item && set && { bdmlId: '', version, item, set };
  });
  const motions = await motionsOf(
    services,
    sets.filter((set) => set !== undefined),
  );
  let next = 0;
  return versions.map((version, at) => {
    const motion = sets[at] ? motions[next++] : undefined;
    if (!version) return undefined;
    const measures = new Map<string, { value: number; unit: string }>();
    if (motion && typeof motion !== 'string')
      for (const id of profile) {
        const mean = motion.measures.find((one) => one.id === id)?.mean;
        const { unit, factor } = commonUnit(measureDefinitions.get(id)!.unit, motion.units.length, motion.units.time);
        if (typeof mean === 'number') measures.set(id, { value: mean * factor, unit });
      }
    return { version: version.version, measures };
  });
}

function closeMeasures(here: Measured, there: Measured): SimilarReason[] {
  return profile.flatMap((measure): SimilarReason[] => {
    const [a, b] = [here.get(measure), there.get(measure)];
    // Pixels of two films are not the same length.
    if (!a || !b || a.unit !== b.unit || /pixel|unknown/.test(a.unit)) return [];
    const isClose = Math.abs(a.value - b.value) <= close * Math.max(Math.abs(a.value), Math.abs(b.value));
    return isClose ? [{ kind: 'close', measure, here: a.value, there: b.value, unit: a.unit }] : [];
  });
}
