import { type FilmStage, litObjects, type TrackOverlay } from '@micrarium/viewer';
import { useEffect } from 'react';
import { linkPointed } from './pointed-cell.ts';

/** Lights the cell in the film that is pointed at in another window: in its tree, or in space. */
export function useLitFromElsewhere(
  set: string | undefined,
  overlay: TrackOverlay | undefined,
  stage: FilmStage | undefined,
): void {
  useEffect(() => {
    if (set === undefined || !overlay || !stage) return;
    const link = linkPointed(set, (object) =>
      stage.setLit(object === undefined ? undefined : litObjects(overlay.set, object)),
    );
    return () => link.close();
  }, [set, overlay, stage]);
}
