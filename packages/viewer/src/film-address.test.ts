import { expect, it } from 'vitest';
import { filmAddress, filmShown } from './film-address.ts';

it('comes back from the address as it was', () => {
  for (const shown of [
    { frame: 0, isPlaying: false },
    { frame: 41, isPlaying: true, play: { perSecond: 2.5, mode: 'swing' as const } },
  ])
    expect(filmShown(filmAddress(shown))).toEqual(shown);
});

it('does not say what is as the film comes, nor take what cannot be', () => {
  const play = { perSecond: 25, mode: 'loop' as const };
  expect(filmAddress({ frame: 0, isPlaying: false, play }, play)).toEqual({});
  expect(filmShown({ frame: '-3', play: '0,loop', playing: 'yes' })).toEqual({ frame: 0, isPlaying: false });
});
