import { pannedCamera, type SpaceStage, type SpaceState, usualPlay } from '@micrarium/viewer';
import { useEffect, useState } from 'react';
import { playSpeeds } from '../viewer/sliders.tsx';
import type { ChangeSpace } from './use-space-view.ts';

interface SpaceKeys {
  frames: readonly [number, number];
  change: ChangeSpace;
  stage: SpaceStage | undefined;
  hasEdges: boolean;
  isPlaying: boolean;
  play(isPlaying: boolean): void;
}

/** Degrees of one turn by key. */
const turnStep = 7.5;
/** Screen pixels of one step aside by key. */
const panStep = 60;

/** Keys of the 4D page; not while one types. @returns is the list of keys open? */
export function useSpaceKeys({ frames, change, stage, hasEdges, isPlaying, play }: SpaceKeys): boolean {
  const [isHelpOpen, setHelp] = useState(false);
  useEffect(() => {
    const step = (by: number) => change((now) => ({ t: Math.min(frames[1], Math.max(frames[0], now.t + by)) }));
    const turn = (around: number, up: number) => {
      const camera = stage?.cameraNow;
      if (camera)
        change({
          camera: { ...camera, turn: camera.turn + around, tilt: Math.min(90, Math.max(-90, camera.tilt + up)) },
        });
    };
    const pan = (right: number, down: number) => {
      const camera = stage?.cameraNow;
      if (camera) change({ camera: pannedCamera(camera, right, down) });
    };
    const zoom = (by: number) => {
      const camera = stage?.cameraNow;
      if (camera) change({ camera: { ...camera, zoom: camera.zoom * by } });
    };
    const speed = (by: 1 | -1) =>
      change((now) => {
        const settings = now.play ?? usualPlay;
        const at = playSpeeds.findLastIndex((one) => one <= settings.perSecond) + by;
        return { play: { ...settings, perSecond: playSpeeds[Math.min(playSpeeds.length - 1, Math.max(0, at))]! } };
      });
    const actions: Record<string, () => void> = {
      ArrowRight: () => step(1),
      ArrowLeft: () => step(-1),
      Home: () => change({ t: frames[0] }),
      End: () => change({ t: frames[1] }),
      'shift ArrowRight': () => turn(turnStep, 0),
      'shift ArrowLeft': () => turn(-turnStep, 0),
      'shift ArrowUp': () => turn(0, turnStep),
      'shift ArrowDown': () => turn(0, -turnStep),
      e: () => pan(0, -panStep),
      d: () => pan(0, panStep),
      s: () => pan(-panStep, 0),
      f: () => pan(panStep, 0),
      ' ': () => play(!isPlaying),
      '+': () => zoom(Math.SQRT2),
      '=': () => zoom(Math.SQRT2),
      '-': () => zoom(Math.SQRT1_2),
      '<': () => speed(-1),
      '>': () => speed(1),
      r: () => change({}, ['camera']),
      p: () => change((now) => ({ isPerspective: !now.isPerspective })),
      a: () => change((now) => ({ hasAxes: !now.hasAxes })),
      t: () => change((now: SpaceState) => ({ tail: hasEdges && now.tail === 0 ? 12 : 0 })),
      l: () => change((now) => ({ hasLineage: hasEdges && !now.hasLineage })),
      '?': () => setHelp((isOpen) => !isOpen),
      Escape: () => {
        setHelp(false);
        change({}, ['selected', 'measured']);
      },
    };
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (target.closest('input:not([type=checkbox]), select, textarea, .long')) return;
      if (event.key === ' ' && target.closest('button, input')) return;
      const isArrow = event.shiftKey && event.key.startsWith('Arrow');
      const action =
        actions[isArrow ? `shift ${event.key}` : event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!action) return;
      action();
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [frames, change, stage, hasEdges, isPlaying, play]);
  return isHelpOpen;
}
