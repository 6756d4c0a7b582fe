import type { DrawnColumns } from './result-plot.tsx';

/** Statements to begin with, by the name of their text. */
export const exampleStatements = {
  'sql.examples.counts': `SELECT organism, count(DISTINCT accession) AS studies, count(*) AS datasets,
  sum(objects) AS objects, sum(tracks) AS tracks
FROM datasets
GROUP BY organism
ORDER BY objects DESC`,
  'sql.examples.speed': `SELECT d.cell_type, count(*) AS paths,
  avg(m.mean_speed) AS mean_speed, median(m.mean_speed) AS median_speed
FROM measures m JOIN datasets d USING (dataset)
WHERE m.length_unit = 'micrometer' AND m.time_unit = 'second'
GROUP BY d.cell_type
ORDER BY paths DESC`,
  'sql.examples.coupling': `WITH sets AS (
  SELECT d.accession, d.dataset, d.cell_type, d.frame_interval, count(*) AS paths, median(m.mean_speed) AS speed,
    sum(m.mean_turning_angle * (m.n_detections - 2)) / sum(m.n_detections - 2) AS turning_angle
  FROM measures m JOIN datasets d USING (dataset)
  WHERE m.length_unit = 'micrometer' AND m.time_unit = 'second' AND d.dimensions = 2 AND m.mean_turning_angle > 0
  GROUP BY ALL
), moving AS (
  SELECT *, 4 * frame_interval / (pi() * pow(turning_angle, 2)) AS persistence FROM sets
)
SELECT *, regr_slope(ln(persistence), speed) OVER () AS slope, corr(ln(persistence), speed) OVER () AS correlation
FROM moving
WHERE persistence > frame_interval
ORDER BY speed`,
  'sql.examples.divisions': `SELECT accession, dataset, name, splits, tracks, frames
FROM datasets
WHERE splits > 0
ORDER BY splits DESC
LIMIT 50`,
  'sql.examples.frames': `SELECT frame, count(*) AS objects, avg(x) AS x, avg(y) AS y
FROM objects
WHERE dataset = (SELECT min(dataset) FROM datasets)
GROUP BY frame
ORDER BY frame`,
  'sql.examples.columns': `SELECT name, unit, count(*) AS datasets
FROM features
GROUP BY ALL
ORDER BY datasets DESC, name`,
  'sql.examples.features': `SELECT gene, compound, cell_line, feature, unit, count(*) AS n, avg(number) AS mean,
  count(DISTINCT accession) AS studies
FROM feature_values
WHERE number IS NOT NULL
GROUP BY ALL
ORDER BY n DESC`,
} as const;

/** The text that names an example. */
export type ExampleName = keyof typeof exampleStatements;

/** What is drawn of an example, by its statement. */
export const examplePlots: Readonly<Record<string, DrawnColumns>> = {
  [exampleStatements['sql.examples.coupling']]: { x: 'speed', y: 'persistence', log: true },
};
