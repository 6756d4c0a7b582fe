import { type Projection, projectionKinds, type ViewState } from '@micrarium/viewer';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';

/** What follows the shown projection when one goes through all: slice, largest value, mean, sum. */
export function nextProjection(now: Projection | undefined, slices: number): Projection | undefined {
  const order = [undefined, ...projectionKinds];
  const kind = order[(order.indexOf(now?.kind) + 1) % order.length];
  return kind && { kind, from: now?.from ?? 0, to: now?.to ?? slices - 1 };
}

/** One slice, or the largest value, mean or sum over a range of slices. */
export function ProjectionChoice({
  view,
  slices,
  onChange,
}: {
  view: ViewState;
  slices: number;
  onChange(projection: Projection | undefined): void;
}): JSX.Element | null {
  const text = useText();
  if (slices < 2) return null;
  const { projection } = view;
  const range = { from: projection?.from ?? 0, to: projection?.to ?? slices - 1 };
  const bound = (value: number) => Math.min(slices - 1, Math.max(0, Math.round(value) || 0));
  return (
    <span className="projection">
      <select
        aria-label={text('viewer.projection')}
        value={projection?.kind ?? ''}
        onChange={(event) => {
          const kind = projectionKinds.find((one) => one === event.target.value);
          onChange(kind && { kind, ...range });
        }}
      >
        <option value="">{text('viewer.slice')}</option>
        {projectionKinds.map((kind) => (
          <option key={kind} value={kind}>
            {text(`project.${kind}`)}
          </option>
        ))}
      </select>
      {projection ? (
        <>
          <input
            type="number"
            min={1}
            max={projection.to + 1}
            value={projection.from + 1}
            aria-label={text('viewer.firstSlice')}
            onChange={(event) =>
              onChange({ ...projection, from: Math.min(bound(Number(event.target.value) - 1), projection.to) })
            }
          />
          {'–'}
          <input
            type="number"
            min={projection.from + 1}
            max={slices}
            value={projection.to + 1}
            aria-label={text('viewer.lastSlice')}
            onChange={(event) =>
              onChange({ ...projection, to: Math.max(bound(Number(event.target.value) - 1), projection.from) })
            }
          />
        </>
      ) : null}
    </span>
  );
}
