import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  biaCrate,
  checkBiaCrate,
  checkPageTab,
  exportJson,
  importJson,
  importMetadata,
  type Json,
  pageTab,
  pageTabOfTsv,
  pageTabToTsv,
} from '@micrarium/standards';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../shared/data/metadata/bia');
const there = existsSync(folder);
if (!there) console.warn('shared/data/metadata/bia is not there: crates and submissions are not checked');

/** What is wrong in each crate that the archive publishes for its own tests. */
const wrong: Record<string, string> = {
  test_duplicate_entity_id: 'generic/unique-id',
  test_file_list_duplicate_path: 'file-list-columns',
  test_file_list_missing_metadata_reference: 'file-list-reference',
  test_file_list_missing_path_column: 'file-list-file-path-column',
  test_file_list_roc_id_reference_mismatch: 'file-list-reference',
  test_file_list_self_reference_mismatch: 'file-list-reference',
  test_id_reference_mismatch: 'generic/reference',
  test_invalid_objects: 'generic/reference-type',
  test_redefined_context: 'generic/context',
};

test.runIf(there)('the rules of the submission profile fire on the broken crates and not on the sound ones', () => {
  const checks = join(folder, 'ro-crate-checks');
  for (const name of readdirSync(checks)) {
    const read = (file: string) => readFileSync(join(checks, name, file), 'utf8');
    const issues = checkBiaCrate(
      JSON.parse(read('ro-crate-metadata.json')) as Json,
      new Map([['file_list.tsv', read('file_list.tsv')]]),
    );
    const errors = issues.filter(({ severity }) => severity === 'error').map(({ message }) => message.split(':')[0]!);
    if (wrong[name] !== undefined) expect([name, errors.includes(wrong[name])]).toEqual([name, true]);
    else if (name !== 'test_typical_ro_crate') expect([name, errors]).toEqual([name, []]);
  }
  expect(Object.keys(wrong)).toHaveLength(9);
});

test.runIf(there)('submissions say the same in TSV as in JSON', () => {
  for (const name of readdirSync(join(folder, 'pagetab'))) {
    const document = JSON.parse(readFileSync(join(folder, 'pagetab', name), 'utf8')) as Json;
    const { document: back, issues } = pageTabOfTsv(pageTabToTsv(document));
    expect([name, issues]).toEqual([name, []]);
    expect([name, pageTab.read(back).graph.study]).toEqual([name, pageTab.read(document).graph.study]);
    const codes = (one: Json) =>
      checkPageTab(one)
        .map(({ code }) => code)
        .sort();
    expect([name, codes(back)]).toEqual([name, codes(document)]);
  }
});

test.runIf(there)('real crates of the archive come back whole, and their samples and protocols are read', () => {
  const crates = [
    'S-BIAD1494-ro-crate-metadata.json',
    ...readdirSync(join(folder, 'pagetab-to-ro-crate')).map(
      (name) => `pagetab-to-ro-crate/${name}/ro-crate-metadata.json`,
    ),
  ];
  for (const name of crates) {
    const document = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Json;
    const { graph, issues } = importJson(biaCrate, document);
    expect([name, issues]).toEqual([name, []]);
    // The first is of before the profile: its terms have other names, and are kept.
    if (name.startsWith('pagetab'))
      expect([name, graph.study.title !== undefined, graph.datasets.length > 0]).toEqual([name, true, true]);
    if (name.includes('COMPLEX_BIOSAMPLE')) {
      expect(graph.biosamples.map(({ organisms }) => organisms?.[0]?.id)).toContain('NCBITaxon:7227');
      expect(graph.datasets.map(({ tuples }) => tuples?.length).sort()).toEqual([1, 2, 2, 2]);
    }
    expect([name, exportJson(biaCrate, graph).document]).toEqual([name, document]);
  }
});

test.runIf(there)('a crate of the time before the profile says the same in the spelling of then', () => {
  const document = JSON.parse(readFileSync(join(folder, 'S-BIAD1494-ro-crate-metadata.json'), 'utf8')) as Json;
  const { graph } = importJson(biaCrate, document);
  expect(graph.study).toMatchObject({ identifier: 'S-BIAD1494', licence: 'CC-BY-4.0', releaseDate: '2024-01-23' });
  expect(graph.contributors.map(({ lastName, orcid }) => [lastName, orcid])).toEqual([
    ['Taniguchi', '0000-0003-3862-8349'],
    ['Beck', '0000-0002-7397-1321'],
  ]);
  expect(graph.biosamples[0]?.organisms).toEqual([
    { label: 'mus musculus', id: 'NCBITaxon:10090', commonName: 'mouse' },
  ]);
  expect(graph.datasets.length).toBeGreaterThan(10);
  expect(graph.datasets.every(({ tuples }) => tuples?.length === 1)).toBe(true);
  expect(exportJson(biaCrate, graph).document).toEqual(document);
});

test.runIf(there)('of the files of a crate’s folder the document is found, whatever their order', () => {
  const at = join(folder, 'ro-crate-checks/test_typical_ro_crate');
  const texts = new Map(
    ['file_list.tsv', 'ro-crate-metadata.json'].map((name) => [name, readFileSync(join(at, name), 'utf8')]),
  );
  const read = importMetadata(texts);
  expect('name' in read && [read.name, read.graph.files.length > 0]).toEqual(['BioImage Archive RO-Crate', true]);
});
