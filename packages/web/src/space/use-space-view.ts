import { firstSpaceState, type SpaceState, spaceStateFromParams, spaceStateToParams } from '@micrarium/viewer';
import { useCallback, useState } from 'react';
import { useAddress } from '../viewer/use-view.ts';

/** A change of the view. */
export type ChangeSpace = (
  wanted: Partial<SpaceState> | ((now: SpaceState) => Partial<SpaceState>),
  /** Names whose values are taken away. */
  without?: readonly (keyof SpaceState)[],
) => void;

/** Parameters that are not of the view, and stay. */
const kept = ['set', 'with'];

/** The view as state, with the address following it; the address it opened with is where it starts. */
export function useSpaceView(frames: readonly [number, number], usual: Partial<SpaceState>): [SpaceState, ChangeSpace] {
  const [view, setView] = useState(() =>
    spaceStateFromParams(new URLSearchParams(location.search), { ...firstSpaceState, t: frames[0], ...usual }, frames),
  );
  const change = useCallback<ChangeSpace>(
    (wanted, without = []) =>
      setView((now) => {
        const next = { ...now, ...(typeof wanted === 'function' ? wanted(now) : wanted) };
        for (const name of without) delete next[name];
        return next;
      }),
    [],
  );
  useAddress(
    useCallback(() => {
      const params = spaceStateToParams(view);
      for (const [key, value] of new URLSearchParams(location.search))
        if (kept.includes(key)) params.append(key, value);
      return params.toString();
    }, [view]),
  );
  return [view, change];
}
