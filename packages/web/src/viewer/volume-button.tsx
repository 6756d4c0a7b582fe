import { firstVolumeView, type ViewState } from '@micrarium/viewer';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { HeadLabel } from './viewer-head.tsx';

/** The change of a view that shows the slices as a volume, or a plane again. */
export function withVolumeShown(now: ViewState): Partial<ViewState> {
  return { volume: now.volume ? undefined : firstVolumeView() } as Partial<ViewState>;
}

/** Shows the volume or the plane; says why where there is no volume. */
export function VolumeButton({
  isOn,
  slices,
  onToggle,
}: {
  isOn: boolean;
  slices: number;
  onToggle(): void;
}): JSX.Element {
  const text = useText();
  const isPossible = slices > 1;
  return (
    <>
      <button
        type="button"
        className="btn quiet sm"
        aria-pressed={isOn}
        // Not `disabled`: who cannot see the tip hears why.
        aria-disabled={!isPossible}
        aria-describedby={isPossible ? undefined : 'no-volume'}
        title={isPossible ? undefined : text('volume.needsSlices')}
        onClick={() => isPossible && onToggle()}
      >
        <HeadLabel icon="cube" words={text('volume.show')} />
      </button>
      {isPossible ? null : (
        <span id="no-volume" hidden>
          {text('volume.needsSlices')}
        </span>
      )}
    </>
  );
}
