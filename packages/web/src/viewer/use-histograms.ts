import { type FilmStage, type Histogram, histogramOf, type ViewState } from '@micrarium/viewer';
import { useEffect, useRef, useState } from 'react';

/** Milliseconds a slider rests before brightnesses are counted. */
const restTime = 150;

/** Where planes of a view come from: the stage of a film or of a volume. */
type Planes = Pick<FilmStage, 'planesOf'>;

/**
 * Histograms of the shown planes (of the projection where one is shown), made a moment after the sliders rest. While an axis
 * is played those of the first plane stay: the next ones wait for the planes they would hold up.
 */
export function useHistograms(stage: Planes | undefined, view: ViewState): (Histogram | undefined)[] {
  const [histograms, setHistograms] = useState<(Histogram | undefined)[]>([]);
  const { t, z, projection, other, channels } = view;
  // A volume has the shown channels only, and all slices.
  const shown = view.volume ? [view.volume.megabytes, ...channels.map((one) => one.isVisible)] : (projection ?? z);
  const key = JSON.stringify([t, shown, other, channels.length]);
  const isPlaying = (view.playing?.length ?? 0) > 0;
  const madeOf = useRef<Planes>(undefined);
  const viewNow = useRef(view);
  useEffect(() => {
    viewNow.current = view;
  }, [view]);
  useEffect(() => {
    if (!stage || (isPlaying && madeOf.current === stage)) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      void stage.planesOf(viewNow.current, stop.signal).then((planes) => {
        if (stop.signal.aborted) return;
        madeOf.current = stage;
        setHistograms(planes.map((plane) => plane && histogramOf(plane.data)));
      });
    }, restTime);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [stage, key, isPlaying]);
  return histograms;
}
