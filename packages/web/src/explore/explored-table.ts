import { memorySink, ParquetTableWriter } from '@micrarium/formats';
import { csvLine } from '../search/results-csv.ts';
import type { ExploredSet } from './explore-answer.ts';

/** A value of a table that is taken away; `null` where there is none. */
type Cell = string | number | null;

/** Columns with their values, all of one length. */
export interface TakenTable {
  columns: { name: string; type: 'string' | 'double'; values: Cell[] }[];
  rows: number;
}

const joined = (list: readonly string[]) => list.join('; ');
const nameOf = (id: string, of: string) => (of === id ? id : `${id} ${of}`);

/** All sets as a table, also those without measures, with where each number comes from. */
export function exploredTable(sets: readonly ExploredSet[], measures: readonly string[], origin: string): TakenTable {
  const text = (name: string, of: (set: ExploredSet) => string) => ({
    name,
    type: 'string' as const,
    values: sets.map(of),
  });
  const number = (name: string, of: (set: ExploredSet) => number | null | undefined) => ({
    name,
    type: 'double' as const,
    values: sets.map((set) => of(set) ?? null),
  });
  const ofMeasure = (id: string) => (set: ExploredSet) => set.measures.find((one) => one.id === id);
  const further = [...new Set(sets.flatMap(({ fields }) => Object.keys(fields)))];
  return {
    rows: sets.length,
    columns: [
      text('accession', ({ accession }) => accession),
      number('version', ({ version }) => version),
      text('item', ({ item }) => item),
      number('part', ({ part }) => part),
      text('study', ({ title }) => title),
      text('data set', ({ name }) => name),
      text('organism', ({ organism }) => joined(organism)),
      text('cell type', ({ cellType }) => joined(cellType)),
      text('condition', ({ condition }) => joined(condition)),
      text('imaging method', ({ method }) => joined(method)),
      ...further.map((field) => text(field, ({ fields }) => joined(fields[field] ?? []))),
      text('licence', ({ licence }) => licence),
      text('year', ({ year }) => year),
      number('dimensions', ({ dimensions }) => dimensions),
      number('frame interval', ({ frameInterval }) => frameInterval?.value),
      text('frame interval unit', ({ frameInterval }) => frameInterval?.unit ?? ''),
      text('software', ({ software }) => software),
      text('state', ({ state }) => state),
      number('tracks', ({ tracks }) => tracks),
      number('paths', ({ paths }) => paths),
      number('gap share', ({ quality }) => quality?.gapShare),
      number('short path share', ({ quality }) => quality?.shortShare),
      number('step to neighbour', ({ quality }) => quality?.stepToNeighbour),
      ...measures.flatMap((id) => {
        const of = ofMeasure(id);
        return [
          number(id, (set) => of(set)?.mean),
          number(nameOf(id, 'low'), (set) => of(set)?.interval?.low),
          number(nameOf(id, 'high'), (set) => of(set)?.interval?.high),
          text(nameOf(id, 'unit'), (set) => of(set)?.unit ?? ''),
          number(nameOf(id, 'n'), (set) => of(set)?.n),
          text(nameOf(id, 'gaps'), (set) => of(set)?.gapPolicy ?? ''),
          number(nameOf(id, 'version'), (set) => of(set)?.version),
        ];
      }),
      text('address', ({ accession, version }) => `${origin}/studies/${accession}/v/${version}`),
    ],
  };
}

/** A table as CSV. */
export function csvOfTable({ columns, rows }: TakenTable): string {
  const lines = Array.from({ length: rows }, (_, row) => csvLine(columns.map(({ values }) => values[row] ?? '')));
  return `\ufeff${csvLine(columns.map(({ name }) => name))}${lines.join('')}`;
}

/**
 * A table as Parquet.
 * @param provenance what stands in the metadata of the file under `micrarium.provenance`
 */
export async function parquetOfTable({ columns, rows }: TakenTable, provenance: object): Promise<Uint8Array> {
  const sink = memorySink();
  const stored = columns.map(({ name, type }) => ({ name, type, nullable: true }));
  const about = { 'micrarium.provenance': JSON.stringify(provenance) };
  const writer = new ParquetTableWriter(await sink.create('table.parquet'), stored, about);
  await writer.append(
    rows,
    columns.map(({ type, values }) => ({
      values: values.map((value) => (type === 'string' ? String(value ?? '') : Number(value ?? 0))) as
        | number[]
        | string[],
      missing: Uint8Array.from(values, (value) => Number(value === null)),
    })),
  );
  await writer.close();
  return sink.files.get('table.parquet')!;
}

/** All sets as CSV. */
export const exploredCsv = (sets: readonly ExploredSet[], measures: readonly string[], origin: string): string =>
  csvOfTable(exploredTable(sets, measures, origin));
