import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createDraft, placeOfContent } from '@micrarium/repository';
import { depositFiles, openWorkbench } from '@micrarium/repository/testing';
import { describe, expect, it } from 'vitest';

const data = join(import.meta.dirname, '../../../shared/data');
const isThere = existsSync(data);
if (!isThere) console.warn(`No real files at ${data}: not every sample is deposited`);
/** Larger samples are read by the tests of their formats. */
const largest = 2_000_000;

function samples(folder: string): Record<string, Uint8Array> {
  const all = readdirSync(join(data, folder), { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && statSync(join(one.parentPath, one.name)).size <= largest)
    .map((one) =>
      join(one.parentPath, one.name)
        .slice(join(data, folder).length + 1)
        .normalize('NFC'),
    );
  return Object.fromEntries(all.map((path) => [path, new Uint8Array(readFileSync(join(data, folder, path)))]));
}

describe.runIf(isThere)('every sample file of the field, deposited as one folder', () => {
  it.each(['tracks', 'images', 'bd5'])(
    'of %s is read or kept; none hinders another, none brings the job down',
    async (folder) => {
      const bench = await openWorkbench();
      const { id } = await createDraft(bench, 'hanako');
      const files = samples(folder);
      await depositFiles(bench, id, files);
      await bench.jobs.runAll();
      const rows = await bench.studies.listItems(id);
      expect(rows.filter((row) => row.state !== 'done' && row.state !== 'kept').map((row) => row.item.path)).toEqual(
        [],
      );
      // Every file is in exactly one item.
      expect(rows.flatMap((row) => row.item.files).sort()).toEqual(Object.keys(files).sort());
      expect(new Set(rows.map((row) => row.item.id)).size).toBe(rows.length);
      for (const { item } of rows)
        for (const { outputs } of item.conversions)
          for (const { path } of outputs) {
            const place = placeOfContent(item, path);
            expect([item.path, path, place?.kind]).toEqual([item.path, path, 'form']);
            if (place?.kind === 'form') expect(await bench.derived.pathOf(place.key, place.path)).toBeDefined();
          }
      const failed = rows.filter((row) => row.item.issues.some((issue) => issue.code === 'ingest-reader-failed'));
      expect(failed.map((row) => [row.item.path, row.item.issues.map((issue) => issue.message)])).toEqual([]);
      expect(rows.filter((row) => row.state === 'done').length).toBeGreaterThan(0);
    },
  );
});
