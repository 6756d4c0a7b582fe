import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Item, findItems, formats, seenInRepositories, unseenFormats } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { expect, test } from 'vitest';
import { expectedFormats } from './expected-formats.ts';

const data = resolve(import.meta.dirname, '../../../shared/data');
const present = existsSync(data);
if (!present) console.warn(`shared data are absent (${data}): the files of this test were not looked at`);

async function itemsBelow(room: string): Promise<{ path: string; item: Item }[]> {
  const items = await findItems(await openFolder(join(data, room)));
  return items.map((item) => ({ path: item.path === '' ? room : `${room}/${item.path}`, item }));
}

/** A table of file names may be taken as text or as a table: both are honest. */
const alsoHonest = (path: string, format: string) => path.endsWith('.tsv') && format === 'delimited';

for (const room of ['tracks', 'bd5', 'images', 'metadata'])
  test.runIf(present)(`every file of ${room} is recognised, or honestly text`, async () => {
    const wrong: string[] = [];
    const used = new Set<RegExp>();
    for (const { path, item } of await itemsBelow(room)) {
      const line = expectedFormats.find(([pattern]) => pattern.test(path));
      if (line) used.add(line[0]);
      if (item.format !== line?.[1] && !alsoHonest(path, item.format))
        wrong.push(
          `${path}: ${item.format} (${item.recognition.reason}), expected ${line?.[1] ?? 'a line in the table'}`,
        );
    }
    expect(wrong).toEqual([]);
    const unused = expectedFormats.filter(
      ([pattern]) => pattern.source.startsWith(`^${room}\\/`) && !used.has(pattern),
    );
    expect(unused.map(([pattern]) => pattern.source)).toEqual([]);
  });

/** Forms that any program writes: our generators and Python's libraries make them in other tests. */
const general = new Set(['avi', 'delimited', 'excel', 'gif', 'image-series', 'jpeg', 'mp4', 'parquet', 'png', 'webm']);

test('a format whose reader met no real file is marked so, and no other', () => {
  const seen = new Set<string>(expectedFormats.map(([, id]) => id));
  const read = formats.filter(({ id, tracks, images }) => (tracks ?? images) && !general.has(id)).map(({ id }) => id);
  const elsewhere = Object.keys(seenInRepositories);
  expect(read.filter((id) => !seen.has(id)).sort()).toEqual([...unseenFormats, ...elsewhere].sort());
});

test.runIf(present)('a set is the same item from wherever one points at it', async () => {
  const multifile = await openFolder(join(data, 'images/tiff/multifile'));
  for (const { path } of multifile.entries) {
    const [item] = await findItems(multifile, { asked: path });
    expect([path, item!.format, item!.path, item!.files.length]).toEqual([path, 'ome-tiff', path, 6]);
  }
  const challenge = await openFolder(join(data, 'tracks/ctc/Fluo-N2DL-HeLa/01_RES'));
  for (const asked of ['res_track.txt', 'mask000.tif', 'mask091.tif']) {
    const [item] = await findItems(challenge, { asked });
    expect([asked, item!.format, item!.files.length]).toEqual([asked, 'ctc', 93]);
  }
  const investigation = await openFolder(join(data, 'metadata/isa/tab/BII-I-1'));
  for (const { path } of investigation.entries)
    expect(
      (await findItems(investigation, { asked: path })).map(({ format, files }) => [format, files.length]),
    ).toEqual([['isa-tab', investigation.entries.length]]);
});

test.runIf(present)('hostile files are never mistaken for data', async () => {
  const items = await findItems(await openFolder(join(data, 'preservation/hostile')));
  const formats = Object.fromEntries(items.map(({ path, format }) => [path, format]));
  for (const [path, format] of Object.entries(formats)) {
    const allowed = path.endsWith('.zip') ? ['zip', 'unknown'] : ['text', 'unknown', 'delimited', 'bdml'];
    expect([path, allowed.includes(format)]).toEqual([path, true]);
  }
});
