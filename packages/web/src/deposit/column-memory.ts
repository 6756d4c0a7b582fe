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
