import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileSink, zipWriter } from '@micrarium/formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DerivedOnDisk } from './derived-on-disk.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'micrarium-derived-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const open = (name: string) => DerivedOnDisk.open(join(folder, name), join(folder, `${name}-work`));
const content = (n: number): Uint8Array => new Uint8Array(500).fill(n);

/** Makes a form of an archive of five entries and a picture; stops before the entry `until`. Answers what was left. */
function maker(
  until: number,
  stop: AbortController,
): { make(sink: FileSink): Promise<void>; seen(): readonly string[] } {
  let seen: readonly string[] = [];
  return {
    seen: () => seen,
    async make(sink) {
      const left = await sink.left?.('image-0.ozx');
      seen = left?.files ?? [];
      const out = await sink.create('image-0.ozx');
      const zip = zipWriter(out, { left: left?.entries ?? [] });
      for (let n = 0; n < 5; n++) {
        if (n === until) stop.abort(new Error('stopped'));
        stop.signal.throwIfAborted();
        if (!seen.includes(`${n}`)) await zip.add(`${n}`, [content(n)]);
      }
      await zip.finish();
      await out.close();
      const picture = await sink.create('image-0.thumbnail.png');
      await picture.write(content(9));
      await picture.close();
    },
  };
}

async function build(store: DerivedOnDisk, until: number): Promise<readonly string[]> {
  const stop = new AbortController();
  const { make, seen } = maker(until, stop);
  await store.build('form-of-images', make, { signal: stop.signal }).catch((error: unknown) => {
    expect(String(error)).toContain('stopped');
  });
  return seen();
}

const made = (name: string): Promise<Buffer> => readFile(join(folder, name, 'fo/form-of-images/image-0.ozx'));

test('a form whose making was stopped, or whose process was killed, is gone on with and has the same bytes', async () => {
  const whole = await open('whole');
  await build(whole, 9);
  const store = await open('stopped');
  expect(await build(store, 3)).toEqual([]);
  expect(await build(store, 4)).toEqual(['0', '1', '2']);
  // As a killed process leaves it: the folder has the name of one that is gone.
  const [name] = await readdir(join(folder, 'stopped-work'));
  await rename(
    join(folder, 'stopped-work', name!),
    join(folder, 'stopped-work', `4194305-${name!.split('-').slice(1).join('-')}`),
  );
  const again = await open('stopped');
  expect(await build(again, 9)).toEqual(['0', '1', '2', '3']);
  expect((await made('stopped')).equals(await made('whole'))).toBe(true);
  expect(await readdir(join(folder, 'stopped-work'))).toEqual([]);
});

test('what failed by itself leaves nothing', async () => {
  const store = await open('failed');
  const failing = store.build('form-of-images', async (sink) => {
    const file = await sink.create('image-0.ozx');
    await file.write(content(1));
    await file.close();
    throw new Error('a fault of the data');
  });
  await expect(failing).rejects.toThrow('a fault of the data');
  expect(await readdir(join(folder, 'failed-work'))).toEqual([]);
});
