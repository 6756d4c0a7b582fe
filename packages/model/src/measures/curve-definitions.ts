import { type GapPolicy, measureDefinitions, spellUnit } from './definitions.ts';

/** Curves and plots of a set by the definition of what they show. */
const curves = {
  'objects-over-time': 'object_count',
  'mean-squared-displacement': 'msd_pooled',
  'mean-squared-displacement-pathmean': 'msd_pathmean',
  'directional-autocorrelation': 'directional_autocorrelation',
  'velocity-autocorrelation': 'velocity_autocorrelation',
  'directionality-ratio': 'directionality_ratio',
  'speed-over-time': 'speed',
  'turning-angles': 'turning_angle',
  headings: 'heading',
  'cycle-lengths': 'cell_cycle_length',
  'velocity-correlation': 'velocity_correlation',
  'order-parameter': 'order_parameter',
  'cell-pairs': 'cell_pairs',
  overlap: 'overlap',
  'pair-separation': 'pair_separation_msd',
  ripley: 'ripley_L',
  'van-hove': 'van_hove',
  'non-gaussian': 'non_gaussian',
  divisions: 'division_angle',
} as const;

/** A curve or plot that shows a defined measure. */
export type CurveName = keyof typeof curves;

/** What a curve shows: the id to look up in `measureDefinitions`, and what travels with its numbers. */
export interface CurveDefinition {
  id: string;
  version: number;
  /** Spelled out in the units of the set; empty for plain numbers. */
  unit: string;
  gapPolicy?: GapPolicy;
}

/** Definitions behind the curves of a set. @param units of the set */
export function curveDefinitions({
  length,
  time,
}: {
  length: string;
  time: string;
}): Record<CurveName, CurveDefinition> {
  const found = Object.entries(curves).map(([name, id]) => {
    const { version, unit, gapPolicy } = measureDefinitions.get(id)!;
    return [name, { id, version, unit: spellUnit(unit, length, time), ...(gapPolicy ? { gapPolicy } : {}) }] as const;
  });
  return Object.fromEntries(found) as Record<CurveName, CurveDefinition>;
}
