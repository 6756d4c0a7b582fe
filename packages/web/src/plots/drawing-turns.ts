import { createContext } from 'react';

/*
 * Plots of a page that has many are drawn one after the other, each in a task of its own: first those in sight, then the rest
 * while nothing else is to do. So the page answers meanwhile, and what is at the top stands before what is far below.
 */

/** Do the plots below wait for their turn? Without it each is drawn with the page. */
export const PlotsInTurn = createContext(false);

/** One plot that waits. */
interface Waiting {
  draw(): void;
  isInSight: boolean;
}

const waiting = new Map<Element, Waiting>();
let isPlanned = false;

/** How far below the window a plot counts as in sight: about what a turn of the wheel brings. */
const margin = '300px';

const watcher =
  typeof IntersectionObserver === 'undefined'
    ? undefined
    : new IntersectionObserver(
        (seen) => {
          for (const { target, isIntersecting } of seen) {
            const one = waiting.get(target);
            if (one) one.isInSight = isIntersecting;
          }
          plan();
        },
        { rootMargin: margin },
      );

/** Draws a plot when it is its turn. @returns takes it out of the row again */
export function drawInTurn(place: Element, draw: () => void): () => void {
  waiting.set(place, { draw, isInSight: watcher === undefined });
  // It answers where the plot is as soon as the page stands.
  watcher?.observe(place);
  if (!watcher) plan();
  return () => leave(place);
}

/** Draws a plot now if it still waits: somebody wants to take it away. */
export function drawNow(place: Element | null): void {
  const one = place && waiting.get(place);
  if (!one) return;
  leave(place);
  one.draw();
}

function leave(place: Element): void {
  waiting.delete(place);
  watcher?.unobserve(place);
}

function plan(): void {
  if (isPlanned || waiting.size === 0) return;
  isPlanned = true;
  const hasSight = [...waiting.values()].some(({ isInSight }) => isInSight);
  // After a painted frame, so that what stands is seen before the next is drawn.
  if (hasSight) requestAnimationFrame(() => setTimeout(next));
  else if (typeof requestIdleCallback === 'undefined') setTimeout(next, 50);
  else requestIdleCallback(next, { timeout: 1000 });
}

function next(): void {
  isPlanned = false;
  const row = [...waiting];
  const [place] = row.find(([, { isInSight }]) => isInSight) ?? row[0] ?? [];
  // One that fails is its own misfortune: the others get their turn.
  try {
    if (place) drawNow(place);
  } finally {
    plan();
  }
}
