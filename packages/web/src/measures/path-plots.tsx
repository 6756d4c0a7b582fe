import * as Plot from '@observablehq/plot';
import { measureDefinitions, type MotionSummary } from '@micrarium/model';
import { type JSX, useEffect, useMemo, useState } from 'react';
import { navigate, usePageLocation } from '../app/router.tsx';
import { ChosenObjects, RangeChoice } from '../explore/chosen-objects.tsx';
import { useCursorWords } from '../explore/cursor-words.tsx';
import type { CropFilm, CropTarget } from '../explore/object-crops.ts';
import { selectOn } from '../explore/select-dots.ts';
import { type MessageKey, useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';
import { binsOf, Figure, oneTick, plotSize, plotStyle, wholeTicks } from '../plots/figure.tsx';
import { measureTitle, reasonKey } from './measure-titles.ts';
import type { FilmPlace } from '../viewer/open-film.ts';
import type { PathTable } from './path-table.ts';

interface Part {
  table: PathTable;
  summary: MotionSummary;
  set: FilmPlace;
  part: number;
  film: CropFilm | undefined;
}

/** Paths as objects to show: each stands for its first detection. */
const places = ['track_id', 'first_object_id', 'first_frame'] as const;

function useTargets(table: PathTable): ((path: number) => CropTarget) | undefined {
  const [track, object, frame] = [
    useColumn(table, places[0]),
    useColumn(table, places[1]),
    useColumn(table, places[2]),
  ];
  return track && object && frame
    ? (path) => ({ track: track[path]!, object: object[path]!, frame: frame[path]! })
    : undefined;
}

const frame = { ...plotSize, height: 220, style: plotStyle };

/** Dots that are drawn one by one; more are counted in cells, every one of them. */
const mostDots = 3000;

/** Which measures are shown stands in the address. */
function useChoice(name: string, usual: string): [string, (id: string) => void] {
  const { path, search } = usePageLocation();
  const chosen = typeof search[name] === 'string' ? (search[name] as string) : usual;
  const choose = (id: string) =>
    void navigate(path, { search: { ...search, [name]: id }, replace: true, keepScroll: true });
  return [chosen, choose];
}

function useColumn(table: PathTable, name: string): Float64Array | undefined {
  const [found, setFound] = useState<{ name: string; values: Float64Array }>();
  useEffect(() => {
    let isWanted = true;
    if (table.names.includes(name)) void table.column(name).then((values) => isWanted && setFound({ name, values }));
    return () => {
      isWanted = false;
    };
  }, [table, name]);
  return found?.name === name ? found.values : undefined;
}

function Choice({
  label,
  chosen,
  choose,
  summary,
}: Pick<Part, 'summary'> & {
  label: string;
  chosen: string;
  choose: (id: string) => void;
}): JSX.Element {
  const text = useText();
  return (
    <select className="sel sm" aria-label={label} value={chosen} onChange={(event) => choose(event.target.value)}>
      {summary.measures.map(({ id }) => (
        <option key={id} value={id}>
          {text(measureTitle(id))}
        </option>
      ))}
    </select>
  );
}

function unitOf(summary: MotionSummary, id: string): string {
  const unit = summary.measures.find((one) => one.id === id)?.unit ?? '';
  return unit === '' ? '' : ` (${shortUnit(unit)})`;
}

/** How one measure is distributed over the paths. */
export function Distribution({
  table,
  summary,
  set,
  part,
  film,
  param,
  usual,
  title: titleKey,
}: Part & {
  /** In the address: the measure, where it is not the usual one. */
  param: string;
  usual: string;
  /** While it shows the usual measure. */
  title: MessageKey;
}): JSX.Element {
  const text = useText();
  const [id, chooseMeasure] = useChoice(param, usual);
  const column = useColumn(table, id);
  const dots = useMemo(
    () => (column ? Array.from(column, (x, path) => ({ x, path })).filter(({ x }) => Number.isFinite(x)) : []),
    [column],
  );
  const values = dots.map(({ x }) => x);
  const targetOf = useTargets(table);
  const [chosen, setChosen] = useState<readonly CropTarget[]>([]);
  const choose = (found: readonly { path: number }[]) => {
    if (targetOf) setChosen(found.map(({ path }) => targetOf(path)));
  };
  const label = `${text(measureTitle(id))}${unitOf(summary, id)}`;
  const leftOut = (column?.length ?? 0) - dots.length;
  const bins = binsOf(values);
  const title = text(id === usual ? titleKey : 'measures.distribution');
  return (
    <Figure
      title={title}
      name={`distribution-${id}`}
      tools={<Choice label={text('measures.measure')} chosen={id} choose={chooseMeasure} summary={summary} />}
      sentence={[
        ...(values.length === 0
          ? []
          : [text('measures.distributionHow', { count: values.length }), meanWords(text, summary, id)]),
        undefinedWords(text, id, leftOut),
        values.length === 0 ? '' : text('measures.barHow'),
      ].join(' ')}
      csv={() =>
        [
          `path,${id} v${versionOf(summary, id)}${unitOf(summary, id)}`,
          ...dots.map(({ x, path }) => `${path},${x}`),
        ].join('\n')
      }
      draw={() => {
        const drawn = Plot.plot({
          ...frame,
          x: { label },
          y: { label: text('measures.paths'), grid: true, ticks: wholeTicks(bins.map((bin) => bin.count)) },
          marks: [
            Plot.rectY(bins, { x1: 'from', x2: 'to', y: 'count', fill: 'var(--d1)', inset: 0.5, tip: true }),
            Plot.ruleY([0], { stroke: 'var(--axis)' }),
          ],
        });
        drawn.style.cursor = 'pointer';
        drawn.addEventListener('click', () => {
          const bar = (drawn as { value?: { from: number; to: number } | null }).value;
          const isLast = bar !== undefined && bar === bins.at(-1);
          if (bar) choose(dots.filter(({ x }) => x >= bar.from && (isLast ? x <= bar.to : x < bar.to)));
        });
        return drawn;
      }}
      nothing={column === undefined || dots.length > 0 ? undefined : text('measures.noValues')}
      keys={[column, title, targetOf !== undefined]}
    >
      {dots.length > 0 ? <RangeChoice dots={dots} axes={[{ name: label, of: ({ x }) => x }]} choose={choose} /> : null}
      <ChosenObjects set={set} part={part} film={film} chosen={chosen} all={[]} choose={setChosen} />
    </Figure>
  );
}

const versionOf = (summary: MotionSummary, id: string) => summary.measures.find((one) => one.id === id)?.version ?? 1;

type Text = ReturnType<typeof useText>;

/** The mean of a measure with its interval and n. */
function meanWords(text: Text, { measures }: MotionSummary, id: string): string {
  const found = measures.find((one) => one.id === id);
  if (!found || found.mean === null) return '';
  const number = (value: number) => writtenNumber(value, 4);
  const unit = found.unit === '' ? '' : ` ${shortUnit(found.unit)}`;
  const interval = found.interval ? ` (${number(found.interval.low)} … ${number(found.interval.high)})` : '';
  return text('measures.meanIs', { mean: `${number(found.mean)}${unit}${interval}`, paths: writtenCount(found.n) });
}

/** How many paths are not drawn for having no value, and why. */
function undefinedWords(text: Text, id: string, count: number): string {
  if (count === 0) return '';
  const reason = measureDefinitions.get(id)?.undefinedWhen;
  return `${text('measures.undefined', { count })}${reason ? `: ${text(reasonKey(reason))}` : ''}.`;
}

/** One measure against another: each path a dot, or counted in cells where there are many. */
export function PairPlot({ table, summary, set, part, film }: Part): JSX.Element {
  const text = useText();
  const [x, chooseX] = useChoice('x', 'mean_speed');
  const [y, chooseY] = useChoice('y', 'straightness');
  const [left, right] = [useColumn(table, x), useColumn(table, y)];
  const rows = useMemo(() => {
    const found: { x: number; y: number; path: number }[] = [];
    if (left && right)
      for (let path = 0; path < left.length; path++)
        if (Number.isFinite(left[path]!) && Number.isFinite(right[path]!))
          found.push({ x: left[path]!, y: right[path]!, path });
    return found;
  }, [left, right]);
  const targetOf = useTargets(table);
  const [chosen, setChosen] = useState<readonly CropTarget[]>([]);
  const choose = (found: readonly { path: number }[]) => {
    if (targetOf) setChosen(found.map(({ path }) => targetOf(path)));
  };
  const leftOut = (left?.length ?? 0) - rows.length;
  const labels = [x, y].map((id) => `${text(measureTitle(id))}${unitOf(summary, id)}`);
  const { path, search } = usePageLocation();
  const isMany = rows.length > mostDots;
  const isMap = isMany || search.cells === '1';
  const chooseForm = (isWanted: boolean) => {
    const { cells: _cells, ...rest } = search;
    void navigate(path, { search: isWanted ? { ...rest, cells: '1' } : rest, replace: true, keepScroll: true });
  };
  const cursor = useCursorWords(labels[0]!, labels[1]!);
  return (
    <Figure
      title={text('measures.pair')}
      name={`${x}-${y}`}
      tools={
        <>
          <Choice label={text('measures.across')} chosen={x} choose={chooseX} summary={summary} />
          <Choice label={text('measures.up')} chosen={y} choose={chooseY} summary={summary} />
          {isMany ? null : (
            <button type="button" className="btn quiet sm" aria-pressed={isMap} onClick={() => chooseForm(!isMap)}>
              {text('measures.heatMap')}
            </button>
          )}
        </>
      }
      sentence={[
        rows.length === 0
          ? ''
          : text(isMap ? 'measures.pairCells' : 'measures.pairDots', { paths: writtenNumber(rows.length) }),
        leftOut > 0 ? text('measures.pairUndefined', { count: leftOut }) : '',
        rows.length === 0 ? '' : text(film ? 'explore.pathsFilm' : 'explore.pathsSpace'),
      ].join(' ')}
      csv={() =>
        [
          `path,${[x, y].map((id) => `${id} v${versionOf(summary, id)}${unitOf(summary, id)}`).join(',')}`,
          ...rows.map((row) => `${row.path},${row.x},${row.y}`),
        ].join('\n')
      }
      draw={() => {
        const drawn = Plot.plot({
          ...frame,
          color: { scheme: 'viridis' },
          marginLeft: 56,
          x: { label: labels[0]!, ...oneTick(rows.map((row) => row.x)) },
          y: { label: labels[1]!, grid: true, ...oneTick(rows.map((row) => row.y)) },
          marks: isMap
            ? [
                Plot.rect(rows, {
                  ...Plot.bin({ fill: 'count' }, { x: 'x', y: 'y', thresholds: isMany ? 40 : 20 }),
                  tip: true,
                }),
              ]
            : [Plot.dot(rows, { x: 'x', y: 'y', r: 2, fill: 'var(--d1)', fillOpacity: 0.6, tip: true })],
        });
        drawn.style.cursor = 'pointer';
        selectOn(drawn, rows, choose, cursor.words);
        return drawn;
      }}
      nothing={left === undefined || right === undefined || rows.length > 0 ? undefined : text('measures.noValues')}
      keys={[left, right, isMap, targetOf !== undefined, ...labels]}
    >
      {cursor.line}
      {rows.length > 0 ? (
        <RangeChoice
          dots={rows}
          axes={[
            { name: labels[0]!, of: (row) => row.x },
            { name: labels[1]!, of: (row) => row.y },
          ]}
          choose={choose}
        />
      ) : null}
      <ChosenObjects set={set} part={part} film={film} chosen={chosen} all={[]} choose={setChosen} />
    </Figure>
  );
}
