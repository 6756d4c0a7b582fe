import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findItems, formatById, inspectItem, memorySource, readTrackSets } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const python = '/usr/bin/python3';
const there = spawnSync(python, ['-c', 'import sqlite3']).status === 0;
if (!there) console.warn('python with sqlite3 is not here: tests/interop/ultrack-database.test.ts checks nothing');

let folder = '';

beforeAll(() => {
  if (!there) return;
  folder = mkdtempSync(join(tmpdir(), 'micrarium-ultrack-'));
  execFileSync(python, [join(import.meta.dirname, 'write-ultrack-database.py'), folder]);
});

afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true });
});

async function read(name: string) {
  const [item] = await findItems(await openFolder(folder), { asked: `${name}.db` });
  const found = await readTrackSets(await item!.descriptor!.tracks!.reader(), item!);
  const report = await inspectItem(item!);
  await item!.files[0]!.close?.();
  return { set: found.sets[0]!, codes: found.issues.map(({ code }) => code), report };
}

describe.runIf(there)('databases of ultrack', () => {
  it('selected segments with their parents', async () => {
    const { set, report, codes } = await read('small');
    expect(report).toMatchObject({
      format: 'ultrack',
      counts: { objects: 12, edges: 9, tracks: 3, frames: 4, splits: 0, merges: 0, gaps: 0 },
      units: { space: 'pixel' },
    });
    const row = set.objects.id.indexOf(2_000_003);
    expect([set.objects.frame[row], set.objects.x[row], set.objects.y[row], set.objects.z![row]]).toEqual([
      2, 99.125, 1.5, 2.5,
    ]);
    expect(set.objects.columns.map(({ name, values }) => [name, values[row]])).toEqual([['area', 43]]);
    expect(codes).toEqual(['not-seen-on-a-real-file']);
  });

  it('columns behind long masks, texts of UTF-16, tables of many pages', async () => {
    const chains = await read('chains');
    expect(chains.report.counts).toMatchObject({ objects: 30, edges: 25, tracks: 5 });
    expect(chains.set.objects.z).toBeUndefined();
    const many = await read('many');
    expect(many.report.counts).toMatchObject({ objects: 3000, edges: 2940, tracks: 60, frames: 50 });
  });

  it('a database that is not solved says so, and others are not of ultrack', async () => {
    expect((await read('unsolved')).codes).toContain('track-left-out');
    const [item] = await findItems(await openFolder(folder), { asked: 'other.db' });
    expect(item!.format).not.toBe('ultrack');
  });

  it('damaged ones are said to be, and end', async () => {
    const whole = new Uint8Array(readFileSync(join(folder, 'chains.db')));
    const reader = await formatById('ultrack')!.tracks!.reader();
    let damaged = 0;
    for (let n = 0; n < 60; n++) {
      const bytes = n % 4 === 0 ? whole.slice(0, Math.floor((whole.length * n) / 60) + 20) : whole.slice();
      // A place that moves over the file, and a value that moves too: no chance, so that what fails can be seen again.
      for (let i = 0; i < 40; i++) bytes[(n * 7919 + i * 104_729) % bytes.length] = (n * 31 + i * 17) & 255;
      const entry = { path: 'a.db', size: bytes.length, open: async () => memorySource('a.db', bytes) };
      const tree = { name: 'a.db', entries: [entry] };
      const recognition = { score: 1, reason: '' };
      const found = await readTrackSets(reader, { path: 'a.db', files: [entry], tree, format: 'ultrack', recognition });
      if (found.issues.some(({ code }) => code === 'track-file-damaged')) damaged++;
    }
    expect(damaged).toBeGreaterThan(20);
  });
});
