import { type Issue, type TrackCounts, countTracks, sumCounts } from '@micrarium/model';
import type { Item } from './recognition/item.ts';
import { TrackSetCollector } from './tracks/collect.ts';
import type { EdgeBatch, ObjectBatch, ReadOptions, SetHeader, TrackReader, TrackSink } from './tracks/track-reader.ts';

/** What inspection learns of the tracks of an item. */
export interface InspectedTracks {
  /** Sum over the sets; left out where the item holds none. */
  counts?: TrackCounts;
  parts: { name: string; counts: TrackCounts }[];
  units?: { space?: string; time?: string };
  issues: Issue[];
  formatVersion?: string;
  /** What the reader threw, after which the rest is what was read until then. */
  failure?: unknown;
}

/** More rows than inspection may hold. */
class RowLimitReached extends Error {
  override readonly name = 'RowLimitReached';
}

const mostRows = 50_000_000;

/**
 * Counts tracks by streaming: ids, frames, positions and edges are kept (about 60 bytes an object, 20 an edge), the
 * features are not.
 */
export async function inspectTracks(
  reader: TrackReader,
  item: Item,
  options: ReadOptions,
  rowLimit = mostRows,
): Promise<InspectedTracks> {
  const sink = new CountingSink(item.path, rowLimit);
  const found: InspectedTracks = { parts: sink.parts, issues: [] };
  try {
    const { issues, formatVersion } = await reader.stream(item, sink, options);
    found.issues = issues;
    if (formatVersion !== undefined) found.formatVersion = formatVersion;
  } catch (error) {
    sink.finish();
    found.failure = error;
  }
  found.issues.push(...sink.issues);
  if (found.parts.length > 0) found.counts = sumCounts(found.parts.map((part) => part.counts));
  if (sink.units) found.units = sink.units;
  return found;
}

/** Runs the collector without feature columns and keeps the counts of each set, not the set. */
class CountingSink implements TrackSink {
  readonly parts: { name: string; counts: TrackCounts }[] = [];
  units: { space?: string; time?: string } | undefined;
  private readonly file: string;
  private readonly rowLimit: number;
  private readonly all: Issue[] = [];
  private collector: TrackSetCollector | undefined;
  private rows = 0;

  constructor(file: string, rowLimit: number) {
    this.file = file;
    this.rowLimit = rowLimit;
  }

  get issues(): Issue[] {
    return this.all;
  }

  header(header: SetHeader): void {
    this.collector = new TrackSetCollector(this.file);
    this.collector.header({ ...header, objectColumns: [], edgeColumns: [] });
    const { spaceUnit, timeUnit } = header;
    if (!this.units && (spaceUnit !== undefined || timeUnit !== undefined))
      this.units = {
        ...(spaceUnit === undefined ? {} : { space: spaceUnit }),
        ...(timeUnit === undefined ? {} : { time: timeUnit }),
      };
  }

  objects(batch: ObjectBatch): void {
    this.takeRows(batch.count);
    const { shapes: _shapes, ...rest } = batch;
    this.collector?.objects({ ...rest, columns: [] });
  }

  edges(batch: EdgeBatch): void {
    this.takeRows(batch.count);
    this.collector?.edges({ ...batch, columns: [] });
  }

  end(): void {
    this.finish();
  }

  /** Counts the set at hand; also called when the reader stopped in the middle of it. */
  finish(): void {
    const { collector } = this;
    this.collector = undefined;
    this.rows = 0;
    if (!collector) return;
    collector.end();
    const set = collector.sets[0];
    if (set) this.parts.push({ name: set.name, counts: countTracks(set.objects, set.edges) });
    this.all.push(...collector.issues);
  }

  private takeRows(count: number): void {
    this.rows += count;
    if (this.rows > this.rowLimit)
      throw new RowLimitReached(`the file holds more than ${this.rowLimit} objects and edges`);
  }
}
