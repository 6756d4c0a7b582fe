import type { ImagePoint } from './marks.ts';
import type { ViewState } from './view-state.ts';

/** What the stage tells its page. */
export interface StageEvents {
  /** The camera moved: image coordinates of the centre, screen pixels per image pixel. */
  onCamera(camera: { x: number; y: number; zoom: number }): void;
  /** The whole image was fitted onto the stage, which has changed its size or was just made: screen pixels per image pixel. */
  onFit?(zoom: number): void;
  /** An object was clicked (its id), or nothing. */
  onSelect(id: number | undefined): void;
  /** A line was drawn with the measuring tool; `isDone` once the hand lets go. */
  onLine?(line: NonNullable<ViewState['line']>, isDone: boolean): void;
  /** A place was clicked with the tool for sections. */
  onPlace?(position: { x: number; y: number }): void;
  /** A point of an angle or area was set; `isLast` where it ends what was begun. */
  onMarkPoint?(point: ImagePoint, isLast: boolean): void;
  /** The pointer moved, in image pixels; `undefined` outside the image. */
  onPointer(position: { x: number; y: number } | undefined): void;
  /** Pixels could not be drawn. */
  onError(error: Error): void;
  /** The first pixels of the image have come, perhaps of a coarse level only. */
  onPicture?(): void;
}
