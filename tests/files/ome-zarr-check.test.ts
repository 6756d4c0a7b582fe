import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkOmeAttributes, checkOmeZarr, fileTree, findItems, inspectItem, memorySource } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../../shared/data/images/', import.meta.url);
const there = existsSync(folder);
if (!there) console.warn('image samples are not here: tests/files/ome-zarr-check.test.ts checks nothing');

interface Suite {
  tests: { formerly: string; data: Record<string, unknown>; valid: boolean }[];
}

const kinds = ['image', 'label', 'plate', 'well'] as const;

describe.runIf(there)('conformance cases of the specification', () => {
  const cases = there
    ? (['0.4', '0.5'] as const).flatMap((version) =>
        kinds.flatMap((kind) =>
          [false, true].flatMap((strict) => {
            const file = new URL(`ngff/${version}/${strict ? 'strict_' : ''}${kind}_suite.json`, folder);
            const suite = JSON.parse(readFileSync(file, 'utf8')) as Suite;
            return suite.tests.map((test) => ({ ...test, version, strict, kind }));
          }),
        ),
      )
    : [];

  it('all are here', () => {
    expect(cases).toHaveLength(145);
  });

  it.each(cases)('as a store: $version $kind strict $strict $formerly', async ({ data, version, strict, valid }) => {
    const files =
      version === '0.5'
        ? { 'zarr.json': { zarr_format: 3, node_type: 'group', attributes: data } }
        : { '.zgroup': { zarr_format: 2 }, '.zattrs': data };
    const entries = Object.entries(files).map(([path, value]) => {
      const bytes = new TextEncoder().encode(JSON.stringify(value));
      return { path, size: bytes.length, open: async () => memorySource(path, bytes) };
    });
    const [item] = await findItems(fileTree('case.zarr', entries));
    const { format, issues } = await inspectItem(item!, { rules: true });
    const found = issues.filter(
      ({ code, severity }) =>
        severity === 'error' || (strict && code === 'ome-zarr-not-recommended' && severity === 'warning'),
    );
    const isValid = format === 'ome-zarr' && found.length === 0;
    expect(isValid, `${format} ${found.map((issue) => issue.message).join(' ')}`).toBe(valid);
  });

  it.each(cases)('$version $kind strict $strict $formerly is valid: $valid', ({ data, version, strict, valid }) => {
    const issues = checkOmeAttributes(data, version);
    const found = issues.filter(({ severity }) => severity === 'error' || (strict && severity === 'warning'));
    expect(found.length === 0, found.map((issue) => issue.message).join(' ')).toBe(valid);
  });
});

describe.runIf(there)('checkOmeZarr on whole stores', () => {
  const check = async (path: string) => checkOmeZarr(await openFolder(fileURLToPath(new URL(path, folder))));

  it.each(['ome-zarr/simple_0.4', 'ome-zarr/simple_0.5', 'derived/plate_v04.zarr'])(
    '%s has no errors',
    async (path) => {
      const errors = (await check(path)).filter((issue) => issue.severity === 'error');
      expect(errors).toEqual([]);
    },
  );

  it('names what is wrong in broken stores', async () => {
    expect((await check('ngff/validator-samples/invalid_version.zarr')).map((issue) => issue.message).join()).toContain(
      'abc123',
    );
    expect((await check('ngff/validator-samples/no_version_v0.5.zarr')).some((i) => i.severity === 'error')).toBe(true);
    expect((await check('ome-zarr/blobs_image_v04.ome.zarr')).map((issue) => issue.where.field)).toContain(
      'omero.channels[0].label',
    );
  });
});
