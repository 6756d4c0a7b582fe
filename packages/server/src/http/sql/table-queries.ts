import { join } from 'node:path';
import { askToRebuild } from '@micrarium/repository';
import { sqlOfFeatureValues } from '../../sql/feature-values.ts';
import { isMeasured, Lake, type LakeItem, type LakeSet } from '../../sql/lake.ts';
import { type PreparedData, QueryRunner, type RanQuery } from '../../sql/query-runner.ts';
import type { QueryLimits, ResultFormat } from '../../sql/query-messages.ts';
import { type LakeManifest, manifestOf } from '../../sql/lake-manifest.ts';
import type { StatementNeeds } from '../../sql/statement.ts';
import { columnsOfLinks, sqlOfLinks, sqlOfRows, sqlOfStoredView, type StoredView } from '../../sql/view-sql.ts';
import { wordsOf } from '../explore/explored-sets.ts';
import type { Services } from '../kernel.ts';
import { openVersions, setsOfVersion } from '../ssbd/ssbd-sets.ts';
import type { FoundVersion } from '../study-access.ts';
import { catalogueRows } from './catalogue-rows.ts';

/** Sets whose tables are asked to be made again after one query. */
const askedAtOnce = 20;

/** A query that was run, and what it read. */
export type AnsweredQuery = RanQuery & {
  /** Sets whose tables are being made again, and were left out. */
  leftOut: number;
  /** Versions whose data the views of the statement hold. */
  versions: readonly FoundVersion[];
};

/** Statements over the tables of everything that is public. */
export class TableQueries {
  readonly limits: QueryLimits;
  private readonly folder: string;
  private readonly runner: QueryRunner;
  private lake: { lake: Lake; of: Services['derived'] } | undefined;
  private kept = '';

  /** @param data the data folder of the server */
  constructor(data: string, limits: QueryLimits) {
    this.limits = limits;
    this.folder = join(data, 'lake');
    this.runner = new QueryRunner(join(data, 'work/sql'), limits);
  }

  /** Somebody is about to ask: what runs statements is started meanwhile. */
  makeReady(): void {
    this.runner.makeReady();
  }

  /**
   * Runs a statement over the newest versions of everything that is public, or over the versions given.
   * @throws QueryFailed
   */
  async run(
    services: Services,
    statement: string,
    wanted: { format: ResultFormat; rowLimit: number; signal?: AbortSignal },
    given?: readonly FoundVersion[],
  ): Promise<AnsweredQuery> {
    let read: { leftOut: number; versions: readonly FoundVersion[] } = { leftOut: 0, versions: [] };
    const answer = await this.runner.run(statement, wanted, async (needs) => {
      const versions = needs.views.length === 0 ? [] : (given ?? (await openVersions(services)));
      // Only where all are known can it be told which are open no more.
      if (!given && versions.length > 0) await this.forget(services, versions);
      const { data, missing } = await this.prepare(services, needs, versions);
      read = { leftOut: missing.length, versions };
      for (const { accession, version, item } of missing.slice(0, askedAtOnce))
        await askToRebuild(services, { accession, version, itemId: item.id });
      return data;
    });
    return { ...answer, ...read };
  }

  private async prepare(
    services: Services,
    { views, columns }: StatementNeeds,
    versions: readonly FoundVersion[],
  ): Promise<{ data: PreparedData; missing: LakeItem[] }> {
    const lake = this.lakeOf(services);
    const sets = versions.flatMap(setsOfVersion).map(lakeSet);
    const paths: string[] = [];
    const made: string[] = [];
    const rows: { create: string; fill: string; json: string }[] = [];
    const missing: LakeItem[] = [];
    const stored = async (view: StoredView, wanted: readonly string[] | undefined) => {
      const found = await lake.tables(view, view === 'measures' ? sets.filter(isMeasured) : sets);
      for (const { path } of found.tables) paths.push(path);
      made.push(sqlOfStoredView(view, found.tables, wanted));
      missing.push(...found.missing);
    };
    const isLinked = views.includes('links');
    // The view of links is made of the objects, which then must be there first.
    if (isLinked || views.includes('objects'))
      await stored('objects', columns && (isLinked ? [...columns, ...columnsOfLinks] : columns));
    for (const view of views)
      if (view === 'links') made.push(sqlOfLinks);
      else if (view === 'feature_values') {
        const found = await lake.featureTables(versions.flatMap(itemsWithTables));
        for (const { path } of found.files) paths.push(path);
        made.push(sqlOfFeatureValues(found.files.map((file) => ({ ...file, ...cellLineOf(file.of.found) }))));
        missing.push(...found.missing);
      } else if (view === 'edges' || view === 'tracks' || view === 'measures') await stored(view, columns);
      else if (view !== 'objects')
        rows.push({ ...sqlOfRows(view), json: JSON.stringify(catalogueRows(view, versions)) });
    return { data: { paths, views: made, rows }, missing: [...new Map(missing.map((one) => [one.id, one])).values()] };
  }

  /** Where the tables of versions lie in the lake and what columns they have. */
  async manifest(services: Services, versions: readonly FoundVersion[]): Promise<LakeManifest> {
    const sets = versions.flatMap(setsOfVersion).map(lakeSet);
    const items = versions.flatMap(itemsWithTables);
    const { files, layouts, missing } = await manifestOf(this.lakeOf(services), sets, items);
    for (const { accession, version, item } of missing.slice(0, askedAtOnce))
      await askToRebuild(services, { accession, version, itemId: item.id });
    return { files, layouts, leftOut: missing.length };
  }

  private lakeOf({ derived }: Services): Lake {
    if (this.lake?.of !== derived) this.lake = { lake: new Lake(this.folder, derived), of: derived };
    return this.lake.lake;
  }

  /** Takes away the links of what is open no more. */
  private async forget(services: Services, versions: readonly FoundVersion[]): Promise<void> {
    const open = versions.map(({ accession }) => accession);
    if (this.kept === open.join(' ')) return;
    this.kept = open.join(' ');
    await this.lakeOf(services).keepOnly(new Set(open));
  }
}

/** An item with feature tables, and its study. */
type TableItem = LakeItem & { found: FoundVersion };

const itemsWithTables = (found: FoundVersion): TableItem[] =>
  found.items
    .filter(({ tables }) => tables !== undefined && tables.length > 0)
    .map((item) => ({
      id: `${found.accession}_${item.id}`,
      accession: found.accession,
      version: found.version,
      item,
      found,
    }));

function cellLineOf({ metadata: { values } }: FoundVersion): { cellLine?: string } {
  const words = [values.cellLine, values.cellType].map(wordsOf).find((one) => one.length > 0);
  return words ? { cellLine: words.join('; ') } : {};
}

const lakeSet = ({ bdmlId, version, item, set }: ReturnType<typeof setsOfVersion>[number]): LakeSet => ({
  id: bdmlId,
  accession: version.accession,
  version: version.version,
  item,
  set,
});
