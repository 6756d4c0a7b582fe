import * as Plot from '@observablehq/plot';
import { type Lineages, lineagesOf, type Paths, placesOf, type TrackSet } from '@micrarium/model';
import { descendants, type LineageLayout, layoutLineage } from '@micrarium/viewer';
import { type JSX, useMemo, useState } from 'react';
import { ChosenObjects } from '../explore/chosen-objects.tsx';
import type { CropFilm, CropTarget } from '../explore/object-crops.ts';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';
import { Figure, plotSize, plotStyle } from '../plots/figure.tsx';
import type { FilmPlace } from '../viewer/open-film.ts';

interface LineageProps {
  tracks: TrackSet;
  paths: Paths;
  set: FilmPlace;
  part: number;
  film: CropFilm | undefined;
}

/** Cells of one picture: more lines than these are no longer told apart, and the space view draws them all. */
const mostCells = 4000;

/** Trees offered in the list. */
const mostTrees = 200;

/** One cell of the drawn tree. */
interface Cell extends CropTarget {
  life: number;
  x: number;
  from: number;
  to: number;
  generation: number | null;
  mother: number | null;
  firstFrame: number;
  lastFrame: number;
  begins: string;
  ends: string;
  cycleLength: number | null;
}

/** The tree of a lineage: one line a cell, time runs down, a click on a cell opens it in its film. Nothing where no cell has daughters. */
export function LineageFigure({ tracks, paths, set, part, film }: LineageProps): JSX.Element | null {
  const text = useText();
  const lineages = useMemo(() => livesOf(tracks, paths), [tracks, paths]);
  const trees = useMemo(() => treesOf(lineages), [lineages]);
  const [picked, setPicked] = useState<number>();
  const [chosen, setChosen] = useState<readonly CropTarget[]>([]);
  const root = picked ?? trees[0]?.root;
  const layout = useMemo(
    () => (root === undefined ? undefined : layoutLineage(lineages.lives, root)),
    [lineages, root],
  );
  const cells = useMemo(
    () => (layout ? cellsOf(tracks, paths, lineages, layout) : []),
    [tracks, paths, lineages, layout],
  );
  if (!layout || root === undefined) return null;
  const unit = paths.timeUnit;
  const isTimed = unit !== 'frame';
  const at = (frame: number) => frame * (isTimed ? paths.frameInterval : 1);
  const label = isTimed ? `${text('viewer.timeAxis')} (${shortUnit(unit)})` : text('viewer.frameAxis');
  const divisions = layout.branches.filter(({ life }) => lineages.lives[life]!.ends === 'division').length;
  const nameOf = (life: number) => String(tracks.objects.id[lineages.lives[life]!.firstObject]!);
  return (
    <div className="lineage-figure">
      <Figure
        title={text('measures.lineage')}
        name={`lineage-${nameOf(root)}`}
        tools={
          trees.length < 2 ? undefined : (
            <select
              className="sel sm"
              aria-label={text('measures.lineageTree')}
              value={root}
              onChange={(event) => setPicked(Number(event.target.value))}
            >
              {trees.slice(0, mostTrees).map(({ root: life, cells: size }) => (
                <option key={life} value={life}>
                  {text('measures.lineageOf', { object: nameOf(life), count: size })}
                </option>
              ))}
            </select>
          )
        }
        sentence={[
          text('measures.lineageHow', {
            cells: writtenCount(layout.branches.length),
            divisions: writtenCount(divisions),
            trees: writtenCount(trees.length),
          }),
          layout.branches.length > mostCells ? text('measures.lineageCut', { cells: writtenCount(mostCells) }) : '',
          lineages.merges > 0 ? text('measures.lineageMerges', { count: lineages.merges }) : '',
        ].join(' ')}
        csv={() => csvOf(cells, unit, at)}
        draw={() => {
          const drawn = drawTree(cells.slice(0, mostCells), layout, {
            at,
            label,
            words: {
              cell: text('measures.cell'),
              generation: text('measures.generation'),
              cycle: text('measures.cycle'),
            },
            unit: shortUnit(unit),
          });
          drawn.addEventListener('click', () => {
            const cell = (drawn as { value?: Cell | null }).value;
            if (cell) setChosen([{ track: cell.track, object: cell.object, frame: cell.frame }]);
          });
          return drawn;
        }}
        keys={[layout, cells, label]}
      />
      <ChosenObjects set={set} part={part} film={film} chosen={chosen} all={[]} choose={setChosen} />
    </div>
  );
}

function livesOf({ objects, edges }: TrackSet, { frame, time, frameInterval }: Paths): Lineages {
  return lineagesOf({ count: objects.count, frame, edges, time, frameInterval });
}

/** First cells of all trees that divide, those with most cells first. What cells merged into stands in their trees. */
function treesOf({ lives }: Lineages): { root: number; cells: number }[] {
  return lives
    .flatMap(({ mother, begins, daughters }, root) =>
      mother < 0 && begins !== 'merge' && daughters.length > 0 ? [root] : [],
    )
    .map((root) => ({ root, cells: descendants(lives, root).length }))
    .sort((a, b) => b.cells - a.cells || a.root - b.root);
}

function cellsOf(tracks: TrackSet, paths: Paths, { lives }: Lineages, layout: LineageLayout): Cell[] {
  const placeOf = placesOf(tracks, paths);
  return layout.branches.map(({ life, x, from, to }) => {
    const { firstObject, firstFrame, lastFrame, generation, mother, begins, ends, cycleLength } = lives[life]!;
    const motherId = mother < 0 ? null : tracks.objects.id[lives[mother]!.firstObject]!;
    const rest = { firstFrame, lastFrame, generation, begins, ends, cycleLength, mother: motherId };
    return { ...placeOf(firstObject), life, x, from, to, ...rest };
  });
}

function csvOf(cells: readonly Cell[], unit: string, at: (frame: number) => number): string {
  const head = [
    'first_object',
    'mother_first_object',
    'generation',
    'first_frame',
    'last_frame',
    `begins (${unit})`,
    `ends (${unit})`,
    'begins_with',
    'ends_with',
    `cell_cycle_length v1 (${unit})`,
  ];
  const rows = cells.map((cell) =>
    [
      cell.object,
      cell.mother ?? '',
      cell.generation ?? '',
      cell.firstFrame,
      cell.lastFrame,
      at(cell.firstFrame),
      at(cell.lastFrame),
      cell.begins,
      cell.ends,
      cell.cycleLength ?? '',
    ].join(','),
  );
  return [head.join(','), ...rows].join('\n');
}

interface TreeWords {
  at(frame: number): number;
  label: string;
  words: { cell: string; generation: string; cycle: string };
  unit: string;
}

function drawTree(cells: readonly Cell[], layout: LineageLayout, { at, label, words, unit }: TreeWords) {
  const shown = new Set(cells.map(({ life }) => life));
  const forks = layout.branches.filter(({ life, fork }) => fork && shown.has(life));
  const written = (cell: Cell) =>
    [
      `${words.cell} ${cell.object}`,
      `${words.generation} ${cell.generation ?? '–'}`,
      ...(cell.cycleLength === null ? [] : [`${words.cycle} ${writtenNumber(cell.cycleLength, 4)} ${unit}`]),
    ].join('\n');
  const middle = (cell: Cell) => at((cell.from + cell.to) / 2);
  const drawn = Plot.plot({
    ...plotSize,
    width: Math.min(720, document.documentElement.clientWidth - 40),
    height: Math.min(460, 220 + layout.leaves * 2),
    marginLeft: 56,
    marginBottom: 12,
    style: plotStyle,
    x: { axis: null, domain: [-0.5, Math.max(0.5, layout.leaves - 0.5)] },
    y: { label, reverse: true, grid: true, ticks: 6, zero: false },
    marks: [
      Plot.ruleX(cells, {
        x: 'x',
        y1: (cell: Cell) => at(cell.from),
        y2: (cell: Cell) => at(cell.to),
        stroke: 'var(--d1)',
        strokeWidth: cells.length > 300 ? 0.7 : 1.4,
      }),
      Plot.ruleY(forks, {
        y: ({ to }: (typeof forks)[number]) => at(to),
        x1: ({ fork }: (typeof forks)[number]) => fork![0],
        x2: ({ fork }: (typeof forks)[number]) => fork![1],
        stroke: 'var(--d1)',
        strokeWidth: cells.length > 300 ? 0.7 : 1.4,
      }),
      Plot.ruleX(
        cells,
        Plot.pointer({
          px: 'x',
          py: middle,
          x: 'x',
          y1: (cell: Cell) => at(cell.from),
          y2: (cell: Cell) => at(cell.to),
          stroke: 'var(--accent)',
          strokeWidth: 3,
          maxRadius: 60,
        }),
      ),
      Plot.tip(cells, Plot.pointer({ x: 'x', y: middle, title: written, maxRadius: 60 })),
    ],
  });
  drawn.style.cursor = 'pointer';
  return drawn;
}
