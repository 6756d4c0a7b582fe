import { type PlaySettings, readPlay, writePlay } from './playing.ts';

/** What is seen of a film made for showing. */
export interface ShownFilm {
  /** Index of the frame. */
  frame: number;
  /** Left out = as it was recorded, round and round. */
  play?: PlaySettings;
  isPlaying: boolean;
}

/** What an address shows of a film: `frame` from 1, `play=RATE,MODE`, `playing=1`. */
export function filmShown(search: Readonly<Record<string, unknown>>): ShownFilm {
  const play = readPlay(typeof search['play'] === 'string' ? search['play'] : null);
  return {
    frame: Math.max(0, Math.trunc(Number(search['frame']) || 1) - 1),
    ...(play ? { play } : {}),
    isPlaying: String(search['playing']) === '1',
  };
}

/** The parameters of what is seen of a film; what is as the film comes is left out. */
export function filmAddress({ frame, play, isPlaying }: ShownFilm, usual?: PlaySettings): Record<string, string> {
  const settings = play && writePlay(play);
  return {
    ...(frame > 0 ? { frame: String(frame + 1) } : {}),
    ...(settings !== undefined && settings !== (usual && writePlay(usual)) ? { play: settings } : {}),
    ...(isPlaying ? { playing: '1' } : {}),
  };
}
