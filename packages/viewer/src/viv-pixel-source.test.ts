import type { ImageDescription, PixelBlock, PlaneIndex } from '@micrarium/model';
import { expect, it } from 'vitest';
import type { ImageSource } from './sources.ts';
import { vivPixelSources } from './viv-pixel-source.ts';

/** A film of one pixel whose planes arrive when the test says so; the pixel is the frame. */
function slowFilm(): { source: ImageSource; arrive(plane: Partial<PlaneIndex>): Promise<void>; stopped: string[] } {
  const stopped: string[] = [];
  const waiting = new Map<string, (block: PixelBlock) => void>();
  const key = ({ t = 0, c = 0 }: Partial<PlaneIndex>): string => `${t}/${c}`;
  const source: ImageSource = {
    description: { sizes: { t: 9, c: 2, z: 1, y: 1, x: 1 }, type: 'uint8' } as ImageDescription,
    levels: [{ width: 1, height: 1, depth: 1, tileWidth: 1, tileHeight: 1 }],
    readRegion: (plane, _region, _level, signal) => {
      signal!.addEventListener('abort', () => stopped.push(key(plane)));
      return new Promise((resolve) => waiting.set(key(plane), resolve));
    },
  };
  const arrive = async (plane: Partial<PlaneIndex>): Promise<void> => {
    waiting.get(key(plane))!({ data: Uint8Array.of(plane.t ?? 0), width: 1, height: 1 } as PixelBlock);
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { source, arrive, stopped };
}

it('a plane that is passed is given up, and never drawn over its successor', async () => {
  const { source, arrive, stopped } = slowFilm();
  const [level] = vivPixelSources(source, () => undefined);
  const drawn: number[] = [];
  const ask = (t: number, c: number): Promise<unknown> =>
    level!.getRaster({ selection: { t, c, z: 0 } }).then(
      ({ data }) => drawn.push(Number(data[0])),
      (refused: unknown) => expect(refused).toBe('__vivSignalAborted'),
    );
  for (const t of [1, 2, 3]) void ask(t, 0);
  void ask(1, 1);
  await arrive({ t: 2 });
  await arrive({ t: 1 });
  await arrive({ t: 3 });
  await arrive({ t: 1, c: 1 });
  // Of channel 0 only the last is still wanted.
  expect(drawn).toEqual([3, 1]);
  expect(stopped).toEqual(['1/0', '2/0']);
});
