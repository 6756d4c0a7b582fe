import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';

/** Requests for an investigation on the last whole day, where that is unlike the thirty days before. */
export interface UsageAlarm {
  /** YYYY-MM-DD. */
  day: string;
  ratio: number;
  /** Between what the days before it would have it. */
  band: [least: number, most: number];
}

/** Days with fewer looks than this say nothing about how many of them lead to a download. */
const leastLooks = 20;
const leastDays = 7;
/** Standard deviations from the mean that are still usual, and the least width of that. */
const width = { deviations: 3, least: 0.05 };

/**
 * Are downloads still counted, and not counted too often? A counter that stands still is seen by nobody for weeks otherwise.
 * @param now the last whole day, in UTC, is judged by the thirty before it
 */
export async function usageAlarm(db: Database, now: Date): Promise<UsageAlarm | undefined> {
  const { rows } = await sql<{
    day: string;
    looks: number;
    taken: number;
  }>`select to_char(hour at time zone 'UTC', 'YYYY-MM-DD') as day,
    sum(investigations)::bigint as looks, sum(requests)::bigint as taken from usage_hour
    where version = 0 and hour >= ${now}::timestamptz - interval '32 days' group by 1 order by 1`.execute(db);
  return judgeDays(rows, now);
}

/** Judges the day before `now` by those before it. */
export function judgeDays(
  days: readonly { day: string; looks: number; taken: number }[],
  now: Date,
): UsageAlarm | undefined {
  const yesterday = new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10);
  const last = days.find(({ day }) => day === yesterday);
  const before = days.filter(({ day, looks }) => day < yesterday && looks >= leastLooks).slice(-30);
  if (!last || last.looks < leastLooks || before.length < leastDays) return undefined;
  const ratios = before.map(({ looks, taken }) => taken / looks);
  const mean = ratios.reduce((sum, one) => sum + one, 0) / ratios.length;
  const deviation = Math.sqrt(ratios.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (ratios.length - 1));
  const reach = Math.max(width.deviations * deviation, width.least);
  const band: UsageAlarm['band'] = [Math.max(0, mean - reach), mean + reach];
  const ratio = last.taken / last.looks;
  // Where some days' downloads are within the reach of none, none at all is still told of: the counter may stand still.
  const stands = last.taken === 0 && mean > 0.02 && before.every(({ taken }) => taken > 0);
  return ratio < band[0] || ratio > band[1] || stands ? { day: yesterday, ratio, band } : undefined;
}

/** What is told of it in the log. */
export function alarmText({ day, ratio, band }: UsageAlarm): string {
  const [is, least, most] = [ratio, ...band].map((one) => one.toFixed(2));
  return `On ${day} there were ${is} requests for an investigation; by the days before it is between ${least} and ${most}. Is everything counted? "micrarium usage recount" counts the uses that are kept again.`;
}
