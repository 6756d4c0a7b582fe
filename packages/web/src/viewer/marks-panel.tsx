import type { ImageDescription, Quantity } from '@micrarium/model';
import { lineLength, type Mark, measureMark, type ViewState } from '@micrarium/viewer';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import { saveText } from './save.ts';

interface MarksPanelProps {
  image: ImageDescription;
  view: ViewState;
  onChange(marks: readonly Mark[]): void;
}

const written = ({ value, unit }: Quantity) => `${writtenNumber(value, 4)} ${shortUnit(unit)}`;

/** Angles and areas with their numbers on the stage, to be removed or taken away as a table. */
export function MarksPanel({ image, view, onChange }: MarksPanelProps): JSX.Element | null {
  const text = useText();
  const { marks = [] } = view;
  if (marks.length === 0) return null;
  return (
    <section aria-labelledby="marks-title">
      <h2 id="marks-title">
        {text('viewer.marks')}
        <span>
          <button
            type="button"
            className="btn quiet sm"
            onClick={() => saveText('measurements.csv', 'text/csv', marksCsv(view, image))}
          >
            {text('viewer.csv')}
          </button>
          <button
            type="button"
            className="btn quiet sm"
            aria-label={text('viewer.marksClear')}
            onClick={() => onChange([])}
          >
            {'×'}
          </button>
        </span>
      </h2>
      <ol className="marks" aria-live="polite" data-testid="marks">
        {marks.map((mark, at) => {
          const { value, perimeter } = measureMark(mark, image);
          return (
            <li key={JSON.stringify(mark)}>
              <span className="m2">{`${at + 1} ${text(`mark.${mark.kind}`)}`}</span>
              <span className="num">
                {mark.kind === 'angle' ? `${writtenNumber(value.value, 4)}°` : written(value)}
                {perimeter ? (
                  <span className="m3 xs block">{text('mark.outline', { length: written(perimeter) })}</span>
                ) : null}
              </span>
              <button
                type="button"
                className="btn quiet sm"
                aria-label={text('viewer.markRemove', { number: at + 1 })}
                onClick={() => onChange(marks.filter((one) => one !== mark))}
              >
                {'×'}
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** All that is measured in a view, one row a measurement: the line first where there is one. */
export function marksCsv({ line, marks = [], t, z }: ViewState, image: ImageDescription): string {
  const round = (value: number) => Number(value.toPrecision(9));
  const row = (number: number | '', kind: string, value: Quantity, outline: Quantity | undefined, points: number[]) =>
    [
      number,
      kind,
      round(value.value),
      value.unit,
      outline ? round(outline.value) : '',
      outline?.unit ?? '',
      t,
      z,
      points.map(round).join(' '),
    ].join(',');
  return [
    'number,kind,value,unit,outline,outline unit,frame,slice,points (x y in pixels)',
    ...(line ? [row('', 'length', lineLength(line, image), undefined, [line.x1, line.y1, line.x2, line.y2])] : []),
    ...marks.map((mark, at) => {
      const { value, perimeter } = measureMark(mark, image);
      return row(
        at + 1,
        mark.kind,
        value,
        perimeter,
        mark.points.flatMap(({ x, y }) => [x, y]),
      );
    }),
  ].join('\n');
}
