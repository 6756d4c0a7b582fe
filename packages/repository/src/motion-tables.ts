import { type FileSink, ParquetTableWriter, type StoredColumn } from '@micrarium/formats';
import {
  divisionGeometries,
  type Lineages,
  measureDefinitions,
  measureSteps,
  type PathMeasureColumn,
  type Paths,
  spellUnit,
  stepMeasureIds,
  type TrackSet,
} from '@micrarium/model';
import { definitionsDigest } from './forms.ts';

/** Path of the table of all paths of a set, with a column for each measure. */
export const pathsTable = (part: number): string => `motion-${part}/paths.parquet`;

/** Path of the table of all steps of a set. */
export const stepsTable = (part: number): string => `motion-${part}/steps.parquet`;

/** Path of the table of all lives of a set: chains from division to division, which are its lineages. */
export const livesTable = (part: number): string => `motion-${part}/lives.parquet`;

const whole = (name: string, nullable = false): StoredColumn => ({ name, type: 'int64', nullable });
const number = (name: string): StoredColumn => ({ name, type: 'double', nullable: true });

/** What a file says of its measures: definition, version, unit and gap policy of each, beside the digest of all definitions. */
const about = (measures: readonly Omit<PathMeasureColumn, 'values'>[]) => ({
  micrarium: JSON.stringify({
    measures: measures.map(({ id, version, unit, gapPolicy }) => ({ id, version, unit, gapPolicy })),
    definitions: definitionsDigest(),
  }),
});

/** Values of which those that are not finite are missing, never 0. */
const known = (values: Float64Array) => ({
  values,
  missing: Uint8Array.from(values, (value) => (Number.isFinite(value) ? 0 : 1)),
});

/** One row per path. Units, definitions and gap policies stand in the metadata of the file; undefined values are missing, never 0. */
export async function writePaths(
  sink: FileSink,
  name: string,
  set: TrackSet,
  paths: Paths,
  columns: readonly PathMeasureColumn[],
): Promise<void> {
  const ids = ['path', 'track_id', 'first_object_id', 'first_frame', 'last_frame'].map((id) => whole(id));
  const writer = new ParquetTableWriter(
    await sink.create(name),
    [...ids, ...columns.map(({ id }) => number(id))],
    about(columns),
  );
  const firsts = Uint32Array.from({ length: paths.count }, (_, path) => paths.rows[paths.offsets[path]!]!);
  const lasts = Uint32Array.from({ length: paths.count }, (_, path) => paths.rows[paths.offsets[path + 1]! - 1]!);
  await writer.append(paths.count, [
    { values: Float64Array.from(firsts, (_, path) => path) },
    { values: Float64Array.from(paths.track) },
    { values: Float64Array.from(firsts, (row) => set.objects.id[row]!) },
    { values: Float64Array.from(firsts, (row) => set.objects.frame[row]!) },
    { values: Float64Array.from(lasts, (row) => set.objects.frame[row]!) },
    ...columns.map(({ values }) => known(values)),
  ]);
  await writer.close();
}

/** Detections whose steps are measured at once. */
const detectionsAtOnce = 500_000;

/** One row per step, path by path: the objects it begins and ends at, the frames it spans, and its measures. */
export async function writeSteps(sink: FileSink, name: string, set: TrackSet, paths: Paths): Promise<void> {
  const ids = ['path', 'object_id', 'next_object_id', 'frame', 'frames'].map((id) => whole(id));
  const described = measureSteps(paths, [0, 0]).columns;
  const writer = new ParquetTableWriter(
    await sink.create(name),
    [...ids, ...stepMeasureIds.map((id) => number(id))],
    about(described),
  );
  const { id, frame } = set.objects;
  for (let from = 0; from < paths.count; ) {
    let to = from + 1;
    while (to < paths.count && paths.offsets[to + 1]! - paths.offsets[from]! <= detectionsAtOnce) to++;
    const steps = measureSteps(paths, [from, to]);
    await writer.append(steps.count, [
      { values: steps.path },
      { values: Float64Array.from(steps.from, (row) => id[row]!) },
      { values: Float64Array.from(steps.to, (row) => id[row]!) },
      { values: Float64Array.from(steps.from, (row) => frame[row]!) },
      { values: steps.frames },
      ...steps.columns.map(({ values }) => known(values)),
    ]);
    from = to;
  }
  await writer.close();
}

/** Measures of lives that the table holds. */
const lifeMeasures = ['generation', 'cell_cycle_length', 'division_angle', 'separation_speed'] as const;

/**
 * One row per life: its mother, its ends and what they were, how long it was seen, and its cycle where both ends are divisions; lives that
 * are cut off at either end are told apart by what begins and ends them.
 */
export async function writeLives(
  sink: FileSink,
  name: string,
  set: TrackSet,
  paths: Paths,
  lineages: Lineages,
): Promise<void> {
  const { lives } = lineages;
  const { id } = set.objects;
  const columns: readonly StoredColumn[] = [
    whole('life'),
    whole('mother', true),
    whole('generation', true),
    whole('first_object_id'),
    whole('last_object_id'),
    whole('first_frame'),
    whole('last_frame'),
    whole('objects'),
    { name: 'begins', type: 'string', nullable: false },
    { name: 'ends', type: 'string', nullable: false },
    number('seen_for'),
    number('cell_cycle_length'),
    number('division_angle'),
    number('separation_speed'),
  ];
  const described = lifeMeasures.map((measure) => {
    const { version, unit, gapPolicy } = measureDefinitions.get(measure)!;
    const spelt = spellUnit(unit, paths.lengthUnit, paths.timeUnit);
    return { id: measure, version, unit: spelt, ...(gapPolicy ? { gapPolicy } : {}) };
  });
  const writer = new ParquetTableWriter(await sink.create(name), columns, about(described));
  const [angle, speed] = [0, 1].map(() => new Float64Array(lives.length).fill(Number.NaN)) as [
    Float64Array,
    Float64Array,
  ];
  for (const one of divisionGeometries(lineages, paths)) {
    angle[one.mother] = one.angle ?? Number.NaN;
    speed[one.mother] = one.separationSpeed ?? Number.NaN;
  }
  const ofLives = (of: (life: (typeof lives)[number]) => number | null) =>
    Float64Array.from(lives, (life) => of(life) ?? Number.NaN);
  await writer.append(lives.length, [
    { values: Float64Array.from(lives.keys()) },
    known(ofLives(({ mother }) => (mother < 0 ? null : mother))),
    known(ofLives(({ generation }) => generation)),
    { values: ofLives(({ firstObject }) => id[firstObject]!) },
    { values: ofLives(({ lastObject }) => id[lastObject]!) },
    { values: ofLives(({ firstFrame }) => firstFrame) },
    { values: ofLives(({ lastFrame }) => lastFrame) },
    { values: ofLives(({ objects }) => objects) },
    { values: lives.map(({ begins }) => begins) },
    { values: lives.map(({ ends }) => ends) },
    known(ofLives(({ seenFor }) => seenFor)),
    known(ofLives(({ cycleLength }) => cycleLength)),
    known(angle),
    known(speed),
  ]);
  await writer.close();
}
