import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPageTab, exportJson, importJson, type Json, pageTab } from '@micrarium/standards';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../shared/data/metadata/bia/pagetab');
const there = existsSync(folder);
if (!there) console.warn('shared/data/metadata/bia/pagetab is not there: real submissions are not checked');

const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Json;
const errorsOf = (name: string) => checkPageTab(read(name)).filter(({ severity }) => severity === 'error');

test.runIf(there)('faults of 24 real submissions are found, and what a curator mended is let pass', () => {
  const names = readdirSync(folder).filter((name) => name.endsWith('_original.json'));
  expect(names).toHaveLength(24);
  const mended = names.map((name) => name.replace('_original', '_override'));
  expect(names.filter((name) => errorsOf(name).length > 0).length).toBeGreaterThanOrEqual(20);
  // One publication without title and DOI was left by the curator.
  expect(mended.filter((name) => errorsOf(name).length > 0)).toEqual(['S-BIAD2225_override.json']);
});

test.runIf(there)('real submissions come back whole, and the graph holds what they say', () => {
  for (const name of readdirSync(folder)) {
    const document = read(name);
    const { graph, issues } = importJson(pageTab, document);
    expect([name, issues]).toEqual([name, []]);
    const { document: written, losses } = exportJson(pageTab, graph);
    expect([name, written]).toEqual([name, document]);
    expect([name, losses]).toEqual([name, []]);
  }
  const { graph } = importJson(pageTab, read('S-BIAD1135_override.json'));
  expect(graph.study).toMatchObject({ identifier: 'S-BIAD1135', doi: '10.6019/s-biad1135', licence: 'CC-BY-4.0' });
  expect(graph.contributors.map(({ lastName }) => lastName)).toEqual(['Hinderling', 'Dobrzyński', 'Takeuchi', 'Pertz']);
  expect(graph.biosamples[0]?.organisms).toEqual([{ label: 'Canis familiaris', commonName: 'dog' }]);
  expect(graph.datasets.map(({ tuples }) => tuples)).toEqual(
    Array(2).fill([{ biosample: 'Biosample-1', specimen: 'Specimen-2', acquisition: 'Image acquisition-3' }]),
  );
});
