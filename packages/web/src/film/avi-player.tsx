import type { AviFilm, ByteSource } from '@micrarium/formats';
import type { PlaySettings, ShownFilm } from '@micrarium/viewer';
import { type JSX, useEffect, useMemo, useRef, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { AxisSlider, PlaySpeed, usePlaying } from '../viewer/sliders.tsx';
import { FilmScreen } from './film-screen.ts';

interface Props {
  film: AviFilm;
  source: ByteSource;
  name: string;
  /** What to begin with. */
  begin: ShownFilm;
  /** Called a little after something changed. */
  onShown(shown: ShownFilm): void;
}

/** Milliseconds between two addresses. */
const addressDelay = 350;

/** A film at its own speed, round and round. */
export function recordedSpeed({ framesPerSecond }: Pick<AviFilm, 'framesPerSecond'>): PlaySettings {
  return { perSecond: Number(framesPerSecond.toPrecision(4)), mode: 'loop' };
}

/** Plays an AVI: frames drawn on a canvas as they come. Space plays, arrows step. */
export function AviPlayer({ film, source, name, begin, onShown }: Props): JSX.Element {
  const text = useText();
  const count = film.frames.offsets.length;
  const screen = useMemo(() => new FilmScreen(film, source), [film, source]);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [index, setIndex] = useState(Math.min(begin.frame, count - 1));
  const [play, setPlay] = useState<PlaySettings>(() => begin.play ?? recordedSpeed(film));
  const [fault, setFault] = useState<{ frame: number; message: string }>();
  const [isPlaying, setPlaying] = useState(begin.isPlaying && count > 1);
  usePlaying({ stage: screen, play, index, count, isPlaying, go: setIndex, stop: () => setPlaying(false) });
  useEffect(() => () => screen.close(), [screen]);
  useEffect(() => {
    if (!canvas.current) return;
    screen.show(index, canvas.current).then(
      () => setFault(undefined),
      (error: unknown) => setFault({ frame: index, message: error instanceof Error ? error.message : String(error) }),
    );
  }, [screen, index]);
  const shown = useRef({ frame: index, play, isPlaying });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    shown.current = { frame: index, play, isPlaying };
    // Not more often than browsers take addresses, however fast the film is.
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      onShown(shown.current);
    }, addressDelay);
  }, [index, play, isPlaying, onShown]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  useFilmKeys(
    (by) =>
      setIndex((now) => Math.min(count - 1, Math.max(0, by === 'first' ? 0 : by === 'last' ? count - 1 : now + by))),
    () => setPlaying(!isPlaying),
  );
  return (
    <div className="filmbox">
      <canvas ref={canvas} role="img" aria-label={text('film.frameOf', { name, frame: index + 1, count })} />
      {fault ? (
        <p className="finding warning" role="alert">
          <Icon name="warn" />
          <span>{text('film.frameFailed', { frame: fault.frame + 1, message: fault.message })}</span>
        </p>
      ) : null}
      <div className="filmbar">
        <AxisSlider
          name={text('film.frame')}
          value={index}
          count={count}
          step={{ value: 1 / film.framesPerSecond, unit: 'second' }}
          onChange={setIndex}
          isPlaying={isPlaying}
          onPlay={setPlaying}
        />
        <PlaySpeed play={play} onChange={setPlay} />
      </div>
    </div>
  );
}

type Step = number | 'first' | 'last';

/** Keys of the page, unless one is in a field or on a button. */
function useFilmKeys(step: (by: Step) => void, toggle: () => void): void {
  const now = useRef({ step, toggle });
  useEffect(() => {
    now.current = { step, toggle };
  });
  useEffect(() => {
    const steps: Readonly<Record<string, Step>> = { ArrowLeft: -1, ArrowRight: 1, Home: 'first', End: 'last' };
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, select, button, a')) return;
      const by = steps[event.key];
      if (by === undefined && event.key !== ' ') return;
      event.preventDefault();
      if (by === undefined) now.current.toggle();
      else now.current.step(by);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
