import type { AngleCounts, Paths } from '@micrarium/model';

const namespace = 'http://www.w3.org/2000/svg';

function element(
  name: string,
  attributes: Record<string, string | number>,
  inside: readonly (Element | string)[] = [],
) {
  const made = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...inside);
  return made;
}

/**
 * A rose: one sector for each bin of headings, its area the count, so that twice as many look twice as much.
 * Angles run as in the picture: y downwards, so 90 degrees point down.
 */
export function rose({ from, to, counts }: AngleCounts, side: number): Element {
  const most = Math.max(1, ...counts);
  const radius = side / 2 - 26;
  const width = (to - from) / counts.length;
  const at = (angle: number, r: number) => `${(r * Math.cos(angle)).toFixed(2)},${(r * Math.sin(angle)).toFixed(2)}`;
  const sectors = counts.map((count, i) => {
    const [a, b, r] = [from + i * width, from + (i + 1) * width, radius * Math.sqrt(count / most)];
    const path = `M0,0L${at(a, r)}A${r.toFixed(2)},${r.toFixed(2)} 0 0 1 ${at(b, r)}Z`;
    const middle = Math.round((((a + b) / 2) * 180) / Math.PI);
    return element('path', { d: path, fill: 'var(--d1)', 'fill-opacity': 0.75, stroke: 'var(--surface)' }, [
      element('title', {}, [`${middle}°: ${count}`]),
    ]);
  });
  const rings = [0.5, 1].map((share) =>
    element('circle', { r: radius * Math.sqrt(share), fill: 'none', stroke: 'var(--axis)', 'stroke-dasharray': '2 3' }),
  );
  const letters = [0, 90, 180, 270].map((degrees) => {
    const angle = (degrees * Math.PI) / 180;
    return element(
      'text',
      {
        x: (radius + 14) * Math.cos(angle),
        y: (radius + 14) * Math.sin(angle) + 4,
        'text-anchor': 'middle',
        fill: 'var(--ink-2)',
        'font-size': 11,
      },
      [`${degrees}°`],
    );
  });
  const box = `${-side / 2} ${-side / 2} ${side} ${side}`;
  return element('svg', { viewBox: box, width: side, height: side }, [...rings, ...sectors, ...letters]);
}

/** Colours of paths, drawn in turn: each a single element, so that ten thousand paths are eight shapes. */
const pathColours = 8;

/** All paths moved to a common origin, in equal scale along both axes; a cross at the origin, a bar of round length. */
export function originPlot(paths: Paths, side: number, unit: string): Element {
  const reach = reachOf(paths) || 1;
  const half = side / 2;
  const scale = (half - 14) / reach;
  const lines = Array.from({ length: pathColours }, () => [] as string[]);
  for (let path = 0; path < paths.count; path++) lines[path % pathColours]!.push(lineOf(paths, path, scale));
  const shapes = lines.map((of, i) =>
    element('path', {
      d: of.join(''),
      fill: 'none',
      stroke: `var(--d${i + 1})`,
      'stroke-width': paths.count > 500 ? 0.4 : 0.9,
      'stroke-opacity': paths.count > 500 ? 0.5 : 0.85,
    }),
  );
  const bar = roundLength(reach / 2);
  const axis = { stroke: 'var(--axis)', 'stroke-width': 1 };
  return element('svg', { viewBox: `${-half} ${-half} ${side} ${side}`, width: side, height: side }, [
    element('line', { x1: -half, x2: half, y1: 0, y2: 0, ...axis }),
    element('line', { x1: 0, x2: 0, y1: -half, y2: half, ...axis }),
    ...shapes,
    element('line', {
      x1: half - 8 - bar * scale,
      x2: half - 8,
      y1: half - 6,
      y2: half - 6,
      stroke: 'var(--ink)',
      'stroke-width': 2,
    }),
    element('text', { x: half - 8, y: half - 11, 'text-anchor': 'end', fill: 'var(--ink)', 'font-size': 11 }, [
      `${bar} ${unit}`,
    ]),
  ]);
}

function lineOf({ offsets, rows, x, y }: Paths, path: number, scale: number): string {
  const first = rows[offsets[path]!]!;
  let line = 'M0,0';
  for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
    const row = rows[i]!;
    line += `L${((x[row]! - x[first]!) * scale).toFixed(1)},${((y[row]! - y[first]!) * scale).toFixed(1)}`;
  }
  return line;
}

function reachOf({ count, offsets, rows, x, y }: Paths): number {
  let reach = 0;
  for (let path = 0; path < count; path++) {
    const first = rows[offsets[path]!]!;
    for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
      const row = rows[i]!;
      reach = Math.max(reach, Math.abs(x[row]! - x[first]!), Math.abs(y[row]! - y[first]!));
    }
  }
  return reach;
}

/** The largest of 1, 2, 5 times a power of ten that is not longer. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const share = most / power;
  return Number(((share >= 5 ? 5 : share >= 2 ? 2 : 1) * power).toPrecision(1));
}
