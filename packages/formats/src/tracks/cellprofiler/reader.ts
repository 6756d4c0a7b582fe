import { stemOf } from '../../bytes/file-tree.ts';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { cellKind, isMissingCell, parseNumber } from '../../tables/delimited/cell-values.ts';
import { type TableDialect, detectDialect } from '../../tables/delimited/dialect.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { readTableHead } from '../../tables/delimited/table-head.ts';
import { type TableRow, type TableScan, scanTable, tableRows } from '../../tables/delimited/table-scan.ts';
import type { Item } from '../../recognition/item.ts';
import { RowStream } from '../row-stream.ts';
import type { ReadOptions, SetHeader, TrackReader, TrackSink } from '../track-reader.ts';
import { type CellprofilerIssueCode, cellprofilerIssue } from './issues.ts';
import { type CellprofilerSurvey, CellprofilerSurveyor, cellNumber, groupOf } from './survey.ts';
import { type CellprofilerColumns, cellprofilerColumns } from './table-columns.ts';

type Value = number | string | boolean | undefined;

/**
 * Reads object tables of CellProfiler. Edges come only from the parent's image and object number; positions from
 * `Location_Center` or `AreaShape_Center`, never from a displacement, but where there is nothing else. Each image group
 * is a film and so a set.
 */
export const cellprofilerReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const entry = item.files[0];
    const source = await entry?.open();
    const head = source && (await readTableHead(source, options.signal));
    const dialect = head && detectDialect(head, head.length >= source!.size);
    const where = { file: item.path };
    if (!source || !dialect)
      return { issues: [cellprofilerIssue('not-a-table', 'the file is not a table', { where })] };
    const columns = cellprofilerColumns(dialect.header);
    if (columns.image < 0 || (columns.x < 0 && columns.moveX < 0) || (columns.y < 0 && columns.moveY < 0)) {
      const names = dialect.header.slice(0, 12).join(', ');
      const message = `no position among the columns ${names}`;
      return { issues: [cellprofilerIssue('no-position-columns', message, { where })] };
    }
    return { issues: await new CellprofilerRead(item, source, dialect, columns, options).run(sink) };
  },
};

class CellprofilerRead {
  private readonly item: Item;
  private readonly source: ByteSource;
  private readonly dialect: TableDialect;
  private readonly columns: CellprofilerColumns;
  private readonly options: ReadOptions;
  private readonly tally = new IssueTally<CellprofilerIssueCode>();
  private scan!: TableScan;
  private survey!: CellprofilerSurvey;

  constructor(
    item: Item,
    source: ByteSource,
    dialect: TableDialect,
    columns: CellprofilerColumns,
    options: ReadOptions,
  ) {
    this.item = item;
    this.source = source;
    this.dialect = dialect;
    this.columns = columns;
    this.options = options;
  }

  async run(sink: TrackSink) {
    const surveyor = new CellprofilerSurveyor(this.columns);
    this.scan = await scanTable(this.source, this.dialect, new IssueTally(), this.progress(0), (row) =>
      surveyor.see(row),
    );
    this.survey = surveyor.finish();
    this.noteWhole();
    await this.streamSets(sink);
    return this.tally.issues(cellprofilerIssue, this.item.path, {
      'no-absolute-position': () => 'positions are relative, rebuilt from displacements',
      'parent-not-found': (n) => `${n} ${n === 1 ? 'object names' : 'objects name'} a parent that is not there`,
      'object-key-not-unique': (n) => `${n} ${n === 1 ? 'row repeats' : 'rows repeat'} an image and object number`,
      'row-without-image': (n) => `${n} ${n === 1 ? 'row has' : 'rows have'} no image number`,
      'filtered-objects': (n) => `${n} ${n === 1 ? 'object has' : 'objects have'} no track label`,
      'several-trackings': () => 'the first of several trackings is read',
      'groups-in-one-set': () => 'rows of several groups are mixed',
      'frames-from-image-numbers': () => 'frames are image numbers',
      'pixel-units-only': () => 'positions are in pixels',
      'planar-stored-as-3d': () => 'every object has the same z',
    });
  }

  private progress(from: number) {
    const { options, source } = this;
    return {
      ...(options.signal ? { signal: options.signal } : {}),
      onBytes: (done: number) => options.onProgress?.(from + done / source.size / 2),
    };
  }

  private noteWhole(): void {
    const { columns, survey, tally } = this;
    if (survey.relative) tally.note('no-absolute-position', {}, 'only TrajectoryX and TrajectoryY');
    if (columns.trackings.length > 1) tally.note('several-trackings', {}, columns.trackings.join(', '));
    if (columns.z >= 0 && survey.depths < 2) tally.note('planar-stored-as-3d', {}, this.dialect.header[columns.z]!);
    if (columns.groupFrame < 0 && columns.group < 0)
      tally.note('frames-from-image-numbers', {}, this.dialect.header[columns.image]!);
    if (survey.firstImage.size > 1 && !survey.groupsContiguous)
      tally.note('groups-in-one-set', {}, `${survey.firstImage.size} groups`);
    tally.note('pixel-units-only', {}, 'CellProfiler measures in pixels');
    for (const row of survey.orphans) tally.note('parent-not-found', { row: row + 1 }, `row ${row + 1}`);
    for (const row of survey.repeated) tally.note('object-key-not-unique', { row: row + 1 }, `row ${row + 1}`);
  }

  private async streamSets(sink: TrackSink): Promise<void> {
    const { survey } = this;
    const apart = survey.firstImage.size > 1 && survey.groupsContiguous;
    let stream: RowStream | undefined;
    let group = Number.NaN;
    for await (const rows of tableRows(this.source, this.dialect, new IssueTally(), this.progress(0.5)))
      for (const row of rows) {
        const own = apart ? groupOf(row, this.columns) : 0;
        if (!stream || own !== group) {
          await stream?.end();
          group = own;
          const name = stemOf(this.source.name);
          stream = await RowStream.begin(sink, this.header(apart ? `${name} group ${own}` : name), this.options.signal);
        }
        const full = this.take(row, stream);
        if (full) await full;
      }
    if (!stream) stream = await RowStream.begin(sink, this.header(stemOf(this.source.name)), this.options.signal);
    await stream.end();
  }

  private header(name: string): SetHeader {
    const { columns, survey, scan } = this;
    const used = new Set([columns.x, columns.y, ...(survey.depths < 2 ? [] : [columns.z])]);
    return {
      name,
      spaceUnit: 'pixel',
      sourceFrameBase: 1,
      entity: 'point',
      hasZ: columns.z >= 0 && survey.depths > 1,
      hasTime: false,
      objectColumns: this.options.graphOnly ? [] : scan.columns.filter((_, at) => !used.has(at)),
      edgeColumns: [],
      provenance: { software: 'CellProfiler' },
    };
  }

  private take(row: TableRow, stream: RowStream): Promise<void> | undefined {
    const { columns, survey, options, tally } = this;
    const frame = this.frameOf(row);
    if (!Number.isFinite(frame) || Math.abs(frame) >= 2 ** 31) {
      tally.note('row-without-image', { row: row.row + 1, line: row.line }, `line ${row.line}`);
      return undefined;
    }
    const label = columns.label < 0 ? 0 : cellNumber(row, columns.label);
    if (Number.isNaN(label)) tally.note('filtered-objects', { row: row.row + 1 }, `row ${row.row + 1}`);
    const { relative } = survey;
    const full = stream.object({
      id: row.row,
      frame,
      x: relative ? relative.x[row.row]! : cellNumber(row, columns.x),
      y: relative ? relative.y[row.row]! : cellNumber(row, columns.y),
      z: cellNumber(row, columns.z),
      ...(options.graphOnly ? {} : { values: this.values(row) }),
    });
    const parent = survey.parent[row.row]!;
    const fullEdge = parent >= 0 ? stream.edge(parent, row.row) : undefined;
    return full && fullEdge ? Promise.all([full, fullEdge]).then(() => undefined) : (full ?? fullEdge);
  }

  private frameOf(row: TableRow): number {
    const { columns, survey } = this;
    const written = cellNumber(row, columns.groupFrame);
    if (Number.isFinite(written)) return Math.round(written - survey.firstGroupFrame);
    const image = cellNumber(row, columns.image);
    return columns.group < 0
      ? Math.round(image) - 1
      : Math.round(image - (survey.firstImage.get(groupOf(row, columns)) ?? 1));
  }

  private values(row: TableRow): Value[] {
    const { columns, survey, scan } = this;
    const values: Value[] = [];
    for (const [at, column] of scan.columns.entries()) {
      if (at === columns.x || at === columns.y || (at === columns.z && survey.depths > 1)) continue;
      const cell = row.cells[at] ?? '';
      values.push(isMissingCell(cell) ? undefined : typed(cell, column.type));
    }
    return values;
  }
}

function typed(cell: string, type: 'int' | 'float' | 'bool' | 'string'): Value {
  if (type === 'string') return cell;
  if (type === 'bool') return cellKind(cell) === 'bool' ? cell.trim().toLowerCase() === 'true' : undefined;
  return parseNumber(cell);
}
