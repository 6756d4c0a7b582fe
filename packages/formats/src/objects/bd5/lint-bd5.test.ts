import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { memorySink } from '../../images/ome-zarr/memory-sink.ts';
import { randomSet } from '../../tracks/random-set.test-data.ts';
import type { Hdf5Column } from '../../containers/hdf5/written-types.ts';
import { type Hdf5GroupNode, type Hdf5Node, type Hdf5TableNode, writeHdf5 } from '../../containers/hdf5/write-hdf5.ts';
import { lintBd5 } from './lint-bd5.ts';
import { smallTable } from './records.ts';
import { repairBd5 } from './repair-bd5.ts';
import { bd5Writer } from './write-bd5.ts';

type Cell = string | number;
type Tree = Map<string, Hdf5GroupNode | Hdf5TableNode>;

/** A table whose columns are float64 where the first row has a number, int32 for names that end with ID, else text. */
function table(names: string, ...rows: Cell[][]): Hdf5TableNode {
  const columns = names.split(' ').map((name, i): Hdf5Column => {
    if (typeof rows[0]![i] === 'string') return { name, type: { kind: 'string', bytes: 12 } };
    return { name, type: { kind: /.ID$/.test(name) ? 'int32' : 'float64' } };
  });
  return smallTable(columns, rows);
}

const group = (members: Record<string, Hdf5Node>): Hdf5GroupNode => ({
  members: new Map(Object.entries(members)),
});

/** Two times of two spheres with a feature and two links: in order. */
function whole(): Tree {
  const objects = (t: number, ...ids: string[]) =>
    table('ID t entity x y z radius', ...ids.map((id, i) => [id, t, 'sphere', i, 2, 3, 1.5]));
  const features = (...ids: string[]) => table('ID fID value', ...ids.map((id) => [id, 0, 7]));
  return new Map<string, Hdf5GroupNode | Hdf5TableNode>([
    [
      'scaleUnit',
      table('dimension xScale yScale zScale sUnit tScale tUnit', ['3D+T', 1, 1, 1, 'micrometer', 1, 'minute']),
    ],
    ['objectDef', table('oID name', [0, 'cell'])],
    ['featureDef', table('fID name fUnit', [0, 'signal', 'intensity'])],
    ['trackInfo', table('from to', ['a', 'c'], ['b', 'd'])],
    ['0', group({ object: group({ 0: objects(0, 'a', 'b') }), feature: group({ 0: features('a', 'b') }) })],
    ['1', group({ object: group({ 0: objects(1, 'c', 'd') }), feature: group({ 0: features('c', 'd') }) })],
  ]);
}

async function bytesOf(data: Tree, more: Record<string, Hdf5GroupNode> = {}): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const root = { members: new Map<string, Hdf5GroupNode>([['data', { members: data }], ...Object.entries(more)]) };
  await writeHdf5(root, async (bytes) => void parts.push(bytes.slice()));
  return Buffer.concat(parts);
}

async function lint(bytes: Uint8Array): Promise<string[]> {
  return (await lintBd5(memorySource('a.h5', bytes), 'a.h5')).map(({ code }) => code).sort();
}

async function mended(bytes: Uint8Array): Promise<{ codes: string[]; changes: string }> {
  const sink = memorySink();
  const changes = await repairBd5(memorySource('a.h5', bytes), sink);
  return { codes: await lint(sink.files.get('')!), changes: changes.map(({ message }) => message).join('\n') };
}

const one = (names: string, ...rows: Cell[][]) => group({ object: group({ 0: table(names, ...rows) }) });
const columns = 'ID t entity x y z radius';

/** What is done to the file, the codes found in it, and those that are left when it was mended. */
const faults: [what: string, change: (data: Tree) => void, found: string[], left: string[]][] = [
  ['nothing', () => undefined, [], []],
  ['a group is named 01', (d) => void (d.set('01', d.get('1')!), d.delete('1')), ['bd5-time-groups'], []],
  ['a group is missing', (d) => void (d.set('5', d.get('1')!), d.delete('1')), ['bd5-time-groups'], []],
  ['no scaleUnit', (d) => void d.delete('scaleUnit'), ['bd5-scale-missing'], ['bd5-scale-missing']],
  ['no objectDef', (d) => void d.delete('objectDef'), ['bd5-definition-missing'], []],
  ['no featureDef', (d) => void d.delete('featureDef'), ['bd5-feature-unjoined'], []],
  [
    'another dimension',
    (d) => d.set('scaleUnit', table('dimension xScale yScale zScale sUnit', ['3D+T', 1, 1, 1, 'micrometer'])),
    ['bd5-column-missing'],
    [],
  ],
  [
    'no dimension',
    (d) =>
      d.set(
        'scaleUnit',
        table('dimension xScale yScale zScale sUnit tScale tUnit', ['4D', 1, 1, 1, 'micrometer', 1, 'minute']),
      ),
    ['bd5-dimension-label'],
    [],
  ],
  [
    'spheres in the plane',
    (d) =>
      d.set(
        'scaleUnit',
        table('dimension xScale yScale sUnit tScale tUnit', ['2D+T', 1, 1, 'micrometer', 1, 'minute']),
      ),
    ['bd5-column-not-allowed', 'bd5-entity-not-allowed'],
    [],
  ],
  [
    'an unknown unit',
    (d) =>
      d.set(
        'scaleUnit',
        table('dimension xScale yScale zScale sUnit tScale tUnit', ['3D+T', 1, 1, 1, 'furlong', 1, 'minute']),
      ),
    ['bd5-unit-unknown'],
    ['bd5-unit-unknown'],
  ],
  ['an undefined kind', (d) => d.set('objectDef', table('oID name', [7, 'x'])), ['bd5-kind-undefined'], []],
  [
    'a kind twice',
    (d) => d.set('objectDef', table('oID name', [0, 'x'], [0, 'y'])),
    ['bd5-definition-repeated'],
    ['bd5-definition-repeated'],
  ],
  ['a link to nowhere', (d) => d.set('trackInfo', table('from to', ['a', 'c'], ['b', 'q'])), ['bd5-dangling-link'], []],
  ['a link twice', (d) => d.set('trackInfo', table('from to', ['a', 'c'], ['a', 'c'])), ['bd5-link-repeated'], []],
  ['a link back in time', (d) => d.set('trackInfo', table('from to', ['c', 'a'])), ['bd5-link-direction'], []],
  [
    'text for numbers',
    (d) =>
      d.set('1', one(columns, ['c', '1', 'sphere', '0.5', '2', '3', '1'], ['d', '1', 'sphere', '1', '2', '3', '1'])),
    ['bd5-number-as-text'],
    [],
  ],
  [
    'an id twice at one time',
    (d) =>
      d.set(
        '1',
        one(columns, ['c', 1, 'sphere', 0, 2, 3, 1], ['d', 1, 'sphere', 0, 2, 3, 1], ['c', 1, 'sphere', 1, 2, 3, 1]),
      ),
    ['bd5-duplicate-id'],
    ['bd5-duplicate-id'],
  ],
  [
    'an id at two times',
    (d) => void (d.delete('trackInfo'), d.set('1', one(columns, ['a', 1, 'sphere', 0, 2, 3, 1]))),
    ['bd5-duplicate-id'],
    ['bd5-duplicate-id'],
  ],
  [
    'two entities',
    (d) => d.set('1', one(columns, ['c', 1, 'sphere', 0, 2, 3, 1], ['d', 1, 'circle', 0, 2, 3, 1])),
    ['bd5-mixed-entity'],
    ['bd5-mixed-entity'],
  ],
  [
    'no radius',
    (d) => d.set('1', one('ID t entity x y z', ['c', 1, 'sphere', 0, 2, 3], ['d', 1, 'sphere', 0, 2, 3])),
    ['bd5-column-missing'],
    ['bd5-column-missing'],
  ],
  [
    'an impossible value',
    (d) => d.set('1', one(columns, ['c', 1, 'sphere', Number.NaN, 2, 3, -1], ['d', 1, 'sphere', 0, 2, 3, 1])),
    ['bd5-value-impossible'],
    ['bd5-value-impossible'],
  ],
  [
    'two times in a group',
    (d) => d.set('1', one(columns, ['c', 1, 'sphere', 0, 2, 3, 1], ['d', 2, 'sphere', 0, 2, 3, 1])),
    ['bd5-time-disagrees'],
    ['bd5-time-disagrees'],
  ],
  [
    'a feature of nobody',
    (d) =>
      d.set(
        '1',
        group({
          object: (d.get('1') as Hdf5GroupNode).members.get('object')!,
          feature: group({ 0: table('ID fID value', ['q', 0, 1]) }),
        }),
      ),
    ['bd5-feature-unjoined'],
    [],
  ],
  [
    'an outline in disorder',
    (d) =>
      void (d.delete('trackInfo'),
      d.set(
        '1',
        one(
          'ID t entity sID x y z',
          ['c', 1, 'line', 0, 0, 0, 0],
          ['d', 1, 'line', 0, 0, 0, 0],
          ['c', 1, 'line', 0, 1, 1, 1],
        ),
      )),
    ['bd5-rows-out-of-order'],
    ['bd5-rows-out-of-order'],
  ],
];

describe('the linter of BD5', () => {
  it.each(faults)('%s', async (_, change, found, left) => {
    const data = whole();
    change(data);
    const bytes = await bytesOf(data);
    expect(await lint(bytes)).toEqual(found);
    expect((await mended(bytes)).codes).toEqual(left);
  });

  it('finds members that do not belong, and renames what its columns tell', async () => {
    const data = whole();
    data.set('scaleunits', data.get('scaleUnit')!);
    data.delete('scaleUnit');
    const first = data.get('0') as Hdf5GroupNode;
    data.set('0', { members: new Map([['objects', first.members.get('object')!]]) });
    const bytes = await bytesOf(data, { __db__: { members: new Map() } });
    const codes = await lint(bytes);
    expect(codes).toEqual(['bd5-dangling-link', 'bd5-foreign-member', 'bd5-scale-missing', 'bd5-unknown-member']);
    const { codes: left, changes } = await mended(bytes);
    expect(left).toEqual([]);
    expect(changes).toMatch(/scaleunits becomes scaleUnit/);
    expect(changes).toMatch(/objects becomes object/);
    expect(changes).toMatch(/__db__/);
  });

  it('finds nothing wrong with what we write of any set', async () => {
    await fc.assert(
      fc.asyncProperty(randomSet, async (set) => {
        fc.pre(set.objects.count > 0);
        const sink = memorySink();
        await bd5Writer.write([set], sink);
        const issues = await lintBd5(memorySource('a.h5', sink.files.get('')!), 'a.h5');
        expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('survives changed bytes', async () => {
    const bytes = await bytesOf(whole());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1 }), async (changes) => {
        const damaged = bytes.slice();
        for (const [at, value] of changes) damaged[at] = value;
        await lint(damaged);
      }),
      { numRuns: 150 },
    );
  });
});
