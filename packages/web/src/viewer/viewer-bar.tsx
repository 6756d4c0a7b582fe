import type { ImageDescription } from '@micrarium/model';
import type { ViewLayout, ViewState } from '@micrarium/viewer';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { filmAxes } from './film-saver.tsx';
import { CopyLink, HeadLabel } from './viewer-head.tsx';
import { VolumeButton, withVolumeShown } from './volume-button.tsx';

interface ViewerBarProps {
  image: ImageDescription;
  view: ViewState;
  change(wanted: (now: ViewState) => Partial<ViewState>): void;
  hasFilm: boolean;
  /** Are there objects, for plots and tables to be of? */
  hasObjects: boolean;
  layout: ViewLayout;
  lay(part: Partial<ViewLayout>): void;
  onPicture(): void;
  isSavingFilm: boolean;
  onFilm(): void;
}

/** Buttons in the head of the viewer: 3D, link, picture, film, and what is open around the stage. */
export function ViewerBar({
  image,
  view,
  change,
  hasFilm,
  hasObjects,
  layout,
  lay,
  onPicture,
  isSavingFilm,
  onFilm,
}: ViewerBarProps): JSX.Element {
  const text = useText();
  const { hasPanel, hasDrawer } = layout;
  return (
    <>
      {hasFilm ? (
        <VolumeButton
          isOn={view.volume !== undefined}
          slices={image.sizes.z}
          onToggle={() => change(withVolumeShown)}
        />
      ) : null}
      <CopyLink />
      <button type="button" className="btn quiet sm" onClick={onPicture}>
        <HeadLabel icon="down" words={text('viewer.picture')} />
      </button>
      {filmAxes(image, view).length > 0 ? (
        <button type="button" className="btn quiet sm later" aria-expanded={isSavingFilm} onClick={onFilm}>
          <HeadLabel icon="film" words={text('viewer.saveFilm')} />
        </button>
      ) : null}
      {hasObjects ? (
        <button
          type="button"
          className="btn quiet sm"
          aria-pressed={hasDrawer}
          onClick={() => lay({ hasDrawer: !hasDrawer })}
        >
          <HeadLabel icon="table" words={text('viewer.drawer')} />
        </button>
      ) : null}
      <button
        type="button"
        className="btn quiet sm"
        aria-pressed={hasPanel}
        onClick={() => lay({ hasPanel: !hasPanel })}
      >
        <HeadLabel icon="list" words={text('viewer.panel')} />
      </button>
    </>
  );
}
