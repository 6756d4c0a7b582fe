import { dotsWithin, type DrawnPlot, type Spot } from './drawn-plot.ts';
import { type CursorWords, selectByKeys } from './select-by-keys.ts';

/** Pixels a pointer moves before it draws a rectangle. */
const leastDrag = 5;

/**
 * Chooses dots of a scatter plot: a click takes the dot under the pointer, a rectangle drawn with the pointer all dots in it, and keys
 * move a cursor that does both.
 * @param drawn the picture, with linear scales `x` and `y`
 */
export function selectOn<Dot extends Spot>(
  drawn: Element,
  dots: readonly Dot[],
  choose: (chosen: readonly Dot[]) => void,
  words: CursorWords,
): void {
  const plot = drawn as DrawnPlot;
  const svg = (drawn.matches('svg') ? drawn : drawn.querySelector('svg:last-of-type')) as SVGSVGElement | null;
  if (!svg) return;
  selectByKeys(plot, svg, dots, choose, words);
  let from: Spot | undefined;
  let frame: SVGRectElement | undefined;
  const place = (event: PointerEvent): Spot => {
    const box = svg.getBoundingClientRect();
    // The picture may be drawn smaller than it was made.
    const scale = svg.viewBox.baseVal.width / box.width || 1;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  };
  // On the way down: where a dot has its note, Plot ends the event on its way up, and a click on a dot would be none.
  svg.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      from = place(event);
    },
    { capture: true },
  );
  svg.addEventListener('pointermove', (event) => {
    if (!from || (event.buttons & 1) === 0) return;
    const to = place(event);
    if (!frame && Math.hypot(to.x - from.x, to.y - from.y) < leastDrag) return;
    if (!frame) {
      frame = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
      frame.setAttribute('fill', 'var(--accent)');
      frame.setAttribute('fill-opacity', '0.12');
      frame.setAttribute('stroke', 'var(--accent)');
      svg.append(frame);
      svg.setPointerCapture(event.pointerId);
    }
    frame.setAttribute('x', String(Math.min(from.x, to.x)));
    frame.setAttribute('y', String(Math.min(from.y, to.y)));
    frame.setAttribute('width', String(Math.abs(to.x - from.x)));
    frame.setAttribute('height', String(Math.abs(to.y - from.y)));
  });
  svg.addEventListener('pointerup', (event) => {
    const [began, to, isFrame] = [from, place(event), frame !== undefined];
    from = undefined;
    frame?.remove();
    frame = undefined;
    if (!began) return;
    if (isFrame) return choose(dotsWithin(dots, plot, began, to));
    // Dots counted in a cell are its value together.
    const dot = plot.value as Dot | readonly Dot[] | null | undefined;
    if (dot) choose(Array.isArray(dot) ? (dot as readonly Dot[]) : [dot as Dot]);
  });
}
