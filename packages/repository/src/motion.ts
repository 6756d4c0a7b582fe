import { type FileSink, openParquet, type ParquetTable } from '@micrarium/formats';
import {
  collectiveMotion,
  type CollectiveMotion,
  type ConversionRecord,
  type MotionCurves,
  mostTabledObjects,
  motionCurves,
  type MotionSummary,
  type StudyItem,
  summariseMotion,
  type TrackSet,
  type TrackSetSummary,
} from '@micrarium/model';
import { definitionsDigest, formKeys, type Mapping, mappingOf, recipes, tool } from './forms.ts';
import { HashingSink, type WrittenOutput } from './hashing-sink.ts';
import { livesTable, pathsTable, stepsTable, writeLives, writePaths, writeSteps } from './motion-tables.ts';
import { FormNotMade, openTable } from './open-forms.ts';
import type { DerivedStore } from './ports/derived-store.ts';
import { NotThere } from './refusals.ts';
import { buildForm } from './stored-form.ts';

/** How one set moves: what the page of its measures shows, but for the table of its paths. */
export interface StoredMotion {
  summary: MotionSummary;
  curves: MotionCurves;
  collective: CollectiveMotion;
}

/** Objects up to which a set is measured: 25 million are 2 GB while it is done. */
export const mostMeasuredObjects = 25_000_000;

/** Draws for the confidence intervals of means; more change the third digit of their ends. */
const resamples = 400;

/** Links up to which intervals are drawn: of more, the spread over paths gives the same interval, and drawing it takes long. */
const mostResampledLinks = 5000;

/** Path of the summary and the curves of a set. */
export const motionFile = (part: number): string => `motion-${part}/motion.json`;

/**
 * Measures every set of an item (or finds it measured): one row per path with its measures as Parquet, and what is said of the whole as JSON.
 * Sets of one definition of every measure have one form; another definition makes another form.
 */
export async function makeMotion(
  ports: { derived: DerivedStore; now: () => Date },
  item: StudyItem,
  mapping: Mapping | undefined,
  signal?: AbortSignal,
): Promise<ConversionRecord | undefined> {
  const sets = item.trackSets.filter(({ counts }) => counts.objects <= mostMeasuredObjects);
  if (sets.length === 0) return undefined;
  const key = formKeys(item.id, mapping).motion;
  const form = await buildForm(ports.derived, key, async (sink) => {
    const hashing = new HashingSink(sink);
    for (const set of sets) {
      signal?.throwIfAborted();
      await writeMotion(hashing, await readPositions(ports, item, set, mapping), set);
    }
    return { outputs: hashing.outputs, madeAt: ports.now().toISOString() } satisfies Made;
  });
  const parameters = { recipeVersion: recipes.motion, definitions: definitionsDigest(), resamples };
  return { recipe: 'motion', ...tool, parameters, madeAt: form.madeAt, outputs: form.outputs };
}

interface Made {
  outputs: WrittenOutput[];
  madeAt: string;
}

async function writeMotion(sink: FileSink, set: TrackSet, { part, counts }: TrackSetSummary): Promise<void> {
  const isDrawn = counts.links <= mostResampledLinks;
  const { paths, columns, summary, parts } = summariseMotion(set, isDrawn ? { resamples } : { isNormal: true });
  await writePaths(sink, pathsTable(part), set, paths, columns);
  if (counts.objects <= mostTabledObjects) {
    await writeSteps(sink, stepsTable(part), set, paths);
    await writeLives(sink, livesTable(part), set, paths, parts.lineages);
  }
  const file = await sink.create(motionFile(part));
  const stored: StoredMotion = {
    summary,
    curves: motionCurves(set, paths, parts),
    collective: collectiveMotion(set, paths, parts, summary),
  };
  await file.write(new TextEncoder().encode(JSON.stringify(stored)));
  await file.close();
}

/** Positions and edges of a stored set, without any of its features. */
async function readPositions(
  ports: { derived: DerivedStore },
  item: StudyItem,
  set: TrackSetSummary,
  mapping: Mapping | undefined,
): Promise<TrackSet> {
  const objects = await openTable(ports, item, set.part, 'objects', mapping);
  const edges = await openTable(ports, item, set.part, 'edges', mapping).catch(async (error: unknown) => {
    await objects.source.close();
    throw error;
  });
  try {
    const { table } = objects;
    const has = (name: string) => table.columns.some((column) => column.name === name);
    const id = await numbersOf(table, 'object_id');
    const known = {
      ...(has('z') ? { z: await numbersOf(table, 'z') } : {}),
      ...(has('time') ? { time: await numbersOf(table, 'time') } : {}),
    };
    const rowOf = rowFinder(id);
    const [source, target] = [
      Uint32Array.from(await numbersOf(edges.table, 'source_object_id'), rowOf),
      Uint32Array.from(await numbersOf(edges.table, 'target_object_id'), rowOf),
    ];
    return {
      name: set.name,
      objects: {
        count: table.rows,
        id,
        frame: Int32Array.from(await numbersOf(table, 'frame')),
        x: await numbersOf(table, 'x'),
        y: await numbersOf(table, 'y'),
        ...known,
        columns: [],
        entity: 'point',
      },
      edges: { count: source.length, source, target, columns: [] },
      ...(set.spaceUnit === undefined ? {} : { spaceUnit: set.spaceUnit }),
      ...(set.timeUnit === undefined ? {} : { timeUnit: set.timeUnit }),
      provenance: set.frameInterval === undefined ? {} : { frameInterval: set.frameInterval },
    };
  } finally {
    await objects.source.close();
    await edges.source.close();
  }
}

/** A whole column; missing values are NaN. */
async function numbersOf(table: ParquetTable, name: string): Promise<Float64Array> {
  const all = new Float64Array(table.rows);
  for (const { start, end } of table.runs) {
    const { values, missing } = await table.read(name, start, end);
    for (let row = start; row < end; row++)
      all[row] = missing?.[row - start] === 1 ? Number.NaN : Number(values[row - start]);
  }
  return all;
}

/** Rows by id. Ids are mostly the row numbers themselves, or rise. */
function rowFinder(id: Float64Array): (wanted: number) => number {
  if (id.every((value, row) => value === row)) return (wanted) => wanted;
  const rows = new Map<number, number>();
  for (let row = 0; row < id.length; row++) rows.set(id[row]!, row);
  return (wanted) => {
    const row = rows.get(wanted);
    if (row === undefined) throw new RangeError(`The edges name object ${wanted}, which is not there`);
    return row;
  };
}

/** Opens a file of the measures of a set. @throws NotThere where the item has no such set, FormNotMade */
async function openMotion(ports: { derived: DerivedStore }, item: StudyItem, part: number, path: string) {
  const set = item.trackSets.find((one) => one.part === part);
  if (!set) throw new NotThere(`set ${part} in item ${item.id}`);
  if (set.counts.objects > mostMeasuredObjects)
    throw new NotThere(`measures of a set of more than ${mostMeasuredObjects} objects`);
  const source = await ports.derived.open(formKeys(item.id, mappingOf(item)).motion, path);
  if (!source) throw new FormNotMade(item.id, path);
  return source;
}

/** What is stored of how a set moves. What was damaged is dropped, to be made again. @throws NotThere, FormNotMade */
export async function readMotion(
  ports: { derived: DerivedStore },
  item: StudyItem,
  part: number,
): Promise<StoredMotion> {
  const source = await openMotion(ports, item, part, motionFile(part));
  try {
    return JSON.parse(new TextDecoder().decode(await source.read(0, source.size))) as StoredMotion;
  } catch (fault) {
    if (!(fault instanceof SyntaxError)) throw fault;
    await ports.derived.drop(formKeys(item.id, mappingOf(item)).motion);
    throw new FormNotMade(item.id, motionFile(part));
  } finally {
    await source.close();
  }
}

/** Opens the table of the paths of a set. @throws NotThere, FormNotMade */
export async function openPaths(ports: { derived: DerivedStore }, item: StudyItem, part: number) {
  const source = await openMotion(ports, item, part, pathsTable(part));
  try {
    return { table: await openParquet(source), source };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** One measure of every path, from the stored table; NaN where it is undefined. */
export async function readPathColumns<Name extends string>(
  ports: { derived: DerivedStore },
  item: StudyItem,
  part: number,
  names: readonly Name[],
): Promise<Record<Name, Float64Array>> {
  const source = await openMotion(ports, item, part, pathsTable(part));
  try {
    const table = await openParquet(source);
    const columns: [Name, Float64Array][] = [];
    for (const name of names) columns.push([name, await numbersOf(table, name)]);
    return Object.fromEntries(columns) as Record<Name, Float64Array>;
  } finally {
    await source.close();
  }
}
