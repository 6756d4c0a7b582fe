import type { ColumnType } from 'kysely';

/** A jsonb column: written as text (so that arrays are not taken for SQL arrays), read parsed. */
export type Json<T> = ColumnType<T, string, string>;
/** As `Json`, or nothing. */
export type OptionalJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
/** A point in time; left out, the database says now. */
export type Time = ColumnType<Date, Date | string | undefined, Date | string>;
/** May be left out, and is null then. */
export type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>;
