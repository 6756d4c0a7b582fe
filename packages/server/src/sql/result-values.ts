import {
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBArrayValue,
  DuckDBMapValue,
  DuckDBStructValue,
} from '@duckdb/node-api';
import type { ResultValue } from './query-messages.ts';

/** A value of DuckDB in JSON: whole numbers beyond 2^53 and everything JSON has no word for are texts; NaN and infinity are `null`. */
export function jsonValue(value: unknown): ResultValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(jsonValue);
  if (value instanceof DuckDBStructValue)
    return Object.fromEntries(Object.entries(value.entries).map(([name, one]) => [name, jsonValue(one)]));
  if (value instanceof DuckDBMapValue)
    return value.entries.map(({ key, value: one }) => ({ key: jsonValue(key), value: jsonValue(one) }));
  return String(value);
}

/** A value as a text, for columns of a type that only texts can hold. */
export function textValue(value: unknown): string | null {
  const found = jsonValue(value);
  return found === null || typeof found === 'string' ? found : JSON.stringify(found);
}
