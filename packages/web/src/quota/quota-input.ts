/** What somebody wrote into a quota: gigabytes, `-` for no limit, nothing for the default. `undefined`: none of these. */
export function readLimit(words: string): number | 'none' | 'default' | undefined {
  const said = words.trim().replace(',', '.');
  if (said === '') return 'default';
  if (/^[-–−]$/.test(said)) return 'none';
  const gigabytes = /^\d+(\.\d+)?$/.test(said) ? Number(said) : Number.NaN;
  return gigabytes <= 9_000_000 ? Math.round(gigabytes * 1e9) : undefined;
}

/** A limit as it is written into its field. */
export function writtenLimit(limit: number | 'none' | 'default'): string {
  if (limit === 'default') return '';
  return limit === 'none' ? '-' : String(limit / 1e9);
}
