import type { ImageDescription } from '@micrarium/model';
import {
  axesOfSpace,
  type Volume,
  type VolumeClip,
  volumeMemories,
  volumeModes,
  volumeSpace,
  type VolumeView as VolumeState,
} from '@micrarium/viewer';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';

interface VolumePanelProps {
  image: ImageDescription;
  /** Levels of the pyramid. */
  levels: number;
  state: VolumeState;
  /** What is drawn. */
  volume: Volume | undefined;
  onChange(part: Partial<VolumeState>): void;
}

/** How the volume is looked at, what of it, and how fine. */
export function VolumePanel({ image, levels, state, volume, onChange }: VolumePanelProps): JSX.Element {
  const text = useText();
  return (
    <section aria-labelledby="volume-title">
      <h2 id="volume-title">{text('volume.title')}</h2>
      <label className="row">
        <span>{text('volume.mode')}</span>
        <select
          value={state.mode}
          onChange={({ target }) => onChange({ mode: volumeModes.find((one) => one === target.value) ?? 'max' })}
        >
          {volumeModes.map((mode) => (
            <option key={mode} value={mode}>
              {text(`volumeMode.${mode}`)}
            </option>
          ))}
        </select>
      </label>
      {state.mode === 'blend' ? (
        <>
          <Share
            name={text('volume.density')}
            value={state.density}
            onChange={(density) => onChange({ density: Math.max(0.01, density) })}
          />
          <Share
            name={text('volume.threshold')}
            value={state.threshold}
            onChange={(threshold) => onChange({ threshold })}
          />
        </>
      ) : null}
      <label className="row">
        <span>{text('volume.memory')}</span>
        <select value={state.megabytes} onChange={({ target }) => onChange({ megabytes: Number(target.value) })}>
          {[...new Set([...volumeMemories, state.megabytes])]
            .sort((a, b) => a - b)
            .map((one) => (
              <option key={one} value={one}>
                {text('volume.megabytes', { count: one })}
              </option>
            ))}
        </select>
      </label>
      <label className="row">
        <input
          type="checkbox"
          checked={state.isPerspective}
          onChange={({ target }) => onChange({ isPerspective: target.checked })}
        />
        {text('volume.perspective')}
      </label>
      <Clip image={image} clip={state.clip} onChange={onChange} />
      {volume ? (
        <p className="s num" data-testid="voxels">
          {written(text, volume, levels)}
        </p>
      ) : null}
      {volumeSpace(image).isDepthKnown ? null : <p className="s">{text('volume.depthUnknown')}</p>}
    </section>
  );
}

function written(text: ReturnType<typeof useText>, { size, taken }: Volume, levels: number): string {
  const { level, step } = taken;
  const isWhole = step.x * step.y * step.z === 1;
  return [
    text('volume.voxels', { x: size.x, y: size.y, z: size.z }),
    level === 0 && isWhole ? text('volume.full') : text('volume.level', { level: level + 1, all: levels }),
    ...(isWhole ? [] : [text('volume.left', { x: step.x, y: step.y, z: step.z })]),
  ].join(' · ');
}

function Share({ name, value, onChange }: { name: string; value: number; onChange(value: number): void }): JSX.Element {
  return (
    <label className="row">
      <span>{name}</span>
      <input
        type="range"
        min={0}
        max={1}
        step={0.01}
        value={value}
        aria-valuetext={writtenNumber(value, 2)}
        onChange={({ target }) => onChange(Number(target.value))}
      />
      <span className="num">{writtenNumber(value, 2)}</span>
    </label>
  );
}

/** First and last voxel along each axis, as sliders. */
function Clip({
  image,
  clip,
  onChange,
}: {
  image: ImageDescription;
  clip: VolumeClip | undefined;
  onChange(part: Partial<VolumeState>): void;
}): JSX.Element {
  const text = useText();
  const { sizes } = image;
  const whole: VolumeClip = { x: [0, sizes.x - 1], y: [0, sizes.y - 1], z: [0, sizes.z - 1] };
  const shown = clip ?? whole;
  const set = (axis: 'x' | 'y' | 'z', end: 0 | 1, value: number) => {
    const [from, to] = shown[axis];
    onChange({ clip: { ...shown, [axis]: end === 0 ? [Math.min(value, to), to] : [from, Math.max(value, from)] } });
  };
  return (
    <fieldset className="vclip">
      <legend>
        {text('volume.clip')}
        {clip ? (
          <button
            type="button"
            className="btn quiet sm"
            onClick={() => onChange({ clip: undefined } as unknown as Partial<VolumeState>)}
          >
            {text('volume.clipReset')}
          </button>
        ) : null}
      </legend>
      {axesOfSpace.map((axis) => (
        <div key={axis} className="vclip-axis">
          <b>{axis}</b>
          {([0, 1] as const).map((end) => (
            <input
              key={end}
              type="range"
              min={0}
              max={sizes[axis]! - 1}
              value={shown[axis][end]}
              aria-label={text(end === 0 ? 'volume.from' : 'volume.to', { axis })}
              aria-valuetext={String(shown[axis][end] + 1)}
              onChange={({ target }) => set(axis, end, Number(target.value))}
            />
          ))}
          <span className="num">{`${shown[axis][0] + 1}–${shown[axis][1] + 1}`}</span>
        </div>
      ))}
    </fieldset>
  );
}
