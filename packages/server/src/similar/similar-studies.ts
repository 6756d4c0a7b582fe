import { commonUnit, measureDefinitions } from '@micrarium/model';
import { sql } from 'kysely';
import { motionsOf } from '../http/explore/known-motions.ts';
import type { Services } from '../http/kernel.ts';
import { Remembered } from '../http/remembered.ts';
import { openVersion } from '../http/ssbd/ssbd-sets.ts';

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
/** Studies whose movement is compared: those most alike by their metadata. Wide, since a series of one laboratory says the same of all its films. */
const mostLooked = 48;
/** As many of a study without tracks; more than are shown, for some may not be open. */
const mostWithoutTracks = 20;
/** Studies looked up at once. */
const lookedAtOnce = 8;
/** What a measure of the same value counts; one that is just close counts nothing. */
const sameMovement = 2;
/** Measures of movement that are compared, and how close two values of one are, relative to the larger. */
const profile = ['mean_speed', 'straightness'] as const;
const close = 0.25;
/** Milliseconds for which an answer is given again. */
const rememberedFor = 60_000;

const remembered = new WeakMap<Services['studies'], Remembered<SimilarStudy[]>>();

/** Open studies of like kind, most alike first, each with the reasons. The search knows what they have in common; the measures of a few are looked up. */
export async function similarStudies(services: Services, accession: string): Promise<SimilarStudy[]> {
  let known = remembered.get(services.studies);
  if (!known) remembered.set(services.studies, (known = new Remembered(rememberedFor)));
  const found = (await known.get(accession, () => findSimilar(services, accession))) ?? [];
  // Asked for these few alone: of all that are closed there may be many thousands.
  const open = await services.states.openAmong(found.map((one) => one.accession));
  return found.filter((one) => open.has(one.accession));
}

/** A study as the search holds it. */
interface Found {
  accession: string;
  version: number;
  hasTracks: boolean;
}

const weights = new Map(Object.entries(fields) as [SimilarField, number][]);

/** Studies by their accessions, as the search holds them. */
async function found({ db }: Services, accessions: readonly string[]): Promise<Map<string, Found>> {
  const { rows } = await sql<Found>`
    select accession, version, 'tracks' = any(kinds) as "hasTracks" from search_document
    where accession = any(${[...accessions]}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.accession, row]));
}

async function findSimilar(services: Services, accession: string): Promise<SimilarStudy[]> {
  const own = await found(services, [accession]);
  // Without movement of its own there is nothing to compare of the others': those most alike are enough.
  const limit = own.get(accession)?.hasTracks === true ? mostLooked : mostWithoutTracks;
  const candidates = await services.search.alike(accession, weights, limit);
  if (candidates.length === 0) return [];
  const rows = new Map([
    ...own,
    ...(await found(
      services,
      candidates.map((one) => one.accession),
    )),
  ]);
  const open = await services.states.openAmong([...rows.keys()]);
  const moving = async (of: string) => {
    const row = rows.get(of);
    return row && open.has(of) ? await movementOf(services, row) : undefined;
  };
  const here = await moving(accession);
  const there: Awaited<ReturnType<typeof moving>>[] = [];
  for (let at = 0; at < candidates.length; at += lookedAtOnce)
    there.push(...(await Promise.all(candidates.slice(at, at + lookedAtOnce).map((one) => moving(one.accession)))));
  const alike = candidates.flatMap((candidate, at): (SimilarStudy & { score: number })[] => {
    const moves = there[at];
    if (!moves) return [];
    const same = (Object.keys(fields) as SimilarField[]).flatMap((field): SimilarReason[] => {
      const values = (candidate.common.get(field) ?? []).slice(0, 5);
      return values.length > 0 ? [{ kind: 'same', field, values }] : [];
    });
    const near = here ? closeMeasures(here.measures, moves.measures) : [];
    if (same.length + near.length === 0) return [];
    const score =
      same.reduce((sum, one) => sum + (one.kind === 'same' ? fields[one.field] * one.values.length : 0), 0) +
      near.reduce((sum, one) => sum + (one.kind === 'close' ? sameMovement * (1 - distanceOf(one) / close) : 0), 0);
    const { accession: id, title } = candidate;
    return [{ accession: id, version: moves.version, title, reasons: [...same, ...near], score }];
  });
  return alike
    .toSorted((a, b) => b.score - a.score)
    .slice(0, mostShown)
    .map(({ score: _score, ...one }) => one);
}

type Measured = ReadonlyMap<string, { value: number; unit: string }>;

/** Movement of each version, which many pages of like studies ask for. */
const movements = new WeakMap<Services['studies'], Remembered<Measured>>();
/** Milliseconds for which it is: measures of a version may still be made. */
const movementRememberedFor = 600_000;

/** How an open study moves, as far as it is measured already. Versions are large: only those with tracks are read. */
async function movementOf(
  services: Services,
  { accession, version, hasTracks }: Found,
): Promise<{ version: number; measures: Measured }> {
  if (!hasTracks) return { version, measures: new Map() };
  let known = movements.get(services.studies);
  if (!known) movements.set(services.studies, (known = new Remembered(movementRememberedFor)));
  const measures = await known.get(`${accession}/${version}`, () => readMovement(services, accession));
  return { version, measures: measures ?? new Map() };
}

async function readMovement(services: Services, accession: string): Promise<Measured | undefined> {
  const version = await openVersion(services, accession);
  const item = version?.items.find(({ trackSets }) => trackSets.some(({ counts }) => counts.edges > 0));
  const set = item?.trackSets.find(({ counts }) => counts.edges > 0);
  if (!version || !item || !set) return new Map();
  const [motion] = await motionsOf(services, [{ bdmlId: '', version, item, set }]);
  // Not measured yet: asked for again the next time.
  if (!motion || typeof motion === 'string') return undefined;
  const measures = new Map<string, { value: number; unit: string }>();
  for (const id of profile) {
    const mean = motion.measures.find((one) => one.id === id)?.mean;
    const { unit, factor } = commonUnit(measureDefinitions.get(id)!.unit, motion.units.length, motion.units.time);
    if (typeof mean === 'number') measures.set(id, { value: mean * factor, unit });
  }
  return measures;
}

/** How far two values of a measure lie apart, relative to the larger; 0 where both are 0. */
function distanceOf({ here, there }: { here: number; there: number }): number {
  const larger = Math.max(Math.abs(here), Math.abs(there));
  return larger === 0 ? 0 : Math.abs(here - there) / larger;
}

function closeMeasures(here: Measured, there: Measured): SimilarReason[] {
  return profile.flatMap((measure): SimilarReason[] => {
    const [a, b] = [here.get(measure), there.get(measure)];
    // Pixels of two films are not the same length.
    if (!a || !b || a.unit !== b.unit || /pixel|unknown/.test(a.unit)) return [];
    const one = { here: a.value, there: b.value };
    return distanceOf(one) <= close ? [{ kind: 'close', measure, ...one, unit: a.unit }] : [];
  });
}
