/**
 * Reads how bright the film is under each object of its tracks, through the mapping that the study keeps for the pair.
 * Usage: npx node examples/film-under-tracks.ts SERVER ACCESSION
 */
import { createClient, routes } from '@micrarium/api';
import * as zarr from 'zarrita';

const [server = 'http://127.0.0.1:8080', accession = 'MIC-000001'] = process.argv.slice(2);
const client = createClient({ server: server.replace(/\/+$/, '') });
const { pairs, version } = await client.call(routes.getStudy, { params: { accession } });
const [pair] = pairs;
if (!pair) throw new Error(`${accession} has no film with tracks`);

const { mapping } = pair;
const film = await zarr.open(
  new zarr.FetchStore(
    `${client.url(routes.getItemContent, { params: { accession, version, item: pair.imageItem, path: `image-${pair.image}.zarr/0` } })}`,
  ),
  { kind: 'array' },
);

/** Values of one plane of the film, row after row. */
async function planeAt(frame: number): Promise<ArrayLike<number>> {
  const plane = await zarr.get(film, [frame, mapping.channel ?? 0, mapping.firstSlice, null, null]);
  return plane.data as unknown as ArrayLike<number>;
}

const width = film.shape[4]!;
const brightness: number[] = [];
let plane: { frame: number; values: ArrayLike<number> } | undefined;
for (let cursor: string | null = ''; cursor !== null; ) {
  const query: { part: number; limit: number; cursor?: string } = { part: pair.part, limit: 500 };
  if (cursor !== '') query.cursor = cursor;
  const page = await client.call(routes.listObjects, { params: { accession, version, item: pair.trackItem }, query });
  const column = (name: string) => page.columns.findIndex((one) => one.name === name);
  for (const row of page.rows) {
    const frame = Number(row[column('frame')]) + mapping.firstFrame;
    // Pixel index = (coordinate - offset) * scale, from the centre of the first pixel.
    const pixel = (axis: 'x' | 'y') =>
      Math.round((Number(row[column(mapping.axes[axis])]) - mapping.offset[axis]) * mapping.scale[axis]);
    if (plane?.frame !== frame) plane = { frame, values: await planeAt(frame) };
    brightness.push(plane.values[pixel('y') * width + pixel('x')] ?? Number.NaN);
  }
  cursor = page.nextCursor;
}
const sorted = brightness.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
console.log(`${brightness.length} objects; median brightness under them ${sorted[sorted.length >> 1]}`);
