import type { ImageDescription, Quantity } from '@micrarium/model';
import { type FilmStage, usualPlay, type ViewState } from '@micrarium/viewer';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { withProjection } from './projection-change.ts';
import { ProjectionChoice } from './projection-choice.tsx';
import { AxisSlider, PlaySpeed, usePlaying } from './sliders.tsx';
import type { useView } from './use-view.ts';

/** The stage that axes are played on: of a film, or of a volume, which reads no further than it shows. */
type PlayedStage = Pick<FilmStage, 'isSettled'> & Partial<Pick<FilmStage, 'readAhead'>>;

interface AxesProps {
  image: ImageDescription;
  stage: PlayedStage | undefined;
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
          viewAt={(z) => ({ ...view, z })}
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
          viewAt={(index) => ({ ...view, other: { ...view.other, [axis]: index } })}
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
  viewAt,
  go,
}: {
  name: string;
  index: number;
  count: number;
  step: Quantity | undefined;
  stage: PlayedStage | undefined;
  view: ViewState;
  viewAt(index: number): ViewState;
  go(index: number): void;
}): JSX.Element {
  const [isPlaying, setPlaying] = usePlaying({
    stage,
    play: view.play ?? usualPlay,
    index,
    count,
    go,
    readAhead: (next) => stage?.readAhead?.(viewAt(next)),
  });
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
