import { expect, test } from 'vitest';
import { zipWriter } from '../../containers/zip/write-zip.ts';
import { findItems } from '../../recognition/find-items.ts';
import { cmsoFormat } from '../cmso/descriptor.ts';
import { bd5Format } from '../../objects/bd5/descriptor.ts';
import { geffFormat } from '../geff/descriptor.ts';
import { readFiles, treeOf } from '../item-for-tests.test-data.ts';
import { checkPair, writtenAndRead } from '../loss/pair-check.test-data.ts';

const line = (...cells: (string | number)[]) => `${cells.join(', ')}, \n`;
const rest = (weight: number, reporter = 0) => [weight, reporter, 0, 0, '', reporter, 0, 0, 0, 0];

/** P0 divides, one nucleus of the last time point was removed by a person, and stands before one that was not. */
const nuclei = {
  't001-nuclei': line(1, 1, -1, 1, 2, 100, 50, '10.0', 20, 'P0', ...rest(575)),
  't002-nuclei':
    line(1, 1, 1, 1, -1, 90, 52, '10.5', 18, 'AB', ...rest(600, 7)) +
    line(2, 1, 1, 3, -1, 110, 48, '9.5', 16, 'P1', ...rest(610)),
  't003-nuclei':
    line(1, 1, 1, -1, -1, 88, 52, '10.5', 18, 'AB', ...rest(620)) +
    line(2, 0, 2, -1, -1, 10, 10, '3.0', 10, 'Nuc2', ...rest(10)) +
    line(3, 1, 2, -1, -1, 112, 48, '9.0', 16, 'P1', ...rest(630)),
};

const settings = (archive = 'e-edit.zip') => `<?xml version='1.0' encoding='utf-8'?>
<embryo>
<image file="C:\\films\\e\\tif\\e-t001-p01.tif"/>
<nuclei file="/data/e/dats/${archive}"/>
<start index="1"/> <end index="3"/>
<!-- <resolution xyRes="1" zRes="1" planeEnd="9"/> -->
<resolution xyRes=".1" zRes="0.5" planeEnd="30"/> <exprCorr type="blot"/>
<axis axis="ADL"/>
</embryo>`;

const inFolder = (folder: string) =>
  Object.fromEntries(Object.entries(nuclei).map(([name, text]) => [`${folder}${name}`, text]));

async function zipped(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const zip = zipWriter({ write: async (bytes) => void parts.push(bytes.slice()) });
  for (const [path, text] of Object.entries(files)) await zip.add(path, [new TextEncoder().encode(text)]);
  await zip.finish();
  return new Uint8Array(Buffer.concat(parts));
}

const expectedCounts = [[5, 4, 2, 1, 3, 1, 0, 0]];

test('a folder of nuclei with its settings: names, divisions, radii and depth in micrometers', async () => {
  const files = { 'd/e/e.xml': settings(), ...inFolder('d/e/nuclei/') };
  for (const asked of ['d/e/e.xml', 'd/e/nuclei/t002-nuclei', 'd/e']) {
    const { format, counts, sets, codes } = await readFiles(files, asked);
    expect([format, counts, codes]).toEqual(['acetree', expectedCounts, ['acetree-removed-nuclei']]);
    const [{ objects, provenance, ...set }] = sets as [(typeof sets)[number]];
    expect(set).toMatchObject({ name: 'e', spaceUnit: 'micrometer', sourceFrameBase: 1 });
    expect([objects.entity, ...objects.frame]).toEqual(['sphere', 0, 1, 1, 2, 2]);
    const close = (values: readonly number[]) => values.map((one) => expect.closeTo(one, 9));
    expect([...objects.x]).toEqual(close([10, 9, 11, 8.8, 11.2]));
    // The first slice is slice 1.
    expect([...objects.z!]).toEqual(close([4.5, 4.75, 4.25, 4.75, 4]));
    const column = (name: string) => objects.columns.find((one) => one.name === name);
    expect(column('name')!.values).toEqual(['P0', 'AB', 'P1', 'AB', 'P1']);
    expect([...(column('radius')!.values as Float64Array)]).toEqual(close([1, 0.9, 0.8, 0.9, 0.8]));
    expect(objects.columns.map(({ name }) => name)).toEqual([
      'name',
      'radius',
      'source_id',
      'weight',
      'rweight',
      'rwraw',
    ]);
    expect(provenance).toMatchObject({
      imageName: 'e-t001-p01.tif',
      imageSizes: { z: 30 },
      pixelSize: { x: 0.1, y: 0.1, z: 0.5 },
      settings: settings(),
    });
  }
  const items = await findItems(treeOf({ ...files, 'd/e/notes.txt': 'a\n' }));
  expect(items.map(({ path, format }) => [path, format])).toEqual([
    ['d/e', 'acetree'],
    ['d/e/notes.txt', 'text'],
  ]);
});

test('an archive goes with the settings that name it, wherever it stands among the names', async () => {
  const archive = await zipped({ ...inFolder('nuclei/'), 'parameters/p': 'a' });
  for (const name of ['e-edit.zip', 'z.zip']) {
    const items = await findItems(treeOf({ 'd/e.xml': settings(name), [`d/${name}`]: archive }));
    expect(items.map(({ format, files }) => [format, files.length])).toEqual([['acetree', 2]]);
    const { counts, sets } = await readFiles({ 'd/e.xml': settings(name), [`d/${name}`]: archive });
    expect([counts, sets[0]!.spaceUnit]).toEqual([expectedCounts, 'micrometer']);
  }
});

test('an archive alone is in pixels and slices, and says so', async () => {
  for (const prefix of ['nuclei/', 'e/nuclei/', '']) {
    const { format, counts, sets, codes } = await readFiles({ 'e.zip': await zipped(inFolder(prefix)) });
    expect([format, counts, sets[0]!.objects.entity, sets[0]!.objects.z![0]]).toEqual([
      'acetree',
      expectedCounts,
      'point',
      9,
    ]);
    expect(codes).toEqual(expect.arrayContaining(['pixel-units-only']));
  }
  const whole = await readFiles({ 'e.zip': await zipped({ 'e/e.xml': settings(), ...inFolder('e/nuclei/') }) });
  expect(whole.sets[0]!.spaceUnit).toBe('micrometer');
});

test('what is wrong is said: no nuclei, lines cut off, links that disagree or lead nowhere', async () => {
  const alone = await readFiles({ 'e.xml': settings() });
  expect([alone.format, alone.codes]).toEqual(['acetree', ['acetree-nuclei-missing']]);
  const { codes, counts } = await readFiles({
    't001-nuclei': nuclei['t001-nuclei'],
    't002-nuclei': `${nuclei['t002-nuclei']}3, 1, 7, -1, -1, 5, 5, 2.0, 9, x, 1, \n4, 1, 1, -`,
    't003-nuclei': nuclei['t003-nuclei'].replace('3, 1, 2,', '3, 1, 1,'),
    't005-nuclei': line(1, 1, 3, -1, -1, 112, 48, '9.0', 16, 'P1', ...rest(1)),
  });
  expect([...new Set(codes)].sort()).toEqual(
    [
      'acetree-line-left-out',
      'acetree-links-disagree',
      'acetree-removed-nuclei',
      'pixel-units-only',
      'track-parent-unknown',
    ].sort(),
  );
  expect(counts).toEqual([[7, 4, 4, 1, 4, 2, 0, 0]]);
  const other = await readFiles({ 'nuclei/t001-nuclei': 'some words, with commas\n' });
  expect(other.format).not.toBe('acetree');
});

test('goes to GEFF, CMSO and BD5, and what is lost is what was said', async () => {
  const { sets } = await readFiles({ 'e/e.xml': settings(), ...inFolder('e/nuclei/') });
  for (const { tracks } of [geffFormat, cmsoFormat, bd5Format]) {
    const writer = await tracks!.writer!();
    const name = `e${writer.extension}`;
    expect(await checkPair(writer, sets, name)).toEqual([]);
    const { sets: back } = await writtenAndRead(writer, sets, name);
    expect([back[0]!.objects.count, back[0]!.edges.count]).toEqual([5, 4]);
  }
});
