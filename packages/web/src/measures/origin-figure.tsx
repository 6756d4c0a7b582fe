import type { Paths, TrackSet } from '@micrarium/model';
import { type JSX, useState } from 'react';
import { ChosenObjects } from '../explore/chosen-objects.tsx';
import type { CropFilm, CropTarget } from '../explore/object-crops.ts';
import { useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';
import { Figure } from '../plots/figure.tsx';
import type { FilmPlace } from '../viewer/open-film.ts';
import { nearestPath, originPlot, pathShape } from './drawings.ts';

interface OriginProps {
  paths: Paths;
  tracks: TrackSet;
  unit: string;
  set: FilmPlace;
  part: number;
  film: CropFilm | undefined;
}

/** Side of the drawing, in its own units. */
const side = 300;

/** Paths moved to a common origin: the one nearest to the pointer is lit and named, a click opens its first object. */
export function Origin({ paths, tracks, unit, set, part, film }: OriginProps): JSX.Element {
  const text = useText();
  const [chosen, setChosen] = useState<readonly CropTarget[]>([]);
  const targetOf = (path: number): CropTarget => {
    const row = paths.rows[paths.offsets[path]!]!;
    return { track: paths.track[path]!, object: tracks.objects.id[row]!, frame: paths.frame[row]! };
  };
  return (
    <Figure
      title={text('measures.origin')}
      name="paths-from-origin"
      sentence={text('measures.originHow', { paths: writtenNumber(paths.count) })}
      csv={() => csvOf(paths, unit)}
      draw={() => {
        const drawn = originPlot(paths, side, unit);
        lightNearest(drawn, paths, {
          words: (path) => `${text('explore.track')} ${paths.track[path]!}`,
          choose: (path) => setChosen([targetOf(path)]),
        });
        return drawn;
      }}
      keys={[paths]}
    >
      <ChosenObjects set={set} part={part} film={film} chosen={chosen} all={[]} choose={setChosen} />
    </Figure>
  );
}

function csvOf(paths: Paths, unit: string): string {
  const rows = [`path,track,frame,displacement_x v1 (${unit}),displacement_y v1 (${unit})`];
  for (let path = 0; path < paths.count; path++)
    for (let i = paths.offsets[path]!; i < paths.offsets[path + 1]!; i++) {
      const [row, first] = [paths.rows[i]!, paths.rows[paths.offsets[path]!]!];
      const [dx, dy] = [paths.x[row]! - paths.x[first]!, paths.y[row]! - paths.y[first]!];
      rows.push([path, paths.track[path]!, paths.frame[row]!, dx, dy].join(','));
    }
  return rows.join('\n');
}

interface Lit {
  words(path: number): string;
  choose(path: number): void;
}

/** Lights the path nearest to the pointer, with its name. */
function lightNearest(drawn: Element, paths: Paths, { words, choose }: Lit): void {
  const svg = drawn as SVGSVGElement;
  svg.style.cursor = 'pointer';
  const lit = pathShape();
  const name = document.createElementNS('http://www.w3.org/2000/svg', 'text');
  for (const [key, value] of [
    ['fill', 'var(--ink)'],
    ['font-size', '11'],
    ['x', String(-side / 2 + 6)],
    ['y', String(-side / 2 + 14)],
  ] as const)
    name.setAttribute(key, value);
  svg.append(lit.shape, name);
  const at = (event: PointerEvent | MouseEvent) => {
    const box = svg.getBoundingClientRect();
    const scale = side / (box.width || side);
    return nearestPath(
      paths,
      side,
      (event.clientX - box.left) * scale - side / 2,
      (event.clientY - box.top) * scale - side / 2,
    );
  };
  svg.addEventListener('pointermove', (event) => {
    const path = at(event);
    lit.show(paths, path, side);
    name.textContent = path === undefined ? '' : words(path);
  });
  svg.addEventListener('pointerleave', () => {
    lit.show(paths, undefined, side);
    name.textContent = '';
  });
  svg.addEventListener('click', (event) => {
    const path = at(event);
    if (path !== undefined) choose(path);
  });
}
