import { type Column, type Issue, type TrackCounts, sumCounts } from '@micrarium/model';
import type { Item } from './recognition/item.ts';
import { withFindings } from './tracks/findings.ts';
import { ObservingIndexer } from './tracks/track-index.ts';
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
 * Counts tracks by streaming: the index keeps ids, frames and edges (at most 48 bytes an object, 16 an edge), no
 * features.
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
    const { issues, formatVersion } = await reader.stream(item, sink, { ...options, graphOnly: true });
    found.issues = issues;
    if (formatVersion !== undefined) found.formatVersion = formatVersion;
  } catch (error) {
    sink.finish();
    found.failure = error;
  }
  const faults = [...found.issues, ...sink.issues];
  // Of a file that was not read to its end nobody can say what it lacks.
  found.issues = found.failure === undefined ? withFindings(faults, sink.findings) : faults;
  if (found.parts.length > 0) found.counts = sumCounts(found.parts.map((part) => part.counts));
  if (sink.units) found.units = sink.units;
  return found;
}

/** Runs the streaming index over each set and keeps its counts, not the set. */
class CountingSink implements TrackSink {
  readonly parts: { name: string; counts: TrackCounts }[] = [];
  readonly issues: Issue[] = [];
  readonly findings: Issue[] = [];
  units: { space?: string; time?: string } | undefined;
  private readonly file: string;
  private readonly rowLimit: number;
  private indexer: ObservingIndexer | undefined;
  private rows = 0;

  constructor(file: string, rowLimit: number) {
    this.file = file;
    this.rowLimit = rowLimit;
  }

  header(header: SetHeader): void {
    this.indexer = new ObservingIndexer(this.file);
    this.indexer.header(header);
    const { spaceUnit, timeUnit } = header;
    if (!this.units && (spaceUnit !== undefined || timeUnit !== undefined))
      this.units = {
        ...(spaceUnit === undefined ? {} : { space: spaceUnit }),
        ...(timeUnit === undefined ? {} : { time: timeUnit }),
      };
  }

  objects(batch: ObjectBatch): void {
    this.takeRows(batch.count);
    this.indexer?.objects(batch);
  }

  edges(batch: EdgeBatch): void {
    this.takeRows(batch.count);
    this.indexer?.edges(batch);
  }

  sourceTracks(columns: Column[], count: number): void {
    this.indexer?.sourceTracks(columns, count);
  }

  end(): void {
    this.finish();
  }

  /** Counts the set at hand; also called when the reader stopped in the middle of it. */
  finish(): void {
    const { indexer } = this;
    this.indexer = undefined;
    this.rows = 0;
    if (!indexer) return;
    indexer.end();
    for (const { header, counts } of indexer.indexes) this.parts.push({ name: header.name, counts: { ...counts } });
    this.issues.push(...indexer.issues);
    this.findings.push(...indexer.findings);
  }

  private takeRows(count: number): void {
    this.rows += count;
    if (this.rows > this.rowLimit)
      throw new RowLimitReached(`the file holds more than ${this.rowLimit} objects and edges`);
  }
}
