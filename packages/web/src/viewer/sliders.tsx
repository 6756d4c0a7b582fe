import { type JSX, useEffect, useState } from 'react';
import { useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';
import { shortUnit } from './tracks-panel.tsx';

interface SliderProps {
  name: string;
  value: number;
  count: number;
  /** Size of one step, where known. */
  step: { value: number; unit: string } | undefined;
  onChange(value: number): void;
  isPlaying: boolean;
  onPlay(isPlaying: boolean): void;
}

/** One axis: play, slider, index and physical value. */
export function AxisSlider({ name, value, count, step, onChange, isPlaying, onPlay }: SliderProps): JSX.Element | null {
  const text = useText();
  if (count < 2) return null;
  const physical = step ? ` · ${writtenNumber(value * step.value, 5)} ${shortUnit(step.unit)}` : '';
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

/** Milliseconds between two frames while playing. */
const playInterval = 110;

/** Plays an axis in a loop. */
export function usePlaying(onStep: () => void): [boolean, (isPlaying: boolean) => void] {
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(onStep, playInterval);
    return () => clearInterval(timer);
  }, [isPlaying, onStep]);
  return [isPlaying, setPlaying];
}
