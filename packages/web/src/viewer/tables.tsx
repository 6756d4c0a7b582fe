import { useVirtualizer } from '@tanstack/react-virtual';
import type { TrackOverlay } from '@micrarium/viewer';
import { type JSX, useMemo, useRef } from 'react';
import { useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';
import type { Measures } from './plots.tsx';
import { shortUnit } from './tracks-panel.tsx';

interface TableProps {
  head: string[];
  /** Cells of a row, made when it comes into view. */
  cells(row: number): (string | number | null)[];
  count: number;
  isSelected(row: number): boolean;
  onSelect(row: number): void;
  label: string;
}

/** Height of a row, in pixels. */
const rowHeight = 30;

/** A long table: only the rows in view exist. Rows are chosen by click, or by arrow keys and Enter. */
export function LongTable({ head, cells, count, isSelected, onSelect, label }: TableProps): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => holder.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const columns = { gridTemplateColumns: `repeat(${head.length}, minmax(88px, 1fr))` };
  return (
    <div className="long" role="table" aria-label={label} aria-rowcount={count + 1}>
      <div className="tr th" role="row" style={columns}>
        {head.map((name) => (
          <span key={name} role="columnheader">
            {name}
          </span>
        ))}
      </div>
      <div className="body" ref={holder} tabIndex={0} role="rowgroup">
        <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
          {rows.getVirtualItems().map((item) => (
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={isSelected(item.index)}
              tabIndex={0}
              className={`tr ${isSelected(item.index) ? 'on' : ''}`}
              style={{
                ...columns,
                position: 'absolute',
                top: 0,
                left: 0,
                right: 0,
                height: rowHeight,
                transform: `translateY(${item.start}px)`,
              }}
              onClick={() => onSelect(item.index)}
              onKeyDown={(event) => {
                if (event.key === 'Enter') onSelect(item.index);
              }}
            >
              {cells(item.index).map((cell, column) => (
                // A cell has no identity but its column.
                // oxlint-disable-next-line react/no-array-index-key
                <span key={column} role="cell" className="num">
                  {cell === null ? '–' : typeof cell === 'number' ? writtenNumber(cell, 5) : cell}
                </span>
              ))}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Tracks with their measures; choosing one selects its first object. */
export function TracksTable({
  measures,
  selectedTrack,
  onSelect,
}: {
  measures: Measures;
  selectedTrack: number;
  onSelect(track: number): void;
}): JSX.Element {
  const text = useText();
  const { length, time, speed } = measures.units;
  const named = (name: string, unit: string) => (unit ? `${name} (${shortUnit(unit)})` : name);
  return (
    <LongTable
      label={text('viewer.tableTracks')}
      head={[
        text('viewer.track'),
        text('viewer.objectsAxis'),
        text('viewer.firstFrame'),
        text('viewer.lastFrame'),
        named(text('viewer.duration'), time),
        named(text('viewer.pathLength'), length),
        named(text('viewer.net'), length),
        named(text('viewer.speed'), speed),
      ]}
      count={measures.tracks.length}
      cells={(row) => {
        const track = measures.tracks[row]!;
        return [
          String(track.track),
          track.objects,
          track.firstFrame,
          track.lastFrame,
          track.duration,
          track.pathLength,
          track.netDisplacement,
          track.meanSpeed,
        ];
      }}
      isSelected={(row) => measures.tracks[row]!.track === selectedTrack}
      onSelect={(row) => onSelect(measures.tracks[row]!.track)}
    />
  );
}

/** Objects of the shown frame with all their columns. */
export function ObjectsTable({
  overlay,
  frame,
  mask,
  selected,
  onSelect,
}: {
  overlay: TrackOverlay;
  frame: number;
  /** 1 for every object that passes the filters; left out = all do. */
  mask: Uint8Array | undefined;
  selected: number | undefined;
  onSelect(id: number): void;
}): JSX.Element {
  const text = useText();
  const { objects, spaceUnit } = overlay.set;
  const rows = useMemo(
    () => (overlay.rowsOfFrame.get(frame) ?? new Uint32Array(0)).filter((row) => mask?.[row] !== 0),
    [overlay, frame, mask],
  );
  const unit = shortUnit(spaceUnit);
  return (
    <LongTable
      label={text('viewer.tableObjects')}
      head={[
        text('viewer.object'),
        text('viewer.track'),
        `x (${unit})`,
        `y (${unit})`,
        ...(objects.z ? [`z (${unit})`] : []),
        ...objects.columns.map((column) => (column.unit ? `${column.name} (${shortUnit(column.unit)})` : column.name)),
      ]}
      count={rows.length}
      cells={(index) => {
        const row = rows[index]!;
        return [
          String(objects.id[row]),
          overlay.track[row]! < 0 ? null : String(overlay.track[row]),
          objects.x[row]!,
          objects.y[row]!,
          ...(objects.z ? [objects.z[row]!] : []),
          ...objects.columns.map((column) => (column.missing?.[row] === 1 ? null : (column.values[row] ?? null))),
        ];
      }}
      isSelected={(index) => objects.id[rows[index]!] === selected}
      onSelect={(index) => onSelect(objects.id[rows[index]!]!)}
    />
  );
}
