import { resamplingVersion } from '@micrarium/model';
import type { ExploredSet } from './explore-answer.ts';
import type { ResampledSet } from './resampling.ts';

/**
 * The statement that asks for the measures of the sets the page shows: the mean over the paths of each set, each path equal, as the page
 * draws them.
 */
export function exploreStatement(sets: readonly ExploredSet[], measures: readonly string[]): string {
  const means = measures.map((id) => `  avg(m."${id}") AS "${id}", count(m."${id}") AS "${id}_n"`);
  const ids = sets.filter(({ state }) => state === 'measured').map(({ id }) => `'${id.replaceAll("'", "''")}'`);
  return `SELECT d.accession, d.version, d.dataset, d.name, d.organism, d.cell_type, d.treatment, d.imaging_method,
  d.dimensions, d.software, d.frame_interval, m.length_unit, m.time_unit,
${means.join(',\n')}
FROM datasets d JOIN measures m USING (dataset)
WHERE d.dataset IN (${ids.length === 0 ? 'NULL' : ids.join(', ')})
GROUP BY ALL
ORDER BY d.accession, d.dataset`;
}

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
const number = (value: number | null | undefined) => (value === null || value === undefined ? 'NULL' : String(value));

/**
 * The statement that keeps a comparison at one time step: what was measured on fewer frames is not stored, so the numbers stand in the
 * statement itself, each set with how it was thinned out and the version of that and of each measure. The page it was made on measures again.
 */
export function resampledStatement(
  sets: readonly ExploredSet[],
  thinned: readonly ResampledSet[],
  measures: readonly string[],
  target: string,
): string {
  const everyOf = new Map(thinned.map(({ set, every }) => [set.id, every]));
  const columns = measures.flatMap((id) => [`"${id}"`, `"${id}_low"`, `"${id}_high"`, `"${id}_n"`, `"${id}_unit"`]);
  const rows = sets.map((set) => {
    const values = measures.flatMap((id) => {
      const found = set.measures.find((one) => one.id === id);
      return [
        `${number(found?.mean)}::DOUBLE`,
        `${number(found?.interval?.low)}::DOUBLE`,
        `${number(found?.interval?.high)}::DOUBLE`,
        `${number(found?.n)}::BIGINT`,
        text(found?.unit ?? ''),
      ];
    });
    return `  (${[text(set.id), number(everyOf.get(set.id) ?? 1), ...values].join(', ')})`;
  });
  const versions = measures.map((id) => {
    const version = sets.flatMap((set) => set.measures).find((one) => one.id === id)?.version ?? 1;
    return `${id} v${version}`;
  });
  return `-- Thinned out to ${target} between frames: every n-th frame from the first, resampling v${resamplingVersion}; ${versions.join(', ')}.
-- Means over paths with 95 % intervals, measured in the browser by the page this query was made on, which measures them again.
SELECT d.accession, d.version, d.dataset, d.name, d.organism, d.cell_type, d.treatment, d.imaging_method,
  d.dimensions, d.software, d.frame_interval AS recorded_interval, r.every AS one_frame_of, ${text(target)} AS compared_at,
  ${columns.map((name) => `r.${name}`).join(', ')}
FROM datasets d JOIN (VALUES
${rows.length === 0 ? `  (NULL, NULL${', NULL'.repeat(columns.length)})` : rows.join(',\n')}
) AS r(dataset, every, ${columns.join(', ')}) USING (dataset)
ORDER BY d.accession, d.dataset`;
}
