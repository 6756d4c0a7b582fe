import type { Issue } from '@micrarium/model';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { ChainList, RowStream, pointHeader } from '../row-stream.ts';
import { type TrackFileIssueCode, trackFileIssue } from '../track-file-issues.ts';
import type { ReadOptions, TrackReader, TrackSink } from '../track-reader.ts';
import { BiffError, type Cell, type Sheet, biffSheets } from '../../containers/xls/biff-sheets.ts';
import { OleError, readOleStream } from '../../containers/xls/ole-file.ts';

/** A workbook of 65,536 rows a sheet stays far below. */
const largest = 256 << 20;

/**
 * Reads the track export of Icy's Track Processor: on each sheet blocks of a line `track #` with a number, a header
 * line and one line a detection. Every sheet with tracks is a set.
 */
export const icyWorkbookReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const where = { file: item.path };
    const source = await item.files[0]!.open();
    if (source.size > largest)
      return { issues: [trackFileIssue('track-file-too-large', `${source.size} bytes`, { where })] };
    try {
      const stream = await readOleStream(source, ['Workbook', 'Book'], options.signal);
      if (!stream) return { issues: [trackFileIssue('track-file-damaged', 'no workbook in the file', { where })] };
      return { issues: await readSheets(biffSheets(stream), item.path, sink, options) };
    } catch (error) {
      if (error instanceof BiffError && error.encrypted)
        return { issues: [trackFileIssue('workbook-encrypted', error.message, { where })] };
      if (error instanceof BiffError || error instanceof OleError || error instanceof RangeError)
        return { issues: [trackFileIssue('track-file-damaged', error.message, { where })] };
      throw error;
    }
  },
};

async function readSheets(
  sheets: readonly Sheet[],
  file: string,
  sink: TrackSink,
  options: ReadOptions,
): Promise<Issue[]> {
  const tally = new IssueTally<TrackFileIssueCode>();
  let sets = 0;
  for (const [number, sheet] of sheets.entries()) {
    options.onProgress?.(number / sheets.length);
    let hasZ = false;
    let isVirtual = false;
    let detections = 0;
    for (const { z, virtual } of detectionsOf(sheet)) {
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
  return tally.issues(trackFileIssue, file, {
    'z-all-zero': () => 'every z is 0',
    'second-sheet': () => 'several sheets',
    'pixel-units-only': () => 'positions are in pixels',
    'virtual-detections': (n) => `${n} ${n === 1 ? 'detection was' : 'detections were'} filled in`,
    'duplicate-frame-in-track': (n) => `${n} ${n === 1 ? 'frame' : 'frames'} in which one track has several objects`,
    'detection-without-time': (n) => `${n} ${n === 1 ? 'detection' : 'detections'} without a frame`,
  });
}

async function streamSheet(
  sheet: Sheet,
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
  for (const one of detectionsOf(sheet)) {
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

function* detectionsOf(sheet: Sheet): Generator<Detection> {
  let block = -1;
  let track = 0;
  let columns: Partial<Record<(typeof columnNames)[number], number>> | undefined;
  for (const cells of sheet.rows()) {
    const texts = cells.map((cell) => (typeof cell === 'string' ? cell.trim().toLowerCase() : ''));
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

function numberOf(cell: Cell): number | undefined {
  const value = typeof cell === 'string' ? (cell.trim() === '' ? Number.NaN : Number(cell)) : cell;
  return value === undefined || Number.isNaN(value) ? undefined : value;
}
