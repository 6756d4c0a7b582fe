import type { SearchValues } from '../app/search-string.ts';

/** What values of feature tables are grouped by. */
export const featureGroups = ['gene', 'compound', 'cell_line', 'sample', 'plate', 'well', 'accession'] as const;

/** One of them. */
export type FeatureGroup = (typeof featureGroups)[number];

/** Keys by which values are left out. */
export const featureFilters = ['gene', 'compound', 'cell_line'] as const;

/** What the page of feature tables shows: everything stands in the address. */
export interface FeatureState {
  /** Column of the tables. */
  feature: string;
  /** Its unit; as told, or empty where nobody did. */
  unit: string;
  by: FeatureGroup;
  /** Parts of keys that values must have. */
  only: Partial<Record<(typeof featureFilters)[number], string>>;
}

const first = (value: string | string[] | undefined): string => (Array.isArray(value) ? value[0] : value) ?? '';

/** The state an address stands for. */
export function featureStateOf(values: SearchValues): FeatureState {
  const only = featureFilters.flatMap((name) => {
    const value = first(values[name]).trim();
    return value === '' ? [] : [[name, value] as const];
  });
  return {
    feature: first(values.feature),
    unit: first(values.unit),
    by: featureGroups.find((name) => name === first(values.by)) ?? 'gene',
    only: Object.fromEntries(only),
  };
}

/** The address of a state. */
export const featureAddressOf = ({ feature, unit, by, only }: FeatureState): SearchValues => ({
  ...(feature === '' ? {} : { feature }),
  ...(unit === '' ? {} : { unit }),
  by,
  ...only,
});

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** The statement that lists the features there are. */
export const featuresStatement = `SELECT feature, coalesce(unit, '') AS unit, count(*) AS n, count(DISTINCT accession) AS studies,
  count(gene) AS gene, count(compound) AS compound, count(cell_line) AS cell_line
FROM feature_values
WHERE number IS NOT NULL
GROUP BY ALL
ORDER BY studies DESC, n DESC, feature
LIMIT 1000`;

/** The statement that groups the values of a feature; a row for each group in each study. */
export function featureStatement({ feature, unit, by, only }: FeatureState): string {
  const where = Object.entries(only).map(
    ([name, value]) => `\n  AND contains(lower(${name}), ${text(value.toLowerCase())})`,
  );
  const group = by === 'accession' ? 'accession' : `${by}, accession`;
  return `SELECT ${group}, any_value(version) AS version, count(*) AS n, avg(number) AS mean, stddev_samp(number) AS sd,
  median(number) AS median, min(number) AS least, max(number) AS most, ${text(unit)} AS unit
FROM feature_values
WHERE feature = ${text(feature)} AND coalesce(unit, '') = ${text(unit)} AND number IS NOT NULL AND ${by} IS NOT NULL${where.join('')}
GROUP BY ${group}
ORDER BY sum(count(*)) OVER (PARTITION BY ${by}) DESC, ${group}`;
}

/** One group in one study. */
export interface GroupInStudy {
  group: string;
  accession: string;
  version: number;
  n: number;
  mean: number;
  sd: number;
}

/** A group over all studies: its mean over all values, with its 95 % interval where there is more than one. */
export interface FeatureMean {
  group: string;
  n: number;
  mean: number;
  low: number;
  high: number;
}

/** Rows of the statement as groups in studies. */
export function groupsInStudies(
  columns: readonly { name: string }[],
  rows: readonly (readonly unknown[])[],
  by: FeatureGroup,
): GroupInStudy[] {
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const [group, accession, version, n, mean, sd] = [by, 'accession', 'version', 'n', 'mean', 'sd'].map(at);
  return rows.map((row) => ({
    group: String(row[group!]),
    accession: String(row[accession!]),
    version: Number(row[version!]),
    n: Number(row[n!]),
    mean: Number(row[mean!]),
    sd: row[sd!] === null ? 0 : Number(row[sd!]),
  }));
}

/** Half the width of a 95 % interval of a normal mean, in standard errors. */
const wide = 1.96;

/** Means over all studies, in the order of the first row of each. Means and deviations of studies are pooled exactly. */
export function meansOf(rows: readonly GroupInStudy[]): FeatureMean[] {
  return [...Map.groupBy(rows, ({ group }) => group)].map(([group, of]) => {
    const n = of.reduce((sum, one) => sum + one.n, 0);
    const mean = of.reduce((sum, one) => sum + one.n * one.mean, 0) / n;
    const squares = of.reduce((sum, one) => sum + (one.n - 1) * one.sd ** 2 + one.n * (one.mean - mean) ** 2, 0);
    const error = n > 1 ? Math.sqrt(squares / (n - 1) / n) : 0;
    return { group, n, mean, low: mean - wide * error, high: mean + wide * error };
  });
}
