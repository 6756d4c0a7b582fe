import { ByteBudget } from '@micrarium/formats';
import type { ImageDescription, PixelBlock, PlaneIndex } from '@micrarium/model';
import { expect, it } from 'vitest';
import { ImageTiles } from './image-tiles.ts';
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

/** A film of two levels, the finer one of 2 x 1 tiles, that notes what is read of it. */
function tiledFilm(): { source: ImageSource; read: string[] } {
  const read: string[] = [];
  const size = (width: number, height: number) => ({ width, height, depth: 1, tileWidth: 256, tileHeight: 256 });
  return {
    read,
    source: {
      description: { sizes: { t: 9, c: 1, z: 1, y: 200, x: 400 }, type: 'uint16' } as ImageDescription,
      levels: [size(400, 200), size(200, 100)],
      readRegion: async ({ t }, region, level) => {
        read.push(`${level} ${t} ${region?.x ?? 'all'}`);
        const [width, height] = [region?.width ?? 200, region?.height ?? 100];
        return { data: new Uint16Array(width * height), width, height } as PixelBlock;
      },
    },
  };
}

it('of the next plane only that is read ahead which is drawn of this one', async () => {
  const { source, read } = tiledFilm();
  const [fine, ground] = vivPixelSources(source, () => undefined);
  const at = (t: number) => ({ t, c: 0, z: 0 });
  const { signal } = new AbortController();
  const ahead = async (t: number, withGround: boolean): Promise<string[]> => {
    read.length = 0;
    for (const level of [fine!, ground!]) await level.readAhead(at(t), at(t - 1), withGround, signal);
    return [...read];
  };
  await ground!.getRaster({ selection: at(0) });
  await fine!.getTile({ x: 0, y: 0, selection: at(0) });
  expect([fine!.covers(at(0)), fine!.covers(at(1))]).toEqual([false, false]);
  await fine!.getTile({ x: 1, y: 0, selection: at(0) });
  expect(fine!.covers(at(0))).toBe(true);
  expect(await ahead(1, true)).toEqual(['0 1 0', '0 1 256', '1 1 all']);
  // Nothing is drawn of plane 1 in the finer level: it was left by zooming out.
  expect(await ahead(2, true)).toEqual(['1 2 all']);
  expect(await ahead(3, false)).toEqual([]);
  // 16 bits; the file keeps no less than a chunk together.
  expect(fine!.drawnBytes(at(0), true)).toBe(400 * 200 * 2);
  expect([ground!.drawnBytes(at(0), true), ground!.drawnBytes(at(0), false)]).toEqual([256 * 256 * 2, 0]);
});

it('a tile of a plane that is passed is not read', async () => {
  const { source, read } = tiledFilm();
  const [fine] = vivPixelSources(source, () => undefined);
  const tile = fine!.getTile({ x: 0, y: 0, selection: { t: 0, c: 0, z: 0 }, signal: AbortSignal.abort() });
  await expect(tile).rejects.toBe('__vivSignalAborted');
  expect(read).toEqual([]);
});

it('the first pixels are told once, and what is awaited is counted', async () => {
  const { source, arrive } = slowFilm();
  const told: string[] = [];
  const tiles = new ImageTiles(new ByteBudget(100));
  tiles.show(() => told.push('pixels'));
  const [level] = vivPixelSources(source, () => undefined, tiles);
  const [first, second] = [1, 2].map((t) => level!.getTile({ x: 0, y: 0, selection: { t, c: 0, z: 0 } }));
  expect([tiles.drawing, told.length]).toEqual([2, 0]);
  await arrive({ t: 1 });
  expect([tiles.drawing, told.length]).toEqual([1, 1]);
  await arrive({ t: 2 });
  await Promise.all([first, second]);
  expect([tiles.drawing, told.length, tiles.heldBytes]).toEqual([0, 1, 2]);
  tiles.close();
  expect(tiles.heldBytes).toBe(0);
});

it('tiles have one size on all levels, also where a coarse level has smaller chunks', async () => {
  const read: unknown[] = [];
  const size = (side: number, tile: number) => ({
    width: side,
    height: side,
    depth: 1,
    tileWidth: tile,
    tileHeight: tile,
  });
  const source: ImageSource = {
    description: { sizes: { t: 1, c: 1, z: 1, y: 2048, x: 2048 }, type: 'uint8' } as ImageDescription,
    levels: [size(2048, 512), size(1024, 512), size(512, 256)],
    readRegion: async (_plane, region, level) => {
      read.push([level, region]);
      return { data: new Uint8Array(1), width: 1, height: 1 } as PixelBlock;
    },
  };
  const levels = vivPixelSources(source, () => undefined);
  expect(levels.map(({ tileSize }) => tileSize)).toEqual([512, 512, 512]);
  await levels[2]!.getTile({ x: 0, y: 0, selection: { t: 0, c: 0, z: 0 } });
  expect(read).toEqual([[2, { x: 0, y: 0, width: 512, height: 512 }]]);
  expect(levels[2]!.covers({ t: 0, c: 0, z: 0 })).toBe(true);
});
