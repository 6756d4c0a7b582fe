import type { ColumnDescription, Issue } from '@micrarium/model';
import { type FileEntry, baseName } from '../../bytes/file-tree.ts';
import { GunzipSource, isGzip } from '../../bytes/gunzip-source.ts';
import type { Item } from '../../recognition/item.ts';
import { joiningOutlines } from '../join-outlines.ts';
import { IssueTally } from '../../tables/delimited/issues.ts';
import { RowStream } from '../../tracks/row-stream.ts';
import { trackFileIssue } from '../../tracks/track-file-issues.ts';
import type { ReadOptions, SetHeader, TrackReader, TrackSink } from '../../tracks/track-reader.ts';
import { uniqueName } from '../../tracks/trackmate/columns.ts';
import { bd5Reader } from '../bd5/read-bd5.ts';
import type { BdmlDocument, BdmlMeasurement, TakeComponent } from './document.ts';
import { ComponentTape } from './component-tape.ts';
import { bdmlIssue, type BdmlIssueCode } from './issues.ts';
import { documentsWithIds, joined, openDocument } from './series.ts';
import { type BdmlPlan, SetRows } from './set-rows.ts';
import { type BdmlScale, BdmlSurvey, type PlannedSet, readScale } from './survey.ts';
import { tallyWords } from './tally-words.ts';
import { walkBdml } from './walk.ts';

/**
 * Reads BDML 0.18 and 3.0 into the same sets as BD5: one for each kind of object (and entity), frames by rank of the
 * times, edges from prevID, features × featureScale. The header stands in `provenance.settings`. Objects are numbered
 * by component. The document is walked once to learn what is in it and once for each set; a BD5 file it points to is
 * read in its place. Packed with gzip it is unpacked on the way.
 */
export const bdmlReader: TrackReader = joiningOutlines({
  async stream(item, sink, options = {}) {
    const entry = documentOf(item);
    if (!entry) return { issues: [] };
    const file = await entry.open();
    const packed = (await isGzip(file, options.signal)) ? new GunzipSource(file) : undefined;
    const source = packed ?? file;
    const tally = new IssueTally<BdmlIssueCode>();
    const survey = new BdmlSurvey(tally);
    const issues: Issue[] = [];
    let walks = 1;
    let walked = 0;
    const walk = (take: TakeComponent) =>
      walkBdml(source, take, {
        ...(options.signal ? { signal: options.signal } : {}),
        onBytes: (done) => {
          if (source.size < Number.MAX_SAFE_INTEGER) options.onProgress?.((walked + done / source.size) / walks);
        },
      });
    try {
      const tape = new ComponentTape();
      const { document, fault } = await walk((component) => {
        survey.take(component);
        tape.record(component);
      });
      survey.finish();
      const where = { file: item.path };
      if (fault) issues.push(trackFileIssue(fault.code, fault.message, { where: { ...where, line: fault.line } }));
      if (packed?.fault)
        issues.push(trackFileIssue('track-file-damaged', `the gzip data break off: ${packed.fault}`, { where }));
      const version = document.version === undefined ? {} : { formatVersion: document.version };
      if (fault?.code === 'xml-doctype-refused') return { issues, ...version };
      if (document.version !== '0.18' && document.version !== '3.0')
        tally.note('bdml-version-unknown', { field: 'bdml/@version' }, document.version ?? 'none');
      if (document.body === 'extfile') issues.push(...(await readExternal(document, item, entry, sink, options)));
      else if (document.body === 'series' || document.body === 'set')
        issues.push(...(await readParts(document, item, entry, sink, options, tally)));
      else if (document.body !== 'data') tally.note('bdml-without-data', {}, 'no data, series, set or extfile');
      else {
        const sets = survey.sets(document);
        walks = sets.length + 1;
        await readSets(document, survey, sets, sink, options, async (take) => {
          walked++;
          if (!tape.isWhole) await walk(take);
          else
            await tape.replay(take, walked >= sets.length, (share) => options.onProgress?.((walked + share) / walks));
        });
      }
      return { issues: [...issues, ...tally.issues(bdmlIssue, item.path, tallyWords)], ...version };
    } finally {
      await packed?.close();
    }
  },
});

/** The document among the files of the item; a BD5 file may lie beside it. */
export function documentOf(item: Item): FileEntry | undefined {
  const all = item.tree.entries.length > 0 ? item.tree.entries : item.files;
  // Other documents may lie beside a series; the item is named by its own.
  const named = all.find(({ path }) => path === item.path || baseName(path) === baseName(item.path));
  return named ?? all.find(({ path }) => !/\.(h5|hdf5|bd5)$/i.test(path)) ?? all[0];
}

/**
 * Reads the documents that a series or set names, as far as they are among the files. Parts of a series are one
 * experiment: where scales and features agree they are read as one document, so that links lead from one to another.
 */
async function readParts(
  document: BdmlDocument,
  item: Item,
  entry: FileEntry,
  sink: TrackSink,
  options: ReadOptions,
  tally: IssueTally<BdmlIssueCode>,
): Promise<Issue[]> {
  const { body, references } = document;
  const beside = item.tree.entries.filter((one) => one !== entry);
  const found = await documentsWithIds(references, beside, options.signal);
  const missing = references.filter((id) => !found.has(id.toLowerCase()));
  if (missing.length > 0) {
    const shown = missing.slice(0, 5).join(', ');
    const what = `${body} of ${references.length}, without ${shown}${missing.length > 5 ? ', …' : ''}`;
    tally.note('bdml-refers-elsewhere', { field: 'bdmlIDRef' }, what);
  }
  const parts = references.flatMap((id) => found.get(id.toLowerCase()) ?? []);
  const issues: Issue[] = [];
  if (body === 'series' && parts.length > 0) {
    const { isOne, issues: said } = await readAsOne(document, parts, sink, options);
    issues.push(...said);
    if (isOne) return issues;
    tally.note('bdml-series-differs', { field: 'series' }, parts.map(({ path }) => baseName(path)).join(', '));
  }
  for (const part of parts) {
    const alone: Item = { ...item, path: part.path, files: [part], tree: { name: item.tree.name, entries: [part] } };
    issues.push(...(await bdmlReader.stream(alone, sink, options)).issues);
  }
  return issues;
}

async function readAsOne(
  series: BdmlDocument,
  parts: readonly FileEntry[],
  sink: TrackSink,
  options: ReadOptions,
): Promise<{ isOne: boolean; issues: Issue[] }> {
  const issues: Issue[] = [];
  const documents: BdmlDocument[] = [];
  const walk = async (take: TakeComponent, isFirst: boolean) => {
    for (const part of parts) {
      const source = await openDocument(part, options.signal);
      try {
        const { document, fault } = await walkBdml(source, take, options.signal ? { signal: options.signal } : {});
        if (!isFirst) continue;
        documents.push(document);
        if (fault)
          issues.push(trackFileIssue(fault.code, fault.message, { where: { file: part.path, line: fault.line } }));
      } finally {
        await source.close?.();
      }
    }
  };
  // What is noted of parts that turn out not to be one is noted again when they are read one by one.
  const ofAll = new IssueTally<BdmlIssueCode>();
  const survey = new BdmlSurvey(ofAll);
  await walk((component) => survey.take(component), true);
  survey.finish();
  const whole = joined(series, documents);
  if (!whole) return { isOne: false, issues: [] };
  await readSets(whole, survey, survey.sets(whole), sink, options, (take) => walk(take, false));
  return { isOne: true, issues: [...issues, ...ofAll.issues(bdmlIssue, parts[0]!.path, tallyWords)] };
}

async function readSets(
  document: BdmlDocument,
  survey: BdmlSurvey,
  sets: readonly PlannedSet[],
  sink: TrackSink,
  options: ReadOptions,
  walk: (take: TakeComponent) => Promise<void>,
): Promise<void> {
  const { tally } = survey;
  const { unreadable } = document;
  if (unreadable.count > 0)
    tally.note('bdml-value-unreadable', {}, `${unreadable.count} numbers, first ${unreadable.first}`);
  const scale = readScale(document, tally);
  if (!scale) return;
  const times = Float64Array.from(survey.times).sort();
  const plan: BdmlPlan = {
    survey,
    scale,
    frameOf: new Map(Array.from(times, (time, rank) => [time, rank])),
    features: survey.features(document),
    tally,
    answered: new Uint8Array(survey.links),
    declared: new Set(document.objects),
  };
  const isTimed = scale.interval !== undefined || times.some((time, rank) => time !== rank);
  if (scale.interval === undefined && times.length > 1)
    tally.note('bdml-time-scale-zero', { field: 'data/scaleUnit/tScale' }, `${times.length} times`);
  const read = scale.hasZ ? sets : inPlane(sets, tally);
  for (const [at, set] of read.entries()) {
    const stream = await RowStream.begin(sink, headerOf(document, scale, set, plan, isTimed), options.signal);
    const rows = new SetRows(plan, set, stream, at === 0);
    await walk((component) => {
      if (!scale.hasZ) for (const measurement of component.measurements) flatten(measurement);
      return rows.take(component);
    });
    await rows.finish();
  }
  if (read.length === 0) await walk(reportOrphans(plan));
  else
    for (const [at, isAnswered] of plan.answered.entries())
      if (isAnswered === 0)
        tally.note('bdml-link-between-kinds', { field: 'prevID' }, `prevID number ${at + 1} of the document`);
}

/** Where nothing declared is measured, every measurement is of an unknown kind. */
function reportOrphans({ tally, declared }: BdmlPlan): TakeComponent {
  return ({ id, measurements }) => {
    for (const { objectRef } of measurements)
      if (!declared.has(objectRef))
        tally.note('bdml-unknown-object', { field: 'measurement/objectRef' }, `${id}: ${objectRef}`);
  };
}

/** Sets of a planar document: what is a sphere there is a circle. */
function inPlane(sets: readonly PlannedSet[], tally: IssueTally<BdmlIssueCode>): PlannedSet[] {
  const read: PlannedSet[] = [];
  for (const set of sets) {
    const entity = set.entity === 'sphere' ? 'circle' : set.entity;
    if (entity !== set.entity) tally.note('bdml-sphere-in-plane', { field: 'sphere' }, set.name);
    const same = read.find((one) => one.objectRef === set.objectRef && one.entity === entity);
    if (same) same.takesBare ||= set.takesBare;
    else read.push({ ...set, entity });
  }
  return read;
}

function flatten(measurement: BdmlMeasurement): void {
  if (measurement.entity === 'sphere') measurement.entity = 'circle';
}

function headerOf(
  document: BdmlDocument,
  scale: BdmlScale,
  { name, entity, hasLabel, measurements }: PlannedSet,
  { features, survey }: BdmlPlan,
  isTimed: boolean,
): SetHeader {
  const { spaceUnit, timeUnit, sourceSpaceUnit, sourceTimeUnit, interval, pixelSize, hasZ } = scale;
  const isRound = entity === 'circle' || entity === 'sphere';
  const names = new Set<string>(['source_id', ...(hasLabel ? ['label'] : []), ...(isRound ? ['radius'] : [])]);
  const objectColumns: ColumnDescription[] = [
    { name: 'source_id', type: 'string', sourceKey: 'ID' },
    ...(hasLabel ? [{ name: 'label', type: 'string' as const, sourceKey: 'componentName' }] : []),
    ...(isRound ? [{ name: 'radius', type: 'float' as const, ...(spaceUnit ? { unit: spaceUnit } : {}) }] : []),
    ...features.map((feature): ColumnDescription => {
      const column = uniqueName(feature.name || 'feature', names);
      const unit = feature.unit === 'dimensionless' ? '' : feature.unit;
      return {
        name: column,
        type: 'float',
        ...(unit ? { unit } : {}),
        ...(column === feature.name ? {} : { sourceKey: feature.name }),
      };
    }),
  ];
  return {
    name,
    ...(spaceUnit ? { spaceUnit } : {}),
    ...(timeUnit && isTimed ? { timeUnit } : {}),
    ...(sourceSpaceUnit ? { sourceSpaceUnit } : {}),
    ...(sourceTimeUnit ? { sourceTimeUnit } : {}),
    sourceFrameBase: 0,
    entity,
    hasZ,
    hasTime: isTimed,
    objectColumns,
    edgeColumns: [],
    provenance: {
      ...(Object.keys(pixelSize).length > 0 ? { pixelSize } : {}),
      ...(interval === undefined ? {} : { frameInterval: interval }),
      ...(document.header === undefined ? {} : { settings: document.header }),
    },
    expected: { objects: measurements, edges: survey.links },
  };
}

/** Reads the BD5 file a document points to, where it is among the item's files. */
async function readExternal(
  document: BdmlDocument,
  item: Item,
  entry: FileEntry,
  sink: TrackSink,
  options: ReadOptions,
): Promise<Issue[]> {
  const wanted = baseName(document.external ?? '');
  const where = { file: item.path, field: 'extfile/bd5File' };
  const found = item.tree.entries.find((one) => one !== entry && wanted !== '' && baseName(one.path) === wanted);
  if (!found) {
    const isElsewhere = item.recognition.members?.some((path) => baseName(path) === wanted) === true;
    return [
      isElsewhere
        ? bdmlIssue('bdml-external-apart', `the objects are in ${wanted}`, { where })
        : bdmlIssue(
            'bdml-external-missing',
            `the objects are in ${wanted || 'a file without a name'}, which is not here`,
            { where },
          ),
    ];
  }
  const described: TrackSink = {
    ...(sink.sourceTracks ? { sourceTracks: (columns, count) => sink.sourceTracks!(columns, count) } : {}),
    header: (header) =>
      sink.header({
        ...header,
        provenance: { ...header.provenance, ...(document.header === undefined ? {} : { settings: document.header }) },
      }),
    objects: (batch) => sink.objects(batch),
    edges: (batch) => sink.edges(batch),
    end: () => sink.end(),
  };
  const file: Item = {
    ...item,
    path: found.path,
    files: [found],
    tree: { name: item.tree.name, entries: [found] },
    format: 'bd5',
  };
  return (await bd5Reader.stream(file, described, options)).issues;
}
