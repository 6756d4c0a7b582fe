import type { ColumnMapping } from '@micrarium/formats';

const key = (shape: string) => `micrarium.columns.${shape}`;

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

/** May columns of this item be assigned by hand? Tables of any program are one text file; what is none says so when its head is read. */
export function isTableFile(files: readonly string[]): boolean {
  return files.length === 1 && /\.(csv|tsv|tab|txt|dat)$/i.test(files[0]!);
}
