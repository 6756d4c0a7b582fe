import type { Column, ColumnDescription, Shapes } from '@micrarium/model';

/** Joins float columns of batches into one array of `count` values. */
export function concatFloat64(parts: readonly Float64Array[], count: number): Float64Array {
  const all = new Float64Array(count);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Joins integer columns of batches into one array of `count` values. */
export function concatInt32(parts: readonly Int32Array[], count: number): Int32Array {
  const all = new Int32Array(count);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * Joins the declared columns of batches; the widest storage of the parts is kept.
 * @param kept positions (over all batches) of the rows to keep, ascending; all where left out
 */
export function concatColumns(
  declared: readonly ColumnDescription[],
  batches: readonly { count: number; columns: readonly Column[] }[],
  kept?: Uint32Array,
): Column[] {
  return declared.map((description, index) => {
    const parts = batches.map((batch) => ({ count: batch.count, column: batch.columns[index]! }));
    return joinColumn(description, parts, kept);
  });
}

function joinColumn(
  description: ColumnDescription,
  parts: { count: number; column: Column }[],
  kept?: Uint32Array,
): Column {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const missing = parts.some((part) => part.column.missing) ? new Uint8Array(count) : undefined;
  const values = description.type === 'string' ? Array.from<string>({ length: count }) : storageFor(parts, count);
  let at = 0;
  for (const { count: rows, column } of parts) {
    if (Array.isArray(values) || Array.isArray(column.values))
      for (let row = 0; row < rows; row++) (values as (string | number)[])[at + row] = column.values[row]!;
    else values.set(column.values.subarray(0, rows), at);
    if (missing && column.missing) missing.set(column.missing.subarray(0, rows), at);
    at += rows;
  }
  const whole: Column = { ...description, values, ...(missing ? { missing } : {}) };
  return kept ? pickRows(whole, kept) : whole;
}

function storageFor(parts: { column: Column }[], count: number): Exclude<Column['values'], string[]> {
  const kinds = new Set(parts.map((part) => part.column.values.constructor.name));
  if (kinds.size === 1) {
    const Kind = parts[0]!.column.values.constructor as new (length: number) => Float64Array;
    return new Kind(count);
  }
  return new Float64Array(count);
}

/** The rows of a column at the given positions. */
export function pickRows(column: Column, rows: Uint32Array): Column {
  const { missing } = column;
  const values = Array.isArray(column.values)
    ? Array.from(rows, (row) => (column.values as string[])[row]!)
    : pickNumbers(column.values, rows);
  return { ...column, values, ...(missing ? { missing: pickNumbers(missing, rows) as Uint8Array } : {}) };
}

function pickNumbers(
  values: Exclude<Column['values'], string[]>,
  rows: Uint32Array,
): Exclude<Column['values'], string[]> {
  const Kind = values.constructor as new (length: number) => typeof values;
  const picked = new Kind(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i]!]!;
  return picked;
}

/** Joins the ragged shapes of batches; `undefined` where none has any. Batches without shapes count as empty. */
export function concatShapes(batches: readonly { count: number; shapes: Shapes | undefined }[]): Shapes | undefined {
  if (!batches.some((batch) => batch.shapes)) return undefined;
  const partOffsets: number[] = [0];
  const vertexOffsets: number[] = [0];
  const xyz: number[] = [];
  for (const { count, shapes } of batches) {
    const parts = vertexOffsets.length - 1;
    const vertices = xyz.length / 3;
    for (let row = 1; row <= count; row++) partOffsets.push(parts + (shapes?.partOffsets[row] ?? 0));
    if (!shapes) continue;
    for (let part = 1; part < shapes.vertexOffsets.length; part++)
      vertexOffsets.push(vertices + shapes.vertexOffsets[part]!);
    for (const value of shapes.xyz) xyz.push(value);
  }
  return {
    partOffsets: Uint32Array.from(partOffsets),
    vertexOffsets: Uint32Array.from(vertexOffsets),
    xyz: Float64Array.from(xyz),
  };
}
