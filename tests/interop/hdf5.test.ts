import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ByteSource,
  Hdf5Fault,
  type Hdf5Node,
  type Hdf5Value,
  type OpenHdf5,
  isNumeric,
  memorySource,
  openHdf5,
} from '@micrarium/formats';
import { fileSource } from '@micrarium/formats/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const python = '/usr/bin/python3';
const there = spawnSync(python, ['-c', 'import h5py']).status === 0;
if (!there) console.warn('python h5py is not here: tests/interop/hdf5.test.ts checks nothing');

/** What h5py finds at a path: attributes, and for datasets shape and values (or their sum). */
interface Expected {
  attributes: Record<string, unknown>;
  shape?: number[] | null;
  values?: unknown;
  sum?: number;
}

const kinds = ['earliest', 'v18', 'v110', 'latest', 'user-block'];
let folder = '';

beforeAll(() => {
  if (!there) return;
  folder = mkdtempSync(join(tmpdir(), 'micrarium-hdf5-'));
  execFileSync(python, [join(import.meta.dirname, 'write-hdf5-files.py'), folder]);
}, 120_000);

afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true });
});

const open = async (kind: string): Promise<{ file: OpenHdf5; source: ByteSource & { close(): Promise<void> } }> => {
  const source = await fileSource(join(folder, `${kind}.h5`));
  return { file: await openHdf5(source), source };
};

/** A value as the Python script writes it. */
function plain(value: Hdf5Value): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value instanceof Uint8Array) return 'raw';
  if (Array.isArray(value)) return value.flat(9).map((one: Hdf5Value) => plain(one));
  if (typeof value === 'object') return Object.values(value).map((one: Hdf5Value) => plain(one));
  return value;
}

async function attributesOf(node: Hdf5Node): Promise<Record<string, unknown>> {
  const entries = (await node.attributes()).map(async (attribute) => {
    const values = (await attribute.values()).map(plain);
    return [attribute.name, attribute.space.kind === 'scalar' ? values[0] : values] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

describe.runIf(there)('what h5py writes', () => {
  it.each(kinds)('%s: every group, dataset and attribute is read as h5py reads it', async (kind) => {
    const { file, source } = await open(kind);
    const listed = JSON.parse(readFileSync(join(folder, `${kind}.json`), 'utf8')) as Record<string, Expected>;
    expect(Object.keys(listed).length).toBeGreaterThan(1050);
    for (const [path, expected] of Object.entries(listed)) {
      const node = await file.node(path);
      expect(node, path).toBeDefined();
      expect(await attributesOf(node!), path).toEqual(expected.attributes);
      const dataset = await node!.dataset();
      if (expected.shape === undefined) {
        expect(dataset, path).toBeUndefined();
        continue;
      }
      expect([...dataset!.shape], path).toEqual(expected.shape ?? []);
      if (expected.sum !== undefined) {
        expect(total(await dataset!.numbers()), path).toBeCloseTo(expected.sum, 6);
        continue;
      }
      const isReference = dataset!.type.class === 'reference';
      if (isReference) continue;
      const values = (await dataset!.values()).map(plain);
      const isScalar = expected.shape?.length === 0;
      expect(isScalar && !Array.isArray(expected.values) ? values[0] : values, path).toEqual(expected.values);
    }
    await source.close();
  });

  it.each(kinds)('%s: any block of a dataset equals that part of the whole', async (kind) => {
    const { file, source } = await open(kind);
    const names = (await (await file.node('/grid'))!.links()).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(13);
    for (const name of names) {
      const dataset = await file.dataset(`/grid/${name}`);
      const whole = await dataset.numbers();
      const width = dataset.shape[1] ?? 1;
      for (const [y, x, height, columns] of [
        [0, 0, 1, 1],
        [3, 2, 2, 2],
        [1, 0, 3, width],
      ] as const) {
        const two = dataset.shape.length === 2;
        const box = two ? { start: [y, x], count: [height, columns] } : { start: [y], count: [height] };
        const expected = Array.from({ length: height * (two ? columns : 1) }, (_, n) =>
          two ? whole[(y + Math.floor(n / columns)) * width + x + (n % columns)] : whole[y + n],
        );
        expect(Array.from(await dataset.numbers(box)), `${name} at ${y}, ${x}`).toEqual(expected);
      }
    }
    await source.close();
  });

  it('links of all kinds are listed, and followed where they stay in the file', async () => {
    const { file, source } = await open('latest');
    const links = await (await file.node('/few'))!.links();
    expect(Object.fromEntries(links.map(({ name, target }) => [name, target.kind]))).toEqual({
      a: 'hard',
      soft: 'soft',
      relative: 'soft',
      dangling: 'soft',
      elsewhere: 'external',
      loop: 'hard',
    });
    expect((await file.dataset('/few/soft')).shape).toEqual([37, 53]);
    expect(Array.from(await (await file.dataset('/few/loop/loop/relative')).numbers())).toEqual([1]);
    expect(await file.node('/few/dangling')).toBeUndefined();
    expect(await file.node('/few/elsewhere')).toBeUndefined();
    await expect(file.dataset('/nowhere')).rejects.toMatchObject({ reason: 'missing' });
    await source.close();
  });

  it('references name the objects they point at', async () => {
    for (const kind of kinds) {
      const { file, source } = await open(kind);
      const [group, scalar] = (await (await file.dataset('/pointers')).values()) as number[];
      expect((await file.nodeAt(group!).links()).length).toBeGreaterThan(13);
      expect(Array.from(await (await file.nodeAt(scalar!).dataset())!.numbers())).toEqual([3.5]);
      expect((await file.node('/grid'))!.address).toBe(group);
      await source.close();
    }
  });

  it('little is read to look at one value of many', async () => {
    const bytes = readFileSync(join(folder, 'latest.h5'));
    const inMemory = memorySource('latest.h5', bytes);
    let read = 0;
    const counted: ByteSource = {
      name: inMemory.name,
      size: inMemory.size,
      read: async (offset, length) => {
        read += length;
        return inMemory.read(offset, length);
      },
    };
    const file = await openHdf5(counted);
    const dataset = await file.dataset('/big/volume');
    await dataset.numbers({ start: [10, 10, 10], count: [1, 1, 1] });
    expect(read).toBeLessThan(bytes.length / 5);
  });

  it('columns of records come one by one, in slabs', async () => {
    const { file, source } = await open('latest');
    const dataset = await file.dataset('/records');
    for await (const { first, rows, bytes } of dataset.blocks()) {
      expect([first, rows]).toEqual([0, 25]);
      expect(dataset.columnNumbers(dataset.member('n')!, bytes)[7]).toBe(49);
      expect((await dataset.columnTexts(dataset.member('label')!, bytes))[24]).toBe('label 24');
    }
    expect(dataset.member('none')).toBeUndefined();
    await source.close();
  });

  it('a file cut anywhere is a fault with words, never another exception', async () => {
    const bytes = readFileSync(join(folder, 'latest.h5'));
    for (const part of [0, 8, 40, 700, 5000, 100_000]) {
      const read = async (): Promise<void> => {
        const file = await openHdf5(memorySource('cut.h5', bytes.subarray(0, part)));
        for (const { name } of await file.root.links())
          await (await (await file.root.child(name))?.dataset())?.values();
        await (await file.dataset('/big/volume')).numbers();
      };
      await expect(read()).rejects.toBeInstanceOf(Hdf5Fault);
    }
    expect((await openHdf5(memorySource('whole.h5', bytes))).missingBytes).toBe(0);
    expect((await openHdf5(memorySource('cut.h5', bytes.subarray(0, -9)))).missingBytes).toBe(9);
  });
});

// Debian's package of PyTables brings files of twenty years: old versions, big-endian, odd filters, broken ones.
const old = '/usr/share/python-tables/tests';
if (!existsSync(old)) console.warn(`${old} is not here: files of other programs are not compared`);

describe.runIf(there && existsSync(old))('files of other programs and of older versions', () => {
  it('hold what h5py finds in them', () => {
    const files = readdirSync(old).filter((name) => /\.(h5|mat)$/.test(name));
    const sums = execFileSync(
      python,
      [join(import.meta.dirname, 'sum-hdf5-files.py'), ...files.map((name) => join(old, name))],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    return compareSums(JSON.parse(sums) as Record<string, Sums | null>);
  });
});

/** Shape and sum by path; `null` for values that are no finite numbers. */
type Sums = Record<string, [shape: number[], sum: number | null]>;

async function compareSums(listed: Record<string, Sums | null>): Promise<void> {
  let compared = 0;
  for (const [path, expected] of Object.entries(listed)) {
    const source = await fileSource(path);
    const file = await openHdf5(source).catch((error: unknown) => error);
    if (!expected || file instanceof Hdf5Fault) expect(file, path).toBeInstanceOf(expected ? Object : Hdf5Fault);
    else
      for (const [inside, [shape, sum]] of Object.entries(expected)) {
        const dataset = await (file as OpenHdf5).dataset(inside);
        expect(dataset.shape, `${path} ${inside}`).toEqual(shape);
        // What our reader has no filter for it says, and invents nothing.
        const values = await dataset.values().catch((error: unknown) => error);
        if (values instanceof Hdf5Fault) expect(values.reason, `${path} ${inside}`).toBe('unsupported');
        else if (sum !== null && isNumeric(dataset.type)) {
          expect(total(await dataset.numbers()), `${path} ${inside}`).toBeCloseTo(sum, 6);
          compared++;
        }
      }
    await source.close();
  }
  expect(compared).toBeGreaterThan(50);
}
