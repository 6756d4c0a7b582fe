import type { ImageDescription } from '@micrarium/model';
import type { FilmStage, Histogram, StageTool, ViewState, VolumeStage, VolumeView } from '@micrarium/viewer';
import { pannedCamera, usualPlay } from '@micrarium/viewer';
import { useEffect, useState } from 'react';
import { autoWindow } from './channel-panel.tsx';
import { furtherAxes } from './axes.tsx';
import { withProjection } from './projection-change.ts';
import { nextProjection } from './projection-choice.tsx';
import { playSpeeds } from './sliders.tsx';
import { zoomStep } from './stage.tsx';
import type { Marking } from './use-marks.ts';
import { withVolumeShown } from './volume-button.tsx';
import { withVolume } from './volume-view.tsx';

interface ViewerKeys {
  image: ImageDescription;
  change(wanted: (now: ViewState) => Partial<ViewState>): void;
  histograms: (Histogram | undefined)[];
  stage: FilmStage | undefined;
  /** Where a volume is shown. */
  volume: VolumeStage | undefined;
  initial: ViewState;
  isTimePlaying: boolean;
  playTime(isPlaying: boolean): void;
  tool: StageTool;
  chooseTool(tool: StageTool): void;
  marking: Marking;
  /** The middle of the stage is the hand of those who use keys. */
  toMiddle(): void;
}

const within = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));

/** The play settings of the next speed up or down. */
function faster(now: ViewState, by: 1 | -1): NonNullable<ViewState['play']> {
  const play = now.play ?? usualPlay;
  const at = playSpeeds.findLastIndex((speed) => speed <= play.perSecond);
  return { ...play, perSecond: playSpeeds[within(at + by, playSpeeds.length)]! };
}

const isPress = (key: string) => key === ' ' || key === 'Enter';

/** Screen pixels the film moves by a key: less while points are set. */
const moveSteps = { far: 60, near: 8 } as const;

function moveStage(
  stage: FilmStage | undefined,
  way: 'Left' | 'Right' | 'Up' | 'Down',
  tool: StageTool,
  toMiddle: () => void,
): void {
  const step = tool === 'move' ? moveSteps.far : moveSteps.near;
  const [right, down] = { Left: [-step, 0], Right: [step, 0], Up: [0, -step], Down: [0, step] }[way] as [
    number,
    number,
  ];
  toMiddle();
  stage?.moveBy(right, down);
}

/** Brackets step along the first axis beyond t, c and z, braces along the second. */
function furtherAxisKeys(image: ImageDescription, change: ViewerKeys['change']): Record<string, () => void> {
  const [first, second] = furtherAxes(image);
  const step = (axis: string | undefined, by: 1 | -1) => () => {
    if (axis !== undefined)
      change((now) => ({ other: { ...now.other, [axis]: within((now.other?.[axis] ?? 0) + by, image.sizes[axis]!) } }));
  };
  return { '[': step(first, -1), ']': step(first, 1), '{': step(second, -1), '}': step(second, 1) };
}

/** Degrees of one turn by key. */
const turnStep = 7.5;

/** What keys do while a volume is shown, in place of what they do with planes. */
function volumeActions(stage: VolumeStage, change: ViewerKeys['change']): Record<string, () => void> {
  const move = (part: Partial<VolumeStage['cameraNow']>) => stage.move({ ...stage.cameraNow, ...part });
  const turn = (around: number, up: number) =>
    move({ turn: stage.cameraNow.turn + around, tilt: stage.cameraNow.tilt + up });
  const pan = (right: number, down: number) => stage.move(pannedCamera(stage.cameraNow, right, down));
  const nothing = () => undefined;
  const zoomIn = () => move({ zoom: stage.zoom * zoomStep });
  return {
    'shift ArrowRight': () => turn(turnStep, 0),
    'shift ArrowLeft': () => turn(-turnStep, 0),
    'shift ArrowUp': () => turn(0, turnStep),
    'shift ArrowDown': () => turn(0, -turnStep),
    ArrowUp: nothing,
    ArrowDown: nothing,
    l: nothing,
    e: () => pan(0, -moveSteps.far),
    d: () => pan(0, moveSteps.far),
    s: () => pan(-moveSteps.far, 0),
    f: () => pan(moveSteps.far, 0),
    g: nothing,
    o: nothing,
    Enter: nothing,
    Backspace: nothing,
    '+': zoomIn,
    '=': zoomIn,
    '-': () => move({ zoom: stage.zoom / zoomStep }),
    '0': () => move({ turn: 0, tilt: 0 }),
    r: () => change(withVolume({ camera: undefined } as unknown as Partial<VolumeView>)),
    m: () => change((now) => withVolume({ mode: now.volume?.mode === 'max' ? 'blend' : 'max' })(now)),
    p: () => change((now) => withVolume({ isPerspective: !now.volume?.isPerspective })(now)),
  };
}

/** Keys of the viewer; not while one types. @returns is the list of keys open? */
export function useViewerKeys({
  image,
  change,
  histograms,
  stage,
  volume,
  initial,
  isTimePlaying,
  playTime,
  tool,
  chooseTool,
  marking,
  toMiddle,
}: ViewerKeys): boolean {
  const [isHelpOpen, setHelp] = useState(false);
  useEffect(() => {
    const { t, z } = image.sizes;
    const actions: Record<string, () => void> = {
      ArrowRight: () => change((now) => ({ t: within(now.t + 1, t) })),
      ArrowLeft: () => change((now) => ({ t: within(now.t - 1, t) })),
      ArrowUp: () => change((now) => ({ z: within(now.z + 1, z) })),
      ArrowDown: () => change((now) => ({ z: within(now.z - 1, z) })),
      ' ': () => playTime(!isTimePlaying),
      a: () =>
        change((now) => ({
          channels: now.channels.map((one, index) =>
            histograms[index] ? { ...one, window: autoWindow(histograms[index]) } : one,
          ),
        })),
      p: () => {
        if (z > 1) change((now) => withProjection(now, nextProjection(now.projection, z)));
      },
      l: () => chooseTool('line'),
      s: () => {
        if (z > 1) chooseTool('place');
      },
      m: () => chooseTool('move'),
      g: () => chooseTool('angle'),
      o: () => chooseTool('area'),
      f: () => marking.finish(),
      Backspace: () => marking.takeBack(),
      Enter: () => {
        toMiddle();
        if (!stage) return;
        if (tool === 'line') marking.addPoint(stage.cameraNow);
        else stage.point(stage.cameraNow);
      },
      ...Object.fromEntries(
        (['Left', 'Right', 'Up', 'Down'] as const).map((way) => [
          `shift Arrow${way}`,
          () => moveStage(stage, way, tool, toMiddle),
        ]),
      ),
      ...furtherAxisKeys(image, change),
      '+': () => stage?.zoomTo(stage.zoom * zoomStep),
      '=': () => stage?.zoomTo(stage.zoom * zoomStep),
      '-': () => stage?.zoomTo(stage.zoom / zoomStep),
      '0': () => stage?.zoomTo(1),
      '<': () => change((now) => ({ play: faster(now, -1) })),
      '>': () => change((now) => ({ play: faster(now, 1) })),
      t: () => change((now) => ({ overlay: { ...now.overlay, isVisible: !now.overlay.isVisible } })),
      r: () => {
        const fitted = stage?.fitted();
        if (fitted) change(() => ({ camera: fitted }));
      },
      v: () => {
        if (z > 1) change(withVolumeShown);
      },
      '?': () => setHelp((open) => !open),
      Escape: () => {
        setHelp(false);
        marking.stop();
        chooseTool('move');
        change(({ selected: _cleared }) => ({ selected: undefined }) as unknown as Partial<ViewState>);
      },
    };
    Object.assign(actions, volume ? volumeActions(volume, change) : {});
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        target.closest('input:not([type=checkbox]), select, textarea')
      )
        return;
      // Keys that a button, a row or a fold answers itself are not the film's.
      if (event.defaultPrevented || (isPress(event.key) && target.closest('button, input, a, summary'))) return;
      const channel = Number(event.key) - 1;
      const isTurn = event.shiftKey && event.key.startsWith('Arrow');
      const action =
        actions[isTurn ? `shift ${event.key}` : event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (channel >= 0 && channel < initial.channels.length)
        change((now) => ({
          channels: now.channels.map((one, index) => (index === channel ? { ...one, isVisible: !one.isVisible } : one)),
        }));
      else if (action) action();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [image, change, histograms, stage, volume, initial, isTimePlaying, playTime, tool, chooseTool, marking, toMiddle]);
  return isHelpOpen;
}
