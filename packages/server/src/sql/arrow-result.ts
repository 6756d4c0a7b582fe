import { type DuckDBDataChunk, type DuckDBResult, DuckDBTypeId } from '@duckdb/node-api';
import {
  Bool,
  type DataType,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { jsonValue, textValue } from './result-values.ts';

/** How the values of a column become those of an Arrow column. */
interface ArrowColumn {
  type: DataType;
  valueOf(value: unknown): unknown;
}

const number = (value: unknown) => (typeof value === 'number' || value === null ? value : Number(jsonValue(value)));

function arrowColumn(id: DuckDBTypeId): ArrowColumn {
  switch (id) {
    case DuckDBTypeId.BOOLEAN:
      return { type: new Bool(), valueOf: (value) => value };
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
      return { type: new Int32(), valueOf: (value) => value };
    case DuckDBTypeId.UINTEGER:
    case DuckDBTypeId.BIGINT:
      return { type: new Int64(), valueOf: (value) => (typeof value === 'number' ? BigInt(value) : value) };
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
    case DuckDBTypeId.DECIMAL:
      return { type: new Float64(), valueOf: number };
    default:
      return { type: new Utf8(), valueOf: textValue };
  }
}

/** A result as an Arrow stream. Types that Arrow has no plain column for are texts. */
export class ArrowResult {
  private readonly columns: readonly ArrowColumn[];
  private readonly schema: Schema;
  private readonly writer = new RecordBatchStreamWriter();

  constructor(result: DuckDBResult, names: readonly string[]) {
    this.columns = names.map((_name, at) => arrowColumn(result.columnTypeId(at)));
    this.schema = new Schema(names.map((name, at) => new Field(name, this.columns[at]!.type, true)));
    this.writer.reset(undefined, this.schema);
  }

  /** Takes the rows of a chunk; their bytes come at the end. */
  rows(chunk: DuckDBDataChunk, count: number): Uint8Array {
    const children = this.columns.map(({ type, valueOf }, at) => {
      const vector = chunk.getColumnVector(at);
      const values = Array.from({ length: count }, (_, row) => valueOf(vector.getItem(row)));
      return vectorFromArray(values, type).data[0]!;
    });
    // A batch of this very schema: a table brings one of its own, at which the writer ends the stream.
    const data = makeData({ type: new Struct(this.schema.fields), length: count, nullCount: 0, children });
    this.writer.write(new RecordBatch(this.schema, data));
    return new Uint8Array();
  }

  /** All bytes. */
  end(): Uint8Array {
    this.writer.finish();
    return this.writer.toUint8Array(true);
  }
}
