import { type ColumnDescription, parseSpaceUnit, parseTimeUnit } from '@micrarium/model';
import { type FileEntry, baseName, folderOf } from '../../bytes/file-tree.ts';
import { MatError } from '../../containers/mat/mat-five.ts';
import { type MatFourMatrix, openMatFour } from '../../containers/mat/mat-four.ts';
import type { Item } from '../../recognition/item.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { snapshotName } from '../multicellds-members.ts';
import { RowStream, pointHeader } from '../row-stream.ts';
import { type TrackFileIssueCode, trackFileIssue } from '../track-file-issues.ts';
import type { ReadOptions, SetHeader, TrackReader, TrackSink } from '../track-reader.ts';
import { uniqueName } from '../trackmate/columns.ts';
import { walkElements } from './xml-elements.ts';

/** A row of the matrix of agents: how it is called, and where it lies. */
interface AgentRow {
  /** Index of the first of its rows, from 0. */
  index: number;
  size: number;
  unit: string;
  name: string;
}

/** What the XML file of a snapshot says. */
interface Snapshot {
  entry: FileEntry;
  frame: number;
  time: number | undefined;
  timeUnit: string;
  rows: AgentRow[];
  /** Name of the file with the matrix. */
  matrix: string;
  software: string;
}

const mostRows = 10_000;
/** Numbers read of a matrix at once. */
const numbersAtOnce = 1 << 18;

/**
 * Reads snapshots of MultiCellDS as PhysiCell writes them: an XML file a snapshot, which names the rows of a MATLAB
 * matrix with one column an agent. Agents are objects in micrometres; one that keeps its ID from a snapshot to the next
 * is linked. The number in the file's name is the frame, `current_time` the time.
 */
export const multicelldsReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const tally = new IssueTally<TrackFileIssueCode>();
    const snapshots = await snapshotsOf(item, tally, options);
    const [first] = snapshots;
    if (first) await new Agents(item, snapshots, sink, tally, options).run();
    const issues = tally.issues(trackFileIssue, item.path, {});
    return { issues };
  },
};

async function snapshotsOf(
  item: Item,
  tally: IssueTally<TrackFileIssueCode>,
  options: ReadOptions,
): Promise<Snapshot[]> {
  const files = item.tree.entries.length > 0 ? item.tree.entries : item.files;
  const found: Snapshot[] = [];
  for (const entry of files) {
    if (!/\.xml$/i.test(entry.path)) continue;
    const number = snapshotName.exec(baseName(entry.path))?.[2];
    const snapshot = await readSnapshot(entry, Number(number ?? 0), tally, options);
    if (!snapshot) continue;
    if (snapshot.matrix === '' || !snapshot.rows.some(isPosition))
      tally.note('track-file-damaged', { file: entry.path }, `${baseName(entry.path)} names no matrix with positions`);
    else found.push(snapshot);
  }
  return found.sort((a, b) => a.frame - b.frame);
}

const isPosition = ({ name, size }: AgentRow) => name === 'position' && size >= 2;

async function readSnapshot(
  entry: FileEntry,
  frame: number,
  tally: IssueTally<TrackFileIssueCode>,
  options: ReadOptions,
): Promise<Snapshot | undefined> {
  const read: Snapshot = { entry, frame, time: undefined, timeUnit: '', rows: [], matrix: '', software: '' };
  const path: string[] = [];
  let label: AgentRow | undefined;
  let text = '';
  const within = (name: string) => path.includes(name);
  const fault = await walkElements(
    await entry.open(),
    {
      open(name, attributes) {
        path.push(name);
        text = '';
        if (name === 'current_time') read.timeUnit = attributes['units'] ?? '';
        if (name === 'label' && within('cell_populations')) {
          const [index, size] = [Number(attributes['index']), Number(attributes['size'] ?? 1)];
          const isUsable = Number.isInteger(index) && index >= 0 && Number.isInteger(size) && size > 0;
          label =
            isUsable && index + size <= mostRows
              ? { index, size, unit: attributes['units'] ?? '', name: '' }
              : undefined;
        }
      },
      text(piece) {
        if (text.length < 4096) text += piece;
      },
      close(name) {
        path.pop();
        const said = text.trim();
        text = '';
        if (name === 'current_time' && said !== '' && Number.isFinite(Number(said))) read.time = Number(said);
        else if (name === 'label' && label && read.rows.length < mostRows) read.rows.push({ ...label, name: said });
        // The graphs of neighbours and of what holds to what stand in files of their own.
        else if (name === 'filename' && path.at(-1) === 'simplified_data' && within('cell_populations'))
          read.matrix ||= baseName(said);
        else if (name === 'name' && path.at(-1) === 'software') read.software = said;
        else if (name === 'version' && path.at(-1) === 'software' && said !== '') read.software += ` ${said}`;
      },
    },
    options.signal ? { signal: options.signal } : {},
  );
  await entry.close?.();
  if (fault)
    tally.note(fault.code, { file: entry.path, line: fault.line }, `${baseName(entry.path)}: ${fault.message}`);
  return fault ? undefined : read;
}

/** A column of the set and the row of the matrix it is filled from. */
interface Filled {
  description: ColumnDescription;
  name: string;
  /** Place among the rows of the same name. */
  part: number;
}

class Agents {
  private readonly item: Item;
  private readonly snapshots: readonly Snapshot[];
  private readonly sink: TrackSink;
  private readonly tally: IssueTally<TrackFileIssueCode>;
  private readonly options: ReadOptions;
  private readonly filled: readonly Filled[];
  private id = 0;

  constructor(
    item: Item,
    snapshots: readonly Snapshot[],
    sink: TrackSink,
    tally: IssueTally<TrackFileIssueCode>,
    options: ReadOptions,
  ) {
    this.item = item;
    this.snapshots = snapshots;
    this.sink = sink;
    this.tally = tally;
    this.options = options;
    this.filled = filledColumns(snapshots[0]!.rows);
  }

  async run(): Promise<void> {
    const { snapshots, options } = this;
    const stream = await RowStream.begin(this.sink, this.header(), options.signal);
    let before = new Map<number, number>();
    for (const [at, snapshot] of snapshots.entries()) {
      options.onProgress?.(at / snapshots.length);
      before = await this.snapshot(snapshot, stream, before);
    }
    await stream.end();
  }

  private header(): SetHeader {
    const { item, snapshots, filled } = this;
    const [first] = snapshots;
    const unit = first!.rows.find(isPosition)!.unit;
    const spaceUnit = parseSpaceUnit(unit);
    const timeUnit = parseTimeUnit(first!.timeUnit);
    const folder = folderOf(item.path);
    return pointHeader(folder === '' ? baseName(item.path).replace(snapshotName, '$1') : baseName(folder), {
      ...(spaceUnit ? { spaceUnit } : {}),
      ...(unit === '' ? {} : { sourceSpaceUnit: unit }),
      ...(timeUnit ? { timeUnit, sourceTimeUnit: first!.timeUnit } : {}),
      hasZ: first!.rows.find(isPosition)!.size > 2,
      hasTime: timeUnit !== undefined && snapshots.every(({ time }) => time !== undefined),
      sourceFrameBase: 0,
      objectColumns: filled.map(({ description }) => description),
      provenance: first!.software === '' ? {} : { software: first!.software },
    });
  }

  /** Reads the agents of a snapshot; answers the object of each ID. */
  private async snapshot(
    snapshot: Snapshot,
    stream: RowStream,
    before: ReadonlyMap<number, number>,
  ): Promise<Map<number, number>> {
    const own = new Map<number, number>();
    const entry = this.item.tree.entries.find(
      ({ path }) => folderOf(path) === folderOf(snapshot.entry.path) && baseName(path) === snapshot.matrix,
    );
    const where = { file: snapshot.entry.path };
    if (!entry) {
      this.tally.note('track-file-damaged', where, `${snapshot.matrix} is not beside ${baseName(snapshot.entry.path)}`);
      return own;
    }
    try {
      const matrix = await openMatFour(await entry.open(), this.options.signal);
      await this.agents(matrix, snapshot, stream, before, own);
    } catch (error) {
      if (!(error instanceof MatError)) throw error;
      this.tally.note('track-file-damaged', { file: entry.path }, `${baseName(entry.path)}: ${error.message}`);
    } finally {
      await entry.close?.();
    }
    return own;
  }

  private async agents(
    matrix: MatFourMatrix,
    { rows, frame, time }: Snapshot,
    stream: RowStream,
    before: ReadonlyMap<number, number>,
    own: Map<number, number>,
  ): Promise<void> {
    const of = (name: string) => rows.find((row) => row.name === name && row.index + row.size <= matrix.rows);
    const position = of('position');
    if (!position) throw new MatError('the matrix has fewer rows than are named');
    const agentId = of('ID');
    const places = this.filled.map(({ name, part }) => {
      const row = of(name);
      return row && part < row.size ? row.index + part : -1;
    });
    const step = Math.max(1, Math.floor(numbersAtOnce / Math.max(1, matrix.rows)));
    for (let first = 0; first < matrix.columns; first += step) {
      const numbers = await matrix.read(first, step, this.options.signal);
      for (let base = 0; base + matrix.rows <= numbers.length; base += matrix.rows) {
        const object = this.id++;
        const full = stream.object({
          id: object,
          frame,
          x: numbers[base + position.index]!,
          y: numbers[base + position.index + 1]!,
          ...(position.size > 2 ? { z: numbers[base + position.index + 2]! } : {}),
          ...(time === undefined ? {} : { time }),
          values: places.map((row) => (row < 0 ? undefined : numbers[base + row]!)),
        });
        if (full) await full;
        if (!agentId) continue;
        const name = numbers[base + agentId.index]!;
        own.set(name, object);
        const from = before.get(name);
        const fullEdge = from === undefined ? undefined : stream.edge(from, object);
        if (fullEdge) await fullEdge;
      }
    }
  }
}

/** Columns for every row that is named but the position; of several rows, one column each. */
function filledColumns(rows: readonly AgentRow[]): Filled[] {
  const names = new Set<string>();
  return rows
    .filter((row) => !isPosition(row) && row.name !== '')
    .flatMap(({ name, size, unit }) =>
      Array.from({ length: size }, (_, part): Filled => {
        const key = size === 1 ? name : `${name}_${part}`;
        const column = name === 'ID' ? 'source_id' : key;
        return {
          name,
          part,
          description: {
            name: uniqueName(column, names),
            type: name === 'ID' ? 'int' : 'float',
            ...(unit === '' || unit === 'none' || unit === 'dimensionless' ? {} : { unit }),
            ...(column === key ? {} : { sourceKey: key }),
          },
        };
      }),
    );
}
