/** Storage of a column: typed arrays for numbers, plain strings for text. */
export type ColumnValues = Float64Array | Float32Array | Int32Array | Uint32Array | Uint16Array | Uint8Array | string[];

/** What the values of a column are. `bool` is stored as 0 and 1 in a `Uint8Array`. */
export type ColumnType = 'float' | 'int' | 'bool' | 'string';

/** Describes a column without its values. */
export interface ColumnDescription {
  /** Name in our tables: unique within its table. */
  name: string;
  type: ColumnType;
  /** Unit of the stored values, spelled as in `units.ts`; absent where there is none. */
  unit?: string;
  /** One sentence for people. */
  description?: string;
  /** The name the source gave, where it differs. */
  sourceKey?: string;
  /** What the column is for the tracks: `track` names the track of each object, as the source has it. */
  role?: 'track';
}

/**
 * One column of a table. A value can be present, or *absent* (`missing[row] === 1`): absent is not NaN, and NaN is
 * a value the source wrote.
 */
export interface Column extends ColumnDescription {
  values: ColumnValues;
  /** One byte a row, 1 where the source gave no value; left out where every row has one. */
  missing?: Uint8Array;
}

/** Value of one row, or `undefined` where it is absent. */
export function columnValue(column: Column, row: number): number | string | boolean | undefined {
  if (column.missing?.[row] === 1) return undefined;
  const value = column.values[row];
  return column.type === 'bool' ? value === 1 : value;
}

/** Grows typed columns row by row without knowing their length: capacity doubles, `finish` trims. */
export class ColumnBuilder {
  readonly description: ColumnDescription;
  private numbers: Float64Array;
  private strings: string[] | undefined;
  private missing: Uint8Array;
  private anyMissing = false;
  private length = 0;

  constructor(description: ColumnDescription, capacity = 1024) {
    this.description = description;
    this.strings = description.type === 'string' ? [] : undefined;
    this.numbers = new Float64Array(this.strings ? 0 : capacity);
    this.missing = new Uint8Array(capacity);
  }

  /** Appends the value of `row`; rows skipped since the last call become absent. */
  set(row: number, value: number | string | boolean | undefined): void {
    while (this.length < row) this.push(undefined);
    this.push(value);
  }

  /** The finished column, padded with absent values to `count` rows. Whole numbers are kept as Float64 when beyond 32 bits. */
  finish(count: number): Column {
    while (this.length < count) this.push(undefined);
    const values = this.strings ?? this.shrink(count);
    return { ...this.description, values, ...(this.anyMissing ? { missing: this.missing.slice(0, count) } : {}) };
  }

  /** As `finish`, in memory that `restart` uses again: for who is done with the column by then. */
  lend(count: number): Column {
    if (this.description.type !== 'float') return this.finish(count);
    while (this.length < count) this.push(undefined);
    const missing = this.anyMissing ? { missing: this.missing.subarray(0, count) } : {};
    return { ...this.description, values: this.numbers.subarray(0, count), ...missing };
  }

  /** Begins a new column in the memory of the last. */
  restart(): void {
    if (this.anyMissing) this.missing.fill(0);
    if (this.strings) this.strings = [];
    this.anyMissing = false;
    this.length = 0;
  }

  private push(value: number | string | boolean | undefined): void {
    const row = this.length++;
    if (row >= this.missing.length) this.grow();
    if (value === undefined) {
      this.missing[row] = 1;
      this.anyMissing = true;
      if (this.strings) this.strings.push('');
      else this.numbers[row] = this.description.type === 'float' ? Number.NaN : 0;
    } else if (this.strings) this.strings.push(String(value));
    else this.numbers[row] = Number(value);
  }

  private grow(): void {
    const capacity = Math.max(1024, this.missing.length * 2);
    const missing = new Uint8Array(capacity);
    missing.set(this.missing);
    this.missing = missing;
    if (this.strings) return;
    const numbers = new Float64Array(capacity);
    numbers.set(this.numbers);
    this.numbers = numbers;
  }

  private shrink(count: number): Float64Array | Int32Array | Uint8Array {
    const numbers = this.numbers.slice(0, count);
    if (this.description.type === 'bool') return Uint8Array.from(numbers);
    if (this.description.type === 'int' && numbers.every((n) => n === (n | 0))) return Int32Array.from(numbers);
    return numbers;
  }
}
