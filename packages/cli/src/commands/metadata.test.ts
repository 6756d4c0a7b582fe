import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { run } from '../run.ts';

const folder = mkdtempSync(join(tmpdir(), 'micrarium-metadata-'));
afterAll(() => rmSync(folder, { recursive: true }));

function terminal() {
  const said = { out: '', err: '' };
  const sink = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        said[name] += String(chunk);
        done();
      },
    });
  return { said, out: sink('out'), err: sink('err'), environment: {} };
}

async function ran(...args: string[]) {
  const { said, ...streams } = terminal();
  return { code: await run(args, streams), ...said };
}

test('a metadata file is written in another form, and what is not held is counted', async () => {
  const source = join(folder, 'study.json');
  writeFileSync(
    source,
    JSON.stringify({ values: { title: 'Migration', description: 'Films', growthProtocol: 'DMEM with serum' } }),
  );
  const bibtex = await ran('metadata', 'bibtex', source);
  expect(bibtex.code).toBe(0);
  expect(bibtex.out).toContain('title = {{Migration}}');
  expect(bibtex.err).toMatch(/BibTeX holds \d+ of \d+ statements/);
  expect(bibtex.err).toContain('not held: specimens.growth');
  const isa = await ran('metadata', 'isa-tab', source, '--out', join(folder, 'isa'));
  expect(isa.code).toBe(0);
  expect(readdirSync(join(folder, 'isa')).some((name) => name.startsWith('i_'))).toBe(true);
  const back = await ran('metadata', 'values', join(folder, 'isa'));
  expect(JSON.parse(back.out)).toMatchObject({ values: { title: 'Migration', growthProtocol: 'DMEM with serum' } });
});

test('wrong usage is said', async () => {
  const other = join(folder, 'other.json');
  writeFileSync(other, '{"a":1}');
  expect((await ran('metadata', 'nothing', other)).code).toBe(2);
  const none = await ran('metadata', 'ro-crate', other);
  expect([none.code, none.err]).toEqual([1, expect.stringContaining('none of the standards')]);
});
