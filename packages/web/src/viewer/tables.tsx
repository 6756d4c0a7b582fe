import { useVirtualizer } from '@tanstack/react-virtual';
import type { TrackOverlay } from '@micrarium/viewer';
import { type JSX, type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';
import type { Measures } from './plots.tsx';
import { shortUnit } from './tracks-panel.tsx';

interface TableProps {
  head: string[];
  /** Cells of a row, made when it comes into view. */
  cells(row: number): (string | number | null)[];
  count: number;
  /** Row that is selected, which is brought into view; -1 = none. */
  selected: number;
  onSelect(row: number): void;
  label: string;
  /** Is the first column one of names, which need more room than numbers? */
  hasNames?: boolean;
}

/** Height of a row, in pixels. */
const rowHeight = 30;

/** A long table: only the rows in view exist. Rows are chosen by click, or by arrow keys and Enter. */
export function LongTable({
  head,
  cells,
  count,
  selected,
  onSelect,
  label,
  hasNames = false,
}: TableProps): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => holder.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  useEffect(() => {
    if (selected >= 0) rows.scrollToIndex(selected, { align: 'auto' });
    // Not whenever the list of rows in view is made anew: one may scroll away.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [selected, count]);
  const walk = (event: KeyboardEvent<HTMLDivElement>, from: number) => {
    const steps: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, Home: -from, End: count - 1 - from };
    const step = steps[event.key];
    if (event.key === 'Enter' && from >= 0) onSelect(from);
    else if (step === undefined) return;
    // The arrows of the film step through time and focus; in a table they are the table's.
    event.preventDefault();
    event.stopPropagation();
    const to = from + (step ?? 0);
    if (to === from || to < 0 || to >= count) return;
    const rowAt = () => holder.current?.querySelector<HTMLElement>(`[aria-rowindex="${to + 2}"]`);
    rows.scrollToIndex(to, { align: 'auto' });
    // A row out of view only comes into being with the next picture.
    if (rowAt()) rowAt()!.focus();
    else requestAnimationFrame(() => rowAt()?.focus());
  };
  const inView = rows.getVirtualItems();
  // One stop for the tab key; the arrows lead on from there.
  const stop = inView.some(({ index }) => index === selected) ? selected : inView[0]?.index;
  const columns = {
    gridTemplateColumns: hasNames
      ? `minmax(130px, 1fr) repeat(${head.length - 1}, minmax(72px, 1fr))`
      : `repeat(${head.length}, minmax(88px, 1fr))`,
  };
  return (
    <div className="long" role="table" aria-label={label} aria-rowcount={count + 1}>
      <div className="tr th" role="row" style={columns}>
        {head.map((name) => (
          <span key={name} role="columnheader">
            {name}
          </span>
        ))}
      </div>
      <div
        className="body"
        ref={holder}
        tabIndex={0}
        role="rowgroup"
        onKeyDown={(event) => {
          if (event.target === event.currentTarget) walk(event, selected);
        }}
      >
        <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
          {inView.map((item) => (
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={item.index === selected}
              tabIndex={item.index === stop ? 0 : -1}
              className={`tr ${item.index === selected ? 'on' : ''}`}
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
              onKeyDown={(event) => walk(event, item.index)}
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
      selected={selectedTrack < 0 ? -1 : measures.tracks.findIndex(({ track }) => track === selectedTrack)}
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
      selected={selected === undefined ? -1 : rows.findIndex((row) => objects.id[row] === selected)}
      onSelect={(index) => onSelect(objects.id[rows[index]!]!)}
    />
  );
}
