import type { AngleCounts, Paths, VelocityField } from '@micrarium/model';

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
  const scale = scaleOf(reach, side);
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

/** Units of the drawing for one of length. */
const scaleOf = (reach: number, side: number) => (side / 2 - 14) / reach;

/** How far from a path the pointer still means it, in units of the drawing. */
const reachOfPointer = 12;

/** The path of an origin plot that passes nearest to a place of the drawing; `undefined` where none is near. */
export function nearestPath(paths: Paths, side: number, px: number, py: number): number | undefined {
  const scale = scaleOf(reachOf(paths) || 1, side);
  const [wantedX, wantedY] = [px / scale, py / scale];
  let [best, least] = [-1, (reachOfPointer / scale) ** 2];
  for (let path = 0; path < paths.count; path++) {
    const first = paths.rows[paths.offsets[path]!]!;
    // All paths pass the origin: it tells none from another.
    for (let i = paths.offsets[path]! + 1; i < paths.offsets[path + 1]!; i++) {
      const row = paths.rows[i]!;
      const dx = paths.x[row]! - paths.x[first]! - wantedX;
      const dy = paths.y[row]! - paths.y[first]! - wantedY;
      const square = dx * dx + dy * dy;
      if (square < least) [best, least] = [path, square];
    }
  }
  return best < 0 ? undefined : best;
}

/** A shape that shows one path of an origin plot on top of the others. */
export function pathShape(): { shape: Element; show(paths: Paths, path: number | undefined, side: number): void } {
  const shape = element('path', { d: '', fill: 'none', stroke: 'var(--accent)', 'stroke-width': 2.5 });
  return {
    shape,
    show(paths, path, side) {
      const line = path === undefined ? '' : lineOf(paths, path, scaleOf(reachOf(paths) || 1, side));
      shape.setAttribute('d', line);
    },
  };
}

function lineOf({ offsets, rows, x, y }: Paths, path: number, scale: number): string {
  const first = rows[offsets[path]!]!;
  let line = 'M0,0';
  let [lastX, lastY] = [0, 0];
  for (let i = offsets[path]! + 1; i < offsets[path + 1]!; i++) {
    const row = rows[i]!;
    // Tenths of a pixel: a step that stays within one draws nothing.
    const tenthX = Math.round((x[row]! - x[first]!) * scale * 10);
    const tenthY = Math.round((y[row]! - y[first]!) * scale * 10);
    if (tenthX === lastX && tenthY === lastY) continue;
    [lastX, lastY] = [tenthX, tenthY];
    line += `L${tenthX / 10},${tenthY / 10}`;
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

/** Mean velocities as arrows from the middle of each cell, the longest as long as two cells; y downwards, a bar of round length. */
export function velocityArrows({ cell, cells }: VelocityField, side: number, unit: string, speedUnit: string): Element {
  const [left, right] = [Math.min(...cells.map(({ x }) => x)), Math.max(...cells.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...cells.map(({ y }) => y)), Math.max(...cells.map(({ y }) => y))];
  const scale = (side - 40) / Math.max(right - left, bottom - top, cell);
  const fastest = cells.reduce((most, { vx, vy }) => Math.max(most, Math.hypot(vx, vy)), 0) || 1;
  const most = cells.reduce((best, { n }) => Math.max(best, n), 1);
  const arrows = cells.map(({ x, y, vx, vy, n }) => {
    const [px, py] = [(x - left) * scale + 20, (y - top) * scale + 20];
    const [dx, dy] = [(vx / fastest) * 2 * cell * scale, (vy / fastest) * 2 * cell * scale];
    const [hx, hy] = [dx * 0.3, dy * 0.3];
    const at = (ax: number, ay: number) => `${ax.toFixed(1)},${ay.toFixed(1)}`;
    const head = `M${at(px + dx - hx - hy * 0.7, py + dy - hy + hx * 0.7)}L${at(px + dx, py + dy)}L${at(px + dx - hx + hy * 0.7, py + dy - hy - hx * 0.7)}`;
    const words = `${Number(Math.hypot(vx, vy).toPrecision(3))} ${speedUnit}, n ${n}`;
    return element(
      'path',
      {
        d: `M${at(px, py)}L${at(px + dx, py + dy)}${head}`,
        fill: 'none',
        stroke: 'var(--d1)',
        'stroke-width': 1.2,
        'stroke-opacity': (0.25 + 0.75 * Math.sqrt(n / most)).toFixed(2),
      },
      [element('title', {}, [words])],
    );
  });
  const bar = roundLength((side - 40) / scale / 2);
  const height = (bottom - top) * scale + 62;
  return element('svg', { viewBox: `0 0 ${side} ${height.toFixed(0)}`, width: side, height: height.toFixed(0) }, [
    ...arrows,
    element('line', {
      x1: side - 8 - bar * scale,
      x2: side - 8,
      y1: height - 6,
      y2: height - 6,
      stroke: 'var(--ink)',
      'stroke-width': 2,
    }),
    element('text', { x: side - 8, y: height - 11, 'text-anchor': 'end', fill: 'var(--ink)', 'font-size': 11 }, [
      `${bar} ${unit}`,
    ]),
  ]);
}

/** The largest of 1, 2, 5 times a power of ten that is not longer. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  const share = most / power;
  return Number(((share >= 5 ? 5 : share >= 2 ? 2 : 1) * power).toPrecision(1));
}
