import { type ColumnMapping, mappingFile, parseMappings } from '@micrarium/formats';

const prefix = 'micrarium.columns.';
const key = (shape: string) => `${prefix}${shape}`;

/** All columns chosen on this computer before, by shape of the table. */
export function rememberedMappings(): Record<string, ColumnMapping> {
  const found: Record<string, ColumnMapping> = {};
  try {
    for (const name of Object.keys(localStorage)) {
      const shape = name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
      const mapping = shape === undefined ? undefined : rememberedMapping(shape);
      if (shape !== undefined && mapping) found[shape] = mapping;
    }
  } catch {
    // Nothing is remembered where the browser keeps nothing.
  }
  return found;
}

/** Columns chosen for a table with this header, on this computer, before. */
export function rememberedMapping(shape: string): ColumnMapping | undefined {
  try {
    const stored = localStorage.getItem(key(shape));
    return stored === null ? undefined : (JSON.parse(stored) as ColumnMapping);
  } catch {
    return undefined;
  }
}

/** Remembers them for the next table of this shape. */
export function rememberMapping(shape: string, mapping: ColumnMapping): void {
  try {
    localStorage.setItem(key(shape), JSON.stringify(mapping));
  } catch {
    // Asked again next time.
  }
}

/** May columns of this item be assigned by hand? Tables of any program are one text file or workbook; what is none says so when its head is read. */
export function isTableFile(files: readonly string[]): boolean {
  return files.length === 1 && /\.(csv|tsv|tab|txt|dat|xlsx|xlsm|xls)$/i.test(files[0]!);
}

/** Everything remembered, with the header of the table at hand, as the text of a `mapping.json`. */
export function mappingFileText(shape: string, columns: readonly string[], mapping: ColumnMapping): string {
  const file = mappingFile({ ...rememberedMappings(), [shape]: mapping }, { [shape]: columns });
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Remembers what a `mapping.json` says.
 * @returns the mapping for a table of this shape, where the file has one; `undefined` where it is no such file
 */
export function takeMappingFile(
  text: string,
  shape: string,
): { mapping: ColumnMapping | undefined; count: number } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = parseMappings(value);
  if (parsed.fault !== undefined) return undefined;
  if (parsed.mapping) return { mapping: parsed.mapping, count: 1 };
  for (const [key, mapping] of Object.entries(parsed.mappings)) rememberMapping(key, mapping);
  return { mapping: parsed.mappings[shape], count: Object.keys(parsed.mappings).length };
}
