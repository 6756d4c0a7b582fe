import { dotNearest, dotsWithin, type DrawnPlot, type Spot } from './drawn-plot.ts';
import { cursorMove, noCursor, type PlotArea } from './plot-cursor.ts';

/** What the cursor of a plot says, in the words of the page. */
export interface CursorWords {
  /** Which key does what. */
  help: string;
  /** That nothing lies in the rectangle. */
  none: string;
  /** Where the cursor stands in the numbers of the axes, and how many dots a rectangle begun holds. */
  at(x: number, y: number, within: number | undefined): string;
  /** Shows words and speaks them; an empty text takes them away. */
  say(words: string): void;
}

/**
 * A cursor in a scatter plot for keys: arrows move it, Space sets the corners of a rectangle whose dots are chosen, Enter takes the
 * nearest dot. Where it stands is spoken.
 * @param plot the picture, with linear scales `x` and `y`; one without them gets no cursor
 * @param svg the part of it that is drawn
 */
export function selectByKeys<Dot extends Spot>(
  plot: DrawnPlot,
  svg: SVGSVGElement,
  dots: readonly Dot[],
  choose: (chosen: readonly Dot[]) => void,
  words: CursorWords,
): void {
  const area = areaOf(plot);
  if (!area) return;
  let cursor = noCursor;
  const drawn = drawnCursor(svg, area);
  svg.tabIndex = 0;
  // A picture that takes keys: as an `img`, screen readers would keep the arrows for themselves.
  svg.setAttribute('role', 'application');
  svg.addEventListener('focus', () => {
    if (svg.matches(':focus-visible')) words.say(words.help);
  });
  svg.addEventListener('blur', () => {
    cursor = noCursor;
    drawn.show(undefined, undefined);
    words.say('');
  });
  svg.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = cursorMove(cursor, event.key, event.shiftKey, area);
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const { chosen } = move;
    cursor = move.cursor;
    drawn.show(cursor.at, cursor.corner);
    if (chosen) {
      const nearest = 'nearest' in chosen ? dotNearest(dots, plot, chosen.nearest) : undefined;
      const found = 'nearest' in chosen ? (nearest ? [nearest] : []) : dotsWithin(dots, plot, chosen.from, chosen.to);
      // How many were chosen is said where they are shown.
      words.say(found.length === 0 ? words.none : '');
      choose(found);
      return;
    }
    const { at, corner } = cursor;
    const inside = at && corner ? dotsWithin(dots, plot, corner, at).length : undefined;
    const [x, y] = [plot.scale!('x')!.invert!(at?.x ?? 0), plot.scale!('y')!.invert!(at?.y ?? 0)];
    words.say(at ? words.at(x, y, inside) : words.help);
  });
}

/** Where the axes lie; `undefined` where they are not both linear, or nothing was drawn. */
function areaOf(plot: DrawnPlot): PlotArea | undefined {
  const [across, up] = [plot.scale?.('x'), plot.scale?.('y')];
  if (!across?.invert || !up?.invert || !across.range || !up.range) return undefined;
  const area = {
    left: Math.min(...across.range),
    right: Math.max(...across.range),
    top: Math.min(...up.range),
    bottom: Math.max(...up.range),
  };
  return Object.values(area).every(Number.isFinite) ? area : undefined;
}

/** Two lines across the plot, and the rectangle from the corner that was set. */
function drawnCursor(svg: SVGSVGElement, { left, right, top, bottom }: PlotArea) {
  const group = document.createElementNS('http://www.w3.org/2000/svg', 'g');
  group.setAttribute('pointer-events', 'none');
  group.setAttribute('fill', 'none');
  group.setAttribute('stroke', 'var(--accent)');
  const shape = (name: 'path' | 'rect') => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    group.append(made);
    return made;
  };
  const [frame, lines] = [shape('rect'), shape('path')];
  frame.setAttribute('fill', 'var(--accent)');
  frame.setAttribute('fill-opacity', '0.12');
  return {
    show(at: Spot | undefined, corner: Spot | undefined): void {
      if (!at) return group.remove();
      lines.setAttribute('d', `M${left},${at.y}H${right}M${at.x},${top}V${bottom}`);
      frame.setAttribute('visibility', corner ? 'visible' : 'hidden');
      frame.setAttribute('x', String(Math.min(at.x, corner?.x ?? at.x)));
      frame.setAttribute('y', String(Math.min(at.y, corner?.y ?? at.y)));
      frame.setAttribute('width', String(Math.abs(at.x - (corner?.x ?? at.x))));
      frame.setAttribute('height', String(Math.abs(at.y - (corner?.y ?? at.y))));
      svg.append(group);
    },
  };
}
