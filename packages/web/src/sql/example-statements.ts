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
  'sql.examples.coupling': `SELECT d.accession, d.dataset, d.organism, d.frame_interval, count(*) AS paths,
  avg(m.mean_speed) AS mean_speed, avg(m.straightness) AS straightness
FROM measures m JOIN datasets d USING (dataset)
WHERE m.length_unit = 'micrometer' AND m.n_detections >= 10
GROUP BY ALL
ORDER BY mean_speed`,
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
} as const;

/** The text that names an example. */
export type ExampleName = keyof typeof exampleStatements;
