import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { zstdCompressSync } from 'node:zlib';

/** Sizes of a time-lapse that declares 100 GB. */
export const declared = { t: 500, c: 2, z: 12, y: 2048, x: 2048 };
const chunkSide = 256;
const levels = 4;

/** Value of the second channel in a pixel of the first chunk, at each level. */
export const secondChannel = (x: number, y: number): number => 16 * x + 4 * (chunkSide - 1 - y);

/**
 * An OME-Zarr of another site that declares 100 GB: every chunk is absent but those around the corner of the first plane in focus,
 * where the first channel is 2000, and the second rises by 16 from column to column and falls by 4 from row to row.
 * @returns its address, and the server to be closed
 */
export async function storeElsewhere(): Promise<{ url: string; server: Server }> {
  const axes = Object.keys(declared).map((name) => ({
    name,
    type: name === 't' ? 'time' : name === 'c' ? 'channel' : 'space',
  }));
  const channel = { color: '00FF00', window: { min: 0, max: 65_535, start: 0, end: 2000 }, active: true };
  const multiscales = [
    {
      name: 'elsewhere',
      axes,
      datasets: Array.from({ length: levels }, (_, n) => ({
        path: String(n),
        coordinateTransformations: [{ type: 'scale', scale: [1, 1, 1, 2 ** n, 2 ** n] }],
      })),
    },
  ];
  const ome = { version: '0.5', multiscales, omero: { channels: [channel, { ...channel, active: false }] } };
  const array = (n: number) => ({
    zarr_format: 3,
    node_type: 'array',
    shape: [declared.t, declared.c, declared.z, declared.y >> n, declared.x >> n],
    data_type: 'uint16',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [1, 1, 1, chunkSide, chunkSide] } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: 0,
    codecs: [
      { name: 'bytes', configuration: { endian: 'little' } },
      { name: 'zstd', configuration: { level: 1, checksum: false } },
    ],
    attributes: {},
    dimension_names: Object.keys(declared),
  });
  const packed = (value: (x: number, y: number) => number) =>
    zstdCompressSync(
      new Uint8Array(
        Uint16Array.from({ length: chunkSide ** 2 }, (_, at) => value(at % chunkSide, Math.floor(at / chunkSide)))
          .buffer,
      ),
    );
  const real = [packed(() => 2000), packed(secondChannel)];
  const answer = (path: string): Uint8Array | undefined => {
    const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
    if (path === '/zarr.json') return json({ zarr_format: 3, node_type: 'group', attributes: { ome } });
    const level = /^\/([0-3])\/(.+)$/.exec(path);
    if (level?.[2] === 'zarr.json') return json(array(Number(level[1])));
    const channel = /^c\/0\/([01])\/6\/0\/0$/.exec(level?.[2] ?? '')?.[1];
    return channel === undefined ? undefined : real[Number(channel)];
  };
  const server = createServer((request, response) => {
    const bytes = answer(new URL(request.url ?? '/', 'http://elsewhere').pathname);
    response.setHeader('access-control-allow-origin', '*');
    response.statusCode = bytes ? 200 : 404;
    response.end(bytes);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, server };
}
