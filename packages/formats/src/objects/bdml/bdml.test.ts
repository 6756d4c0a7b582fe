import type { Column, EntityKind, TrackSet } from '@micrarium/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { readTrackSets } from '../../tracks/collect.ts';
import { randomSet } from '../../tracks/random-set.test-data.ts';
import { losesCharacters } from '../../tracks/trackmate-xml/features.ts';
import { bd5Reader } from '../bd5/read-bd5.ts';
import { bd5Writer } from '../bd5/write-bd5.ts';
import { bdmlReader } from './read-bdml.ts';
import { bdmlWriterFor } from './write-bdml.ts';
import type { BdmlVersion } from './vocabulary.ts';

async function read(bytes: Uint8Array, name = 'a.xml') {
  const entry = { path: name, size: bytes.length, open: async () => memorySource(name, bytes) };
  const item = {
    path: name,
    files: [entry],
    tree: { name: '', entries: [entry] },
    format: 'bdml',
    recognition: { score: 1, reason: '' },
  } as const;
  const { sets, issues } = await readTrackSets(bdmlReader, item);
  return { sets, issues, codes: issues.map(({ code }) => code) };
}

async function write(sets: readonly TrackSet[], version?: BdmlVersion): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  await bdmlWriterFor(version).write(sets, {
    create: async () => ({ write: async (bytes) => void parts.push(bytes.slice()), close: async () => undefined }),
  });
  return Buffer.concat(parts);
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((one) => !losesCharacters(one));
const position = fc.double({ min: -1e6, max: 1e6, noNaN: true });

/** A set with everything BDML can hold, in a document with others. */
const fullSet = (name: string, entity: EntityKind, hasZ: boolean): fc.Arbitrary<TrackSet> =>
  fc
    .record({
      frames: fc.array(fc.nat(6), { minLength: 1, maxLength: 20 }),
      pairs: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 30 }),
      labels: fc.array(text, { minLength: 20, maxLength: 20 }),
      values: fc.array(fc.oneof(fc.double(), fc.constant(Number.POSITIVE_INFINITY)), { minLength: 20, maxLength: 20 }),
      missing: fc.array(fc.nat(1), { minLength: 20, maxLength: 20 }),
      vertices: fc.array(position, { minLength: 180, maxLength: 180 }),
      parts: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 20, maxLength: 20 }),
    })
    .map(({ frames, pairs, labels, values, missing, vertices, parts }): TrackSet => {
      const count = frames.length;
      // Every frame of the document has an object, so that no frame is lost.
      const frame = Int32Array.from([...frames, 0, 1, 2, 3, 4, 5, 6]);
      const all = frame.length;
      const edges = new Map<string, [number, number]>();
      for (const [a, b] of pairs) {
        const [from, to] = [a % count, b % count];
        if (frame[from]! < frame[to]!) edges.set(`${from} ${to}`, [from, to]);
      }
      const at = (i: number) => vertices[i % vertices.length]!;
      const partOffsets = [0];
      const vertexOffsets = [0];
      const xyz: number[] = [];
      for (let row = 0; row < all; row++) {
        // One point is the place and no outline.
        const several = entity === 'point' ? 1 : 0;
        for (let part = 0; part < parts[row % 20]! + several; part++) {
          const size = entity === 'point' ? 1 : entity === 'face' ? 3 : 2;
          for (let vertex = 0; vertex < size; vertex++)
            xyz.push(at(row * 7 + part + vertex), at(row * 3 + vertex), hasZ ? at(row + 5 * part) : 0);
          vertexOffsets.push(xyz.length / 3);
        }
        partOffsets.push(vertexOffsets.length - 1);
      }
      const isRound = entity === 'circle' || entity === 'sphere';
      const centre = (axis: number) =>
        Float64Array.from({ length: all }, (_, row) => {
          const [first, end] = [vertexOffsets[partOffsets[row]!]!, vertexOffsets[partOffsets[row + 1]!]!];
          let sum = 0;
          for (let vertex = first; vertex < end; vertex++) sum += xyz[vertex * 3 + axis]!;
          return sum / (end - first);
        });
      const columns: Column[] = [
        {
          name: 'label',
          type: 'string',
          values: Array.from({ length: all }, (_, i) => labels[i % 20]!),
          missing: Uint8Array.from({ length: all }, (_, i) => missing[i % 20]!),
        },
        ...(isRound
          ? [
              {
                name: 'radius',
                type: 'float' as const,
                unit: 'micrometer',
                values: Float64Array.from({ length: all }, (_, i) => i / 3),
              },
            ]
          : []),
        {
          name: 'signal',
          type: 'float',
          values: Float64Array.from({ length: all }, (_, i) => values[i % 20]!),
          missing: Uint8Array.from({ length: all }, (_, i) => missing[(i + 3) % 20]!),
        },
      ];
      return {
        name,
        spaceUnit: 'micrometer',
        timeUnit: 'minute',
        provenance: { pixelSize: { x: 0.25, y: 0.5, ...(hasZ ? { z: 2 } : {}) }, frameInterval: 0.5 },
        objects: {
          count: all,
          id: Float64Array.from({ length: all }, (_, i) => i * 3),
          frame,
          time: Float64Array.from(frame, (one) => one * 0.5 + 1),
          x: centre(0),
          y: centre(1),
          ...(hasZ ? { z: centre(2) } : {}),
          columns,
          ...(isRound
            ? {}
            : {
                shapes: {
                  partOffsets: Uint32Array.from(partOffsets),
                  vertexOffsets: Uint32Array.from(vertexOffsets),
                  xyz: Float64Array.from(xyz),
                },
              }),
          entity,
        },
        edges: {
          count: edges.size,
          source: Uint32Array.from([...edges.values()], ([from]) => from),
          target: Uint32Array.from([...edges.values()], ([, to]) => to),
          columns: [],
        },
      };
    });

const document = fc
  .record({
    hasZ: fc.boolean(),
    names: fc.uniqueArray(
      text.filter((one) => one !== '' && !/_\d+$|^object/.test(one)),
      { minLength: 1, maxLength: 3 },
    ),
    entities: fc.array(fc.constantFrom<EntityKind>('point', 'line', 'circle', 'sphere', 'face'), {
      minLength: 3,
      maxLength: 3,
    }),
  })
  .chain(({ hasZ, names, entities }) =>
    fc.tuple(
      ...names.map((name, i) => fullSet(name, entities[i] === 'sphere' && !hasZ ? 'circle' : entities[i]!, hasZ)),
    ),
  );

function closeTo(found: ArrayLike<number> | undefined, wanted: ArrayLike<number> | undefined): void {
  expect(found?.length).toBe(wanted?.length);
  for (let i = 0; i < (wanted?.length ?? 0); i++)
    if (
      !Object.is(found![i], wanted![i]) &&
      !(Math.abs(found![i]! - wanted![i]!) <= 1e-9 * Math.max(1, Math.abs(wanted![i]!)))
    )
      throw new Error(`${found![i]} is not ${wanted![i]} at ${i}`);
}

function edgePairs({ edges }: TrackSet): string[] {
  return Array.from({ length: edges.count }, (_, i) => `${edges.source[i]} ${edges.target[i]}`).sort();
}

describe('writing and reading BDML', () => {
  it.each(['0.18', '3.0'] as const)('%s keeps everything it reports no loss of', async (version) => {
    await fc.assert(
      fc.asyncProperty(document, async (sets) => {
        expect(
          bdmlWriterFor(version)
            .losses(sets)
            .map(({ code }) => code),
        ).toEqual(['bdml-header-invented']);
        const back = await read(await write(sets, version));
        expect(back.issues).toEqual([]);
        expect(back.sets.map(({ name, objects }) => [name, objects.entity])).toEqual(
          sets.map(({ name, objects }) => [name, objects.entity]),
        );
        for (const [at, set] of sets.entries()) {
          const found = back.sets[at]!;
          expect(found).toMatchObject({ spaceUnit: 'micrometer', timeUnit: 'minute' });
          expect(found.objects.frame).toEqual(set.objects.frame);
          expect(edgePairs(found)).toEqual(edgePairs(set));
          for (const axis of ['x', 'y', 'z', 'time'] as const) closeTo(found.objects[axis], set.objects[axis]);
          for (const column of set.objects.columns) {
            const same = found.objects.columns.find(({ name }) => name === column.name)!;
            if (column.missing?.includes(1) && !same.missing) throw new Error(`${column.name} is never absent`);
            for (let row = 0; row < set.objects.count; row++) {
              expect(same.missing?.[row] ?? 0).toBe(column.missing?.[row] ?? 0);
              if (column.missing?.[row] !== 1)
                expect(same.values[row]).toEqual(Object.is(column.values[row], -0) ? 0 : column.values[row]);
            }
          }
          const { shapes } = set.objects;
          if (shapes) {
            expect(found.objects.shapes!.partOffsets).toEqual(shapes.partOffsets);
            expect(found.objects.shapes!.vertexOffsets).toEqual(shapes.vertexOffsets);
            closeTo(found.objects.shapes!.xyz, shapes.xyz);
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it('writes any set as a document that reads without an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(randomSet, { maxLength: 3 }), async (sets) => {
        bdmlWriterFor().losses(sets);
        const { issues, sets: back } = await read(await write(sets));
        expect(back.map(({ objects }) => objects.count)).toEqual(
          sets.filter(({ objects }) => objects.count > 0).map(({ objects }) => objects.count),
        );
        expect(issues.filter(({ severity, code }) => severity === 'error' && code !== 'bdml-without-data')).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

/** What a set says of each object, by its id: kind, place, outline, label and features. */
function byId(set: TrackSet): Map<string, unknown[]> {
  const { objects } = set;
  const column = (name: string) => objects.columns.find((one) => one.name === name);
  const [ids, label] = [column('source_id')!, column('label')];
  const digits = (value: number) => Number(value.toPrecision(9));
  const entries = Array.from({ length: objects.count }, (_, row): [string, unknown[]] => {
    const outline: number[][] = [];
    const { shapes } = objects;
    for (let part = shapes?.partOffsets[row] ?? 0; part < (shapes?.partOffsets[row + 1] ?? 0); part++) {
      const [from, to] = [shapes!.vertexOffsets[part]! * 3, shapes!.vertexOffsets[part + 1]! * 3];
      outline.push(Array.from(shapes!.xyz.subarray(from, to), digits));
    }
    const features = ['radius', 'signal'].map((name) => {
      const feature = column(name);
      return !feature || feature.missing?.[row] === 1 ? undefined : digits(Number(feature.values[row]));
    });
    const place = [objects.x, objects.y, objects.z, objects.time].map((values) => values && digits(values[row]!));
    const text = label?.missing?.[row] === 1 ? '' : (label?.values[row] ?? '');
    return [String(ids.values[row]), [objects.frame[row], place, outline, text, features]];
  });
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function linksById({ objects, edges }: TrackSet): string[] {
  const ids = objects.columns.find(({ name }) => name === 'source_id')!.values;
  return Array.from({ length: edges.count }, (_, i) => `${ids[edges.source[i]!]} ${ids[edges.target[i]!]}`).sort();
}

describe('BDML and BD5', () => {
  it('hold the same entities, outlines, features, labels and links, there and back', async () => {
    const throughBd5 = async (sets: readonly TrackSet[]) => {
      const parts: Uint8Array[] = [];
      await bd5Writer.write(sets, {
        create: async () => ({ write: async (bytes) => void parts.push(bytes.slice()), close: async () => undefined }),
      });
      const bytes = Buffer.concat(parts);
      const entry = { path: 'a.h5', size: bytes.length, open: async () => memorySource('a.h5', bytes) };
      const tree = { name: '', entries: [entry] };
      const recognition = { score: 1, reason: '' };
      return readTrackSets(bd5Reader, { path: 'a.h5', files: [entry], tree, format: 'bd5', recognition });
    };
    await fc.assert(
      fc.asyncProperty(document, async (sets) => {
        const first = await read(await write(sets, '0.18'));
        const bd5 = await throughBd5(first.sets);
        expect(bd5.issues).toEqual([]);
        const second = await read(await write(bd5.sets, '3.0'));
        expect(second.issues).toEqual([]);
        for (const found of [bd5.sets, second.sets]) {
          expect(found.map(({ name, objects }) => [name, objects.entity])).toEqual(
            first.sets.map(({ name, objects }) => [name, objects.entity]),
          );
          for (const [at, set] of first.sets.entries()) {
            expect(byId(found[at]!)).toEqual(byId(set));
            expect(linksById(found[at]!)).toEqual(linksById(set));
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

const example = (data: string, version = '0.18') =>
  new TextEncoder().encode(
    `<?xml version="1.0"?><b:bdml version="${version}" xmlns:b="http://ssbd.qbic.riken.jp/bdml"><b:info><b:title>A &amp; B</b:title></b:info><b:data><b:scaleUnit><b:xScale>1</b:xScale><b:yScale>1</b:yScale><b:zScale>1</b:zScale><b:xyzUnit>micrometer</b:xyzUnit><b:tScale>1</b:tScale><b:tUnit>hour</b:tUnit></b:scaleUnit><b:object><b:objectName>n</b:objectName></b:object>${data}</b:data></b:bdml>`,
  );
const sphere = (id: string, more = '') =>
  `<b:component><b:componentID>${id}</b:componentID><b:time>0</b:time>${more}<b:measurement><b:objectRef>n</b:objectRef><b:sphere><b:xyz><b:x>1</b:x><b:y>2</b:y><b:z>3</b:z></b:xyz><b:radius>4</b:radius></b:sphere></b:measurement></b:component>`;

describe('documents', () => {
  it('passes over notes and annotations wherever they stand', async () => {
    const notes = '<b:notes><p>x<x>9</x></p></b:notes><b:annotation><time>7</time><component/></b:annotation>';
    const noted = sphere('a').replaceAll(/<b:(component|measurement|xyz|sphere)>/g, `$&${notes}`);
    const { sets, issues } = await read(example(notes + noted, '3.0'));
    expect(issues).toEqual([]);
    expect([sets[0]!.objects.x[0], sets[0]!.objects.frame[0], sets[0]!.objects.count]).toEqual([1, 0, 1]);
    expect(sets[0]!.provenance.settings).toBe('<bdml version="3.0"><info><title>A &amp; B</title></info></bdml>');
  });

  it('names repeated ids, versions it does not know and document types', async () => {
    expect((await read(example(sphere('a') + sphere('a')))).codes).toEqual(['bdml-duplicate-id']);
    expect((await read(example(sphere('a'), '0.15'))).codes).toEqual(['bdml-version-unknown']);
    const typed = new TextEncoder().encode('<!DOCTYPE bdml [<!ENTITY a "b">]><bdml version="0.18"><data/></bdml>');
    expect((await read(typed)).codes).toEqual(['xml-doctype-refused']);
  });

  it('reads older drafts by the names of their elements, whatever their namespace, and says so', async () => {
    const older = new TextDecoder()
      .decode(example(sphere('a') + sphere('b', '<b:prevID>a</b:prevID>').replace('<b:time>0', '<b:time>1'), '0.15'))
      .replace('ssbd.qbic.riken.jp/bdml', '$&/level1');
    const { sets, codes } = await read(new TextEncoder().encode(older));
    expect(codes).toEqual(['bdml-version-unknown']);
    expect(sets.map(({ objects, edges, spaceUnit }) => [objects.count, edges.count, spaceUnit])).toEqual([
      [2, 1, 'micrometer'],
    ]);
  });

  it('reads drafts of level 1 by their own words', async () => {
    const measured = (shape: string) =>
      `<listOfMeasurements><measurement><targetRef>n</targetRef>${shape}</measurement></listOfMeasurements>`;
    const sphereOf = (x: number) =>
      `<sphere><sphereCoord>${x},2,3</sphereCoord><sphereRadius>4</sphereRadius><sphereVal>7</sphereVal></sphere>`;
    const draft = `<?xml version="1.0"?><bdml xmlns="http://ssbd.qbic.riken.jp/bdml/level1" level="1" version="1"><info><title>D</title></info><data><scaleUnit><xScale>1</xScale><yScale>1</yScale><zScale>2</zScale><xyzUnit>micrometer</xyzUnit><tScale>1</tScale><tUnit>minute</tUnit></scaleUnit><listOfTargets><target><name>n</name><scale>10</scale><unit>intensity</unit></target></listOfTargets><listOfComponents><component><ID>a</ID><time>0</time>${measured(sphereOf(1))}<name>ABa</name></component><component><ID>b</ID><listOfPrevIDs><prevID>a</prevID></listOfPrevIDs><time>1</time>${measured(`${sphereOf(5)}<lines><linesCoord>0,0,0 1,0,0 1,1,0</linesCoord></lines>`)}<name>ABal</name></component></listOfComponents></data></bdml>`;
    const { sets, codes } = await read(new TextEncoder().encode(draft));
    expect(codes).toContain('bdml-version-unknown');
    expect(sets.map(({ name, objects }) => [name, objects.entity, objects.count])).toEqual([
      ['n', 'sphere', 2],
      ['n (line)', 'line', 1],
    ]);
    const { objects, edges } = sets[0]!;
    expect([...objects.x, ...objects.z!, edges.count]).toEqual([1, 5, 6, 6, 1]);
    expect(objects.columns.map(({ name, unit }) => [name, unit])).toEqual([
      ['source_id', undefined],
      ['label', undefined],
      ['radius', 'micrometer'],
      ['n value', 'intensity'],
    ]);
    expect(objects.columns.slice(1).map(({ values }) => [...values])).toEqual([
      ['ABa', 'ABal'],
      [4, 4],
      [70, 70],
    ]);
    expect([...sets[1]!.objects.shapes!.xyz]).toEqual([0, 0, 0, 1, 0, 0, 1, 1, 0]);
  });

  it('cut, changed and packed documents give findings, never a crash', async () => {
    const whole = example(sphere('a') + sphere('b', '<b:prevID>a</b:prevID>'));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), async (at, byte, isCut) => {
        const bad = isCut ? whole.slice(0, at) : Uint8Array.from(whole, (one, i) => (i === at ? byte : one));
        const { issues } = await read(bad);
        if (isCut) expect(issues.length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
    const packed = new Uint8Array(
      await new Response(new Blob([whole]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer(),
    );
    expect((await read(packed, 'a.xml.gz')).sets[0]!.objects.count).toBe(2);
    const cut = await read(packed.slice(0, packed.length - 30), 'a.xml.gz');
    expect(cut.issues.some(({ severity }) => severity === 'error')).toBe(true);
    const changed = await read(
      packed.map((byte, i) => (i === 40 ? byte ^ 0xff : byte)),
      'a.xml.gz',
    );
    expect(changed.codes).toContain('track-file-damaged');
  });
});
