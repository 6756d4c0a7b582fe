import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';

/** Uses of a study, or of all, in one month and by one way of access. */
export interface UsageRow {
  /** `0`: of all versions. */
  version: number;
  /** YYYY-MM. */
  month: string;
  access: 'regular' | 'machine';
  investigations: number;
  uniqueInvestigations: number;
  requests: number;
  uniqueRequests: number;
  bytes: number;
}

/** Uses in one month, by one way of access and from one country. */
export interface CountryRow extends UsageRow {
  /** ISO 3166-1, two letters, or `unknown`. */
  country: string;
}

const columns = sql`to_char(month, 'YYYY-MM') as month, access, sum(investigations)::bigint as investigations,
  sum(unique_investigations)::bigint as "uniqueInvestigations", sum(requests)::bigint as requests,
  sum(unique_requests)::bigint as "uniqueRequests", sum(bytes)::bigint as bytes`;

/** Uses of a study by version, month and way of access, oldest first. */
export async function usageOfStudy(db: Database, accession: string): Promise<UsageRow[]> {
  const { rows } = await sql<UsageRow>`select version, ${columns} from usage_counted where accession = ${accession}
    group by version, month, access order by month, version, access`.execute(db);
  return rows;
}

/** Uses of everything by month and way of access, oldest first; the last `months` months. */
export async function usageOfAll(db: Database, months: number): Promise<UsageRow[]> {
  const { rows } = await sql<UsageRow>`select 0 as version, ${columns} from usage_counted
    where version = 0 and month > date_trunc('month', now()) - make_interval(months => ${months})
    group by month, access order by month, access`.execute(db);
  return rows;
}

/** Views and downloads by people and by programs. */
export interface UsageSum {
  views: number;
  downloads: number;
  machineViews: number;
  machineDownloads: number;
  bytes: number;
}

/** What is shown with a study. */
export interface ShownUsage {
  /** Of all versions together, and of the one that is shown. */
  all: UsageSum;
  version: UsageSum;
  /** Views and downloads of all versions, by people and programs, in each of the last 24 months, oldest first. */
  months: { month: string; views: number; downloads: number }[];
  /** Countries with the most views, of all versions, by people; `unknown` left out. */
  countries: { country: string; views: number; downloads: number }[];
}

/** Months of which the course is shown. */
const shownMonths = 24;
const none: UsageSum = { views: 0, downloads: 0, machineViews: 0, machineDownloads: 0, bytes: 0 };

interface SumRow {
  isAll: boolean;
  month: string;
  access: 'regular' | 'machine';
  country: string;
  views: number;
  downloads: number;
  bytes: number;
}

function sumOf(rows: readonly SumRow[]): UsageSum {
  return rows.reduce(
    (sum, { access, views, downloads, bytes }) =>
      access === 'regular'
        ? { ...sum, views: sum.views + views, downloads: sum.downloads + downloads, bytes: sum.bytes + bytes }
        : {
            ...sum,
            machineViews: sum.machineViews + views,
            machineDownloads: sum.machineDownloads + downloads,
            bytes: sum.bytes + bytes,
          },
    none,
  );
}

/** The last 24 months up to that of `now`, oldest first. */
export function lastMonths(now: Date): string[] {
  return Array.from({ length: shownMonths }, (_, at) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - shownMonths + 1 + at)).toISOString().slice(0, 7),
  );
}

/** How much a study, and one of its versions, was used. */
export async function shownUsage(db: Database, accession: string, version: number, now: Date): Promise<ShownUsage> {
  const { rows } = await sql<SumRow>`select version = 0 as "isAll", to_char(month, 'YYYY-MM') as month, access, country,
    sum(unique_investigations)::bigint as views, sum(unique_requests)::bigint as downloads, sum(bytes)::bigint as bytes
    from usage_counted where accession = ${accession} and version in (0, ${version}) group by 1, 2, 3, 4`.execute(db);
  const all = rows.filter(({ isAll }) => isAll);
  const people = all.filter(({ access, country }) => access === 'regular' && country !== 'unknown');
  const months = Map.groupBy(all, ({ month }) => month);
  const add = (those: readonly SumRow[] = [], key: 'views' | 'downloads') =>
    those.reduce((sum, one) => sum + one[key], 0);
  return {
    all: sumOf(all),
    version: sumOf(rows.filter(({ isAll }) => !isAll)),
    months: lastMonths(now).map((month) => ({
      month,
      views: add(months.get(month), 'views'),
      downloads: add(months.get(month), 'downloads'),
    })),
    countries: [...Map.groupBy(people, ({ country }) => country)]
      .map(([country, those]) => ({ country, views: add(those, 'views'), downloads: add(those, 'downloads') }))
      .sort((a, b) => b.views - a.views || (a.country < b.country ? -1 : 1)),
  };
}

/** Rows of a study by country too, for reports. */
export async function usageByCountry(db: Database, accession: string): Promise<CountryRow[]> {
  const { rows } =
    await sql<CountryRow>`select version, country, ${columns} from usage_counted where accession = ${accession}
    group by version, month, access, country order by month, version, access, country`.execute(db);
  return rows;
}

/** Countries that open studies were used from in the last twelve months, by people, those with the most views first. */
export async function countriesOfAll(
  db: Database,
  limit: number,
): Promise<{ country: string; views: number; downloads: number }[]> {
  const { rows } = await sql<{ country: string; views: number; downloads: number }>`select country,
    sum(unique_investigations)::bigint as views, sum(unique_requests)::bigint as downloads from usage_counted
    where version = 0 and access = 'regular' and country <> 'unknown' and month > now() - interval '12 months'
    group by country order by views desc, country limit ${limit}`.execute(db);
  return rows;
}

/** The open studies used most in the last twelve months. */
export async function mostUsed(
  db: Database,
  limit: number,
): Promise<{ accession: string; title: string; views: number; downloads: number }[]> {
  const { rows } = await sql<{ accession: string; title: string; views: number; downloads: number }>`
    select search_document.accession, title, sum(unique_investigations)::bigint as views, sum(unique_requests)::bigint as downloads
    from usage_counted join search_document on search_document.accession = usage_counted.accession
    where usage_counted.version = 0 and month > now() - interval '12 months'
    group by search_document.accession, title order by downloads desc, views desc, search_document.accession limit ${limit}`.execute(
    db,
  );
  return rows;
}

const metricNames = [
  ['investigations', 'Total_Dataset_Investigations'],
  ['uniqueInvestigations', 'Unique_Dataset_Investigations'],
  ['requests', 'Total_Dataset_Requests'],
  ['uniqueRequests', 'Unique_Dataset_Requests'],
] as const;

const lastDay = (month: string) =>
  new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).toISOString().slice(0, 10);

function performance(rows: readonly CountryRow[]) {
  return [...Map.groupBy(rows, ({ month }) => month)].map(([month, those]) => ({
    Period: { Begin_Date: `${month}-01`, End_Date: lastDay(month) },
    Instance: those.flatMap((row) =>
      metricNames.map(([key, Metric_Type]) => ({
        Access_Method: row.access === 'machine' ? 'Machine' : 'Regular',
        ...(row.country === 'unknown' ? {} : { Country: row.country }),
        Metric_Type,
        Count: row[key],
      })),
    ),
  }));
}

/**
 * The rows as a dataset report in the form of COUNTER's SUSHI interface (Code of Practice for Research Data 1.0): the study in all versions,
 * then each version. What has no country comes from one that is not known.
 */
export function counterReport(
  about: { accession: string; title: string; address: string; doi?: string | undefined; now: Date },
  rows: readonly CountryRow[],
): object {
  const months = rows.map(({ month }) => month).sort();
  const { accession, title, address, doi, now } = about;
  const report = (version: number, those: readonly CountryRow[]) => ({
    Dataset_Title: title,
    Dataset_ID: [
      ...(doi === undefined || version > 0 ? [] : [{ Type: 'DOI', Value: doi }]),
      { Type: 'Proprietary', Value: `micrarium:${accession}${version > 0 ? `.v${version}` : ''}` },
    ],
    ...(version > 0 ? { Dataset_Version: String(version) } : {}),
    Platform: 'Micrarium',
    Publisher: 'Micrarium',
    Data_Type: 'Dataset',
    URI: version > 0 ? `${address}/v/${version}` : address,
    Performance: performance(those),
  });
  const versions = [...new Set([0, ...rows.map(({ version }) => version)])].sort((a, b) => a - b);
  return {
    Report_Header: {
      Report_Name: 'Dataset Report',
      Report_ID: 'DSR',
      Release: 'RD1',
      Created: now.toISOString(),
      Created_By: 'Micrarium',
      ...(months.length === 0
        ? {}
        : { Reporting_Period: { Begin_Date: `${months[0]}-01`, End_Date: lastDay(months.at(-1)!) } }),
      Report_Filters: [],
      Exceptions: [],
    },
    Report_Datasets: versions.map((version) =>
      report(
        version,
        rows.filter((row) => row.version === version),
      ),
    ),
  };
}

/** The rows as CSV; the figures of all versions together have no version. */
export function usageCsv(rows: readonly CountryRow[]): string {
  const head =
    'month,version,access,total_investigations,unique_investigations,total_requests,unique_requests,bytes,country';
  const lines = rows.map((row) =>
    [row.month, row.version === 0 ? '' : row.version, row.access, row.investigations, row.uniqueInvestigations]
      .concat([row.requests, row.uniqueRequests, row.bytes, row.country])
      .join(','),
  );
  return `${[head, ...lines].join('\r\n')}\r\n`;
}
