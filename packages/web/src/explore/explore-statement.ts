import type { ExploredSet } from './explore-answer.ts';

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
