import { type FilmStage, type Histogram, histogramOf, type ViewState } from '@micrarium/viewer';
import { useEffect, useRef, useState } from 'react';

/** Milliseconds a slider rests before brightnesses are counted. */
const restTime = 150;

/** Histograms of the shown planes (of the projection where one is shown), made a moment after the sliders rest. */
export function useHistograms(stage: FilmStage | undefined, view: ViewState): (Histogram | undefined)[] {
  const [histograms, setHistograms] = useState<(Histogram | undefined)[]>([]);
  const { t, z, projection, other, channels } = view;
  const key = JSON.stringify([t, projection ?? z, other, channels.length]);
  const viewNow = useRef(view);
  useEffect(() => {
    viewNow.current = view;
  }, [view]);
  useEffect(() => {
    if (!stage) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      void stage.planesOf(viewNow.current, stop.signal).then((planes) => {
        if (!stop.signal.aborted) setHistograms(planes.map((plane) => plane && histogramOf(plane.data)));
      });
    }, restTime);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [stage, key]);
  return histograms;
}
