import type { ImagePoint } from './marks.ts';
import type { StageTool } from './view-layout.ts';
import type { ViewState } from './view-state.ts';

/** Screen pixels a pointer moves before a click is a drag. */
const dragStart = 5;

/** What a hand on the stage tells. */
export interface HandEvents {
  /** What the hand does now; `undefined` once the stage is closed. */
  tool(): StageTool | undefined;
  /** The place in the image under a point of the stage. */
  placeOf(at: { x: number; y: number }): ImagePoint;
  /** The hand is over a place. */
  onMove(point: ImagePoint): void;
  /** A line was drawn; `isDone` once the hand lets go. */
  onLine(line: NonNullable<ViewState['line']>, isDone: boolean): void;
  /** A place was clicked; `isLast` with the second click of two. */
  onPoint(point: ImagePoint, isLast: boolean): void;
}

/**
 * Hears what a hand does on the stage. Not by deck.gl's click, which is lost when the thread is busy for longer than a tap lasts:
 * the first one after opening, or on a slow machine.
 */
export function listenForHand(parent: HTMLElement, events: HandEvents): void {
  let down = { x: 0, y: 0 };
  let start: ImagePoint | undefined;
  const place = (event: MouseEvent) => {
    const box = parent.getBoundingClientRect();
    return events.placeOf({ x: event.clientX - box.left, y: event.clientY - box.top });
  };
  const drawLine = (event: PointerEvent, isDone: boolean) => {
    if (!start || Math.hypot(event.clientX - down.x, event.clientY - down.y) < dragStart) return;
    const end = place(event);
    events.onLine({ x1: start.x, y1: start.y, x2: end.x, y2: end.y }, isDone);
  };
  parent.addEventListener('pointerdown', (event) => {
    down = { x: event.clientX, y: event.clientY };
    if (events.tool() !== 'line' || event.button !== 0) return;
    start = place(event);
    // The end of the line may lie outside the stage.
    parent.setPointerCapture(event.pointerId);
  });
  parent.addEventListener('pointermove', (event) => {
    drawLine(event, false);
    events.onMove(place(event));
  });
  parent.addEventListener('pointerup', (event) => {
    drawLine(event, true);
    start = undefined;
  });
  parent.addEventListener('click', (event) => {
    if (events.tool() === undefined || Math.hypot(event.clientX - down.x, event.clientY - down.y) > dragStart) return;
    events.onPoint(place(event), event.detail > 1);
  });
}
