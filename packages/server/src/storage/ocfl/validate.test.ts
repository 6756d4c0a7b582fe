import { createHash } from 'node:crypto';
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { validateObject } from './validate.ts';

const root = mkdtempSync(join(tmpdir(), 'micrarium-ocfl-'));
afterAll(() => rmSync(root, { recursive: true }));

const text = 'cells\n';
const digest = createHash('sha512').update(text).digest('hex');

/** What is not as it should be with an object. */
interface Fault {
  /** Names of the versions; one folder each. */
  names?: string[];
  /** Specification of the inventory of each version. */
  specifications?: string[];
  ids?: string[];
  /** The digest as the states write it. */
  stateDigest?: string;
}

function write(path: string, bytes: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

/** Writes an object whose versions all hold the same file. @returns its folder */
function objectWith(fault: Fault): string {
  const { names = ['v1', 'v2', 'v3'], specifications = [], ids = [], stateDigest = digest } = fault;
  const object = mkdtempSync(join(root, 'object-'));
  write(join(object, '0=ocfl_object_1.1'), 'ocfl_object_1.1\n');
  write(join(object, `${names[0]}/content/cells.txt`), text);
  for (const [index, name] of names.entries()) {
    const versions = names.slice(0, index + 1).map((one) => [
      one,
      {
        created: '2026-11-20T12:00:00Z',
        message: 'as deposited',
        user: { name: 'Hanako', address: 'mailto:hanako@example.org' },
        state: { [stateDigest]: ['cells.txt'] },
      },
    ]);
    const inventory = JSON.stringify({
      id: ids[index] ?? 'urn:one',
      type: `https://ocfl.io/${specifications[index] ?? '1.1'}/spec/#inventory`,
      digestAlgorithm: 'sha512',
      head: name,
      manifest: { [digest]: [`${names[0]}/content/cells.txt`] },
      versions: Object.fromEntries(versions) as unknown,
    });
    const sidecar = `${createHash('sha512').update(inventory).digest('hex')} inventory.json\n`;
    for (const folder of index === names.length - 1 ? [name, '.'] : [name]) {
      write(join(object, folder, 'inventory.json'), inventory);
      write(join(object, folder, 'inventory.json.sha512'), sidecar);
    }
  }
  return object;
}

const codesOf = async (fault: Fault) => [...new Set((await validateObject(objectWith(fault))).map(({ code }) => code))];

it('finds nothing wrong with a whole object, also where its specification became a newer one', async () => {
  expect(await codesOf({})).toEqual([]);
  expect(await codesOf({ specifications: ['1.0', '1.0', '1.1'] })).toEqual([]);
});

it('refuses an older specification after a newer one, also between versions before the newest', async () => {
  expect(await codesOf({ specifications: ['1.1', '1.0', '1.1'] })).toEqual(['E103']);
});

it('refuses a state whose digest is written otherwise than in the manifest', async () => {
  expect(await codesOf({ stateDigest: digest.toUpperCase() })).toEqual(['E050']);
});

it('refuses an earlier version under another id', async () => {
  expect(await codesOf({ ids: ['urn:two', 'urn:one', 'urn:one'] })).toEqual(['E037', 'E110']);
});

it('refuses names of versions that have outgrown their zeros, and warns of zeros', async () => {
  const padded = Array.from({ length: 9 }, (_, index) => `v0${index + 1}`);
  expect(await codesOf({ names: padded })).toEqual(['W001']);
  expect(await codesOf({ names: [...padded, 'v10'] })).toEqual(expect.arrayContaining(['E011', 'E012', 'E013']));
});

it('refuses hard links within an object, of content and of inventories; links from elsewhere are not its fault', async () => {
  const object = objectWith({});
  const codes = async () => (await validateObject(object)).map(({ code, path }) => `${code} ${path}`);
  linkSync(join(object, 'v1/content/cells.txt'), join(root, 'elsewhere.txt'));
  expect(await codes()).toEqual([]);
  rmSync(join(object, 'v3/inventory.json'));
  linkSync(join(object, 'inventory.json'), join(object, 'v3/inventory.json'));
  expect(await codes()).toEqual(['E090 v3/inventory.json']);
  rmSync(join(object, 'v3/inventory.json'));
  copyFileSync(join(object, 'inventory.json'), join(object, 'v3/inventory.json'));
  expect(await codes()).toEqual([]);
});

/** Writes the inventory of the object's root and its newest version anew, with a digest file that fits. */
function rewrite(object: string, change: (text: string) => string | Uint8Array): void {
  const bytes = Buffer.from(change(readFileSync(join(object, 'inventory.json'), 'utf8')));
  for (const folder of ['.', 'v3']) {
    writeFileSync(join(object, folder, 'inventory.json'), bytes);
    const sidecar = `${createHash('sha512').update(bytes).digest('hex')} inventory.json\n`;
    writeFileSync(join(object, folder, 'inventory.json.sha512'), sidecar);
  }
}
const created = (at: string) => (text: string) => text.replace('2026-11-20T12:00:00Z', at);
const inText = (change: (text: string) => string | Uint8Array) => (object: string) => rewrite(object, change);

it.each<[string, string, (object: string) => void]>([
  ['a month that no year has', 'E049', inText(created('2026-13-20T12:00:00Z'))],
  ['a day that the month does not have', 'E049', inText(created('2026-02-30T12:00:00Z'))],
  ['a twenty-fifth hour', 'E049', inText(created('2026-11-20T25:00:00Z'))],
  ['a zone that there is not', 'E049', inText(created('2026-11-20T12:00:00+99:00'))],
  ['no manifest but null', 'E106', inText((text) => text.replace(/"manifest":\{.*?\}/, '"manifest":null'))],
  ['no versions but null', 'E044', inText((text) => text.replace(/"versions":.*\}$/, '"versions":null}'))],
  ['a digest without content', 'E092', inText((text) => text.replace('["v1/content/cells.txt"]', '[]'))],
  ['a digest without a logical path', 'E051', inText((text) => text.replace('["cells.txt"]', '[]'))],
  [
    'a digest that the manifest has twice',
    'E096',
    inText((text) => text.replace('"manifest":{', `"manifest":{"${digest}":["v1/content/x"],`)),
  ],
  [
    'a digest that a state has twice',
    'E050',
    inText((text) => text.replace('"state":{', `"state":{"${digest}":["x"],`)),
  ],
  ['a head that is said twice', 'E034', inText((text) => text.replace('{', '{"head":"v2",'))],
  [
    'a key that users do not have',
    'E102',
    inText((text) => text.replace('"name":"Hanako"', '"name":"Hanako","age":7')),
  ],
  [
    'an inventory that is not UTF-8',
    'E033',
    inText((text) => Buffer.from(text.replace('Hanako', 'H\u00e9l\u00e8ne'), 'latin1')),
  ],
  [
    'another specification than the declared one',
    'E038',
    (object) => {
      renameSync(join(object, '0=ocfl_object_1.1'), join(object, '0=ocfl_object_1.0'));
      writeFileSync(join(object, '0=ocfl_object_1.0'), 'ocfl_object_1.0\n');
    },
  ],
  [
    'a digest file of another algorithm',
    'E015',
    (object) => writeFileSync(join(object, 'v2/inventory.json.sha256'), 'ab inventory.json\n'),
  ],
  [
    'an empty version folder',
    'E073',
    (object) => {
      rmSync(join(object, 'v2/inventory.json'));
      rmSync(join(object, 'v2/inventory.json.sha512'));
    },
  ],
  ['an empty folder beside the content', 'E073', (object) => mkdirSync(join(object, 'v2/other'))],
  [
    'a folder in place of the declaration',
    'E003',
    (object) => {
      rmSync(join(object, '0=ocfl_object_1.1'));
      mkdirSync(join(object, '0=ocfl_object_1.1'));
    },
  ],
  [
    'a folder in place of the inventory',
    'E063',
    (object) => {
      rmSync(join(object, 'inventory.json'));
      mkdirSync(join(object, 'inventory.json'));
    },
  ],
])('refuses %s: %s', async (_, code, harm) => {
  const object = objectWith({});
  harm(object);
  expect((await validateObject(object)).map((one) => one.code)).toContain(code);
});

it('takes a leap second and fractions for a time', async () => {
  for (const at of ['2016-12-31T23:59:60Z', '2026-11-20t12:00:00.125+09:00']) {
    const object = objectWith({});
    rewrite(object, created(at));
    expect((await validateObject(object)).filter(({ code }) => code.startsWith('E'))).toEqual([]);
  }
});
