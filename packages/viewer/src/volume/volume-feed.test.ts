import { expect, it } from 'vitest';
import type { ImageSource } from '../sources.ts';
import type { Volume } from './load-volume.ts';
import { VolumeFeed } from './volume-feed.ts';

function feedOf(isSlow: (t: number) => boolean) {
  const asked: string[] = [];
  const given: string[] = [];
  const shown: Volume[] = [];
  const failed: string[] = [];
  const source: ImageSource = {
    description: { name: '', sizes: { t: 9, c: 2, z: 2, y: 1, x: 1 }, type: 'uint8', channels: [] },
    levels: [{ width: 1, height: 1, depth: 2, tileWidth: 1, tileHeight: 1 }],
    readRegion: ({ t, c, z }, _region, _level, signal) => {
      asked.push(`${t}/${c}/${z}`);
      if (t === 8) return Promise.reject(new Error('damaged'));
      return new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => {
          if (isSlow(t)) given.push(`${t}/${c}/${z}`);
          reject(signal.reason as Error);
        });
        if (!isSlow(t)) resolve({ width: 1, height: 1, samples: 1, type: 'uint8', data: Uint8Array.of(10 * t + c) });
      });
    },
  };
  const feed = new VolumeFeed(source, 2048, {
    onVolume: (volume) => shown.push(volume),
    onProgress: () => undefined,
    onError: (error) => failed.push(error.message),
  });
  const want = (t: number, channels: number[], budgetBytes = 4) =>
    feed.want({ t, channels, budgetBytes, channelsInBudget: 2 });
  const settled = async () => {
    while (!feed.isSettled) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  return { asked, given, shown, failed, want, settled };
}

it('gives up what is passed and shows only what is wanted now', async () => {
  const { asked, given, shown, want, settled } = feedOf((t) => t === 0);
  want(0, [0]);
  want(1, [0]);
  want(1, [0]);
  await settled();
  expect(given.sort()).toEqual(['0/0/0', '0/0/1']);
  expect(asked).toHaveLength(4);
  expect(shown.map(({ t }) => t)).toEqual([1]);
});

it('reads only the channels it has not, and time points again once they are forgotten', async () => {
  const { asked, shown, want, settled } = feedOf(() => false);
  want(1, [0]);
  await settled();
  want(1, [0, 1]);
  await settled();
  expect(asked).toEqual(['1/0/0', '1/0/1', '1/1/0', '1/1/1']);
  expect(shown.at(-1)!.channels.map(({ channel, stored }) => [channel, ...stored])).toEqual([
    [0, 10, 10],
    [1, 11, 11],
  ]);
  for (const t of [2, 3, 4, 2, 1]) {
    want(t, [0]);
    await settled();
  }
  // Of twice the budget, what was looked at longest ago goes first.
  expect(asked.slice(4)).toEqual(['2/0/0', '2/0/1', '3/0/0', '3/0/1', '4/0/0', '4/0/1', '1/0/0', '1/0/1']);
});

it('tells what cannot be read, and goes on', async () => {
  const { failed, shown, want, settled } = feedOf(() => false);
  want(8, [0]);
  await settled();
  want(2, [0]);
  await settled();
  expect(failed).toEqual(['damaged']);
  expect(shown.map(({ t }) => t)).toEqual([2]);
});
