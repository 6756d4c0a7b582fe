import type { GapPolicy } from './definitions.ts';
import { measureDefinitions, pathMeasureIds, spellUnit } from './definitions.ts';
import { interpolateGaps } from './gap-filling.ts';
import { at, OnePath, type SlotName, slotNames } from './one-path.ts';
import type { Paths } from './paths.ts';

/** One measure of every path. `NaN` stands for undefined, never for 0 or 1; `definition` says when that is. */
export interface PathMeasureColumn {
  /** Id in `measureDefinitions`. */
  id: string;
  /** Version of the definition that computed it. */
  version: number;
  /** Spelled for this set; empty for plain numbers. */
  unit: string;
  /** How steps over several frames counted; left out where they do not matter. */
  gapPolicy?: GapPolicy;
  values: Float64Array;
}

/** What may be asked otherwise than the definitions' defaults. */
export interface PathMeasureOptions {
  /** For every measure that minds gaps, instead of the default of its definition. */
  gapPolicy?: GapPolicy;
  /** Only these, in this order; all of `pathMeasureIds` where left out. */
  ids?: readonly string[];
}

/**
 * Measures of every path: motility-measures, section 1, and the mean turning angle of section 4. Linear but for `max_distance`.
 * @throws RangeError for ids that name no measure of paths, and where `interpolate` would put in more than 20 million positions
 */
export function measurePaths(paths: Paths, options: PathMeasureOptions = {}): PathMeasureColumn[] {
  if (options.gapPolicy === 'interpolate') return measureFilled(paths, options.ids);
  const ids = options.ids ?? pathMeasureIds;
  const columns = ids.map((id): PathMeasureColumn => {
    const definition = measureDefinitions.get(id);
    if (definition?.level !== 'path' || !pathMeasureIds.includes(id))
      throw new RangeError(`${id} is not a measure of paths`);
    const gapPolicy = definition.gapPolicy && (options.gapPolicy ?? definition.gapPolicy);
    const unit = spellUnit(definition.unit, paths.lengthUnit, paths.timeUnit);
    const values = new Float64Array(paths.count).fill(Number.NaN);
    return { id, version: definition.version, unit, ...(gapPolicy ? { gapPolicy } : {}), values };
  });
  const policies: GapPolicy[] = options.gapPolicy ? [options.gapPolicy] : ['keep', 'drop'];
  const targets = columns.map(({ id, gapPolicy, values }) => ({
    values,
    slot: at[id as SlotName],
    policy: gapPolicy ? Math.max(0, policies.indexOf(gapPolicy)) : 0,
  }));
  const one = new OnePath(paths, ids);
  const found = policies.map(() => new Float64Array(slotNames.length));
  for (let path = 0; path < paths.count; path++) {
    one.take(path, found[0]!);
    // Where there is no gap it does not matter how gaps count.
    const hasGaps = found[0]![at.n_gaps]! > 0;
    for (let n = 1; n < found.length; n++) if (hasGaps) found[n]!.set(found[0]!);
    for (let n = 0; n < found.length; n++) if (n === 0 || hasGaps) one.measure(policies[n]!, found[n]!);
    for (const { values, slot, policy } of targets) values[path] = found[hasGaps ? policy : 0]![slot]!;
  }
  return columns;
}

/** As if no frame had been missed; what does not mind gaps (such as their number) is that of the detections. */
function measureFilled(paths: Paths, ids: readonly string[] | undefined): PathMeasureColumn[] {
  const asked = ids ? { ids } : {};
  const filled = measurePaths(interpolateGaps(paths), { ...asked, gapPolicy: 'keep' });
  return measurePaths(paths, { ...asked, gapPolicy: 'keep' }).map((column, at) =>
    column.gapPolicy ? { ...filled[at]!, gapPolicy: 'interpolate' } : column,
  );
}
