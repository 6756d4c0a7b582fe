import {
  type ColumnMeaning,
  type DataDictionary,
  type FeatureColumn,
  type FeatureKey,
  featureKeys,
} from '@micrarium/model';
import { plainName } from '../delimited/mapping.ts';
import { IssueTally } from '../delimited/issues.ts';
import type { MappableTable } from '../delimited/mapped-table.ts';

/** A Frictionless Table Schema, with what we say beyond it: `unit`, and in `micrarium:keyedTo` what a key names. */
export interface TableSchema {
  $schema?: string;
  fields: TableSchemaField[];
  missingValues?: string[];
}

/** A field of a Table Schema. `rdfType` is its own place for a vocabulary term. */
export interface TableSchemaField {
  name: string;
  type: 'integer' | 'number' | 'boolean' | 'string';
  title?: string;
  description?: string;
  unit?: string;
  rdfType?: string;
  'micrarium:keyedTo'?: FeatureKey;
}

const types = { int: 'integer', float: 'number', bool: 'boolean', string: 'string' } as const;

/** The data dictionary of a table as it leaves: a Table Schema (Data Package 2.0). A term's label stands as the title. */
export function tableSchema(columns: readonly FeatureColumn[]): TableSchema {
  return {
    $schema: 'https://datapackage.org/profiles/2.0/tableschema.json',
    fields: columns.map(({ name, type, unit, meaning, term, keyedTo }) => ({
      name,
      type: types[type],
      ...(term ? { title: term.label } : {}),
      ...(meaning === undefined ? {} : { description: meaning }),
      ...(unit === undefined ? {} : { unit }),
      ...(term?.id === undefined ? {} : { rdfType: term.id }),
      ...(keyedTo ? { 'micrarium:keyedTo': keyedTo } : {}),
    })),
    missingValues: [''],
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 2000) : undefined;
}

function keyOf(value: unknown): ColumnMeaning['keyedTo'] {
  return value === 'none' ? 'none' : featureKeys.find((key) => key === value);
}

/** A data dictionary out of parsed JSON: a Table Schema, or our own by column name. `undefined` where it is neither. */
export function parseDictionary(value: unknown): DataDictionary | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = (value as { fields?: unknown }).fields;
  const entries: [string, Record<string, unknown>][] = Array.isArray(fields)
    ? (fields as unknown[]).flatMap((field) => {
        const name = textOf((field as { name?: unknown } | null)?.name);
        return name === undefined ? [] : [[name, field as Record<string, unknown>]];
      })
    : Object.entries(value).filter(
        (entry): entry is [string, Record<string, unknown>] => typeof entry[1] === 'object' && entry[1] !== null,
      );
  return Object.fromEntries(entries.map(([name, said]) => [name, meaningOf(said)]));
}

function meaningOf(said: Record<string, unknown>): ColumnMeaning {
  const own =
    typeof said['term'] === 'object' && said['term'] !== null ? (said['term'] as Record<string, unknown>) : {};
  const id = textOf(own['id']) ?? textOf(said['rdfType']);
  const label = textOf(own['label']) ?? (id === undefined ? undefined : (textOf(said['title']) ?? id));
  const unit = textOf(said['unit']);
  const meaning = textOf(said['meaning']) ?? textOf(said['description']);
  const keyedTo = keyOf(said['keyedTo'] ?? said['micrarium:keyedTo']);
  return {
    ...(unit === undefined ? {} : { unit }),
    ...(meaning === undefined ? {} : { meaning }),
    ...(label === undefined ? {} : { term: { label, ...(id === undefined ? {} : { id }) } }),
    ...(keyedTo ? { keyedTo } : {}),
  };
}

const roles: readonly (readonly ['name' | 'unit' | 'meaning' | 'term' | 'id' | 'keyedTo', RegExp])[] = [
  ['name', /^(column|field|variable|feature)( name)?$|^name$/],
  ['unit', /^units?$/],
  ['meaning', /^(meaning|description|definition|explanation)$/],
  ['term', /^(term|vocabulary term|term label|ontology term)$/],
  ['id', /^(term id|term accession|ontology id|identifier|rdf ?type)$/],
  ['keyedTo', /^(keyed to|key)$/],
];

/**
 * Reads a sheet that describes the columns of the others: a table with a column of names and at least one of unit,
 * meaning or term. `undefined` for any other table.
 */
export async function dictionaryOfTable(
  table: MappableTable,
  signal?: AbortSignal,
): Promise<DataDictionary | undefined> {
  const at = Object.fromEntries(
    roles.map(([role, pattern]) => [role, table.dialect.header.findIndex((name) => pattern.test(plainName(name)))]),
  ) as Record<(typeof roles)[number][0], number>;
  if (at.name < 0 || (at.unit < 0 && at.meaning < 0 && at.term < 0)) return undefined;
  const found: Record<string, ColumnMeaning> = {};
  for await (const batch of table.rows(new IssueTally(), signal ? { signal } : {}))
    for (const { cells } of batch) {
      const cell = (place: number) => (place < 0 ? undefined : textOf(cells[place]));
      const name = cell(at.name);
      if (name === undefined || Object.keys(found).length >= mostColumns) continue;
      found[name] = meaningOf({
        unit: cell(at.unit),
        meaning: cell(at.meaning),
        term: { label: cell(at.term) ?? cell(at.id), id: cell(at.id) },
        keyedTo: cell(at.keyedTo)?.toLowerCase(),
      });
    }
  return found;
}

const mostColumns = 20_000;
