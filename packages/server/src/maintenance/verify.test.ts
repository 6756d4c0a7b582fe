import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { inventoryBytes, nextInventory } from '../storage/ocfl/inventory.ts';
import { objectFolder, openStorageRoot } from '../storage/ocfl/layout.ts';
import { verifyAt } from './verify.ts';

const folder = mkdtempSync(join(tmpdir(), 'micrarium-verify-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hex = (algorithm: string, bytes: string) => createHash(algorithm).update(bytes).digest('hex');

/** Makes a storage root with one object for each id. */
async function rootWith(ids: readonly string[]): Promise<string> {
  const root = mkdtempSync(join(folder, 'root-'));
  await openStorageRoot(root);
  for (const id of ids) {
    const object = join(root, objectFolder(id));
    const file = { logicalPath: 'a.txt', sha512: hex('sha512', id), sha256: hex('sha256', id) };
    const user = { name: 'Hanako', address: 'mailto:hanako@example.org' };
    const about = { created: '2026-11-20T12:00:00Z', message: 'as deposited', user };
    const { bytes, sidecar } = await inventoryBytes((await nextInventory(id, undefined, [file], about)).inventory);
    mkdirSync(join(object, 'v1/content'), { recursive: true });
    writeFileSync(join(object, 'v1/content/a.txt'), id);
    for (const at of [object, join(object, 'v1')]) {
      writeFileSync(join(at, 'inventory.json'), bytes);
      writeFileSync(join(at, 'inventory.json.sha512'), sidecar);
    }
    writeFileSync(join(object, '0=ocfl_object_1.1'), 'ocfl_object_1.1\n');
  }
  return root;
}

async function said(path: string, sample?: number): Promise<string[]> {
  const all: string[] = [];
  for await (const { kind, state, findings } of verifyAt(path, sample === undefined ? {} : { sample }))
    all.push([kind, state, ...findings.map(({ code }) => code)].join(' '));
  return all;
}

it('says of a storage root and each of its objects whether they are in order, or of a sample', async () => {
  const root = await rootWith(['urn:one', 'urn:two', 'urn:three']);
  writeFileSync(join(root, 'README.md'), 'what OCFL does not know in the root is passed over');
  const whole = ['ocfl-root valid', 'ocfl-object valid', 'ocfl-object valid', 'ocfl-object valid'];
  expect(await said(root)).toEqual(whole);
  expect((await said(root, 2)).length).toBe(3);
  expect(await said(join(root, objectFolder('urn:one')))).toEqual(['ocfl-object valid']);
  writeFileSync(join(root, objectFolder('urn:two'), 'v1/content/a.txt'), 'urn:twO');
  expect((await said(root)).filter((one) => one.includes('invalid'))).toEqual(['ocfl-object invalid E092 E093']);
});

it('names what does not belong below a root, a root that declares itself wrongly, and an id that two objects have', async () => {
  const root = await rootWith(['urn:one']);
  const at = objectFolder('urn:one');
  writeFileSync(join(root, at, '../stray.txt'), '');
  mkdirSync(join(root, 'abc/def'), { recursive: true });
  cpSync(join(root, at), join(root, 'zzz'), { recursive: true });
  writeFileSync(join(root, '0=ocfl_1.1'), 'ocfl_1.0\n');
  writeFileSync(join(root, 'ocfl_layout.json'), '{"extension":"0004-hashed-n-tuple-storage-layout"}');
  writeFileSync(join(root, 'extensions/stray'), '');
  const [about, ...objects] = await said(root);
  expect(about!.split(' ').slice(2).sort()).toEqual(['E070', 'E072', 'E073', 'E080', 'E086']);
  expect(objects).toEqual(['ocfl-object valid', 'ocfl-object invalid E037']);
});

it('judges bags, and of a folder that is neither says that nothing declares it', async () => {
  const bag = join(folder, 'bag');
  mkdirSync(join(bag, 'data'), { recursive: true });
  writeFileSync(join(bag, 'bagit.txt'), 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n');
  writeFileSync(join(bag, 'data/a.txt'), 'cells');
  writeFileSync(join(bag, 'manifest-sha512.txt'), `${hex('sha512', 'cells')}  data/a.txt\n`);
  expect(await said(bag)).toEqual(['bag valid']);
  writeFileSync(join(bag, 'data/a.txt'), 'cellS');
  expect(await said(bag)).toEqual(['bag invalid bag-digest-differs']);
  mkdirSync(join(folder, 'empty'));
  expect(await said(join(folder, 'empty'))).toEqual(['ocfl-object invalid E003 E063']);
});
