import { routes } from '@micrarium/api';
import { commonUnit, measureDefinitions } from '@micrarium/model';
import { askToRebuild } from '@micrarium/repository';
import type { Application } from '../app.ts';
import { widerNames } from '../../vocabulary/wider-terms.ts';
import type { Services } from '../kernel.ts';
import { mounted } from '../route.ts';
import { Problem } from '../problems.ts';
import { Remembered } from '../remembered.ts';
import { knownQuery, openAgain } from '../sql/open-again.ts';
import { allSets, type SsbdSet, setsOfVersion } from '../ssbd/ssbd-sets.ts';
import {
  countFacets,
  countField,
  describeSet,
  type DescribedSet,
  type ExploreFilters,
  exploreFacets,
  fieldsOf,
  filterSets,
  isAskable,
  valuesOf,
  widerFacets,
  type WiderNames,
} from './explored-sets.ts';
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
    const [sets = [], closed] = await Promise.all([again.get(query.id, look), services().states.closed()]);
    return sets.filter(({ version }) => !closed.has(version.accession));
  };
  const above = new Remembered<WiderNames>(rememberedFor);
  /** What stands above the terms of sets: vocabularies change rarely, and the same sets are asked for again and again. */
  const widerOf = async (sets: readonly DescribedSet[]): Promise<WiderNames> => {
    const terms = [
      ...new Map(
        sets.flatMap((set) =>
          widerFacets.flatMap((name) =>
            set.terms[name].map((term) => [`${term.id ?? ''} ${term.label}`, term] as const),
          ),
        ),
      ).values(),
    ];
    const key = terms.map(({ id, label }) => `${id ?? ''} ${label}`).join('\n');
    return (await above.get(key, () => widerNames(services().db, terms))) ?? new Map();
  };
  app.openapi(mounted(routes.exploreSets), async (c) => {
    const { measure, query, limit = mostSets, field, ...asked } = c.req.valid('query');
    const measures = measure === undefined ? [usualMeasure] : [...new Set(listOf(measure))];
    const fields = [...new Set(listOf(field))].filter(isAskable);
    const filters = filtersOf(asked);
    const sets = query === undefined ? await allSets(services()) : await setsOfQuery(query);
    const tracked = sets.filter(({ set }) => set.counts.edges > 0).map(describeSet);
    const wider = await widerOf(tracked);
    const fitting = filterSets(tracked, filters, wider);
    const shown = fitting.slice(0, limit);
    const sources = shown.map(({ source }) => source);
    const motions = await motionsOf(services(), sources);
    const missing = sources.filter((_source, at) => motions[at] === 'being-made');
    for (const { version, item } of missing.slice(0, askedAtOnce))
      await askToRebuild(services(), { accession: version.accession, version: version.version, itemId: item.id });
    const rows = shown.map((set, at) => ({
      ...rowOf(set, motions[at]!, measures),
      fields: Object.fromEntries(fields.map((name) => [name, valuesOf(set, name)])),
    }));
    const counted = {
      ...countFacets(tracked, filters, wider),
      fields: fieldsOf(tracked),
      further: fields.map((name) => ({ field: name, values: countField(tracked, filters, name, wider) })),
    };
    return c.json({ sets: rows, total: fitting.length, ...counted }, 200, shared);
  });
}

type AskedFilters = Partial<Record<(typeof exploreFacets)[number] | 'where', string | string[] | undefined>> &
  Partial<Record<'minInterval' | 'maxInterval' | 'minTracks' | 'maxTracks', number | undefined>>;

/** The filters of an address. A further one is written as field and value with a colon between. */
function filtersOf(asked: AskedFilters): ExploreFilters {
  const where = new Map<string, string[]>();
  for (const one of listOf(asked.where)) {
    const [, field, value] = /^([A-Za-z]\w*):(.+)$/s.exec(one) ?? [];
    if (field === undefined || value === undefined || !isAskable(field))
      throw new Problem('request-invalid', 'where is a field of the metadata and a value, as strain:N2.');
    where.set(field, [...(where.get(field) ?? []), value]);
  }
  return {
    ...Object.fromEntries(exploreFacets.map((name) => [name, listOf(asked[name])])),
    where,
    interval: { least: asked.minInterval, most: asked.maxInterval },
    tracks: { least: asked.minTracks, most: asked.maxTracks },
  };
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
    tracks: set.counts.tracks,
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
      factor,
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
