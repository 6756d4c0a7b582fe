import type { ImageDescription, Quantity } from '@micrarium/model';
import { type FilmStage, usualPlay, type ViewState } from '@micrarium/viewer';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { ProjectionChoice, withProjection } from './projection-choice.tsx';
import { AxisSlider, PlaySpeed, usePlaying } from './sliders.tsx';
import type { useView } from './use-view.ts';

interface AxesProps {
  image: ImageDescription;
  stage: Pick<FilmStage, 'isSettled'> | undefined;
  view: ViewState;
  change: ReturnType<typeof useView>[1];
  isTimePlaying: boolean;
  playTime(isPlaying: boolean): void;
}

/** Names of the axes of an image beyond t, c, z, y and x that have more than one place. */
export function furtherAxes(image: ImageDescription): string[] {
  return Object.keys(image.sizes).filter((axis) => !'tczyx'.includes(axis) && image.sizes[axis]! > 1);
}

/** Sliders of all axes, with play, speed and what to make of the slices. */
export function Axes({ image, stage, view, change, isTimePlaying, playTime }: AxesProps): JSX.Element {
  const text = useText();
  const { sizes } = image;
  const play = view.play ?? usualPlay;
  const further = furtherAxes(image);
  const isPlayable = sizes.t > 1 || (sizes.z > 1 && !view.volume) || further.length > 0;
  return (
    <div className="axes">
      <AxisSlider
        name={text('viewer.time')}
        value={view.t}
        count={sizes.t}
        step={image.timeStep}
        onChange={(t) => change({ t })}
        isPlaying={isTimePlaying}
        onPlay={playTime}
      />
      {view.projection || view.volume ? null : (
        <PlayedAxis
          name={text('viewer.focus')}
          index={view.z}
          count={sizes.z}
          step={image.voxelSize?.z}
          stage={stage}
          view={view}
          go={(z) => change({ z })}
        />
      )}
      {further.map((axis) => (
        <PlayedAxis
          key={axis}
          name={axis}
          index={view.other?.[axis] ?? 0}
          count={sizes[axis]!}
          step={undefined}
          stage={stage}
          view={view}
          go={(index) => change((now) => ({ other: { ...now.other, [axis]: index } }))}
        />
      ))}
      {isPlayable ? (
        <div className="axistools">
          <ProjectionChoice
            view={view}
            slices={view.volume ? 1 : sizes.z}
            onChange={(projection) => change((now) => withProjection(now, projection))}
          />
          <PlaySpeed play={play} onChange={(wanted) => change({ play: wanted })} />
        </div>
      ) : null}
    </div>
  );
}

function PlayedAxis({
  name,
  index,
  count,
  step,
  stage,
  view,
  go,
}: {
  name: string;
  index: number;
  count: number;
  step: Quantity | undefined;
  stage: Pick<FilmStage, 'isSettled'> | undefined;
  view: ViewState;
  go(index: number): void;
}): JSX.Element {
  const [isPlaying, setPlaying] = usePlaying({ stage, play: view.play ?? usualPlay, index, count, go });
  return (
    <AxisSlider
      name={name}
      value={index}
      count={count}
      step={step}
      onChange={go}
      isPlaying={isPlaying}
      onPlay={setPlaying}
    />
  );
}
