import type { ColumnType } from './columns.ts';
import type { Term } from './study.ts';

/** What the rows of a table may be about. */
export const featureKeys = ['object', 'image', 'well', 'plate', 'gene', 'sample'] as const;

/** What a column names: the object, image, well, plate, gene or sample a row is about. */
export type FeatureKey = (typeof featureKeys)[number];

/** A column of a feature table: a key, or something measured, counted or told. */
export interface FeatureColumn {
  /** As in the header; unique in its table. */
  name: string;
  type: ColumnType;
  /** Unit of the values; `1` for numbers without one (counts, ratios, scores). Left out where nobody said. */
  unit?: string;
  /** What the column means, in a sentence. Left out where nobody said. */
  meaning?: string;
  /** The same as a vocabulary term. */
  term?: Term;
  /** The column says what its row is about. */
  keyedTo?: FeatureKey;
}

/**
 * A table of features, as summarised at ingest: rows about objects, images, wells, genes or samples. Endpoint and
 * non-imaging assays are such tables. The values lie in `table-<part>.parquet`, the description in
 * `table-<part>.schema.json` (Table Schema).
 */
export interface FeatureTableSummary {
  /** Position within the item, from 0. */
  part: number;
  /** Name of the sheet, or the file's stem. */
  name: string;
  rows: number;
  columns: FeatureColumn[];
}

/** What is said of a column beyond its name, by the person who knows. */
export interface ColumnMeaning {
  unit?: string;
  meaning?: string;
  term?: Term;
  /** `none` takes a guessed key away. */
  keyedTo?: FeatureKey | 'none';
}

/** What is said of the columns of a file's tables, by column name. Columns of one name in several tables mean one thing. */
export type DataDictionary = Readonly<Record<string, ColumnMeaning>>;

/** A column with what a dictionary says of it, which goes before what was found. */
export function withMeaning(column: FeatureColumn, dictionary: DataDictionary): FeatureColumn {
  const said = Object.hasOwn(dictionary, column.name) ? dictionary[column.name] : undefined;
  if (!said) return column;
  const { keyedTo: found, ...rest } = column;
  const keyedTo = said.keyedTo === 'none' ? undefined : (said.keyedTo ?? found);
  return {
    ...rest,
    ...(said.unit ? { unit: said.unit } : {}),
    ...(said.meaning ? { meaning: said.meaning } : {}),
    ...(said.term?.label ? { term: said.term } : {}),
    ...(keyedTo ? { keyedTo } : {}),
  };
}

/** Names of columns that say too little to be understood: values without a meaning, numbers without a unit. Keys need neither. */
export function dictionaryGaps(columns: readonly FeatureColumn[]): { meaning: string[]; unit: string[] } {
  const measured = columns.filter(({ keyedTo }) => keyedTo === undefined);
  const isNumber = ({ type }: FeatureColumn) => type === 'int' || type === 'float';
  return {
    meaning: measured.filter(({ meaning, term }) => !meaning && !term).map(({ name }) => name),
    unit: measured.filter((column) => isNumber(column) && !column.unit).map(({ name }) => name),
  };
}
