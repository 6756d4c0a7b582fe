import { isStoredByTime, mostOrderedRows, writeByTime } from '@micrarium/formats';
import type { ConversionRecord, StudyItem } from '@micrarium/model';
import { formKeys, type Mapping, recipes, tool } from './forms.ts';
import { HashingSink, type WrittenOutput } from './hashing-sink.ts';
import { openTable } from './open-forms.ts';
import type { DerivedStore } from './ports/derived-store.ts';
import { buildForm } from './stored-form.ts';

/** Path of the objects of a set in the order of time. */
export const byTimeTable = (part: number): string => `by-time-${part}/objects.parquet`;

/**
 * Puts the objects of every set that is not stored in the order of time in that order (or finds it done), in a table of its own:
 * the stored one keeps the order of the source. Sets with one row group, in order already, or with more than `mostOrderedRows`
 * objects have none.
 */
export async function makeTimeOrder(
  ports: { derived: DerivedStore; now: () => Date },
  item: StudyItem,
  mapping: Mapping | undefined,
  signal?: AbortSignal,
): Promise<ConversionRecord | undefined> {
  const parts: number[] = [];
  for (const { part, counts } of item.trackSets)
    if (counts.objects <= mostOrderedRows && (await isOutOfOrder(ports, item, part, mapping))) parts.push(part);
  if (parts.length === 0) return undefined;
  const form = await buildForm(ports.derived, formKeys(item.id, mapping).byTime, async (sink): Promise<Made> => {
    const hashing = new HashingSink(sink);
    for (const part of parts) {
      const { table, source } = await openTable(ports, item, part, 'objects', mapping);
      try {
        await writeByTime(table, await hashing.create(byTimeTable(part)), { signal });
      } finally {
        await source.close();
      }
    }
    return { outputs: hashing.outputs, madeAt: ports.now().toISOString() };
  });
  const parameters = { recipeVersion: recipes['objects-by-time'] };
  return { recipe: 'objects-by-time', ...tool, parameters, madeAt: form.madeAt, outputs: form.outputs };
}

interface Made {
  outputs: WrittenOutput[];
  madeAt: string;
}

async function isOutOfOrder(
  ports: { derived: DerivedStore },
  item: StudyItem,
  part: number,
  mapping: Mapping | undefined,
): Promise<boolean> {
  const { table, source } = await openTable(ports, item, part, 'objects', mapping);
  await source.close();
  return !isStoredByTime(table.groups);
}
