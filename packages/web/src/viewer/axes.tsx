import type { ImageDescription, Quantity } from '@micrarium/model';
import { type FilmStage, nowPlaying, usualPlay, type ViewState } from '@micrarium/viewer';
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
}

/** Names of the axes of an image beyond t, c, z, y and x that have more than one place. */
export function furtherAxes(image: ImageDescription): string[] {
  return Object.keys(image.sizes).filter((axis) => !'tczyx'.includes(axis) && image.sizes[axis]! > 1);
}

/** Sliders of all axes, with play, speed and what to make of the slices. */
export function Axes({ image, stage, view, change }: AxesProps): JSX.Element {
  const text = useText();
  const { sizes } = image;
  const play = view.play ?? usualPlay;
  const further = furtherAxes(image);
  const playAxis = (axis: string) => (isPlaying: boolean) =>
    change((now) => ({ playing: nowPlaying(now.playing, axis, isPlaying) }));
  const isPlayable = sizes.t > 1 || (sizes.z > 1 && !view.volume) || further.length > 0;
  return (
    <div className="axes">
      <AxisSlider
        name={text('viewer.time')}
        value={view.t}
        count={sizes.t}
        step={image.timeStep}
        onChange={(t) => change({ t })}
        isPlaying={view.playing?.includes('t') ?? false}
        onPlay={playAxis('t')}
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
          isPlaying={view.playing?.includes('z') ?? false}
          onPlay={playAxis('z')}
        />
      )}
      {further.map((axis) => (
        <PlayedAxis
          key={axis}
          name={axis}
          index={view.other?.[axis] ?? 0}
          count={sizes[axis]!}
          {...placesOf(image, axis, view.other?.[axis] ?? 0)}
          stage={stage}
          view={view}
          viewAt={(index) => ({ ...view, other: { ...view.other, [axis]: index } })}
          go={(index) => change((now) => ({ other: { ...now.other, [axis]: index } }))}
          isPlaying={view.playing?.includes(axis) ?? false}
          onPlay={playAxis(axis)}
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

/** What the places of a further axis stand for. */
function placesOf(image: ImageDescription, axis: string, place: number): Pick<PlacesShown, 'step' | 'start' | 'label'> {
  const { start, step, unit, labels } = image.furtherAxes?.[axis] ?? {};
  if (start === undefined || step === undefined) return { step: undefined, label: labels?.[place] };
  return { step: { value: step, unit: unit ?? '' }, start };
}

interface PlacesShown {
  step: Quantity | undefined;
  start?: number;
  label?: string | undefined;
}

function PlayedAxis({
  name,
  index,
  count,
  step,
  start = 0,
  label,
  stage,
  view,
  viewAt,
  go,
  isPlaying,
  onPlay,
}: {
  name: string;
  index: number;
  count: number;
  stage: PlayedStage | undefined;
  view: ViewState;
  viewAt(index: number): ViewState;
  go(index: number): void;
  isPlaying: boolean;
  onPlay(isPlaying: boolean): void;
} & PlacesShown): JSX.Element {
  usePlaying({
    stage,
    play: view.play ?? usualPlay,
    index,
    count,
    isPlaying,
    go,
    stop: () => onPlay(false),
    readAhead: (places) => stage?.readAhead?.(...places.map(viewAt)),
  });
  return (
    <AxisSlider
      name={name}
      value={index}
      count={count}
      step={step}
      start={start}
      label={label}
      onChange={go}
      isPlaying={isPlaying}
      onPlay={onPlay}
    />
  );
}
