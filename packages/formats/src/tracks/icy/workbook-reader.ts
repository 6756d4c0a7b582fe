import type { Issue } from '@micrarium/model';
import { type SheetCell, type SheetRow, type WorkbookSheet, openWorkbook } from '../../containers/workbook.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { ChainList, RowStream, pointHeader } from '../row-stream.ts';
import { type TrackFileIssueCode, trackFileIssue } from '../track-file-issues.ts';
import type { ReadOptions, TrackReader, TrackSink } from '../track-reader.ts';

/**
 * Reads the track export of Icy's Track Processor, `.xls` or `.xlsx`: on each sheet blocks of a line `track #` with a
 * number, a header line and one line a detection. Every sheet with tracks is a set.
 */
export const icyWorkbookReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const source = await item.files[0]!.open();
    const { workbook, issues } = await openWorkbook(source, options.signal ? { signal: options.signal } : {});
    const found = workbook ? await readSheets(workbook.sheets, item.path, sink, options) : [];
    return { issues: [...issues.map((issue) => ({ ...issue, where: { ...issue.where, file: item.path } })), ...found] };
  },
};

async function readSheets(
  sheets: readonly WorkbookSheet[],
  file: string,
  sink: TrackSink,
  options: ReadOptions,
): Promise<Issue[]> {
  const tally = new IssueTally<TrackFileIssueCode>();
  const damage: Issue[] = [];
  let sets = 0;
  for (const [number, sheet] of sheets.entries()) {
    options.onProgress?.(number / sheets.length);
    let hasZ = false;
    let isVirtual = false;
    let detections = 0;
    for await (const { z, virtual } of detectionsOf(sheet, (issue) => damage.push(issue))) {
      detections++;
      if (z !== undefined && z !== 0) hasZ = true;
      if (virtual !== undefined) isVirtual = true;
    }
    if (detections === 0) continue;
    sets++;
    if (!hasZ) tally.note('z-all-zero', {}, `sheet "${sheet.name}"`);
    await streamSheet(sheet, sink, options, { hasZ, isVirtual }, tally);
  }
  if (sets > 1) tally.note('second-sheet', {}, `${sets} sheets with tracks`);
  if (sets > 0) tally.note('pixel-units-only', {}, 'Icy exports pixels');
  const counted = tally.issues(trackFileIssue, file, {
    'z-all-zero': () => 'every z is 0',
    'second-sheet': () => 'several sheets',
    'pixel-units-only': () => 'positions are in pixels',
    'virtual-detections': (n) => `${n} ${n === 1 ? 'detection was' : 'detections were'} filled in`,
    'duplicate-frame-in-track': (n) => `${n} ${n === 1 ? 'frame' : 'frames'} in which one track has several objects`,
    'detection-without-time': (n) => `${n} ${n === 1 ? 'detection' : 'detections'} without a frame`,
  });
  return [...counted, ...damage.map((issue) => ({ ...issue, where: { ...issue.where, file } }))];
}

async function streamSheet(
  sheet: WorkbookSheet,
  sink: TrackSink,
  { signal }: ReadOptions,
  { hasZ, isVirtual }: { hasZ: boolean; isVirtual: boolean },
  tally: IssueTally<TrackFileIssueCode>,
): Promise<void> {
  const header = pointHeader(sheet.name, {
    spaceUnit: 'pixel',
    sourceFrameBase: 0,
    hasZ,
    objectColumns: [
      { name: 'source_track_id', type: 'int', description: 'Number of the track on the sheet', sourceKey: 'track #' },
      ...(isVirtual
        ? [{ name: 'virtual', type: 'bool' as const, description: 'Filled in by the program, not found in the image' }]
        : []),
    ],
    provenance: { software: 'Icy' },
  });
  const stream = await RowStream.begin(sink, header, signal);
  const chains = new ChainList();
  const tracks: number[] = [];
  let id = 0;
  let block = -1;
  for await (const one of detectionsOf(sheet)) {
    if (one.block !== block) {
      ({ block } = one);
      tracks.push(one.track);
    }
    const frame = Math.round(one.t ?? Number.NaN);
    if (!(Math.abs(frame) < 2 ** 31)) {
      tally.note('detection-without-time', {}, `sheet "${sheet.name}", track ${one.track}`);
      continue;
    }
    if (one.virtual) tally.note('virtual-detections', {}, `sheet "${sheet.name}", track ${one.track}, frame ${frame}`);
    const full = stream.object({
      id,
      frame,
      x: one.x ?? Number.NaN,
      y: one.y ?? Number.NaN,
      z: one.z ?? Number.NaN,
      values: [one.track, one.virtual === undefined ? undefined : one.virtual !== 0],
    });
    if (full) await full;
    chains.note(tracks.length - 1, id++, frame);
  }
  const { ambiguous } = await stream.chains(chains);
  for (const { chain, frame } of ambiguous)
    tally.note('duplicate-frame-in-track', {}, `sheet "${sheet.name}", track ${tracks[chain]}, frame ${frame}`);
  await stream.end();
}

interface Detection {
  /** Blocks are counted, since a number could occur twice. */
  block: number;
  track: number;
  t?: number;
  x?: number;
  y?: number;
  z?: number;
  virtual?: number;
}

const columnNames = ['t', 'x', 'y', 'z', 'virtual'] as const;

async function* detectionsOf(sheet: WorkbookSheet, onIssue?: (issue: Issue) => void): AsyncGenerator<Detection> {
  let block = -1;
  let track = 0;
  let columns: Partial<Record<(typeof columnNames)[number], number>> | undefined;
  for await (const { cells } of eachRow(sheet, onIssue)) {
    const texts = Array.from(cells, (cell) => (typeof cell === 'string' ? cell.trim().toLowerCase() : ''));
    const at = texts.indexOf('track #');
    if (at >= 0) {
      block++;
      track = numberOf(cells[at + 1]) ?? block + 1;
      columns = undefined;
    } else if (texts.includes('t') && texts.includes('x') && texts.includes('y')) {
      columns = {};
      for (const name of columnNames) if (texts.includes(name)) columns[name] = texts.indexOf(name);
    } else if (columns && block >= 0) {
      const found: Detection = { block, track };
      for (const name of columnNames) {
        const value = columns[name] === undefined ? undefined : numberOf(cells[columns[name]]);
        if (value !== undefined) found[name] = value;
      }
      if (found.x !== undefined || found.y !== undefined || found.t !== undefined) yield found;
    }
  }
}

async function* eachRow(sheet: WorkbookSheet, onIssue?: (issue: Issue) => void): AsyncGenerator<SheetRow> {
  for await (const rows of sheet.rows(onIssue ? { onIssue } : {})) yield* rows;
}

function numberOf(cell: SheetCell | undefined): number | undefined {
  const value =
    typeof cell === 'string'
      ? cell.trim() === ''
        ? Number.NaN
        : Number(cell)
      : cell === undefined
        ? cell
        : Number(cell);
  return value === undefined || Number.isNaN(value) ? undefined : value;
}
