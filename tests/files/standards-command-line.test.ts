import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '../shared/data/metadata');
const there = existsSync(folder);
if (!there) console.warn('shared/data/metadata is not there: the command line is not tried on metadata');

/** Runs `micrarium validate --json`: exit code, and the verdict of each item. */
function validate(...paths: string[]) {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'packages/cli/src/main.ts'), 'validate', '--json', ...paths.map((path) => join(folder, path))],
    { encoding: 'utf8' },
  );
  const verdicts = stdout
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as {
          format: string;
          valid: boolean;
          issues: { code: string; where: { file?: string; field?: string; line?: number } }[];
        },
    );
  return { status, verdicts };
}

test.runIf(there)('metadata in order is valid', () => {
  const { status, verdicts } = validate(
    'bia/pagetab/S-BIAD1136_override.json',
    'datacite/kernel-4.6/example/datacite-example-full-v4.xml',
    'datacite/json/examples/datacite-example-dataset-v4.json',
    'idr/idr0026-study.txt',
    'madmp/examples/ex9-dmp-long.json',
    'ro-crate/crates/valid/rocrate-with-data-entities-1.2/ro-crate-metadata.json',
    'isa/tab/BII-I-1',
  );
  expect(verdicts.map(({ format, valid }) => [format, valid])).toEqual([
    ['pagetab', true],
    ['datacite', true],
    ['datacite', true],
    ['idr-study', true],
    ['madmp', true],
    ['ro-crate', true],
    ['isa-tab', true],
  ]);
  expect(status).toBe(0);
});

test.runIf(there)('faults are given with the place they are at', () => {
  const { status, verdicts } = validate(
    'bia/pagetab/S-BIAD1136_original.json',
    'ro-crate/crates/invalid/2_root_data_entity_metadata/missing_root_name/ro-crate-metadata.json',
    'bia/ro-crate-checks/test_file_list_missing_metadata_reference/ro-crate-metadata.json',
  );
  expect(status).not.toBe(0);
  expect(verdicts.map(({ valid }) => valid)).toEqual([false, false, false]);
  expect(verdicts[0]!.issues.find(({ code }) => code === 'email-malformed')?.where.field).toMatch(
    /^section\.subsections\[\d+\]$/,
  );
  expect(verdicts[2]!.issues.find(({ code }) => code === 'bia-crate')?.where.line).toBe(2);
});
