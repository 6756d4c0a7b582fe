import type { ImageDescription } from '@micrarium/model';
import type { SpaceStage, SpaceState, ViewState } from '@micrarium/viewer';
import type { RefObject } from 'react';
import { saveUrl } from '../viewer/save.ts';
import { paintPicture, type PictureLegend, pngOf } from '../viewer/snapshot.ts';
import type { DrawnStage } from '../viewer/record-film.ts';
import type { SpaceSet } from './open-set.ts';
import { timeText } from './space-pane.tsx';
import type { Pane } from './use-pane.ts';
import type { ChangeSpace } from './use-space-view.ts';

/** What is shown now, for those who wait until it is. */
export interface ShownSpace {
  pane: Pane;
  view: SpaceState;
  stage: SpaceStage | undefined;
}

/** What stands in a saved picture: time, and a scale bar where one length holds everywhere. */
export function legendOfSpace({ pane, view, stage }: ShownSpace): PictureLegend {
  const { summary } = pane.set;
  return {
    source: { description: { voxelSize: { x: { value: 1, unit: summary.spaceUnit ?? 'pixel' } } } },
    zoom: view.isPerspective ? undefined : stage?.cameraNow.zoom,
    stamp: timeText(pane),
  };
}

/** Saves what the stage shows as a PNG. */
export async function saveSpacePicture(shown: ShownSpace): Promise<void> {
  if (!shown.stage) return;
  const png = await pngOf(paintPicture(shown.stage, legendOfSpace(shown)));
  saveUrl(`${shown.pane.set.name || 'objects'}.png`, URL.createObjectURL(png));
}

/** A set as the film saver sees it: a film with one slice. */
export function filmOfSet(set: SpaceSet): ImageDescription {
  return {
    name: set.name || 'objects',
    sizes: { t: set.frames[1] - set.frames[0] + 1, c: 1, z: 1, y: 1, x: 1 },
    type: 'uint8',
    channels: [],
  };
}

/** The state the film saver counts frames with. */
export function filmView({ t, play }: SpaceState, set: SpaceSet): ViewState {
  return {
    t: t - set.frames[0],
    z: 0,
    channels: [],
    overlay: { isVisible: false, tailFrames: 0, colourBy: 'track', onlyNearSlice: false },
    ...(play ? { play } : {}),
  };
}

/** The stage of a space as the film saver drives it: it goes to a frame, and waits until all of that is read and drawn. */
export function filmedSpace(shown: RefObject<ShownSpace>, change: ChangeSpace): DrawnStage {
  let wanted: number | undefined;
  return {
    show({ t }) {
      wanted = t + shown.current.pane.set.frames[0];
      change({ t: wanted });
    },
    async whenDrawn(signal) {
      for (;;) {
        signal?.throwIfAborted();
        const { pane, view } = shown.current;
        if (pane.error) throw pane.error;
        if (pane.isReady && view.t === wanted && pane.frame?.frame === wanted) break;
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      await shown.current.stage?.whenDrawn(signal);
    },
    drawnCanvas: () => shown.current.stage!.drawnCanvas(),
  };
}
