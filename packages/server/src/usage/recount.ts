import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { type CountedHour, countHour, doubleClick } from './count-hour.ts';
import type { UsageEvent } from './usage-event.ts';

/** Days for which uses are kept as events; hours older than that stay as counted. */
export const daysKept = 30;
/** Studies looked at in one hour beyond which a program is collecting pages. */
const mostLookedAt = 50;
/** Hours counted in one go; the rest follow with the next. */
const mostAtOnce = 500;

interface Due {
  accession: string;
  hour: Date;
}

/** Programs that turned out to collect pages: all they used in that hour counts for nothing, so it is counted again. */
async function noteCollectors(db: Database, hours: readonly Date[]): Promise<void> {
  const all = hours.map((hour) => hour.toISOString());
  await sql`with fresh as (
      insert into usage_collector select hour, visitor from usage_event
        where hour = any(${all}::timestamptz[]) and access = 'machine' and kind in ('page', 'metadata')
        group by hour, visitor having count(distinct accession) > ${mostLookedAt}
      on conflict do nothing returning hour, visitor)
    insert into usage_due (accession, hour) select distinct accession, hour from usage_event join fresh using (hour, visitor)
    order by 1, 2 on conflict do nothing`.execute(db);
}

async function eventsOf(db: Database, { accession, hour }: Due, until: Date): Promise<UsageEvent[]> {
  const after = new Date(until.getTime() + doubleClick);
  const { rows } =
    await sql<UsageEvent>`select version, at, visitor, country, access, kind, path, bytes, size from usage_event as event
    where accession = ${accession} and (hour = ${hour} or (hour = ${until} and at <= ${after} and kind in ('page', 'file')))
    and not exists (select 1 from usage_collector as one where one.hour = event.hour and one.visitor = event.visitor)
    order by at`.execute(db);
  return rows;
}

async function store(db: Database, { accession, hour }: Due, counted: readonly CountedHour[]): Promise<void> {
  await sql`delete from usage_hour where accession = ${accession} and hour = ${hour}`.execute(db);
  await sql`insert into usage_hour (accession, version, hour, access, country, investigations, unique_investigations, requests, unique_requests, bytes)
    select ${accession}, version, ${hour}, access, country, investigations, "uniqueInvestigations", requests, "uniqueRequests", bytes
    from jsonb_to_recordset(${JSON.stringify(counted)}::jsonb) as row (version integer, access text, country text, investigations bigint,
      "uniqueInvestigations" bigint, requests bigint, "uniqueRequests" bigint, bytes bigint)`.execute(db);
}

/**
 * Counts the hours of studies in which something was used since they were last counted. One process at a time does so.
 * @returns how many were counted
 */
export async function countDue(db: Database): Promise<number> {
  const { rows: due } =
    await sql<Due>`select accession, hour from usage_due order by hour, accession limit ${mostAtOnce}`.execute(db);
  if (due.length === 0) return 0;
  await noteCollectors(db, [...new Map(due.map(({ hour }) => [hour.getTime(), hour])).values()]);
  for (const one of due)
    await db.transaction().execute(async (tx) => {
      // Whoever writes events of this hour holds its row until they are there: what is read next has them all.
      await sql`delete from usage_due where accession = ${one.accession} and hour = ${one.hour}`.execute(tx);
      const until = new Date(one.hour.getTime() + 3_600_000);
      await store(tx, one, countHour(await eventsOf(tx, one, until), until));
    });
  return due.length;
}

/** Counts until nothing is left to be counted. */
export async function countAllDue(db: Database): Promise<number> {
  let hours = 0;
  for (let some = await countDue(db); some > 0; some = await countDue(db)) hours += some;
  return hours;
}

/**
 * Lets go of events that are older than thirty days: what was counted of them is added to its month and stays. So do the salts of days that
 * are over, without which nobody can tell whose hash a visitor is.
 */
export async function forgetEvents(db: Database, now: Date): Promise<void> {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  // An hour of grace, for what is still on its way into the tables.
  await sql`delete from usage_salt where day < ${day(now.getTime() - 3_600_000)}::date`.execute(db);
  const limit = `${day(now.getTime() - daysKept * 86_400_000)}T00:00:00Z`;
  await db.transaction().execute(async (tx) => {
    await sql`with gone as (delete from usage_hour where hour < ${limit}::timestamptz returning *)
      insert into usage_past as past (accession, version, month, access, country, investigations, unique_investigations, requests, unique_requests, bytes)
      select accession, version, date_trunc('month', hour at time zone 'UTC')::date, access, country, sum(investigations),
        sum(unique_investigations), sum(requests), sum(unique_requests), sum(bytes) from gone group by 1, 2, 3, 4, 5
      on conflict (accession, version, month, access, country) do update set
        investigations = past.investigations + excluded.investigations,
        unique_investigations = past.unique_investigations + excluded.unique_investigations,
        requests = past.requests + excluded.requests,
        unique_requests = past.unique_requests + excluded.unique_requests,
        bytes = past.bytes + excluded.bytes`.execute(tx);
    for (const table of ['usage_event', 'usage_due', 'usage_collector'])
      await sql`delete from ${sql.table(table)} where hour < ${limit}::timestamptz`.execute(tx);
  });
}

/** What counting everything again found. */
export interface Recounted {
  /** Hours of studies that were counted. */
  hours: number;
  /** Those whose figures were others before. */
  changed: number;
  investigations: { before: number; after: number };
  requests: { before: number; after: number };
}

/** Counts all hours again of which there are events: after a rule changed, or where figures are in doubt. */
export async function recountAll(db: Database): Promise<Recounted> {
  await countAllDue(db);
  return await db.connection().execute(async (one) => {
    await sql`drop table if exists pg_temp.counted_before`.execute(one);
    await sql`create temporary table counted_before as select * from usage_hour`.execute(one);
    await sql`insert into usage_due (accession, hour) select distinct accession, hour from usage_event
      order by 1, 2 on conflict do nothing`.execute(one);
    const hours = await countAllDue(one);
    const sums = async (table: string) => {
      const { rows } = await sql<{
        investigations: number;
        requests: number;
      }>`select coalesce(sum(investigations), 0)::bigint as investigations,
        coalesce(sum(requests), 0)::bigint as requests from ${sql.table(table)} where version = 0`.execute(one);
      return rows[0]!;
    };
    const { rows } = await sql<{ changed: number }>`select count(distinct (accession, hour))::bigint as changed from (
      (select * from counted_before except select * from usage_hour) union all
      (select * from usage_hour except select * from counted_before)) as different`.execute(one);
    const [before, after] = [await sums('counted_before'), await sums('usage_hour')];
    return {
      hours,
      changed: rows[0]!.changed,
      investigations: { before: before.investigations, after: after.investigations },
      requests: { before: before.requests, after: after.requests },
    };
  });
}
