import {
  fileTree,
  imagejTiffWriter,
  type ImagePixels,
  memorySink,
  memorySource,
  omeZarrReader,
  openZip,
} from '@micrarium/formats';
import type { CoordinateMapping, PixelType, StudyVersion } from '@micrarium/model';
import { describe, expect, test } from 'vitest';
import { createDraft, saveDraft } from './drafts.ts';
import { formKeys } from './forms.ts';
import { completeMetadata, depositFiles, openWorkbench } from './memory/workbench.ts';
import { publishDraft } from './publish.ts';
import { exportTrainingZarr, TrainingFormsMissing } from './training-zarr.ts';

const [width, height] = [30, 20];

/** A film whose pixels are `value(t, x, y)`. */
async function tiff(frames: number, type: PixelType, value: (t: number, x: number, y: number) => number) {
  const film: ImagePixels = {
    description: {
      name: 'film',
      sizes: { t: frames, c: 1, z: 1, y: height, x: width },
      type,
      channels: [{ name: '' }],
    },
    levels: [{ width, height, depth: 1, tileWidth: width, tileHeight: height }],
    async readRegion({ t }, region = { x: 0, y: 0, width, height }) {
      const data = new (type === 'uint8' ? Uint8Array : Uint16Array)(region.width * region.height);
      for (let at = 0; at < data.length; at++)
        data[at] = value(t, region.x + (at % region.width), region.y + Math.floor(at / region.width));
      return { width: region.width, height: region.height, samples: 1, type, data };
    },
  };
  const sink = memorySink();
  await imagejTiffWriter.write([film], sink);
  return [...sink.files.values()][0]!;
}

const mapping: CoordinateMapping = {
  axes: { x: 'x', y: 'y', z: 'z' },
  scale: { x: 1, y: 1, z: 1 },
  offset: { x: 0, y: 0, z: 0 },
  firstFrame: 0,
  firstSlice: 0,
};

/** A published film with label images of the Cell Tracking Challenge and with a table of positions, both paired with it. */
async function published() {
  const bench = await openWorkbench();
  const { id } = await createDraft(bench, 'hanako');
  const mask = (x0: number) => tiff(1, 'uint16', (_, x, y) => (x >= x0 && x < x0 + 4 && y < 3 ? 7 : 0));
  await depositFiles(bench, id, {
    'film.tif': await tiff(2, 'uint8', (t, x) => 10 * (t + 1) + x),
    '01_RES/res_track.txt': '7 0 1 0\n',
    '01_RES/mask000.tif': await mask(2),
    '01_RES/mask001.tif': await mask(12),
    'cells.csv': 'frame,x,y,class\n0,5,6,round\n1,8,9,flat\n',
  });
  await bench.jobs.runAll();
  await saveDraft(bench, id, 1, { metadata: completeMetadata });
  await publishDraft(bench, id);
  const found = (await bench.studies.getVersion('MIC-000001', 1))!;
  const named = (path: string) => found.items.find((item) => item.path.startsWith(path))!;
  const film = named('film.tif').id;
  const pair = (path: string) => ({
    imageItem: film,
    image: 0,
    trackItem: named(path).id,
    part: 0,
    mapping,
    reason: 'drawn by the depositor' as const,
    confirmed: true,
  });
  const version: Omit<StudyVersion, 'files'> = {
    ...found,
    metadata: { ...found.metadata, values: { ...found.metadata.values, trainingTask: 'tracking', split: 'test' } },
    pairs: [pair('01_RES'), pair('cells.csv')],
    datasets: [
      { id: 'd-film', title: 'Film', imageItems: [film], quantitativeItems: [named('01_RES').id, named('cells').id] },
    ],
  };
  return { bench, version, named };
}

const asked = { page: 'http://here', citation: 'C' };

describe('training material as label Zarr', () => {
  test('images lie in the folder of their part, with deposited labels and with drawn ones', async () => {
    const { bench, version } = await published();
    const { stream, fileName } = await exportTrainingZarr(bench, version, asked);
    const parts: Uint8Array[] = [];
    for await (const part of stream) parts.push(part);
    expect(fileName).toBe('MIC-000001-v1-training.zarr.zip');
    const { tree } = await openZip(memorySource(fileName, new Uint8Array(Buffer.concat(parts))));
    const read = async (path: string) => {
      const entry = tree.entries.find((one) => one.path === path)!;
      return JSON.parse(new TextDecoder().decode(await (await entry.open()).read(0, entry.size)));
    };
    expect(await read('.zgroup')).toEqual({ zarr_format: 2 });
    expect(await read('test/.zgroup')).toEqual({ zarr_format: 2 });
    const index = await read('training.json');
    const path = 'test/d-film-0';
    expect(index).toMatchObject({ study: 'MIC-000001', datasets: [{ id: 'd-film', split: 'test', task: 'tracking' }] });
    expect(index.images).toMatchObject([
      {
        path,
        file: 'film.tif',
        labels: [
          { path: `${path}/labels/objects`, source: 'label images as deposited', values: 'label', objects: 2 },
          { path: `${path}/labels/objects-2`, values: 'object_id + 1', objects: 2 },
        ],
      },
    ]);
    const entries = tree.entries
      .filter((entry) => entry.path.startsWith(`${path}/`))
      .map((entry) => ({ path: entry.path.slice(path.length + 1), size: entry.size, open: () => entry.open() }));
    const { images, issues } = await omeZarrReader.open({
      path: 'film',
      files: entries,
      tree: fileTree('film', entries),
      format: 'ome-zarr',
      recognition: { score: 1, reason: 'test' },
    });
    expect(issues.map(({ code }) => code)).toEqual(['no-pixel-size', 'no-time-step']);
    const { labels } = await images[0]!.labels!();
    const at = async (image: ImagePixels, t: number, x: number, y: number) =>
      (await image.readRegion({ t, c: 0, z: 0 })).data[y * width + x];
    expect([await at(images[0]!, 0, 3, 1), await at(images[0]!, 1, 3, 1)]).toEqual([13, 23]);
    const [deposited, drawn] = labels.map(({ image }) => image);
    expect([await at(deposited!, 0, 3, 1), await at(deposited!, 1, 3, 1), await at(deposited!, 1, 13, 1)]).toEqual([
      7, 0, 7,
    ]);
    expect([await at(drawn!, 0, 5, 6), await at(drawn!, 1, 5, 6), await at(drawn!, 1, 8, 9)]).toEqual([1, 0, 2]);
    expect(labels[1]!.properties.map((one) => one['class'])).toEqual(['round', 'flat']);
  });

  test('what is not there is told before a byte is sent', async () => {
    const { bench, version, named } = await published();
    await expect(exportTrainingZarr(bench, version, { ...asked, dataset: 'd-other' })).rejects.toMatchObject({
      name: 'NotThere',
    });
    const item = named('cells.csv').id;
    await bench.derived.drop(formKeys(item).tracks);
    const fault = (await exportTrainingZarr(bench, version, asked).catch((error: unknown) => error)) as Error;
    expect(fault).toBeInstanceOf(TrainingFormsMissing);
    expect((fault as TrainingFormsMissing).items).toEqual([item]);
  });
});
