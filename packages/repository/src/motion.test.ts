import { openParquet } from '@micrarium/formats';
import { pathMeasureIds } from '@micrarium/model';
import { expect, test } from 'vitest';
import { createDraft } from './drafts.ts';
import { formKeys, placeOfContent } from './forms.ts';
import { measureItem } from './measures.ts';
import { depositFiles, openWorkbench } from './memory/workbench.ts';
import { motionFile } from './motion.ts';
import { livesTable, pathsTable, stepsTable } from './motion-tables.ts';
import { FormNotMade } from './open-forms.ts';

/** A path of three detections with a gap, and one object alone. Ids fall, so that rows and ids differ. */
const rows = ['object_id,track,frame,x,y', '30,1,0,0,0', '10,1,1,3,4', '20,1,3,3,8', '99,2,3,0,0'].join('\n');

async function ingested() {
  const bench = await openWorkbench();
  const { id } = await createDraft(bench, 'hanako');
  await depositFiles(bench, id, { 'tracks.csv': `${rows}\n` });
  await bench.jobs.runAll();
  const [row] = await bench.studies.listItems(id);
  return { bench, item: row!.item };
}

test('how tracks move is measured when they are read, and kept with definitions and units', async () => {
  const { bench, item } = await ingested();
  const measured = await measureItem(bench, item);
  expect(measured.tracks).toEqual([
    {
      track: 0,
      objects: 3,
      firstFrame: 0,
      lastFrame: 3,
      duration: 3,
      pathLength: 9,
      netDisplacement: Math.hypot(3, 8),
      // The step over two frames is no speed.
      meanSpeed: 5,
    },
  ]);
  expect(measured.frames).toEqual([
    { frame: 0, time: null, objects: 1 },
    { frame: 1, time: null, objects: 1 },
    { frame: 3, time: null, objects: 2 },
  ]);
  expect(measured.units.time).toBe('frame');
  expect(measured.summary.measures.find(({ id }) => id === 'mean_speed')).toMatchObject({ n: 1, gapPolicy: 'drop' });

  expect(placeOfContent(item, pathsTable(0))).toMatchObject({ kind: 'form', path: pathsTable(0) });
  const source = await bench.derived.open(formKeys(item.id).motion, pathsTable(0));
  const table = await openParquet(source!);
  expect(table.columns.map(({ name }) => name)).toEqual([
    'path',
    'track_id',
    'first_object_id',
    'first_frame',
    'last_frame',
    ...pathMeasureIds,
  ]);
  // A path of three detections in the plane has no displacement along z: missing, not 0.
  expect((await table.read('displacement_z', 0, 1)).missing?.[0]).toBe(1);
  expect(item.conversions.find(({ recipe }) => recipe === 'motion')!.outputs.map(({ path }) => path)).toEqual([
    pathsTable(0),
    stepsTable(0),
    livesTable(0),
    motionFile(0),
  ]);
});

test('every step and every life has a row, undefined values are missing, and definitions travel with the file', async () => {
  const { bench, item } = await ingested();
  const opened = async (path: string) => {
    expect(placeOfContent(item, path)).toMatchObject({ kind: 'form', path });
    return openParquet((await bench.derived.open(formKeys(item.id).motion, path))!);
  };
  const steps = await opened(stepsTable(0));
  const column = async (name: string) =>
    Array.from((await steps.read(name, 0, steps.rows)).values as ArrayLike<number>);
  expect(steps.rows).toBe(2);
  expect(
    [await column('object_id'), await column('next_object_id'), await column('frames')].flat().map(Number),
  ).toEqual([30, 10, 10, 20, 1, 2]);
  const { values, missing } = await steps.read('speed', 0, 2);
  // The step over two frames is no speed.
  expect([values[0], missing?.[0] ?? 0, missing?.[1]]).toEqual([5, 0, 1]);
  const said = JSON.parse(steps.metadata.get('micrarium')!) as { measures: { id: string; gapPolicy?: string }[] };
  expect(said.measures[0]).toMatchObject({ id: 'speed', version: 1, gapPolicy: 'drop' });
  const lives = await opened(livesTable(0));
  expect(lives.rows).toBe(1);
  expect((await lives.read('begins', 0, 1)).values[0]).toBe('film');
  expect((await lives.read('cell_cycle_length', 0, 1)).missing?.[0]).toBe(1);
});

test('measures that were dropped are asked for again', async () => {
  const { bench, item } = await ingested();
  const key = formKeys(item.id).motion;
  await bench.derived.drop(key);
  await expect(measureItem(bench, item)).rejects.toThrow(FormNotMade);
  await bench.derived.build(key, async (sink) => {
    const file = await sink.create(motionFile(0));
    await file.write(new TextEncoder().encode('{"summary": {'));
    await file.close();
  });
  await expect(measureItem(bench, item)).rejects.toThrow(FormNotMade);
  expect(await bench.derived.list(key)).toBeUndefined();
});
