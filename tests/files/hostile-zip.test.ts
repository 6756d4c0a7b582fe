import { existsSync, readFileSync } from 'node:fs';
import { memorySource, openZip } from '@micrarium/formats';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../../shared/data/preservation/hostile/', import.meta.url);
const there = existsSync(folder);
if (!there) console.warn('hostile zip samples are not here: tests/files/hostile-zip.test.ts checks nothing');

async function open(name: string) {
  return openZip(memorySource(name, new Uint8Array(readFileSync(new URL(name, folder)))));
}
const codes = (issues: readonly { code: string }[]) => [...new Set(issues.map((issue) => issue.code))].sort();

describe.runIf(there)('hostile archives', () => {
  it.each([
    ['traversal.zip', 'zip-unsafe-path'],
    ['absolute.zip', 'zip-unsafe-path'],
    ['backslash.zip', 'zip-unsafe-path'],
    ['symlink.zip', 'zip-special-entry'],
    ['duplicate-names.zip', 'zip-duplicate-name'],
    ['ratio-bomb.zip', 'zip-ratio'],
    ['lying-size.zip', 'zip-wrong-size'],
    ['truncated.zip', 'zip-not-an-archive'],
    ['odd-names.zip', 'zip-unsafe-path'],
  ])('%s is rejected whole', async (name, code) => {
    const { tree, issues } = await open(name);
    expect(tree.entries).toEqual([]);
    expect(codes(issues)).toContain(code);
    expect(issues.some((issue) => issue.severity === 'error')).toBe(true);
    for (const issue of issues) expect(issue.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('duplicate-names.zip names the file', async () => {
    expect((await open('duplicate-names.zip')).issues.map((issue) => issue.message).join()).toContain('a.txt');
  });

  it('odd-names.zip reports the names that look the same', async () => {
    expect(codes((await open('odd-names.zip')).issues)).toEqual([
      'zip-odd-name',
      'zip-unicode-collision',
      'zip-unsafe-path',
    ]);
  });

  it('bad-crc.zip fails when checked, naming crc.txt', async () => {
    const [issue] = await (await open('bad-crc.zip')).verify();
    expect(issue?.code).toBe('zip-bad-crc');
    expect(issue?.message).toContain('crc.txt');
  });

  it('nested-bomb.zip keeps the inner archives closed', async () => {
    const { tree, issues } = await open('nested-bomb.zip');
    if (issues.some((issue) => issue.severity === 'error')) expect(tree.entries).toEqual([]);
    else expect(tree.entries.every((entry) => entry.path.endsWith('.zip'))).toBe(true);
  });

  it('many-entries.zip is listed in under 2 s', async () => {
    const start = performance.now();
    expect((await open('many-entries.zip')).tree.entries.length).toBe(12_000);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
