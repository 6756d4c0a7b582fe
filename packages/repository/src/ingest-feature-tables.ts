import { type ColumnMapping, type Item, type KeyValues, parseDictionary, writeFeatureTables } from '@micrarium/formats';
import type { ConversionRecord, DataDictionary, FeatureTableSummary, Issue } from '@micrarium/model';
import { formKeys, type Mapping, recipes, tool } from './forms.ts';
import { HashingSink, type WrittenOutput } from './hashing-sink.ts';
import type { IngestOptions } from './ingest-tracks.ts';
import type { DerivedStore } from './ports/derived-store.ts';
import { buildForm } from './stored-form.ts';

/** What the feature tables of an item are, and what was learned making them. */
export interface FeatureTablesForm {
  outputs: WrittenOutput[];
  tables: FeatureTableSummary[];
  keys: KeyValues[];
  issues: Issue[];
  madeAt: string;
}

/** Name under which a mapping carries the data dictionary of an item's tables, as JSON. */
export const dictionaryEntry = 'dictionary';

/** The data dictionary that a mapping carries. What is no dictionary counts as none. */
export function dictionaryOf(mapping: Mapping | undefined): DataDictionary {
  const text = mapping?.[dictionaryEntry];
  if (typeof text !== 'string') return {};
  try {
    return parseDictionary(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}

/** A mapping without the data dictionary: which column is x, y, frame...; `undefined` where it says nothing of them. */
export function columnsOf(mapping: Mapping | undefined): Mapping | undefined {
  if (!mapping) return undefined;
  const { [dictionaryEntry]: _dictionary, ...columns } = mapping;
  return Object.keys(columns).length > 0 ? columns : undefined;
}

/** A mapping as it was, with what is said now: columns and dictionary come from different forms, and neither drops the other. */
export function mergedMapping(before: Mapping | undefined, said: Mapping): Record<string, string | number> {
  const dictionary = said[dictionaryEntry] ?? before?.[dictionaryEntry];
  const saysOnlyDictionary = Object.keys(said).every((key) => key === dictionaryEntry) && dictionaryEntry in said;
  const columns = columnsOf(saysOnlyDictionary ? before : said);
  return { ...columns, ...(dictionary === undefined || dictionary === '' ? {} : { [dictionaryEntry]: dictionary }) };
}

/** May the item hold feature tables? A plain table without objects; a workbook may have them beside its objects. */
export function mayHoldFeatures(format: string, trackSets: number): boolean {
  return format === 'excel' || (format === 'delimited' && trackSets === 0);
}

/** Makes the Parquet files and dictionaries of an item's feature tables (or finds them made). */
export async function makeFeatureTables(
  ports: { derived: DerivedStore; now: () => Date },
  item: Item,
  itemId: string,
  options: IngestOptions,
): Promise<{ form: FeatureTablesForm; conversion: ConversionRecord | undefined }> {
  const { mapping, signal, onProgress } = options;
  const columns = columnsOf(mapping);
  const form = await buildForm(
    ports.derived,
    formKeys(itemId, mapping).tables,
    async (sink): Promise<FeatureTablesForm> => {
      const hashing = new HashingSink(sink);
      const written = await writeFeatureTables(item, hashing, {
        dictionary: dictionaryOf(mapping),
        ...(columns ? { mapping: columns as ColumnMapping } : {}),
        ...(signal ? { signal } : {}),
        ...(onProgress ? { onProgress } : {}),
      });
      return { ...written, outputs: hashing.outputs, madeAt: ports.now().toISOString() };
    },
  );
  const parameters = {
    recipeVersion: recipes['table-to-parquet'],
    ...(mapping && Object.keys(mapping).length > 0 ? { mapping: JSON.stringify(mapping) } : {}),
  };
  const conversion: ConversionRecord | undefined =
    form.tables.length === 0
      ? undefined
      : { recipe: 'table-to-parquet', ...tool, parameters, madeAt: form.madeAt, outputs: form.outputs };
  return { form, conversion };
}
