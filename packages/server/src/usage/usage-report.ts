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

const columns = sql`to_char(month, 'YYYY-MM') as month, access, sum(investigations)::bigint as investigations,
  sum(unique_investigations)::bigint as "uniqueInvestigations", sum(requests)::bigint as requests,
  sum(unique_requests)::bigint as "uniqueRequests", sum(bytes)::bigint as bytes`;

/** Uses of a study by version, month and way of access, oldest first. */
export async function usageOfStudy(db: Database, accession: string): Promise<UsageRow[]> {
  const { rows } = await sql<UsageRow>`select version, ${columns} from usage_month where accession = ${accession}
    group by version, month, access order by month, version, access`.execute(db);
  return rows;
}

/** Uses of everything by month and way of access, oldest first; the last `months` months. */
export async function usageOfAll(db: Database, months: number): Promise<UsageRow[]> {
  const { rows } = await sql<UsageRow>`select 0 as version, ${columns} from usage_month
    where version = 0 and month > date_trunc('month', now()) - make_interval(months => ${months})
    group by month, access order by month, access`.execute(db);
  return rows;
}

/** Views and downloads of a study by people and by programs, since it was published. */
export interface UsageSum {
  views: number;
  downloads: number;
  machineViews: number;
  machineDownloads: number;
  bytes: number;
}

/** The sums shown with a study. */
export async function usageSum(db: Database, accession: string): Promise<UsageSum> {
  const { rows } = await sql<UsageSum>`select
    coalesce(sum(unique_investigations) filter (where access = 'regular'), 0)::bigint as views,
    coalesce(sum(unique_requests) filter (where access = 'regular'), 0)::bigint as downloads,
    coalesce(sum(unique_investigations) filter (where access = 'machine'), 0)::bigint as "machineViews",
    coalesce(sum(unique_requests) filter (where access = 'machine'), 0)::bigint as "machineDownloads",
    coalesce(sum(bytes), 0)::bigint as bytes
    from usage_month where accession = ${accession} and version = 0`.execute(db);
  return rows[0]!;
}

/** The open studies used most in the last twelve months. */
export async function mostUsed(
  db: Database,
  limit: number,
): Promise<{ accession: string; title: string; views: number; downloads: number }[]> {
  const { rows } = await sql<{ accession: string; title: string; views: number; downloads: number }>`
    select search_document.accession, title, sum(unique_investigations)::bigint as views, sum(unique_requests)::bigint as downloads
    from usage_month join search_document on search_document.accession = usage_month.accession
    where usage_month.version = 0 and month > now() - interval '12 months'
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

/** The rows as a dataset report in the form of COUNTER's SUSHI interface (Code of Practice for Research Data 1.0). */
export function counterReport(
  about: { accession: string; title: string; address: string; doi?: string | undefined; now: Date },
  rows: readonly UsageRow[],
): object {
  const months = [...new Set(rows.map(({ month }) => month))];
  const lastDay = (month: string) =>
    new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).toISOString().slice(0, 10);
  return {
    Report_Header: {
      Report_Name: 'Dataset Report',
      Report_ID: 'DSR',
      Release: 'RD1',
      Created: about.now.toISOString(),
      Created_By: 'Micrarium',
    },
    Report_Datasets: [
      {
        Dataset_Title: about.title,
        Dataset_ID: [
          ...(about.doi === undefined ? [] : [{ Type: 'DOI', Value: about.doi }]),
          { Type: 'Proprietary', Value: `micrarium:${about.accession}` },
        ],
        Platform: 'Micrarium',
        Publisher: 'Micrarium',
        Data_Type: 'Dataset',
        URI: about.address,
        Performance: months.map((month) => ({
          Period: { Begin_Date: `${month}-01`, End_Date: lastDay(month) },
          Instance: rows
            .filter((row) => row.month === month && row.version === 0)
            .flatMap((row) =>
              metricNames.map(([key, Metric_Type]) => ({
                Access_Method: row.access === 'machine' ? 'Machine' : 'Regular',
                Metric_Type,
                Count: row[key],
              })),
            ),
        })),
      },
    ],
  };
}

/** The rows as CSV; the figures of all versions together have no version. */
export function usageCsv(rows: readonly UsageRow[]): string {
  const head = 'month,version,access,total_investigations,unique_investigations,total_requests,unique_requests,bytes';
  const lines = rows.map((row) =>
    [row.month, row.version === 0 ? '' : row.version, row.access, row.investigations, row.uniqueInvestigations]
      .concat([row.requests, row.uniqueRequests, row.bytes])
      .join(','),
  );
  return `${[head, ...lines].join('\r\n')}\r\n`;
}
