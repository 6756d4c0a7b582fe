import { createHash } from 'node:crypto';
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
