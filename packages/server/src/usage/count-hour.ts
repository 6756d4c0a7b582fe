import type { UsageEvent } from './usage-event.ts';

/** What is counted of a study in an hour, of one version (0: of all together), way of access and country. */
export interface CountedHour {
  version: number;
  access: 'regular' | 'machine';
  country: string;
  investigations: number;
  uniqueInvestigations: number;
  requests: number;
  uniqueRequests: number;
  bytes: number;
}

/** The same again within this time is a double click (COUNTER: 30 seconds), in milliseconds. */
export const doubleClick = 30_000;
/** Pieces read in a session become a request when they are as many bytes together, or this share of a file. */
const readIsRequest = { bytes: 10e6, share: 0.01 };

type Visit = Pick<CountedHour, 'investigations' | 'requests' | 'bytes'>;

/**
 * Clicks of a visitor on one address that count: of two within thirty seconds the second one, so that a chain of them is one.
 * @param until only those before it are counted; later ones tell which of them are first clicks of two
 */
function clicks(times: readonly number[], until: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted.filter((at, index) => at < until && !((sorted[index + 1] ?? Infinity) - at <= doubleClick)).length;
}

/** Have pieces become a request? Those of one file by its size, of all together by their bytes. */
function isEnough(reads: readonly UsageEvent[]): boolean {
  const sum = reads.reduce((bytes, one) => bytes + one.bytes, 0);
  if (sum >= readIsRequest.bytes) return true;
  const files = Map.groupBy(reads, ({ path }) => path);
  return [...files.values()].some((of) => {
    const size = Math.max(...of.map((one) => one.size ?? 0));
    return size > 0 && of.reduce((bytes, one) => bytes + one.bytes, 0) >= readIsRequest.share * size;
  });
}

/** A visitor's session of one hour with a study, or a version of it. */
function visitOf(events: readonly UsageEvent[], until: number): Visit {
  const of = (kind: UsageEvent['kind']) => events.filter((one) => one.kind === kind);
  const clicked = (kind: 'page' | 'file') =>
    [...Map.groupBy(of(kind), ({ path }) => path).values()].reduce(
      (sum, those) =>
        sum +
        clicks(
          those.map(({ at }) => at.getTime()),
          until,
        ),
      0,
    );
  const inHour = events.filter(({ at }) => at.getTime() < until);
  const files = clicked('file');
  const parts = new Set(inHour.filter(({ kind }) => kind === 'part').map(({ path }) => path)).size;
  const reads = inHour.filter(({ kind }) => kind === 'read');
  const looks = clicked('page') + files + parts + (reads.length > 0 ? 1 : 0);
  const isInner = inHour.some(({ kind }) => kind === 'inner');
  return {
    // What pages ask for by themselves belongs to the look at the page; where that was an hour before, it is one.
    investigations:
      looks === 0 && isInner && !events.some(({ kind }) => kind === 'page' || kind === 'file') ? 1 : looks,
    requests: files + parts + (isEnough(reads) ? 1 : 0),
    bytes: inHour.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/**
 * Counts the uses of one study in one hour by the rules of the COUNTER Code of Practice for Research Data 1.0.1: double clicks are one, unique
 * counts are of sessions (visitor and hour), the ranges of a file taken in parts are one request, all pieces read are one investigation.
 * @param events those of the hour, and clicks of the thirty seconds after it
 * @param until end of the hour
 */
export function countHour(events: readonly UsageEvent[], until: Date): CountedHour[] {
  const counted = new Map<string, CountedHour>();
  const end = until.getTime();
  const used = events.filter(({ kind }) => kind !== 'metadata');
  const count = (version: number, those: readonly UsageEvent[]) => {
    for (const visit of Map.groupBy(those, ({ visitor, access }) => `${access} ${visitor}`).values()) {
      const { investigations, requests, bytes } = visitOf(visit, end);
      if (investigations === 0 && bytes === 0) continue;
      const { access, country } = visit[0]!;
      const key = `${version} ${access} ${country}`;
      const row = counted.get(key) ?? {
        version,
        access,
        country,
        investigations: 0,
        uniqueInvestigations: 0,
        requests: 0,
        uniqueRequests: 0,
        bytes: 0,
      };
      row.investigations += investigations;
      row.uniqueInvestigations += investigations > 0 ? 1 : 0;
      row.requests += requests;
      row.uniqueRequests += requests > 0 ? 1 : 0;
      row.bytes += bytes;
      counted.set(key, row);
    }
  };
  count(0, used);
  for (const [version, those] of Map.groupBy(used, (event) => event.version)) count(version, those);
  return [...counted.values()];
}
