import { type ColumnDescription, type Issue, parseSpaceUnit, parseTimeUnit } from '@micrarium/model';
import { IssueTally, type TableIssueCode, tableIssue } from '../../tables/delimited/issues.ts';
import { tableRows } from '../../tables/delimited/table-scan.ts';
import { graphIssue } from '../collect.ts';
import type { SetHeader, TrackReader } from '../track-reader.ts';
import { findBareTables } from './bare-tables.ts';
import type { CmsoResource } from './data-package.ts';
import { edgeKeys, featureColumns, readEdgeFeatures, readTrackFeatures } from './feature-tables.ts';
import { type CmsoIssueCode, cmsoIssue } from './issues.ts';
import { type FoundPackage, type TableFile, findPackage, openTable, undeclaredTracks } from './package-files.ts';
import { type LinkedEdges, checkTracks, readLinks } from './read-links.ts';
import { ObjectRows, type ObjectsPlan, planObjects } from './read-objects.ts';

const words: Partial<Record<CmsoIssueCode | TableIssueCode, (count: number) => string>> = {
  'nan-coordinate': (n) => `${n} ${n === 1 ? 'row has' : 'rows have'} no finite frame or position`,
  'dangling-link': (n) => `${n} ${n === 1 ? 'entry names' : 'entries name'} an object that is not there`,
  'link-same-frame': (n) => `${n} ${n === 1 ? 'frame' : 'frames'} in which one link has several objects`,
  'track-id-disagrees-with-graph': (n) => `${n} ${n === 1 ? 'row groups' : 'rows group'} links other than the edges do`,
  'cell-not-as-declared': (n) => `${n} ${n === 1 ? 'cell does' : 'cells do'} not hold the declared type`,
  'row-width': (n) => `${n} ${n === 1 ? 'row has' : 'rows have'} another number of cells than the header`,
};

/** Reads CMSO data packages of both versions of the standard, biotracks' own, malformed ones, and their tables
 * without a descriptor. Loses no edge. */
export const cmsoReader: TrackReader = {
  async stream(item, sink, options = {}) {
    const found = (await findPackage(item.tree, '', true)) ?? (await findBareTables(item.tree, '', true));
    if (!found)
      return {
        issues: [
          cmsoIssue('descriptor-unreadable', 'no descriptor of a CMSO package was found', {
            where: { file: item.path },
          }),
        ],
      };
    const { content } = found;
    const issues = [...content.issues];
    const tally = new IssueTally<CmsoIssueCode>();
    const rowTally = new IssueTally<TableIssueCode>();
    const finish = () => {
      issues.push(
        ...tally.issues(cmsoIssue, found.entry.path, words),
        ...rowTally.issues(tableIssue, found.entry.path, words),
      );
      return { issues, ...(found.isBare ? {} : { formatVersion: content.version }) };
    };
    const open = async (resource: CmsoResource | undefined, needed: readonly string[]) => {
      const files = resource ? await openTable(item.tree, found, resource, issues) : [];
      return files.filter((file) => hasColumns(file, needed, issues));
    };
    const objectFiles = await open(content.objects, [
      'cmso_object_id',
      'cmso_frame_id',
      'cmso_x_coord',
      'cmso_y_coord',
    ]);
    if (objectFiles.length === 0) return finish();
    const linkFiles = await open(content.links, ['cmso_link_id', 'cmso_object_id']);
    const linksHaveFrames = linkFiles.some((file) => file.dialect.header.includes('cmso_frame_id'));
    const plan = await planObjects(
      objectFiles,
      content.objects!,
      linksHaveFrames,
      content.own,
      rowTally,
      options.signal,
    );
    const edgeColumns = featureColumns(content.edgeFeatures, content.own?.edges);
    const header = headerOf(
      found,
      plan,
      edgeColumns.map(({ column }) => column),
    );
    await sink.header(header);
    const objects = new ObjectRows(plan, content.objects!, tally);
    const bytes = objectFiles.reduce((sum, file) => sum + file.source.size, 0);
    let before = 0;
    for (const file of objectFiles) {
      const onBytes = (done: number) => options.onProgress?.((0.8 * (before + done)) / bytes);
      const walk = { ...(options.signal ? { signal: options.signal } : {}), onBytes };
      for await (const rows of tableRows(file.source, file.dialect, new IssueTally(), walk)) {
        const batch = objects.take(file, rows);
        if (batch.count > 0) await sink.objects(batch);
      }
      before += file.source.size;
    }
    const edges = await readLinks(linkFiles, objects, tally, options.signal);
    const edgeFiles = await open(content.edgeFeatures, edgeKeys);
    const features = content.edgeFeatures ? await readEdgeFeatures(edgeFiles, edgeColumns, edges, objects, tally) : [];
    if (edges.count > 0) await sink.edges({ ...edgeBatch(edges, objects), columns: features });
    if (content.trackFeatures && sink.sourceTracks) {
      const files = await open(content.trackFeatures, []);
      const described = featureColumns(content.trackFeatures, content.own?.tracks?.columns);
      const { columns, count } = await readTrackFeatures(files, described, tally);
      await sink.sourceTracks(columns, count);
    }
    await sink.end();
    options.onProgress?.(1);
    await compareTracks(found, edges, objects, tally, issues, item.tree);
    issues.push(...setIssues(header, plan, edges, objects, found.entry.path));
    return finish();
  },
};

function edgeBatch(edges: LinkedEdges, objects: ObjectRows) {
  const ids = (rows: Uint32Array) => Float64Array.from(rows, (row) => objects.ids.at(row));
  return { count: edges.count, sourceId: ids(edges.source), targetId: ids(edges.target) };
}

function hasColumns(file: TableFile, needed: readonly string[], issues: Issue[]): boolean {
  const missing = needed.filter((name) => !file.dialect.header.includes(name));
  for (const column of missing)
    issues.push(
      cmsoIssue('column-missing', `${file.path} has no column ${column}`, { where: { file: file.path, column } }),
    );
  return missing.length === 0;
}

async function compareTracks(
  found: FoundPackage,
  edges: LinkedEdges,
  objects: ObjectRows,
  tally: IssueTally<CmsoIssueCode>,
  issues: Issue[],
  tree: Parameters<typeof openTable>[0],
): Promise<void> {
  const undeclared = undeclaredTracks(tree, found);
  const resource = found.content.tracks ?? undeclared;
  if (!resource) return;
  if (undeclared)
    issues.push(
      cmsoIssue('undeclared-tracks-table', `${undeclared.paths[0]} is not declared in the descriptor`, {
        where: { file: found.entry.path, field: '/resources' },
      }),
    );
  await checkTracks(await openTable(tree, found, resource, issues), edges, objects.ids.length, tally);
}

function headerOf(found: FoundPackage, plan: ObjectsPlan, edgeColumns: readonly ColumnDescription[]): SetHeader {
  const { content } = found;
  const columns = {
    hasZ: plan.hasZ,
    hasTime: plan.timeColumn !== undefined,
    objectColumns: plan.features.map(({ column }) => column),
    edgeColumns,
  };
  if (content.own) return { ...content.own.set, ...columns };
  const unitOf = (name: string | undefined) => content.objects?.fields.find((field) => field.name === name)?.unit;
  const space = content.spaceUnit ?? unitOf('cmso_x_coord');
  const time = unitOf(plan.timeColumn) ?? content.timeUnit;
  const spaceUnit = space === undefined ? undefined : parseSpaceUnit(space);
  const timeUnit = time === undefined ? undefined : parseTimeUnit(time);
  const base = content.frameBase ?? (plan.firstFrame === 0 ? 0 : undefined);
  return {
    name: content.title ?? content.name ?? 'cmso_tracks',
    ...(spaceUnit ? { spaceUnit } : {}),
    ...(timeUnit ? { timeUnit } : {}),
    ...(space === undefined ? {} : { sourceSpaceUnit: space }),
    ...(time === undefined ? {} : { sourceTimeUnit: time }),
    ...(base === undefined ? {} : { sourceFrameBase: base }),
    entity: 'point',
    ...columns,
    provenance: content.provenance,
  };
}

function setIssues(
  header: SetHeader,
  plan: ObjectsPlan,
  edges: LinkedEdges,
  objects: ObjectRows,
  file: string,
): Issue[] {
  const issues: Issue[] = [];
  const where = { file };
  if (plan.repeatedIds > 0 && plan.idKind !== 'pair')
    issues.push(
      graphIssue(
        'duplicate-object-id',
        `${plan.repeatedIds} object ids occur more than once, and the links table has no frames to tell them apart`,
        { where },
      ),
    );
  const note = (code: TableIssueCode, message: string) => issues.push(tableIssue(code, message, { where }));
  if (!header.spaceUnit) note('no-units', 'the package does not say in which unit its positions are');
  else if (header.spaceUnit === 'pixel') note('pixel-units-only', 'positions are in pixels');
  if (plan.zAllZero) note('z-all-zero', 'column "cmso_z_coord" is 0 in every row');
  if (header.sourceFrameBase === undefined && plan.firstFrame > 0 && Number.isFinite(plan.firstFrame))
    note('frame-base-unknown', `the first frame in the package is ${plan.firstFrame}`);
  const alone = objects.ids.length - edges.linkedObjects;
  if (alone > 0) note('untracked-objects', `${alone} of ${objects.ids.length} objects are in no link`);
  return issues;
}
