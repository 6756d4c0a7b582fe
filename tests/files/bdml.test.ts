import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  type FileSink,
  type FileTree,
  type Item,
  bd5Reader,
  bd5Writer,
  bdmlReader,
  fileTree,
  findItems,
  memorySource,
  readTrackSets,
} from '@micrarium/formats';
import { type TrackSet, countTracks } from '@micrarium/model';

const folder = fileURLToPath(new URL('../../../shared/data/bd5/', import.meta.url));
const present = existsSync(folder);
if (!present) console.warn(`skipped: no sample files at ${folder}`);

function treeOf(files: Readonly<Record<string, Uint8Array>>): FileTree {
  return fileTree(
    '',
    Object.entries(files).map(([path, bytes]) => ({
      path,
      size: bytes.length,
      open: async () => memorySource(path, bytes),
    })),
  );
}

async function itemOf(name: string, more: Readonly<Record<string, Uint8Array>> = {}): Promise<Item> {
  const path = name.slice(name.lastIndexOf('/') + 1);
  const [item] = await findItems(treeOf({ [path]: await readFile(`${folder}${name}`), ...more }), { asked: path });
  return item!;
}

async function read(name: string) {
  const item = await itemOf(name);
  expect(item.format).toBe('bdml');
  const reader = await item.descriptor!.tracks!.reader();
  const { sets, issues } = await readTrackSets(reader, item);
  return { sets, set: sets[0], issues, codes: issues.map(({ code }) => code) };
}

const mini = (name: string) => read(`mini-bdml/${name}.bdml0.18.xml`);

function column(set: TrackSet | undefined, name: string) {
  return set!.objects.columns.find((one) => one.name === name)!;
}

/** Through BD5 and back. */
async function throughBd5(sets: readonly TrackSet[]): Promise<TrackSet[]> {
  const parts: Uint8Array[] = [];
  const sink: FileSink = {
    create: async () => ({ write: async (bytes) => void parts.push(bytes.slice()), close: async () => undefined }),
  };
  await bd5Writer.write(sets, sink);
  const tree = treeOf({ 'a.h5': Buffer.concat(parts) });
  const item = {
    path: 'a.h5',
    files: tree.entries,
    tree,
    format: 'bd5' as const,
    recognition: { score: 1, reason: '' },
  };
  const { sets: back, issues } = await readTrackSets(bd5Reader, item);
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  return back;
}

describe.skipIf(!present)('BDML sample documents', () => {
  it('the embryo: counts, and the rows of the published BD5 file', async () => {
    const { set, issues } = await read('081505_L1.derived.bdml0.18.xml.gz');
    expect(issues).toEqual([]);
    expect(countTracks(set!.objects, set!.edges)).toMatchObject({
      objects: 23_980,
      edges: 23_975,
      splits: 358,
      frames: 195,
    });
    const [back] = await throughBd5([set!]);
    const bytes = await readFile(`${folder}081505_L1_bd5.h5`);
    const tree = treeOf({ 'p.h5': bytes });
    const { sets } = await readTrackSets(bd5Reader, {
      path: 'p.h5',
      files: tree.entries,
      tree,
      format: 'bd5',
      recognition: { score: 1, reason: '' },
    });
    const published = sets[0]!;
    expect(back!.objects.count).toBe(published.objects.count);
    expect(back!.objects.frame).toEqual(published.objects.frame);
    expect([back!.edges.source, back!.edges.target]).toEqual([published.edges.source, published.edges.target]);
    expect(back!.objects.columns.map(({ name, unit }) => [name, unit])).toEqual(
      published.objects.columns.map(({ name, unit }) => [name, unit]),
    );
    for (const name of ['source_id', 'label'])
      expect(column(back, name).values).toEqual(column(published, name).values);
    const close = (a: ArrayLike<number>, b: ArrayLike<number>) => {
      let worst = 0;
      for (let i = 0; i < b.length; i++)
        worst = Math.max(worst, Math.abs(a[i]! - b[i]!) / Math.max(1, Math.abs(b[i]!)));
      return worst;
    };
    for (const axis of ['x', 'y', 'z', 'time'] as const)
      expect(close(back!.objects[axis]!, published.objects[axis]!)).toBeLessThan(1e-7);
    for (const name of ['radius', 'totalGFPsignal'])
      expect(
        close(column(back, name).values as Float64Array, column(published, name).values as Float64Array),
      ).toBeLessThan(1e-7);
  });

  it('a 3.0 header points to its BD5 file', async () => {
    const name = 'Membrane_bdml3.0.xml';
    const alone = await read(name);
    expect(alone.sets).toEqual([]);
    expect(alone.issues).toMatchObject([{ code: 'bdml-external-missing', severity: 'error' }]);
    expect(alone.issues[0]!.message).toContain('Membrane_bd5.h5');

    const beside = { 'Membrane_bd5.h5': await readFile(`${folder}sample_face_bd5.h5`) };
    const { sets, issues } = await readTrackSets(bdmlReader, await itemOf(name, beside));
    expect(issues).toEqual([]);
    expect(sets[0]!.objects.shapes!.partOffsets).toEqual(Uint32Array.of(0, 4));
    expect(sets[0]!.provenance.settings).toContain('<ORCID>0000-0002-8255-1724</ORCID>');

    const items = await findItems(treeOf({ [name]: await readFile(`${folder}${name}`), ...beside }));
    expect(items.map(({ path, format, files }) => [path, format, files.length])).toEqual([
      ['Membrane_bd5.h5', 'bd5', 1],
      [name, 'bdml', 1],
    ]);
    expect((await readTrackSets(bdmlReader, items[1]!)).issues).toMatchObject([{ code: 'bdml-external-apart' }]);
  });
});

// Table 2.6 of the note on BDML: what the official converter does wrong, and what must come out instead.
describe.skipIf(!present)('corner cases', () => {
  it('names the header and keeps it', async () => {
    const { set } = await mini('static');
    expect(set!.provenance.settings).toContain('<bdmlID>00000000-0000-4000-8000-000000000001</bdmlID>');
  });

  it('multiplies features by their scale, and keeps both kinds of object', async () => {
    const { sets, issues } = await mini('multi_obj');
    expect(issues).toEqual([]);
    expect(sets.map(({ name, objects }) => [name, objects.entity])).toEqual([
      ['nucleus', 'sphere'],
      ['cell', 'line'],
    ]);
    expect(column(sets[0], 'f0').values).toEqual(Float64Array.of(2.5));
    expect(column(sets[0], 'f1').values).toEqual(Float64Array.of(5));
    expect(column(sets[1], 'f0').values).toEqual(Float64Array.of(7.5));
    expect(column(sets[1], 'f1').missing).toEqual(Uint8Array.of(1));
    expect([...sets[1]!.objects.shapes!.vertexOffsets]).toEqual([0, 2, 4]);
  });

  it('keeps long ids and labels whole, through BD5 too', async () => {
    const { set } = await mini('uuid_ids');
    expect(new Set(column(set, 'source_id').values as string[]).size).toBe(20);
    const [back] = await throughBd5([set!]);
    expect(column(back, 'source_id').values).toEqual(column(set, 'source_id').values);
    const long = await mini('long_label');
    const [labelled] = await throughBd5(long.sets);
    expect(column(labelled, 'label').values).toEqual(['a very long cell name of forty characters!', 'b']);
  });

  it('splits mixed entities into two sets and says so', async () => {
    const { sets, codes } = await mini('mixed_entity');
    expect(sets.map(({ name, objects }) => [name, objects.entity, objects.count])).toEqual([
      ['nucleus', 'sphere', 1],
      ['nucleus (point)', 'point', 1],
    ]);
    expect(codes).toEqual(['bdml-mixed-entity']);
  });

  it.each([
    ['prop_only', [2.5, 5, 7.5]],
    ['prop_only_one', [2.5]],
  ])('%s: one object a measurement, without a place', async (name, values) => {
    const { set, issues } = await mini(name);
    expect(set!.objects.count).toBe(values.length);
    expect(column(set, 'f0').values).toEqual(Float64Array.from(values));
    expect(set!.objects.x.every(Number.isNaN)).toBe(true);
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    const [back] = await throughBd5([set!]);
    expect(back!.objects.count).toBe(values.length);
  });

  it.each([
    ['unknown_object', 'bdml-unknown-object', 'nosuch'],
    ['unknown_feature', 'bdml-unknown-feature', 'nope'],
    ['xzero', 'bdml-scale-impossible', 'xScale 0'],
  ])('%s is an error', async (name, code, text) => {
    const { issues } = await mini(name);
    expect(issues).toMatchObject([{ code, severity: 'error' }]);
    expect(issues[0]!.message).toContain(text);
  });

  it('xScale 0 gives no set at all', async () => {
    expect((await mini('xzero')).sets).toEqual([]);
  });

  it('reads a planar sphere as a circle and reports the z it drops', async () => {
    const { set, codes } = await mini('two_d');
    expect(set!.objects).toMatchObject({ entity: 'circle', count: 1 });
    expect(set!.objects.z).toBeUndefined();
    expect(codes.sort()).toEqual(['bdml-depth-dropped', 'bdml-sphere-in-plane']);
  });

  it('allows tScale 0 with several times, and warns', async () => {
    const { set, issues } = await mini('static');
    expect(issues).toMatchObject([{ code: 'bdml-time-scale-zero', severity: 'warning' }]);
    expect(set!.objects.frame).toEqual(Int32Array.of(0, 1));
    expect(set!.objects.time).toEqual(Float64Array.of(0, 5));
    expect(set!.timeUnit).toBeUndefined();
  });

  it('keeps a multi-point as one object, and as several rows in BD5', async () => {
    const { set, issues } = await mini('multi_point');
    expect(issues).toEqual([]);
    expect(set!.objects.count).toBe(1);
    expect(set!.objects.shapes!.xyz).toEqual(Float64Array.of(0.1, 0.1, 1, 0.2, 0.2, 2));
    expect(
      bd5Writer
        .losses([set!])
        .map(({ message }) => message)
        .join(),
    ).not.toContain('outlines');
    const [back] = await throughBd5([set!]);
    expect(back!.objects.shapes!.vertexOffsets).toEqual(Uint32Array.of(0, 1, 2));
    expect(back!.objects.shapes!.xyz).toEqual(set!.objects.shapes!.xyz);
  });

  it('numbers the lines of one component on', async () => {
    const { set, issues } = await mini('multi_meas_line');
    expect(issues).toEqual([]);
    expect(set!.objects.count).toBe(1);
    expect([...set!.objects.shapes!.vertexOffsets]).toEqual([0, 2, 4]);
    const [back] = await throughBd5([set!]);
    expect(back!.objects.shapes).toEqual(set!.objects.shapes);
  });

  it('reads triangles', async () => {
    const { set, issues } = await mini('face');
    expect(issues).toEqual([]);
    expect([...set!.objects.shapes!.vertexOffsets]).toEqual([0, 3, 6]);
  });

  it('sorts times exactly, and reports links to nowhere', async () => {
    const { set, issues } = await mini('times_unsorted');
    expect([...set!.objects.frame]).toEqual([1, 0, 1]);
    expect([...set!.objects.time!]).toEqual([7.5, 2.25, 7.5]);
    expect([...set!.edges.source, ...set!.edges.target]).toEqual([1, 2]);
    expect(issues).toMatchObject([{ code: 'bdml-dangling-link', severity: 'error' }]);
    expect(issues[0]!.message).toMatch(/2 prevIDs.*zz → a2; a9 → a3/);
  });

  it('keeps labels where only some have one', async () => {
    const { set, issues } = await mini('label_some');
    expect(issues).toEqual([]);
    expect(column(set, 'label')).toMatchObject({ values: ['', 'x'], missing: Uint8Array.of(1, 0) });
  });

  it('keeps Unicode names, through BD5 too', async () => {
    const { sets } = await mini('utf8');
    const [back] = await throughBd5(sets);
    expect([back!.name, column(back, 'label').values]).toEqual(['核', ['細胞']]);
  });

  it('says which documents a series names', async () => {
    const { sets, issues } = await mini('series');
    expect(sets).toEqual([]);
    expect(issues).toMatchObject([{ code: 'bdml-refers-elsewhere' }]);
    expect(issues[0]!.message).toContain('00000000-0000-4000-8000-000000000002');
  });
});
