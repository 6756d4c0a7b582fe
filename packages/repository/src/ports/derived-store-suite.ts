import assert from 'node:assert/strict';
import type { FileSink } from '@micrarium/formats';
import type { DerivedStore } from './derived-store.ts';
import { type SuiteCase, textBytes } from './suite-case.ts';

async function writeText(sink: FileSink, path: string, text: string): Promise<void> {
  const file = await sink.create(path);
  await file.write(textBytes(text));
  await file.close();
}

async function readText(store: DerivedStore, key: string, path: string): Promise<string | undefined> {
  const source = await store.open(key, path);
  if (!source) return undefined;
  const text = new TextDecoder().decode(await source.read(0, source.size));
  await source.close();
  return text;
}

/** What every store of derived forms must do. */
export function derivedStoreSuite(open: () => Promise<DerivedStore>): SuiteCase[] {
  return [
    {
      name: 'shows a form with its files when it is complete',
      async run() {
        const store = await open();
        assert.equal(await store.list('key1'), undefined);
        await store.build('key1', async (sink) => {
          await writeText(sink, 'tracks-0/objects.parquet', 'rows');
          assert.equal(await store.list('key1'), undefined);
          await writeText(sink, 'image-0.ozx', 'pixels');
        });
        assert.deepEqual(await store.list('key1'), [
          { path: 'image-0.ozx', size: 6 },
          { path: 'tracks-0/objects.parquet', size: 4 },
        ]);
        assert.equal(await readText(store, 'key1', 'tracks-0/objects.parquet'), 'rows');
        assert.ok(await store.pathOf('key1', 'image-0.ozx'));
        assert.equal(await store.pathOf('key1', 'image-1.ozx'), undefined);
        assert.equal(await store.pathOf('key1', 'tracks-0'), undefined);
        assert.equal(await store.open('key1', 'image-1.ozx'), undefined);
      },
    },
    {
      name: 'shows nothing of a form whose making failed, and lets it be made again',
      async run() {
        const store = await open();
        const fails = store.build('key1', async (sink) => {
          await writeText(sink, 'half', 'x');
          throw new Error('cannot go on');
        });
        await assert.rejects(fails, /cannot go on/);
        assert.equal(await store.list('key1'), undefined);
        await store.build('key1', (sink) => writeText(sink, 'whole', 'y'));
        assert.deepEqual(await store.list('key1'), [{ path: 'whole', size: 1 }]);
      },
    },
    {
      name: 'gives one result for several makers of one key',
      async run() {
        const store = await open();
        let made = 0;
        const make = async (sink: FileSink) => {
          made++;
          await writeText(sink, 'one', String(made));
        };
        await Promise.all([store.build('key1', make), store.build('key1', make), store.build('key1', make)]);
        await store.build('key1', make);
        assert.equal(made, 1);
        assert.equal(await readText(store, 'key1', 'one'), '1');
      },
    },
    {
      name: 'drops a form, and makes it again',
      async run() {
        const store = await open();
        await store.build('key1', (sink) => writeText(sink, 'a', '1'));
        await store.drop('key1');
        await store.drop('key1');
        assert.equal(await store.list('key1'), undefined);
        await store.build('key1', (sink) => writeText(sink, 'a', '2'));
        assert.equal(await readText(store, 'key1', 'a'), '2');
      },
    },
    {
      name: 'refuses keys and paths that lead elsewhere',
      async run() {
        const store = await open();
        for (const key of ['../x', 'a/b', '', 'ABC!'])
          await assert.rejects(async () => await store.build(key, async () => {}));
        for (const path of ['../x', '/x', 'a//b', 'a\\b', '.', ''])
          await assert.rejects(store.build('key1', (sink) => writeText(sink, path, 'x')));
        await assert.rejects(async () => await store.pathOf('key1', '../../x'));
      },
    },
  ];
}
