import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Hdf5Fault, type Hdf5Node, isNumeric, memorySource, openHdf5 } from '@micrarium/formats';
import { fileSource } from '@micrarium/formats/node';
import { describe, expect, it } from 'vitest';
import { mutate, seeded } from '../house/mutate.ts';

const data = resolve(import.meta.dirname, '../../../shared/data');
if (!existsSync(data)) console.warn('shared/data is not here: tests/files/hdf5.test.ts checks nothing');

const seed = Number(process.env['MUTATION_SEED'] ?? 20_260_901);

/** Whatever a part throws that is not a fault of the file is a failure. */
async function faultless<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Hdf5Fault) return undefined;
    throw error;
  }
}

/** Reads everything there is, each object once. */
async function readAll(bytes: Uint8Array): Promise<{ objects: number; values: number }> {
  const file = await openHdf5(memorySource('file.h5', bytes));
  const queue: Hdf5Node[] = [file.root];
  const seen = new Set<number>();
  let values = 0;
  for (let node = queue.shift(); node && seen.size < 400; node = queue.shift()) {
    const here = node;
    if (seen.has(here.address)) continue;
    seen.add(here.address);
    await faultless(async () => {
      for (const attribute of await here.attributes()) await attribute.values();
    });
    await faultless(async () => {
      const dataset = await here.dataset();
      if (dataset) for await (const { bytes: slab } of dataset.blocks()) values += slab.length / dataset.type.size;
      if (dataset && isNumeric(dataset.type)) await dataset.numbers();
    });
    await faultless(async () => {
      for (const { name } of await here.links()) {
        const child = await faultless(() => here.child(name));
        if (child) queue.push(child);
      }
    });
  }
  return { objects: seen.size, values };
}

const files = ['images/ims/Minimal_IMS_File.ims', 'bd5/sample_face_bd5.h5', 'bd5/sample_csv_bd5.h5'];

describe.runIf(existsSync(data))('HDF5 by ranges on real files', () => {
  it('a file of hundreds of datasets is read whole', async () => {
    const source = await fileSource(join(data, 'bd5/081505_L1_bd5.h5'));
    const file = await openHdf5(source);
    const names = (await (await file.node('/data'))!.links()).map(({ name }) => name);
    let rows = 0;
    for (const name of names.filter((one) => /^\d+$/.test(one))) {
      const dataset = await file.dataset(`/data/${name}/object/0`);
      for await (const slab of dataset.blocks()) {
        rows += slab.rows;
        const x = dataset.columnNumbers(dataset.member('x')!, slab.bytes);
        expect(x.every((value) => value >= 0)).toBe(true);
        expect(await dataset.columnTexts(dataset.member('entity')!, slab.bytes)).toContain('sphere');
      }
    }
    const track = await file.dataset('/data/trackInfo');
    expect([names.length > 180, rows > 20_000, track.type.class]).toEqual([true, true, 'compound']);
    await source.close();
  });

  it('the pixels of an Imaris file have the sum they must have', async () => {
    const source = await fileSource(join(data, 'images/ims/Minimal_IMS_File.ims'));
    const file = await openHdf5(source);
    const pixels = await file.dataset('/DataSet/ResolutionLevel 0/TimePoint 0/Channel 0/Data');
    expect([pixels.shape, pixels.chunk, pixels.filters]).toEqual([[1, 128, 128], [1, 128, 128], ['gzip']]);
    const values = await pixels.numbers();
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(1_439_095);
    expect(await (await file.node('/DataSetInfo/Image'))!.attribute('ExtMax0').then((a) => a?.text())).toBe(
      '10.000000000',
    );
    await source.close();
  });

  it('damaged files give faults: no hang, no other exception, bounded memory', async () => {
    const samples = files.map((file) => readFileSync(join(data, file)));
    const random = seeded(seed);
    let slowest = 0;
    for (let n = 0; n < 600; n++) {
      const sample = samples[random(samples.length)]!;
      const { bytes } = mutate(sample, random, samples[random(samples.length)]!);
      const started = performance.now();
      await faultless(() => readAll(bytes));
      slowest = Math.max(slowest, performance.now() - started);
    }
    expect(slowest, `seed ${seed}`).toBeLessThan(10_000);
    expect(process.memoryUsage().rss).toBeLessThan(1e9);
  });
});
