import { routes } from '@micrarium/api';
import { commonUnit, measureDefinitions } from '@micrarium/model';
import { askToRebuild } from '@micrarium/repository';
import type { Application } from '../app.ts';
import type { Services } from '../kernel.ts';
import { mounted } from '../route.ts';
import { Remembered } from '../remembered.ts';
import { knownQuery, openAgain } from '../sql/open-again.ts';
import { allSets, type SsbdSet, setsOfVersion } from '../ssbd/ssbd-sets.ts';
import { countFacets, describeSet, type DescribedSet, exploreFacets, filterSets } from './explored-sets.ts';
import { type KnownMotion, motionsOf, type Unmeasured } from './known-motions.ts';

const shared = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=60' };

/** Sets of one answer, unless fewer are asked for. */
const mostSets = 5000;

/** Sets of one answer whose measures are asked to be made; the next answer asks for more. */
const askedAtOnce = 20;

/** What is measured where nothing is asked for. */
const usualMeasure = 'mean_speed';

/** Milliseconds for which the sets of a saved query are not looked up again: as long as those of the newest versions. */
const rememberedFor = 30_000;

const listOf = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** Measures across studies, of every set of tracks that is open to everybody. */
export function exploreRoutes(app: Application, services: () => Services): void {
  const again = new Remembered<SsbdSet[]>(rememberedFor);
  /** The sets of the versions that a saved query was asked of; the query itself never changes, what is open of it may. */
  const setsOfQuery = async (id: string): Promise<SsbdSet[]> => {
    const query = await knownQuery(services(), id);
    const look = async () => (await openAgain(services(), query.versions)).flatMap(setsOfVersion);
    return (await again.get(query.id, look)) ?? [];
  };
  app.openapi(mounted(routes.exploreSets), async (c) => {
    const { measure, query, limit = mostSets, ...asked } = c.req.valid('query');
    const measures = measure === undefined ? [usualMeasure] : [...new Set(listOf(measure))];
    const filters = Object.fromEntries(exploreFacets.map((name) => [name, listOf(asked[name])]));
    const sets = query === undefined ? await allSets(services()) : await setsOfQuery(query);
    const tracked = sets.filter(({ set }) => set.counts.edges > 0).map(describeSet);
    const fitting = filterSets(tracked, filters);
    const shown = fitting.slice(0, limit);
    const sources = shown.map(({ source }) => source);
    const motions = await motionsOf(services(), sources);
    const missing = sources.filter((_source, at) => motions[at] === 'being-made');
    for (const { version, item } of missing.slice(0, askedAtOnce))
      await askToRebuild(services(), { accession: version.accession, version: version.version, itemId: item.id });
    const rows = shown.map((set, at) => rowOf(set, motions[at]!, measures));
    return c.json({ sets: rows, total: fitting.length, facets: countFacets(tracked, filters) }, 200, shared);
  });
}

function rowOf({ source, title, facets }: DescribedSet, motion: KnownMotion | Unmeasured, wanted: readonly string[]) {
  const { bdmlId, version, item, set } = source;
  const known = typeof motion === 'string' ? undefined : motion;
  const { organism, cellType, condition, method } = facets;
  const dimensions = known?.dimensions ?? (facets.dimensions[0] === '3' ? (3 as const) : (2 as const));
  return {
    id: bdmlId,
    accession: version.accession,
    version: version.version,
    item: item.id,
    part: set.part,
    title,
    name: set.name === '' ? item.path : set.name,
    organism: [...organism],
    cellType: [...cellType],
    condition: [...condition],
    method: [...method],
    licence: facets.licence.join(' '),
    year: facets.year.join(' '),
    dimensions,
    software: facets.software.join(' '),
    state: typeof motion === 'string' ? motion : ('measured' as const),
    frameInterval: known ? intervalOf(known) : null,
    paths: known?.quality.paths ?? null,
    quality: known ? qualityOf(known) : null,
    measures: known ? wanted.flatMap((id) => measureOf(known, id)) : [],
  };
}

function intervalOf({ units, frameInterval }: KnownMotion): { value: number; unit: string } {
  const { unit, factor } = commonUnit('time', units.length, units.time);
  return { value: frameInterval * factor, unit };
}

function qualityOf({ quality: { steps, gapShare, shortShare, stepToNeighbour } }: KnownMotion) {
  return { steps, gapShare, shortShare, stepToNeighbour };
}

function measureOf({ units, measures }: KnownMotion, id: string) {
  const found = measures.find((one) => one.id === id);
  const definition = measureDefinitions.get(id);
  if (!found || !definition) return [];
  const { unit, factor } = commonUnit(definition.unit, units.length, units.time);
  const { version, gapPolicy, mean, interval, n, undefinedPaths } = found;
  return [
    {
      id,
      version,
      unit,
      originalUnit: found.unit,
      ...(gapPolicy ? { gapPolicy } : {}),
      mean: mean === null ? null : mean * factor,
      // A bound that is no number is stored as `null`, and would be 0 here.
      interval: isWhole(interval) ? { low: interval.low * factor, high: interval.high * factor } : null,
      n,
      undefinedPaths,
    },
  ];
}

function isWhole(interval: { low: number; high: number } | null): interval is { low: number; high: number } {
  return typeof interval?.low === 'number' && typeof interval.high === 'number';
}
