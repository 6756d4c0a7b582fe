import type { ImageDescription } from '@micrarium/model';
import type { FilmStage, TrackOverlay, ViewState } from '@micrarium/viewer';
import { useCallback } from 'react';

/** What of a view changes to bring an object into sight: the frame, the slice, and the place where it is not on the stage. */
function placeOfObject(
  overlay: TrackOverlay | undefined,
  id: number | undefined,
  now: ViewState,
  { sizes }: Pick<ImageDescription, 'sizes'>,
  stage: Pick<FilmStage, 'isInView' | 'cameraNow'> | undefined,
): Partial<ViewState> {
  const row = id === undefined || !overlay ? -1 : overlay.set.objects.id.indexOf(id);
  if (!overlay || row < 0) return {};
  const within = (index: number, count: number) => Math.min(count - 1, Math.max(0, Math.round(index)));
  const at = { x: overlay.positions[row * 2]!, y: overlay.positions[row * 2 + 1]! };
  return {
    t: within(overlay.frame[row]!, sizes.t),
    ...(overlay.isPlanar || now.projection ? {} : { z: within(overlay.slice[row]!, sizes.z) }),
    ...(stage && !stage.isInView(at) ? { camera: { ...at, zoom: stage.cameraNow.zoom } } : {}),
  };
}

interface Selecting {
  overlay: TrackOverlay | undefined;
  image: Pick<ImageDescription, 'sizes'>;
  stage: FilmStage | undefined;
  change(wanted: (now: ViewState) => Partial<ViewState>): void;
}

type Select = (id: number | undefined) => void;

/**
 * How objects are selected.
 * @returns first what a click in the film does, which moves nothing; then what a choice in a table or plot does, which goes there
 */
export function useSelecting({ overlay, image, stage, change }: Selecting): [Select, Select] {
  const select = useCallback<Select>((id) => change(() => ({ selected: id }) as Partial<ViewState>), [change]);
  const reveal = useCallback<Select>(
    (id) => change((now) => ({ selected: id, ...placeOfObject(overlay, id, now, image, stage) }) as Partial<ViewState>),
    [change, overlay, image, stage],
  );
  return [select, reveal];
}
