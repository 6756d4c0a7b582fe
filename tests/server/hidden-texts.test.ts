import { memorySource, openZip, zipWriter } from '@micrarium/formats';
import { expect, test } from 'vitest';
import { derivedWithout, maskedText, patchesOver } from '../../packages/server/src/http/hidden-texts.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (of: Uint8Array | undefined) => Buffer.from(of ?? []).toString('utf8');

test('a value is hidden as it is, within JSON and XML, whatever its capitals, and nothing changes its place', () => {
  const path = 'C:\\Users\\Müller & Co';
  const told = JSON.stringify({ name: path, xml: '<a b="C:\\Users\\Müller &amp; Co"/>', other: 'MÜLLER müller' });
  const hidden = maskedText(bytes(told), [path, 'Müller']);
  expect(hidden!.length).toBe(bytes(told).length);
  expect(text(hidden)).not.toMatch(/Users|Müller/);
  expect(JSON.parse(text(hidden))).toMatchObject({ name: expect.stringMatching(/^x+$/) });
  expect(maskedText(bytes('nobody'), ['Müller'])).toBeUndefined();
});

test('metadata within an archive are hidden with their sums; pixels that spell a name are not touched, whatever range is read', async () => {
  const parts: Uint8Array[] = [];
  const zip = zipWriter({ write: async (part) => void parts.push(part.slice()) });
  await zip.add('zarr.json', [bytes('{"name":"film of yamada"}')]);
  await zip.add('0/c/0', [bytes('yamada')]);
  const later = await zip.create('OME/METADATA.ome.xml');
  await later.write(bytes('<Experimenter LastName="Yamada"/>'));
  await later.close();
  await zip.finish();
  const whole = Buffer.concat(parts);
  const store = {
    isElsewhere: true,
    open: async () => ({ ...memorySource('image-0.ozx', whole), close: async () => {} }),
  };
  const derived = derivedWithout(store as never, ['yamada']);
  const source = (await derived.open('key', 'image-0.ozx'))!;
  expect([source.size, await derived.pathOf('key', 'image-0.ozx')]).toEqual([whole.length, undefined]);
  const seen = await source.read(0, source.size);
  for (let at = 0; at < whole.length; at += 7)
    expect(Buffer.from(await source.read(at, 11))).toEqual(Buffer.from(seen.subarray(at, at + 11)));
  const { tree } = await openZip(memorySource('image-0.ozx', seen));
  const inside = await Promise.all(
    tree.entries.map(async (entry) => {
      const file = await entry.open();
      return text(await file.read(0, file.size));
    }),
  );
  expect(inside.sort()).toEqual(['<Experimenter LastName="xxxxxx"/>', 'yamada', '{"name":"film of xxxxxx"}']);
  expect(Buffer.from(seen).equals(whole)).toBe(false);
});

test('of a table its footer is hidden, not its numbers; what is no such file is left', async () => {
  const footer = bytes('{"folder":"/home/yamada"}');
  const length = new Uint8Array(new Uint32Array([footer.length]).buffer);
  const table = Buffer.concat([bytes('PAR1yamada'), footer, length, bytes('PAR1')]);
  const patches = await patchesOver('tracks-0/objects.parquet', memorySource('t', table), ['yamada']);
  expect(patches.map(({ at, bytes: over }) => [at, text(over)])).toEqual([[10, '{"folder":"/home/xxxxxx"}']]);
  for (const broken of ['', 'PAR1', 'no table at all, and longer'])
    expect(await patchesOver('a.parquet', memorySource('t', bytes(broken)), ['yamada'])).toEqual([]);
  for (const broken of ['', 'PK', 'no archive at all'])
    expect(await patchesOver('a.ozx', memorySource('t', bytes(broken)), ['yamada'])).toEqual([]);
  expect(await patchesOver('image-0.thumbnail.png', memorySource('t', bytes('yamada')), ['yamada'])).toEqual([]);
});
