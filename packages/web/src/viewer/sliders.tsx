import { indicesAhead, nextIndex, type PlaySettings, playModes } from '@micrarium/viewer';
import { type JSX, useEffect, useRef } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';

interface SliderProps {
  name: string;
  value: number;
  count: number;
  /** Size of one step, where known. */
  step: { value: number; unit: string } | undefined;
  /** Value of the first place, where it is not 0. */
  start?: number;
  /** What the place is called, where it has a name of its own. */
  label?: string | undefined;
  onChange(value: number): void;
  isPlaying: boolean;
  onPlay(isPlaying: boolean): void;
}

/** One axis: play, slider, index and physical value. */
export function AxisSlider({
  name,
  value,
  count,
  step,
  start = 0,
  label,
  onChange,
  isPlaying,
  onPlay,
}: SliderProps): JSX.Element | null {
  const text = useText();
  if (count < 2) return null;
  const reached = step ? `${writtenNumber(start + value * step.value, 5)} ${shortUnit(step.unit)}` : label;
  const physical = reached ? ` · ${reached}` : '';
  return (
    <div className="axis">
      <button
        type="button"
        className="btn icon sm"
        aria-label={`${isPlaying ? text('viewer.pause') : text('viewer.play')}: ${name}`}
        aria-pressed={isPlaying}
        onClick={() => onPlay(!isPlaying)}
      >
        {isPlaying ? '❚❚' : '▶'}
      </button>
      <label>
        <span>{name}</span>
        <input
          type="range"
          min={0}
          max={count - 1}
          value={value}
          aria-valuetext={`${value + 1} / ${count}${physical}`}
          onChange={(event) => onChange(Number(event.target.value))}
        />
      </label>
      <output className="num">
        <b>{value + 1}</b>
        {` / ${count}${physical}`}
      </output>
    </div>
  );
}

/** Speeds the page offers, in planes a second. */
export const playSpeeds = [1, 2, 5, 10, 15, 25, 50] as const;

/** How fast axes are played, and what happens at their end. */
export function PlaySpeed({ play, onChange }: { play: PlaySettings; onChange(play: PlaySettings): void }): JSX.Element {
  const text = useText();
  const speeds = [...new Set([...playSpeeds, play.perSecond])].sort((a, b) => a - b);
  return (
    <span className="playspeed">
      <select
        aria-label={text('viewer.playSpeed')}
        value={play.perSecond}
        onChange={(event) => onChange({ ...play, perSecond: Number(event.target.value) })}
      >
        {speeds.map((speed) => (
          <option key={speed} value={speed}>
            {text('viewer.perSecond', { number: writtenNumber(speed) })}
          </option>
        ))}
      </select>
      <select
        aria-label={text('viewer.atEnd')}
        value={play.mode}
        onChange={(event) => onChange({ ...play, mode: event.target.value as PlaySettings['mode'] })}
      >
        {playModes.map((mode) => (
          <option key={mode} value={mode}>
            {text(`playMode.${mode}`)}
          </option>
        ))}
      </select>
    </span>
  );
}

interface Played {
  stage: { readonly isSettled: boolean } | undefined;
  play: PlaySettings;
  index: number;
  count: number;
  isPlaying: boolean;
  go(index: number): void;
  /** Playing came to its end. */
  stop(): void;
  /** Reads what will be shown after that, the next one first, where the stage can. */
  readAhead?(indices: number[]): void;
}

/** Steps that are read ahead. */
const stepsAhead = 2;

/** Frames after which the planes of a step have been asked for: what is read ahead stands behind them. */
const framesToAsk = 2;

/**
 * Plays an axis: a plane follows when its time has come and the one before has been drawn, so that none is left out. While one is
 * drawn the next two are read.
 */
export function usePlaying(played: Played): void {
  const { isPlaying } = played;
  const now = useRef(played);
  useEffect(() => {
    now.current = played;
  });
  useEffect(() => {
    if (!isPlaying) return;
    let step: 1 | -1 = 1;
    let last = performance.now();
    let frame = 0;
    let sinceStep = 0;
    const tick = (time: number) => {
      frame = requestAnimationFrame(tick);
      const { stage, play, index, count, go, stop, readAhead } = now.current;
      if (++sinceStep === framesToAsk) readAhead?.(indicesAhead(index, count, step, play.mode, stepsAhead));
      if (time - last < 1000 / play.perSecond - 4 || (stage && !stage.isSettled)) return;
      last = time;
      const next = nextIndex(index, count, step, play.mode);
      if (!next) return stop();
      // Where planes come faster than that, what follows is asked for as they pass.
      if (sinceStep < framesToAsk) readAhead?.(indicesAhead(index, count, step, play.mode, stepsAhead));
      step = next.step;
      sinceStep = 0;
      go(next.index);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [isPlaying]);
}
