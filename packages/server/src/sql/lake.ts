import { mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { openParquet, type ParquetTable } from '@micrarium/formats';
import { type DerivedStore, formKeys, mappingOf, mostMeasuredObjects, pathsTable } from '@micrarium/repository';
import type { StudyItem, TrackSetSummary } from '@micrarium/model';
import type { FeatureTableFile } from './feature-values.ts';
import type { LakeTable, StoredTableColumn, StoredView } from './view-sql.ts';
import type { SqlType } from './views.ts';

/** An item whose tables are read. */
export interface LakeItem {
  /** Id of the set, as in `datasets`. */
  id: string;
  accession: string;
  version: number;
  item: StudyItem;
}

/** A set whose tables are read. */
export interface LakeSet extends LakeItem {
  set: TrackSetSummary;
}

/** What a file says of itself. */
interface KnownFile {
  columns: readonly StoredTableColumn[];
  /** Units of the measures in it; other tables are in the units of their set. */
  units?: { lengthUnit: string; timeUnit: string };
}

/** Sets that are measured: of larger ones there is no table of measures, and none is to be made. */
export const isMeasured = ({ set }: LakeSet): boolean => set.counts.objects <= mostMeasuredObjects;

/** Tables looked up at once. */
const atOnce = 8;

/**
 * The public tables in folders by study, version and set (`objects/accession=MIC-000001/version=1/dataset=…/part-0.parquet`), as links to
 * the stored forms: the layout other engines know as Hive partitions. Nothing is copied.
 */
export class Lake {
  private readonly folder: string;
  private readonly derived: DerivedStore;
  /** Columns of a stored file never change under its key. */
  private readonly files = new Map<string, KnownFile>();
  private readonly linked = new Map<string, string>();

  constructor(folder: string, derived: DerivedStore) {
    this.folder = folder;
    this.derived = derived;
  }

  /** The tables of a view; sets whose tables were dropped and are to be made again are counted, and named. */
  async tables(view: StoredView, sets: readonly LakeSet[]): Promise<{ tables: LakeTable[]; missing: LakeSet[] }> {
    const found: (LakeTable | undefined)[] = Array.from({ length: sets.length });
    let next = 0;
    const worker = async () => {
      while (next < sets.length) {
        const at = next++;
        found[at] = await this.table(view, sets[at]!);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return { tables: found.filter((one) => one !== undefined), missing: sets.filter((_set, at) => !found[at]) };
  }

  /** The feature tables of items, `part-N.parquet` for table N; items whose tables were dropped are named. */
  async featureTables<Source extends LakeItem>(
    items: readonly Source[],
  ): Promise<{ files: (FeatureTableFile & { of: Source })[]; missing: Source[] }> {
    const files: (FeatureTableFile & { of: Source })[] = [];
    const missing = new Set<Source>();
    for (const of of items)
      for (const table of of.item.tables ?? []) {
        const key = formKeys(of.item.id, mappingOf(of.item)).tables;
        const file = await this.derived.pathOf(key, `table-${table.part}.parquet`);
        if (file === undefined) {
          missing.add(of);
          continue;
        }
        const { accession, version, id } = of;
        const path = this.place('feature_values', of, table.part);
        await this.link(path, file);
        files.push({ path, accession, version, dataset: id, table, of });
      }
    return { files, missing: [...missing] };
  }

  /** Where a file stands in the lake, below its folder. */
  inLake(path: string): string {
    return relative(this.folder, path);
  }

  /** Takes away the folders of studies that are not among those given: withdrawn, or closed again. */
  async keepOnly(accessions: ReadonlySet<string>): Promise<void> {
    for (const view of ['objects', 'edges', 'tracks', 'measures', 'feature_values'])
      for (const name of await readdir(join(this.folder, view)).catch(() => [])) {
        const accession = name.replace(/^accession=/, '');
        if (accession === name || accessions.has(accession)) continue;
        await rm(join(this.folder, view, name), { recursive: true, force: true });
        for (const path of this.linked.keys()) if (path.includes(`/${name}/`)) this.linked.delete(path);
      }
  }

  private place(view: string, { id, accession, version }: LakeItem, part: number): string {
    const folders = [view, `accession=${accession}`, `version=${version}`, `dataset=${id}`];
    return join(this.folder, ...folders, `part-${part}.parquet`);
  }

  private async table(view: StoredView, of: LakeSet): Promise<LakeTable | undefined> {
    const { item, set } = of;
    const keys = formKeys(item.id, mappingOf(item));
    const [key, path] =
      view === 'measures' ? [keys.motion, pathsTable(set.part)] : [keys.tracks, `tracks-${set.part}/${view}.parquet`];
    const file = await this.derived.pathOf(key, path);
    if (file === undefined) return undefined;
    const known = await this.look(key, path);
    if (!known) return undefined;
    const place = this.place(view, of, 0);
    await this.link(place, file);
    return {
      path: place,
      columns: known.columns,
      ...(known.units ?? { lengthUnit: set.spaceUnit ?? 'unknown', timeUnit: set.timeUnit ?? 'unknown' }),
    };
  }

  private async link(place: string, file: string): Promise<void> {
    if (this.linked.get(place) === file) return;
    const target = relative(dirname(place), file);
    if ((await readlink(place).catch(() => undefined)) !== target) {
      await mkdir(dirname(place), { recursive: true });
      await rm(place, { force: true });
      // Another question may have made the same link meanwhile.
      await symlink(target, place).catch((fault: NodeJS.ErrnoException) => {
        if (fault.code !== 'EEXIST') throw fault;
      });
    }
    this.linked.set(place, file);
  }

  private async look(key: string, path: string): Promise<KnownFile | undefined> {
    const known = this.files.get(`${key}/${path}`);
    if (known) return known;
    const source = await this.derived.open(key, path);
    if (!source) return undefined;
    try {
      const file = knownFile(await openParquet(source));
      this.files.set(`${key}/${path}`, file);
      return file;
    } finally {
      await source.close();
    }
  }
}

const sqlTypes: Readonly<Record<string, SqlType>> = {
  int: 'BIGINT',
  float: 'DOUBLE',
  bool: 'BOOLEAN',
  string: 'VARCHAR',
};

function knownFile(table: ParquetTable): KnownFile {
  const described = table.metadata.get('micrarium.tracks');
  const measured = table.metadata.get('micrarium');
  const own =
    described === undefined
      ? undefined
      : new Set((JSON.parse(described) as { own: { name: string }[] }).own.map(({ name }) => name));
  const columns = table.columns.map(({ name, type }) => ({
    name,
    type: sqlTypes[type] ?? ('VARCHAR' as const),
    isOurs: own?.has(name) ?? true,
  }));
  if (measured === undefined) return { columns };
  const { measures } = JSON.parse(measured) as { measures: { id: string; unit: string }[] };
  const unitOf = (id: string) => measures.find((one) => one.id === id)?.unit ?? 'unknown';
  return { columns, units: { lengthUnit: unitOf('path_length'), timeUnit: unitOf('duration') } };
}
