import type { Issue, TrackSet } from '@micrarium/model';
import { type WrittenFeature, losesCharacters, writtenFeatures } from './features.ts';
import { type TrackmateLossCode, trackmateLossIssue } from './issues.ts';
import { flatOutline, needsNewIds } from './spots.ts';
import { trackIdColumns } from './track-grouping.ts';
import { isSettings } from './settings.ts';

/** What of a set TrackMate XML cannot hold. */
export function lossesOf(set: TrackSet): Issue[] {
  const issues: Issue[] = [];
  const say = (code: TrackmateLossCode, message: string) =>
    issues.push(trackmateLossIssue(code, message, { where: { field: set.name } }));
  const { objects, sourceTracks } = set;
  const named = trackIdColumns(set);
  const spots = writtenFeatures(
    'spot',
    objects.columns.filter(({ sourceKey }) => sourceKey !== 'ROI_N_POINTS'),
    set,
  );
  const edges = writtenFeatures(
    'edge',
    set.edges.columns.filter((column) => column !== named?.edges),
    set,
  );
  const trackColumns = (sourceTracks?.columns ?? []).filter(
    ({ name }) => name !== 'source_track_id' && name !== 'visible',
  );
  const tracks = writtenFeatures('track', named ? trackColumns : [], set);
  outlineLosses(set, say);
  featureLosses([...spots, ...edges, ...tracks], say);
  if (sourceTracks && !named) say('trackmate-track-features-lost', `${sourceTracks.columns.length} columns of tracks`);
  if (needsNewIds(set)) say('trackmate-ids-renumbered', `${objects.count} objects`);
  if (objects.z && objects.count > 0 && objects.z.every((z) => z === 0)) say('trackmate-flat-z', 'every z is 0');
  provenanceLosses(set, say);
  return issues;
}

function outlineLosses(set: TrackSet, say: (code: TrackmateLossCode, message: string) => void): void {
  const { shapes, count } = set.objects;
  let lost = 0;
  for (let row = 0; shapes && row < count; row++)
    if (shapes.partOffsets[row + 1]! > shapes.partOffsets[row]! && !flatOutline(set, row)) lost++;
  if (lost > 0) say('trackmate-outlines-lost', `the outlines of ${lost} objects`);
}

function featureLosses(
  features: readonly WrittenFeature[],
  say: (code: TrackmateLossCode, message: string) => void,
): void {
  const list = (wanted: readonly WrittenFeature[]) =>
    wanted
      .map(({ column }) => column.name)
      .slice(0, 8)
      .join(', ');
  const units = features.filter(({ unitLost }) => unitLost);
  if (units.length > 0) say('trackmate-units-lost', `${units.length} units: ${list(units)}`);
  const renamed = features.filter((one) => one.renamed);
  if (renamed.length > 0) say('trackmate-names-changed', `${renamed.length} names: ${list(renamed)}`);
  const types = features.filter(({ column, key }) => column.type === 'bool' && key !== 'VISIBILITY');
  if (types.length > 0) say('trackmate-types-changed', `${types.length} columns: ${list(types)}`);
  let texts = 0;
  for (const { column } of features)
    if (Array.isArray(column.values)) for (const text of column.values) if (losesCharacters(text)) texts++;
  if (texts > 0) say('trackmate-characters-lost', `${texts} texts`);
}

function provenanceLosses(
  { provenance, objects }: TrackSet,
  say: (code: TrackmateLossCode, message: string) => void,
): void {
  const { software, settings } = provenance;
  const lost = [
    ...(software === undefined || software === 'TrackMate' ? [] : [`software ${software}`]),
    ...(settings === undefined || isSettings(settings) ? [] : ['settings']),
    ...(objects.entity === 'point' ? [] : [`kind ${objects.entity}`]),
  ];
  if (lost.length > 0) say('trackmate-provenance-lost', lost.join(', '));
}
