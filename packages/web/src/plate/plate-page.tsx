import type { FeatureTableSummary, PlateLayout } from '@micrarium/model';
import { type JSX, type KeyboardEvent, useMemo } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { PageAnswerFailed } from '../app/failures.tsx';
import { Link, navigate, usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import { tileBeside } from '../gallery/gallery-state.ts';
import { whileBeingMade } from '../viewer/being-made.ts';
import { thumbnailUrl } from '../viewer/open-film.ts';
import '../styles/gallery.css';
import '../styles/plate.css';
import { shownTitle } from '@micrarium/standards';
import { readTable, type WellColumn, wellColumns } from './open-tables.ts';
import {
  colourOf,
  coloursOf,
  nameOfWell,
  valueAt,
  valuesByWell,
  type WellColours,
  type WellValue,
} from './well-values.ts';

interface Study {
  accession: string;
  version: number;
}
type Values = ReadonlyMap<string, WellValue>;

/** `/plate/$accession/$version/$item`: a multi-well plate with its wells, fields, and conditions by colour. */
export function PlatePage(): JSX.Element {
  const text = useText();
  const { accession, version, item } = usePageLocation().params as Record<'accession' | 'version' | 'item', string>;
  const study = { accession, version: Number(version) };
  const found = useAnswer({
    queryKey: ['version', accession, version],
    queryFn: ({ signal }) => api.call(routes.getVersion, { params: study, signal }),
  });
  useTitle(text('plate.title'));
  if (found.error) return <PageAnswerFailed error={found.error} again={() => void found.refetch()} />;
  if (!found.data) return <main className="wrap plate" aria-busy="true" />;
  const plate = found.data.items.find((one) => one.id === item);
  const title = shownTitle(found.data.metadata.values['title'], accession);
  return (
    <main className="wrap plate">
      <div className="dh">
        <h1>{plate?.plate?.name || text('plate.title')}</h1>
        <a className="l s" href={`/studies/${accession}/v/${version}`}>
          {title}
        </a>
        <span className="end">
          <Link className="btn" to={`/gallery/${accession}/${version}`}>
            {text('plate.gallery')}
          </Link>
        </span>
      </div>
      {plate?.plate ? (
        <Plate
          study={study}
          item={item}
          layout={plate.plate as PlateLayout}
          columns={wellColumns(found.data.items as { id: string; tables?: FeatureTableSummary[] }[])}
        />
      ) : (
        <p className="m2">{text('plate.none')}</p>
      )}
    </main>
  );
}

interface PlateProps {
  study: Study;
  item: string;
  layout: PlateLayout;
  columns: WellColumn[];
}

/** Values of the wells in the chosen column; none where no column is chosen. */
function useWellValues(study: Study, layout: PlateLayout, chosen: WellColumn | undefined) {
  const tables = useAnswer({
    queryKey: ['well-values', study, chosen?.id],
    queryFn: async ({ signal }) => {
      const { wells, plates, column } = chosen!;
      const names = [
        { name: wells, type: 'string' as const },
        { name: column.name, type: column.type },
      ];
      const wanted = plates === undefined ? names : [...names, { name: plates, type: 'string' as const }];
      const read = await readTable(study, chosen!, wanted, signal);
      return valuesByWell(
        read.get(wells)!,
        read.get(column.name)!,
        plates === undefined ? undefined : read.get(plates),
        layout.name,
      );
    },
    enabled: chosen !== undefined,
    ...whileBeingMade,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { values: chosen ? tables.data : undefined, error: tables.error };
}

function Plate({ study, item, layout, columns }: PlateProps): JSX.Element {
  const text = useText();
  const { search, path } = usePageLocation();
  const one = (name: string) => (typeof search[name] === 'string' ? search[name] : '');
  const by = one('by') === 'none' ? undefined : (columns.find(({ id }) => id === one('by')) ?? columns[0]);
  const most = Math.max(...layout.wells.map(({ fields }) => fields.length));
  const field = Math.min(most - 1, Math.max(0, Math.trunc(Number(one('field')) || 0)));
  const { values, error } = useWellValues(study, layout, by);
  const colours = useMemo(() => (values ? coloursOf(values) : undefined), [values]);
  const shown = layout.wells.find(({ row, column }) => nameOfWell(layout, row, column) === one('well'));
  const go = (change: Record<string, string | undefined>) =>
    void navigate(path, { search: { ...search, ...change }, replace: true, keepScroll: true });
  return (
    <>
      <div className="pctl">
        <label>
          {text('plate.colourBy')}{' '}
          <select className="sel" value={by?.id ?? 'none'} onChange={(event) => go({ by: event.target.value })}>
            <option value="none">{text('plate.noColour')}</option>
            {columns.map(({ id, column, table }) => (
              <option key={id} value={id}>
                {`${column.name}${column.unit && column.unit !== '1' ? ` (${shortUnit(column.unit)})` : ''} · ${table}`}
              </option>
            ))}
          </select>
        </label>
        {most > 1 ? (
          <label>
            {text('plate.field')}{' '}
            <select className="sel" value={field} onChange={(event) => go({ field: event.target.value })}>
              {Array.from({ length: most }, (_, n) => (
                <option key={n} value={n}>
                  {n + 1}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <span className="m2">{text('plate.wells', { count: layout.wells.length })}</span>
      </div>
      {columns.length === 0 ? <p className="m3 xs">{text('plate.noTables')}</p> : null}
      {error ? <p className="problem">{text('plate.tableFailed', { message: error.message })}</p> : null}
      <div className="pmain">
        <div className="scrollx">
          <WellGrid
            study={study}
            item={item}
            layout={layout}
            field={field}
            values={values}
            colours={colours}
            selected={one('well')}
            onSelect={(well) => go({ well })}
          />
        </div>
        <aside className="pside">
          {colours && by ? <Legend colours={colours} name={by.column.name} unit={by.column.unit} /> : null}
          {shown ? (
            <Well study={study} item={item} layout={layout} well={shown} by={by} values={values} />
          ) : (
            <p className="s m2">{text('plate.choose')}</p>
          )}
        </aside>
      </div>
    </>
  );
}

interface GridProps {
  study: Study;
  item: string;
  layout: PlateLayout;
  field: number;
  values: Values | undefined;
  colours: WellColours | undefined;
  selected: string;
  onSelect(well: string): void;
}

/** Arrow keys lead from well to well, over those without images. */
function walk(event: KeyboardEvent<HTMLTableElement>, columns: number): void {
  const cells = [...event.currentTarget.querySelectorAll<HTMLElement>('td')];
  let at = cells.findIndex((cell) => cell.contains(event.target as Node));
  for (let tries = 0; tries < cells.length; tries++) {
    const to = tileBeside(at, event.key, columns, cells.length);
    if (to === undefined) return;
    event.preventDefault();
    const button = cells[to]!.querySelector('button');
    if (button) return button.focus();
    if (event.key === 'Home' || event.key === 'End') return;
    at = to;
  }
}

function WellGrid({ study, item, layout, field, values, colours, selected, onSelect }: GridProps): JSX.Element {
  const text = useText();
  const wells = new Map(layout.wells.map((well) => [`${well.row} ${well.column}`, well]));
  const first = layout.wells[0];
  // One stop for the tab key; the arrows lead on from there.
  const stop = layout.wells.some(({ row, column }) => nameOfWell(layout, row, column) === selected)
    ? selected
    : first && nameOfWell(layout, first.row, first.column);
  return (
    <table className="wells" onKeyDown={(event) => walk(event, layout.columns.length)}>
      <caption className="hid">{text('plate.title')}</caption>
      <thead>
        <tr>
          <td />
          {layout.columns.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {layout.rows.map((rowName, row) => (
          <tr key={rowName}>
            <th scope="row">{rowName}</th>
            {layout.columns.map((columnName, column) => {
              const well = wells.get(`${row} ${column}`);
              const name = nameOfWell(layout, row, column);
              const value = values && valueAt(values, name);
              const words =
                value === undefined ? name : `${name}: ${typeof value === 'number' ? writtenNumber(value, 4) : value}`;
              // A well without images may have a condition all the same, and the legend counts it.
              if (!well)
                return (
                  <td key={columnName} className="off">
                    {colours && value !== undefined ? (
                      <span role="img" aria-label={words} title={words}>
                        <i style={{ background: colourOf(colours, value) }} />
                      </span>
                    ) : null}
                  </td>
                );
              const shown = well.fields[field] ?? well.fields[0]!;
              return (
                <td key={columnName}>
                  <button
                    type="button"
                    title={words}
                    aria-label={words}
                    aria-pressed={name === selected}
                    tabIndex={name === stop ? 0 : -1}
                    onClick={() => onSelect(name)}
                  >
                    <img src={thumbnailUrl({ ...study, item }, shown.image)} alt="" loading="lazy" />
                    {colours ? <i style={{ background: colourOf(colours, value) }} /> : null}
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Legend({
  colours,
  name,
  unit,
}: {
  colours: WellColours;
  name: string;
  unit: string | undefined;
}): JSX.Element {
  const text = useText();
  const titled = unit && unit !== '1' ? `${name} (${shortUnit(unit)})` : name;
  return (
    <section aria-label={text('plate.legend')}>
      <h2>{titled}</h2>
      {colours.kind === 'groups' ? (
        <ul className="plegend">
          {colours.groups.map(({ value, colour, wells }) => (
            <li key={String(value)}>
              <i className="sw" style={{ background: colour }} />
              <span>{typeof value === 'number' ? writtenNumber(value, 4) : value}</span>
              <span className="m3 num">{writtenNumber(wells)}</span>
            </li>
          ))}
        </ul>
      ) : (
        <div className="pramp">
          <i />
          <span className="num">{writtenNumber(colours.low, 4)}</span>
          <span className="num">{writtenNumber(colours.high, 4)}</span>
        </div>
      )}
    </section>
  );
}

interface WellProps {
  study: Study;
  item: string;
  layout: PlateLayout;
  well: PlateLayout['wells'][number];
  by: WellColumn | undefined;
  values: Values | undefined;
}

/** The chosen well: its fields, which lead to the viewer, and its value. */
function Well({ study, item, layout, well, by, values }: WellProps): JSX.Element {
  const text = useText();
  const name = nameOfWell(layout, well.row, well.column);
  const value = values && valueAt(values, name);
  return (
    <section aria-live="polite">
      <h2>{text('plate.well', { name })}</h2>
      {by && value !== undefined ? (
        <p className="s">
          <span className="m2">{by.column.name}</span>{' '}
          <b className="num">{typeof value === 'number' ? writtenNumber(value, 5) : value}</b>{' '}
          {by.column.unit && by.column.unit !== '1' ? shortUnit(by.column.unit) : ''}
        </p>
      ) : null}
      <ul className="pfields">
        {well.fields.map(({ image, name: field, acquisition }, index) => (
          <li key={image}>
            <a href={`/viewer/${study.accession}/${study.version}/${item}?image=${image}`}>
              <img src={thumbnailUrl({ ...study, item }, image)} alt="" />
              <span>
                {text('plate.fieldNamed', { number: index + 1 })}
                <span className="m3 xs block">
                  {acquisition === undefined ? field : text('plate.acquisition', { field, acquisition })}
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
