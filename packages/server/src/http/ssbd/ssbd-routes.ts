import { askToRebuild, coordinatesOf, FormNotMade } from '@micrarium/repository';
import type { Application } from '../app.ts';
import type { HttpContext } from '../context.ts';
import type { Services } from '../kernel.ts';
import { Problem } from '../problems.ts';
import {
  allSets,
  dataRecord,
  personRecords,
  scaleRecord,
  setOfId,
  type SsbdRecord,
  type SsbdSet,
} from './ssbd-sets.ts';

/** Where SSBD's clients look. */
const base = '/SSBD/api/v3';

/** Records of one answer unless asked otherwise, and at most. */
const usualLimit = 20;
const mostLimit = 1000;
const mostCoordinates = 100_000;

const shared = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=60' };

/** Words of an address that are no filters. */
const controls = new Set(['limit', 'offset', 'format', 'order_by', 'ts']);

type Endpoint = (set: SsbdSet) => SsbdRecord[];

const endpoints: Readonly<Record<string, Endpoint>> = {
  data: (set) => [dataRecord(set)],
  contact: (set) => personRecords(set, 'contact'),
  contributor: (set) => personRecords(set, 'contributor'),
  person: (set) =>
    personRecords(set, 'contributor').map(({ bdmlID, person }) => ({ bdmlID: bdmlID!, ...parts(person) })),
  affiliation: (set) =>
    personRecords(set, 'contributor').map(({ bdmlID, affiliation }) => ({ bdmlID: bdmlID!, ...parts(affiliation) })),
  bd5scaleunit: (set) => [scaleRecord(set)],
};

const parts = (value: SsbdRecord[string] | undefined) => (typeof value === 'object' ? value : {});

/**
 * The REST interface of SSBD:database, version 3, over our published studies, so that its clients work unchanged: the conventions of Django
 * Tastypie (lists with `meta` and `objects`, `limit`, `offset`, filters by field). Read only. Our own interface is `/api/v1`.
 */
export function ssbdRoutes(app: Application, services: () => Services): void {
  // Programs leave the last slash out; SSBD leads from one to the other.
  for (const path of [base, `${base}/:endpoint`])
    app.get(path, (c) => {
      const { pathname, search } = new URL(c.req.url);
      return c.redirect(`${pathname}/${search}`, 301);
    });
  app.get(`${base}/`, (c) =>
    c.json(
      Object.fromEntries(
        [...Object.keys(endpoints), 'bd5coords'].map((name) => [name, { list_endpoint: `${base}/${name}/` }]),
      ),
      200,
      shared,
    ),
  );
  app.get(`${base}/bd5coords/`, async (c) => await coordinates(c, services()));
  app.get(`${base}/:endpoint/`, async (c) => {
    const name = c.req.param('endpoint');
    const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
    if (!endpoint)
      throw new Problem('not-found', `There is no ${name.slice(0, 40)} here; ${base}/ lists what there is.`);
    const { limit, offset, filters } = questionOf(c, mostLimit);
    const sets = await setsFor(services(), filters);
    const records = sets.flatMap(endpoint).filter((record) => filters.every((one) => fits(record, one)));
    const objects = records.slice(offset, offset + limit);
    return c.json({ meta: metaOf(c, { limit, offset, total: records.length }), objects }, 200, shared);
  });
}

interface Filter {
  path: string[];
  compare: Compare;
  value: string;
}

/** Comparisons of Django, by the last part of a filter's name. Upper and lower case are one, as with the `i…` forms. */
const comparisons = {
  exact: (told: string, value: string) => told === value,
  contains: (told: string, value: string) => told.includes(value),
  startswith: (told: string, value: string) => told.startsWith(value),
  endswith: (told: string, value: string) => told.endsWith(value),
  in: (told: string, value: string) => value.split(',').some((one) => one.trim() === told),
} as const;

type Compare = keyof typeof comparisons;

const compareOf = (word: string | undefined): Compare | undefined => {
  const name = word?.replace(/^i(?=exact|contains|startswith|endswith)/, '') ?? '';
  return Object.hasOwn(comparisons, name) ? (name as Compare) : undefined;
};

/** What an address asks. SSBD's clients separate by semicolons too, and some end the address with a new line. */
const askedOf = (c: HttpContext): URLSearchParams =>
  new URLSearchParams(
    [...new URLSearchParams(new URL(c.req.url).search.slice(1).replaceAll(';', '&'))]
      .filter(([name]) => name.trim() !== '')
      .map(([name, value]) => [name.trim(), value.trim()]),
  );

/** @throws Problem `request-invalid` where limit or offset are no counts */
function questionOf(c: HttpContext, most: number): { limit: number; offset: number; filters: Filter[] } {
  const asked = askedOf(c);
  const count = (name: string, usual: number) => {
    const given = asked.get(name);
    if (given === null || given === '') return usual;
    if (!/^\d{1,12}$/.test(given))
      throw new Problem('request-invalid', `${name} is a count, not "${given.slice(0, 40)}".`);
    return Number(given);
  };
  // Tastypie reads 0 as "as many as there may be".
  const limit = Math.min(most, count('limit', usualLimit) || most);
  const filters = [...asked]
    .filter(([name]) => !controls.has(name))
    .slice(0, 20)
    .map(([name, value]): Filter => {
      const path = name.split('__');
      const compare = path.length > 1 ? compareOf(path.at(-1)) : undefined;
      return { path: compare ? path.slice(0, -1) : path, compare: compare ?? 'exact', value: value.toLowerCase() };
    });
  return { limit, offset: count('offset', 0), filters };
}

/** One study where its set is named, else all. */
async function setsFor(services: Services, filters: readonly Filter[]): Promise<SsbdSet[]> {
  const named = filters.find(({ path, compare }) => path.length === 1 && path[0] === 'bdmlID' && compare === 'exact');
  if (!named) return await allSets(services);
  const set = await setOfId(services, namedId(named));
  return set ? [set] : [];
}

/** Ids are an accession in capitals and the rest in small letters; values of filters are small throughout. */
const namedId = ({ value }: Filter): string => value.replace(/^[a-z]+(?=-\d)/, (prefix) => prefix.toUpperCase());

/** A field that a record does not have fits nothing. */
function fits(record: SsbdRecord, { path, compare, value }: Filter): boolean {
  const inside = (at: SsbdRecord, [name = '', ...rest]: readonly string[]): SsbdRecord[string] | undefined => {
    const found = Object.hasOwn(at, name) ? at[name] : undefined;
    return rest.length > 0 && typeof found === 'object' ? inside(found, rest) : rest.length > 0 ? undefined : found;
  };
  // Clients ask persons for `organization` as well as for `affiliation__organization`.
  const told =
    inside(record, path) ??
    Object.values(record)
      .map((part) => (typeof part === 'object' ? inside(part, path) : undefined))
      .find((part) => part !== undefined);
  return typeof told === 'string' && comparisons[compare](told.toLowerCase(), value);
}

function metaOf(c: HttpContext, { limit, offset, total }: { limit: number; offset: number; total: number }) {
  const at = (next: number) => {
    const asked = askedOf(c);
    asked.set('limit', String(limit));
    asked.set('offset', String(next));
    return `${new URL(c.req.url).pathname}?${asked}`;
  };
  return {
    limit,
    offset,
    next: offset + limit < total ? at(offset + limit) : null,
    previous: offset > 0 ? at(Math.max(0, offset - limit)) : null,
    total_count: total,
  };
}

/** `bd5coords/`: positions of one set, numbers as texts as SSBD gives them; `ts` chooses a time index. */
async function coordinates(c: HttpContext, services: Services): Promise<Response> {
  const { limit, offset, filters } = questionOf(c, mostCoordinates);
  const named = filters.find(({ path }) => path[0] === 'bdmlID');
  if (!named) throw new Problem('request-invalid', 'bd5coords needs a bdmlID.');
  const bdmlId = namedId(named);
  const asked = askedOf(c).get('ts');
  if (asked !== null && !/^\d{1,9}$/.test(asked)) throw new Problem('request-invalid', 'ts is a time index.');
  const found = await setOfId(services, bdmlId);
  const frame = asked === null ? undefined : Number(asked);
  const rows = found && (await rowsOf(services, found, { frame, offset, limit }));
  // Clients make numbers of all of them, and an empty text is none.
  const text = (value: number) => (Number.isFinite(value) ? String(value) : 'nan');
  const objects = (rows?.x ?? []).map((x, row) => ({
    bdmlID: bdmlId,
    ts: String(rows!.frame[row]!),
    x: text(x),
    y: text(rows!.y[row]!),
    z: found!.set.hasZ ? text(rows!.z[row]!) : '0',
    t: text(rows!.time[row]!),
    radius: text(rows!.radius[row]!),
  }));
  return c.json({ meta: metaOf(c, { limit, offset, total: rows?.total ?? 0 }), objects }, 200, shared);
}

async function rowsOf(
  services: Services,
  { version, item, set }: SsbdSet,
  page: { frame: number | undefined; offset: number; limit: number },
) {
  try {
    return await coordinatesOf(services, item, { part: set.part, ...page });
  } catch (fault) {
    if (!(fault instanceof FormNotMade)) throw fault;
    await askToRebuild(services, { accession: version.accession, version: version.version, itemId: item.id });
    throw new Problem('form-being-made', 'It is made from the originals; ask again in a moment.', {
      headers: { 'retry-after': '2' },
      cause: fault,
    });
  }
}
