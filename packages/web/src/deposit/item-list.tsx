import { useVirtualizer } from '@tanstack/react-virtual';
import { type JSX, useCallback, useMemo, useRef, useState } from 'react';
import { useText } from '../messages/text.ts';
import type { Draft } from './draft.ts';
import type { FileShelf } from './file-shelf.ts';
import { ItemLine } from './item-line.tsx';
import type { ItemRow } from './item-row.ts';

/** Longer lists get a filter box. */
const manyRows = 12;

/** All items, virtual: forty thousand lines cost what thirty do. */
export function ItemList({
  draft,
  shelf,
  rows,
  refresh,
}: {
  draft: Draft;
  shelf: FileShelf;
  rows: readonly ItemRow[];
  refresh: () => void;
}): JSX.Element | null {
  const text = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const shown = useMemo(
    () => (wanted === '' ? rows : rows.filter((row) => row.path.toLowerCase().includes(wanted))),
    [rows, wanted],
  );
  const list = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 64,
    overscan: 8,
    // A function that is new every time would have every line placed anew every time.
    getItemKey: useCallback((index: number) => shown[index]?.path ?? index, [shown]),
  });
  if (rows.length === 0) return null;
  const toggle = (path: string) => {
    const next = new Set(open);
    if (!next.delete(path)) next.add(path);
    setOpen(next);
  };
  return (
    <>
      {rows.length > manyRows ? (
        <span className="field-in filter">
          <input
            type="text"
            aria-label={text('files.filter')}
            placeholder={text('files.filter')}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
          <span className="u num">{text('files.filtered', { shown: shown.length, all: rows.length })}</span>
        </span>
      ) : null}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div
        ref={scroller}
        className={`items ${heightOf(shown.length, open.size)}`}
        role="group"
        tabIndex={0}
        aria-label={text('files.title')}
      >
        <ul style={{ height: list.getTotalSize(), position: 'relative' }}>
          {list.getVirtualItems().map((place) => {
            const row = shown[place.index];
            return row ? (
              <li
                key={place.key}
                ref={list.measureElement}
                data-index={place.index}
                aria-setsize={shown.length}
                aria-posinset={place.index + 1}
                style={{ position: 'absolute', top: 0, left: 0, right: 0, transform: `translateY(${place.start}px)` }}
              >
                <ItemLine
                  draft={draft}
                  shelf={shelf}
                  row={row}
                  open={open.has(row.path)}
                  toggle={() => toggle(row.path)}
                  refresh={refresh}
                />
              </li>
            ) : null;
          })}
        </ul>
      </div>
    </>
  );
}

/** Lists up to this long stand in the page as they are; longer ones scroll by themselves. */
const fewRows = 30;

/** How high the list may be: forms within an opened row must not be filled in through a keyhole. */
const heightOf = (rows: number, open: number) => (rows <= fewRows ? 'whole' : open > 0 ? 'tall' : '');
