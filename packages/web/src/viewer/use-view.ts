import type { ImageDescription } from '@micrarium/model';
import {
  defaultChannelColours,
  type ViewLayout,
  type ViewState,
  viewStateFromParams,
  viewStateToParams,
} from '@micrarium/viewer';
import { useCallback, useEffect, useRef, useState } from 'react';

/** Channels a film opens with: more colours than that are hard to tell apart, and cost their pixels. */
const firstChannels = 6;

/** The view a film opens with: first frame, middle slice, the windows the file proposes. */
export function firstView(image: ImageDescription, windows: readonly (readonly [number, number])[]): ViewState {
  const colours = defaultChannelColours(image.channels.length > 0 ? image.channels : [{}]);
  const count = Math.max(1, image.sizes.c);
  return {
    t: 0,
    z: Math.floor(image.sizes.z / 2),
    channels: Array.from({ length: count }, (_, index) => ({
      isVisible: index < firstChannels,
      colour: colours[index] ?? ([255, 255, 255] as const),
      window: windows[index] ?? ([0, 255] as const),
    })),
    overlay: { isVisible: true, tailFrames: 12, colourBy: 'track', onlyNearSlice: false },
  };
}

/** What is open around the film where the address does not say: all of it where there is room. */
export function firstLayout(): ViewLayout {
  const hasRoom = innerWidth > 800;
  return { hasPanel: hasRoom, hasDrawer: hasRoom, tab: 'plots' };
}

/** Milliseconds between two addresses: browsers take a hundred in half a minute, and a film that plays has more frames. */
const addressDelay = 350;

/** Writes the address after a change: soon, and while changes go on not more often than browsers take. */
export function useAddress(of: () => string): void {
  const now = useRef(of);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    now.current = of;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      history.replaceState(history.state, '', `${location.pathname}?${now.current()}`);
    }, addressDelay);
  }, [of]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
}

/** The view as state, with the address following it; the address it opened with is where it starts. */
export function useView(
  image: ImageDescription,
  initial: ViewState,
): [ViewState, (change: Partial<ViewState> | ((now: ViewState) => Partial<ViewState>)) => void] {
  const [view, setView] = useState(() =>
    viewStateFromParams(new URLSearchParams(location.search), initial, image.sizes),
  );
  const change = useCallback(
    (wanted: Partial<ViewState> | ((now: ViewState) => Partial<ViewState>)) =>
      setView((now) => ({ ...now, ...(typeof wanted === 'function' ? wanted(now) : wanted) })),
    [],
  );
  useAddress(
    useCallback(() => {
      const params = viewStateToParams(view);
      for (const [key, value] of new URLSearchParams(location.search))
        if (['image', 'field', 'set', 'url'].includes(key)) params.set(key, value);
      return params.toString();
    }, [view]),
  );
  return [view, change];
}
