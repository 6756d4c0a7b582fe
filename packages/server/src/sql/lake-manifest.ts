import { storedFeatures } from '@micrarium/formats';
import { measureDefinitions, pathMeasureIds } from '@micrarium/model';
import { isMeasured, type Lake, type LakeItem, type LakeSet } from './lake.ts';
import type { StoredView } from './view-sql.ts';
import type { SqlType } from './views.ts';

/** A column as it lies in a file. */
interface ManifestColumn {
  name: string;
  type: SqlType;
  unit?: string;
}

/** A Parquet file of the lake. */
export interface ManifestFile {
  /** `objects`, `edges`, `tracks`, `measures`, or `feature_values` for a feature table as it was deposited. */
  table: string;
  accession: string;
  version: number;
  dataset: string;
  /** Below the folder of the lake. */
  path: string;
  /** Place of its columns in `layouts`, from 0. */
  layout: number;
  /** Units of positions, times and measures in it. */
  lengthUnit?: string;
  timeUnit?: string;
  /** Of feature tables. */
  rows?: number;
}

/** The files of some studies. Columns that many files share are told once. */
export interface LakeManifest {
  files: ManifestFile[];
  layouts: ManifestColumn[][];
  leftOut: number;
}

/** Definitions of the columns of `measures`. A file under an older version of any of them is no longer in the lake. */
export const lakeDefinitions: { id: string; version: number; unit: string }[] = pathMeasureIds.map((id) => {
  const { version, unit } = measureDefinitions.get(id)!;
  return { id, version, unit };
});

const storedViews: readonly StoredView[] = ['objects', 'edges', 'tracks', 'measures'];
const sqlTypes: Readonly<Record<string, SqlType>> = { int: 'BIGINT', float: 'DOUBLE', bool: 'BOOLEAN' };

/** Looks up the files of sets and items, and links them into the lake. */
export async function manifestOf(
  lake: Lake,
  sets: readonly LakeSet[],
  items: readonly LakeItem[],
): Promise<Omit<LakeManifest, 'leftOut'> & { missing: LakeItem[] }> {
  const layouts = new Layouts();
  const files: ManifestFile[] = [];
  const missing = new Map<string, LakeItem>();
  for (const table of storedViews) {
    const wanted = table === 'measures' ? sets.filter(isMeasured) : sets;
    const found = await lake.tables(table, wanted);
    const gone = new Set(found.missing);
    for (const one of gone) missing.set(one.id, one);
    const there = wanted.filter((set) => !gone.has(set));
    for (const [at, { path, columns, lengthUnit, timeUnit }] of found.tables.entries()) {
      const { accession, version, id } = there[at]!;
      const layout = layouts.placeOf(columns.map(({ name, type }) => ({ name, type })));
      files.push({ table, accession, version, dataset: id, path: lake.inLake(path), layout, lengthUnit, timeUnit });
    }
  }
  const found = await lake.featureTables(items);
  for (const one of found.missing) missing.set(one.id, one);
  for (const { path, accession, version, dataset, table } of found.files) {
    const columns = storedFeatures(table.columns, []).map(({ stored, type, unit }) => ({
      name: stored,
      type: sqlTypes[type] ?? ('VARCHAR' as const),
      ...(unit === undefined ? {} : { unit }),
    }));
    const layout = layouts.placeOf(columns);
    const where = { table: 'feature_values', accession, version, dataset, path: lake.inLake(path) };
    files.push({ ...where, layout, rows: table.rows });
  }
  return { files, layouts: layouts.all, missing: [...missing.values()] };
}

/** Lists of columns, each once. */
class Layouts {
  readonly all: ManifestColumn[][] = [];
  private readonly known = new Map<string, number>();

  placeOf(columns: ManifestColumn[]): number {
    const key = JSON.stringify(columns);
    const place = this.known.get(key) ?? this.all.push(columns) - 1;
    this.known.set(key, place);
    return place;
  }
}
