import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { unpackedEntry } from '../bytes/unpacked-entry.ts';
import { inspectItem } from '../inspect.ts';
import { readFiles, treeOf } from '../tracks/item-for-tests.test-data.ts';
import { findItems } from './find-items.ts';

const packed = (text: string | Uint8Array): Uint8Array => new Uint8Array(gzipSync(text));
const lines = (count: number): string =>
  `track_id;frame;x;y;name\n${Array.from({ length: count }, (_, n) => `${n >> 2};${n & 3};${n / 8};${n % 97};cell ${n * 7919}\n`).join('')}`;

const inspected = async (files: Readonly<Record<string, Uint8Array>>) => {
  const [item] = await findItems(treeOf(files));
  return inspectItem(item!);
};

test('a packed table gives what the table gives', async () => {
  // More than the head that recognition sees, and more than one block of the unpacking stream.
  const text = lines(20_000);
  const plain = await readFiles({ 'd/cells.csv': new TextEncoder().encode(text) });
  const { format, counts, sets, codes } = await readFiles({ 'd/cells.csv.gz': packed(text) });
  expect([format, counts, codes, sets]).toEqual([plain.format, plain.counts, plain.codes, plain.sets]);
  expect(counts[0]![0]).toBe(20_000);
});

test('packed XML, JSON and tables of programs are read as those', async () => {
  const simple =
    '<Tracks nTracks="1" spaceUnits="µm" frameInterval="2.0" timeUnits="s"><particle nSpots="2"><detection t="0" x="1" y="2" z="0"/><detection t="1" x="2" y="3" z="0"/></particle></Tracks>';
  expect((await readFiles({ 'a.xml.gz': packed(simple) })).counts).toEqual([[2, 1, 1, 1, 2, 0, 0, 0]]);
  const json = '[{"id":1,"points":[[0,1,2,3],[60,2,3,4]]}]';
  const plain = await readFiles({ 'a.json': json });
  const immune = await readFiles({ 'a.json.gz': packed(json) });
  expect([immune.format, immune.counts, immune.sets.length]).toEqual(['immunemap', plain.counts, 1]);
  const napari = await readFiles({ 't.csv.gz': packed('track_id,t,y,x\n1,0,2,1\n1,1,3,2\n') });
  expect([napari.format, napari.counts]).toEqual(['napari', [[2, 1, 1, 1, 2, 0, 0, 0]]]);
});

test('a packed table without positions is a feature table', async () => {
  const report = await inspected({ 'wells.tsv.gz': packed('well\tgene\tscore\nA1\tx\t1\nA2\ty\t2\nA3\tz\t3\n') });
  expect([report.format, report.tables?.[0]?.rows, report.tables?.[0]?.name]).toEqual(['delimited', 3, 'wells']);
  expect(report.issues.map(({ code }) => code)).not.toContain('recognised-not-read');
});

test('what is cut off counts up to there and says so', async () => {
  const whole = packed(lines(20_000));
  const report = await inspected({ 'cells.csv.gz': whole.slice(0, whole.length >> 1) });
  expect(report.issues.map(({ code }) => code)).toContain('track-file-damaged');
  expect(report.counts!.objects).toBeGreaterThan(1000);
  expect(report.counts!.objects).toBeLessThan(20_000);
  const damaged = whole.slice();
  damaged[damaged.length - 6]! ^= 1;
  expect((await inspected({ 'cells.csv.gz': damaged })).issues.map(({ code }) => code)).toContain('track-file-damaged');
});

test('what unpacks to far more than it should is refused', async () => {
  const report = await inspected({ 'bomb.csv.gz': packed(`${lines(4)}${'0;0;0;0;0\n'.repeat(4 << 20)}`) });
  expect(report.issues.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(['gzip-ratio']);
  expect(report.counts).toBeUndefined();
});

test('an unpacked entry is read by range as the content would be, kept or streamed', async () => {
  const content = new TextEncoder().encode(lines(5_000));
  const bytes = packed(content);
  expect(gunzipSync(bytes).length).toBe(content.length);
  const [entry] = treeOf({ 'a.csv.gz': bytes }).entries;
  const unpacked = unpackedEntry(entry!);
  const source = await unpacked.open();
  expect([unpacked.path, unpacked.size, source.size]).toEqual(['a.csv', content.length, content.length]);
  for (const [offset, length] of [
    [0, 10],
    [70_000, 100],
    [5, 70_000],
    [content.length - 3, 10],
    [content.length, 10],
  ] as const)
    expect(await source.read(offset, length)).toEqual(content.slice(offset, offset + length));
  expect(await unpackedEntry(entry!, { maxSize: 1000 }).check()).toMatchObject({ size: 0 });
});
