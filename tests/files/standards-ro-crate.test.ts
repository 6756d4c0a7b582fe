import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { checkCrate, exportJson, importJson, type Json, roCrate } from '@micrarium/standards';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../shared/data/metadata/ro-crate');
const there = existsSync(folder);
if (!there) console.warn('shared/data/metadata/ro-crate is not there: public fixtures are not checked');

const fixtures = there
  ? readdirSync(folder, { recursive: true })
      .map(String)
      .filter((path) => /^(rule-pairs-1\.2|crates)\/.*metadata\.json$/.test(path))
      .sort()
  : [];

/** A document, or `undefined` where it is no JSON in UTF-8. */
function read(path: string): Json | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(join(folder, path)))) as Json;
  } catch {
    return undefined;
  }
}

const check = (path: string) => {
  const document = read(path);
  return document === undefined ? undefined : checkCrate(document, { fileName: basename(path) });
};
const errors = (path: string) =>
  check(path)
    ?.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);
const kinds = (path: string) => new Set(check(path)?.map(({ message }) => message.replace(/\S*[/.#:]\S*/g, '…')));

/** Fixtures that break what MUST be, and what is found. Faults that only the files beside the document show are below. */
const broken: Record<string, string> = {
  'crates/invalid/2_root_data_entity_metadata/invalid_recommended_root_date': 'crate-root',
  'crates/invalid/2_root_data_entity_metadata/invalid_root_date': 'crate-root',
  'crates/invalid/2_root_data_entity_metadata/invalid_root_type': 'crate-root',
  'crates/invalid/2_root_data_entity_metadata/invalid_root_value': 'crate-root',
  'crates/invalid/2_root_data_entity_metadata/missing_root_description': 'crate-root',
  'crates/invalid/2_root_data_entity_metadata/missing_root_entity': 'crate-descriptor',
  'crates/invalid/2_root_data_entity_metadata/missing_root_license': 'crate-root',
  'crates/invalid/2_root_data_entity_metadata/missing_root_name': 'crate-root',
  'crates/invalid/2_root_data_entity_metadata/recommended_root_value': 'crate-root',
  'crates/invalid/4_data_entity_metadata/cyclic_datasets': 'crate-unreachable',
  'crates/invalid/4_data_entity_metadata/directory_data_entity_wo_trailing_slash': 'crate-unreachable',
  'crates/invalid/4_data_entity_metadata/invalid_missing_hasPart_reference': 'crate-unreachable',
  'crates/invalid/4_data_entity_metadata/missing_dataset_data_entity_with_unquoted_name': 'crate-identifier',
  'crates/invalid/4_data_entity_metadata/missing_file_data_entity_with_unquoted_name': 'crate-identifier',
  'rule-pairs-1.2/11_workflows_scripts/script_name/invalid': 'crate-data-entity',
  'rule-pairs-1.2/11_workflows_scripts/script_type/invalid': 'crate-data-entity',
  'rule-pairs-1.2/11_workflows_scripts/workflow_name/invalid': 'crate-data-entity',
  'rule-pairs-1.2/11_workflows_scripts/workflow_type/invalid_missing_file': 'crate-data-entity',
  'rule-pairs-1.2/11_workflows_scripts/workflow_type/invalid_missing_ssc': 'crate-data-entity',
  'rule-pairs-1.2/1_metadata_document/context_reference/invalid': 'crate-context',
  'rule-pairs-1.2/1_metadata_document/format/compacted': 'crate-malformed',
  'rule-pairs-1.2/1_metadata_document/format/flattened': 'crate-malformed',
  'rule-pairs-1.2/1_metadata_document/no_parent_traversal/invalid': 'crate-identifier',
  'rule-pairs-1.2/2_attached_rocrates/attached-preview-not-in-hasPart/invalid': 'crate-root',
  'rule-pairs-1.2/2_attached_rocrates/non-relative-root-identifier/invalid': 'crate-root',
  'rule-pairs-1.2/2_attached_rocrates/relative-root-identifier/invalid': 'crate-root',
  'rule-pairs-1.2/5_metadata_entities/entity_reachability/invalid': 'crate-unreachable',
  'rule-pairs-1.2/7_root_data_entity/recommended_reference_type_for_licence/invalid': 'crate-root',
  'rule-pairs-1.2/7_root_data_entity/required_datePublished/invalid': 'crate-root',
  'rule-pairs-1.2/7_root_data_entity/required_downloadable_citeas/invalid': 'crate-root',
  'rule-pairs-1.2/7_root_data_entity/required_haspart_all_data_entities/invalid': 'crate-unreachable',
  'rule-pairs-1.2/7_root_data_entity/required_haspart_all_data_entities/invalid_dataset_not_in_haspart':
    'crate-unreachable',
  'rule-pairs-1.2/7_root_data_entity/required_haspart_all_data_entities/invalid_web_entity_not_in_haspart':
    'crate-unreachable',
  'rule-pairs-1.2/7_root_data_entity/required_haspart_all_data_entities/invalid_workflow_not_in_haspart':
    'crate-unreachable',
};

test.runIf(there)('the public fixtures that break what must be have errors, and no others have', () => {
  expect(fixtures.length).toBeGreaterThanOrEqual(115);
  const unreadable = fixtures.filter((path) => read(path) === undefined).map(dirname);
  expect(unreadable).toEqual(['jsonld', 'utf8'].map((name) => `rule-pairs-1.2/1_metadata_document/format/${name}`));
  for (const path of fixtures) {
    const found = errors(path);
    if (found === undefined) continue;
    const code = broken[dirname(path)];
    if (code === undefined) expect([path, found]).toEqual([path, []]);
    else expect([path, found.includes(code)]).toEqual([path, true]);
  }
});

test.runIf(there)('every fixture that leaves out a recommendation is told so, unlike its sound twin', () => {
  // A detached crate’s name, and whether an address resolves, cannot be seen in the document.
  const silent = ['root-data-entity-identifier/online-available/invalid'];
  for (const path of fixtures.filter(
    (one) => /\/(invalid[^/]*|info_[^/]*)\/[^/]*$/.test(one) && one.startsWith('rule-pairs'),
  )) {
    if (silent.some((name) => path.includes(name))) continue;
    const twin = fixtures.find(
      (one) => dirname(dirname(one)) === dirname(dirname(path)) && /\/valid\/[^/]*$/.test(one),
    );
    const more = [...kinds(path)].filter((kind) => !kinds(twin!).has(kind));
    expect([path, more.length > 0]).toEqual([path, true]);
  }
});

test.runIf(there)('files that are described and not there are found when the paths are known', () => {
  const path = 'crates/invalid/4_data_entity_metadata/missing_file_data_entity_with_quoted_name/ro-crate-metadata.json';
  const document = read(path)!;
  const missing = checkCrate(document, { paths: new Set() }).filter(({ code }) => code === 'crate-file-missing');
  expect(missing.length).toBeGreaterThan(0);
  const names = missing.map(({ where }) => decodeURIComponent(where.field!));
  expect(checkCrate(document, { paths: new Set(names) }).filter(({ code }) => code === 'crate-file-missing')).toEqual(
    [],
  );
});

test.runIf(there)('every public crate that has a root comes back whole', () => {
  for (const path of fixtures) {
    const document = read(path);
    if (document === undefined) continue;
    const { graph, issues } = importJson(roCrate, document);
    if (issues.length > 0) continue;
    expect([path, exportJson(roCrate, graph).document]).toEqual([path, document]);
  }
});
