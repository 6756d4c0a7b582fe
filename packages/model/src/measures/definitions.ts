import { collectiveRows } from './collective-definitions.ts';

/** What a measure is one number of. */
export type MeasureLevel = 'object' | 'step' | 'path' | 'track' | 'lineage' | 'population';

/** How a unit is put together from the set's units of length and time. */
export type MeasureUnit =
  | 'none'
  | 'length'
  | 'time'
  | 'length/time'
  | 'length^2'
  | 'length^3'
  | 'length^2/time'
  | 'length^2/time^alpha'
  | 'length^-1/2'
  | 'radian'
  | 'radian/time'
  | '1/time';

/**
 * What happens at a step over more than one frame: `keep` takes it as one long step, `drop` leaves it out of the
 * statistics of steps, `interpolate` puts positions on the straight line through it (never unless asked for).
 */
export type GapPolicy = 'keep' | 'drop' | 'interpolate';

/** One definition. The id and version travel with every number, so that numbers of different definitions never mix. */
export interface MeasureDefinition {
  id: string;
  /** Raised whenever the same input gives another number. */
  version: number;
  level: MeasureLevel;
  unit: MeasureUnit;
  /** Left out where gaps do not matter. */
  gapPolicy?: GapPolicy;
  title: string;
  /** The formula in words and signs: s_i steps, dt_i their durations, r_i positions, L path length, D net displacement, T duration. */
  formula: string;
  /** When it has no value. */
  undefinedWhen?: string;
  /** Where it comes from and which programs mean something else by the name. */
  source: string;
}

type Row = [
  id: string,
  unit: MeasureUnit,
  gapPolicy: GapPolicy | undefined,
  title: string,
  formula: string,
  undefinedWhen: string,
  source: string,
];

const oneDetection = 'the path has one detection';
const noLength = 'the path has no length';

const pathRows: Row[] = [
  ['n_detections', 'none', undefined, 'Detections', 'N', '', 'TrackMate NUMBER_SPOTS'],
  ['n_gaps', 'none', undefined, 'Gaps', 'count of k_i > 1', '', 'TrackMate NUMBER_GAPS'],
  ['longest_gap', 'none', undefined, 'Longest gap in frames', 'max(k_i) - 1', '', 'TrackMate LONGEST_GAP'],
  ['duration', 'time', undefined, 'Duration', 'T = t_last - t_first', 'a time is missing', 'all programs'],
  [
    'path_length',
    'length',
    'keep',
    'Path length',
    'L = sum abs(s_i)',
    oneDetection,
    'celltrackR trackLength; ibidi accumulated distance; TrackMate sums over the branches of a track too',
  ],
  [
    'net_displacement',
    'length',
    undefined,
    'Net displacement',
    'D = abs(r_last - r_first)',
    oneDetection,
    'celltrackR displacement; ibidi Euclidean distance',
  ],
  [
    'displacement_x',
    'length',
    undefined,
    'Displacement along x',
    'x_last - x_first',
    oneDetection,
    'celltrackR displacementVector',
  ],
  [
    'displacement_y',
    'length',
    undefined,
    'Displacement along y',
    'y_last - y_first',
    oneDetection,
    'celltrackR displacementVector',
  ],
  [
    'displacement_z',
    'length',
    undefined,
    'Displacement along z',
    'z_last - z_first',
    'planar, or one detection',
    'celltrackR displacementVector',
  ],
  [
    'max_displacement',
    'length',
    undefined,
    'Largest displacement from the start',
    'max_i abs(r_i - r_first)',
    oneDetection,
    'celltrackR maxDisplacement; TrackMate MAX_DISTANCE_TRAVELED',
  ],
  [
    'max_distance',
    'length',
    undefined,
    'Largest distance between two positions',
    'max_{i<j} abs(r_i - r_j)',
    'one detection, or more than 20,000 in three dimensions',
    'DiPer; not the largest displacement',
  ],
  [
    'mean_speed',
    'length/time',
    'drop',
    'Mean speed',
    'mean of abs(s_i)/dt_i',
    'no step counts',
    'TrackMate TRACK_MEAN_SPEED, which keeps gaps',
  ],
  [
    'median_speed',
    'length/time',
    'drop',
    'Median speed',
    'median of abs(s_i)/dt_i; the mean of the two middle ones',
    'no step counts',
    'TrackMate takes the upper middle one',
  ],
  [
    'max_speed',
    'length/time',
    'drop',
    'Largest speed',
    'max of abs(s_i)/dt_i',
    'no step counts',
    'TrackMate TRACK_MAX_SPEED',
  ],
  [
    'min_speed',
    'length/time',
    'drop',
    'Smallest speed',
    'min of abs(s_i)/dt_i',
    'no step counts',
    'TrackMate TRACK_MIN_SPEED',
  ],
  [
    'std_speed',
    'length/time',
    'drop',
    'Standard deviation of speed',
    'over abs(s_i)/dt_i, with N - 1',
    'fewer than two steps count',
    'TrackMate TRACK_STD_SPEED',
  ],
  [
    'path_speed',
    'length/time',
    'keep',
    'Path speed',
    'L / T',
    'no duration',
    'celltrackR speed; equals the mean speed only for a constant interval',
  ],
  [
    'net_speed',
    'length/time',
    undefined,
    'Net speed',
    'D / T',
    'no duration',
    'TrackMate MEAN_STRAIGHT_LINE_SPEED; ibidi velocity',
  ],
  [
    'straightness',
    'none',
    'keep',
    'Straightness',
    'D / L',
    noLength,
    'confinement ratio (TrackMate), directness (ibidi), meandering index, directionality ratio (DiPer); depends on duration and interval',
  ],
  [
    'outreach_ratio',
    'none',
    'keep',
    'Outreach ratio',
    'largest displacement / L',
    noLength,
    'celltrackR; Mokhtari et al. 2013',
  ],
  [
    'displacement_ratio',
    'none',
    undefined,
    'Displacement ratio',
    'D / largest displacement',
    'the object never left its start',
    'celltrackR; Mokhtari et al. 2013',
  ],
  [
    'linearity_forward',
    'none',
    'drop',
    'Linearity of forward progression',
    'net speed / mean speed',
    'no mean speed',
    'TrackMate LINEARITY_OF_FORWARD_PROGRESSION',
  ],
  ['tortuosity', 'none', 'keep', 'Tortuosity', 'L / D', 'no net displacement', 'CellTracksColab gives 0 there'],
  [
    'sinuosity_index',
    'length^-1/2',
    'drop',
    'Sinuosity',
    '2 / sqrt(p ((1 + c)/(1 - c) + b^2)); p mean step, c mean cosine of turning angles, b coefficient of variation of steps',
    'no turning angle, or a straight path',
    'Benhamou 2004, J. Theor. Biol. 229:209',
  ],
  [
    'mean_turning_angle',
    'radian',
    'drop',
    'Mean turning angle',
    'mean of atan2(abs(s_i-1 x s_i), s_i-1 . s_i)',
    'no two consecutive steps with a length',
    'celltrackR meanTurningAngle; pi/2 for an uncorrelated walk',
  ],
  [
    'asphericity',
    'none',
    undefined,
    'Asphericity',
    'sum (w_j - m)^2 / (d (d-1) m^2); w eigenvalues of the covariance of positions, m their mean',
    'two detections or fewer, or all in one place',
    'celltrackR; Mokhtari et al. 2013',
  ],
  [
    'radius_of_gyration',
    'length',
    undefined,
    'Radius of gyration',
    'sqrt(mean abs(r_i - mean r)^2)',
    oneDetection,
    'single-particle tracking',
  ],
  [
    'bounding_diagonal',
    'length',
    undefined,
    'Diagonal of the bounding box',
    'sqrt(sum (max - min)^2)',
    oneDetection,
    'trackpy diagonal_size',
  ],
  [
    'hull_area',
    'length^2',
    undefined,
    'Area of the convex hull',
    'convex hull of x and y',
    'fewer than three detections, or three dimensions',
    'CellTracksColab spatial coverage, which jitters its input',
  ],
  [
    'hull_volume',
    'length^3',
    undefined,
    'Volume of the convex hull',
    'convex hull of x, y and z',
    'fewer than four detections, or in the plane',
    'CellTracksColab spatial coverage, which jitters its input',
  ],
  [
    'fractal_dimension',
    'none',
    'keep',
    'Fractal dimension',
    'slope of ln(boxes touched) over ln(1/side), sides 1/2 to 1/32 of the longest extent',
    'fewer than 100 detections, or nothing moves',
    'celltrackR fractalDimension (fractaldim), other sides of boxes',
  ],
  [
    'hurst',
    'none',
    'keep',
    'Hurst exponent',
    'slope of ln(mean R/S) over ln(n), windows of n = 8, 16, 32, ... steps, axes pooled',
    'fewer than 100 detections, or nothing moves',
    'Hurst 1951; celltrackR hurstExponent (pracma) corrects for short series',
  ],
];

const otherRows: [MeasureLevel, ...Row][] = [
  ['step', 'speed', 'length/time', 'drop', 'Speed of a step', 'abs(s_i)/dt_i', 'a time is missing', 'all programs'],
  [
    'step',
    'turning_angle',
    'radian',
    'drop',
    'Turning angle',
    'atan2(abs(s_i-1 x s_i), s_i-1 . s_i), 0 to pi',
    'a step has no length',
    'celltrackR',
  ],
  [
    'step',
    'heading',
    'radian',
    'drop',
    'Heading',
    'atan2(s_y, s_x), -pi to pi; y as in the data (down in images)',
    'the step has no length',
    'biotracks exchanges the axes',
  ],
  [
    'population',
    'msd_pooled',
    'length^2',
    'drop',
    'Mean squared displacement, all pairs equal',
    'mean over all pairs exactly n frames apart of abs(r_f+n - r_f)^2',
    'no pair',
    'single-particle tracking',
  ],
  [
    'population',
    'msd_pathmean',
    'length^2',
    'drop',
    'Mean squared displacement, each path equal',
    'mean over paths of their time-averaged squared displacement',
    'no pair',
    'single-particle tracking',
  ],
  [
    'population',
    'msd_trackpy',
    'length^2',
    'drop',
    'Mean squared displacement as trackpy emsd',
    'time averages weighted by the number of independent windows',
    'no pair',
    'Qian, Sheetz, Elson 1991, eq. B4; trackpy emsd',
  ],
  [
    'population',
    'msd_nonoverlap',
    'length^2',
    'drop',
    'Mean squared displacement of independent windows',
    'pairs that start at frames 0, n, 2n, ... of a path',
    'no pair',
    'celltrackR aggregate with max.overlap = 0',
  ],
  [
    'population',
    'ensemble_msd',
    'length^2',
    'drop',
    'Squared displacement from the start',
    'mean over paths of abs(r_n - r_first)^2',
    'no pair',
    'single-particle tracking',
  ],
  [
    'population',
    'directional_autocorrelation',
    'none',
    'drop',
    'Directional autocorrelation',
    'mean of cos(angle between s_i and s_i+n), pairs pooled',
    'no pair',
    'Gorelik and Gautreau 2014, Nat. Protoc. 9:1931',
  ],
  [
    'population',
    'velocity_autocorrelation',
    'none',
    'drop',
    'Velocity autocorrelation',
    'mean of v_i . v_i+n, divided by its value at n = 0',
    'no pair',
    'Meijering et al. 2012',
  ],
  [
    'population',
    'directionality_ratio',
    'none',
    'keep',
    'Directionality ratio over time',
    'mean over paths of d_n / L_n',
    'no path has a length',
    'Gorelik and Gautreau 2014, DiPer',
  ],
  [
    'population',
    'object_count',
    'none',
    undefined,
    'Objects over time',
    'objects in a frame',
    '',
    'proliferation curve',
  ],
  [
    'population',
    'doubling_time',
    'time',
    undefined,
    'Doubling time',
    'ln 2 / slope of ln(count)',
    'the count does not grow',
    'growth curves',
  ],
  [
    'population',
    'order_parameter',
    'none',
    'drop',
    'Order parameter',
    'abs(mean of v_i/abs(v_i)) in a frame',
    'nothing moves',
    'Vicsek et al. 1995',
  ],
  [
    'path',
    'fmi',
    'none',
    'keep',
    'Forward migration index',
    '(r_last - r_first) . g / L',
    noLength,
    'ibidi Chemotaxis and Migration Tool; CellTracksColab sums one-signed steps instead',
  ],
  [
    'path',
    'chemotactic_index',
    'none',
    undefined,
    'Chemotactic index',
    'cosine between net displacement and g',
    'no net displacement',
    'ibidi',
  ],
  ['lineage', 'generation', 'none', undefined, 'Generation', '0 at roots, mother + 1', 'after a merge', 'btrack'],
  [
    'lineage',
    'cell_cycle_length',
    'time',
    undefined,
    'Cell cycle length',
    't(last frame) + dt - t(first frame) of the daughter, divisions at both ends',
    'born or divided out of sight',
    'live-cell imaging',
  ],
];

/** Definitions that once gave other numbers. */
const versions: Readonly<Record<string, number>> = {
  // 2: what gaps leave without a pair weighs nothing, the rest of the path as much more.
  msd_trackpy: 2,
  // 2: the steps from a mother to both of her daughters are no pair of objects.
  velocity_correlation: 2,
  correlation_length: 2,
  cell_pairs: 2,
};

const described = (level: MeasureLevel, [id, unit, gapPolicy, title, formula, undefinedWhen, source]: Row) => ({
  id,
  version: versions[id] ?? 1,
  level,
  unit,
  ...(gapPolicy ? { gapPolicy } : {}),
  title,
  formula,
  ...(undefinedWhen ? { undefinedWhen } : {}),
  source,
});

/** Every measure this package computes, by id. */
export const measureDefinitions: ReadonlyMap<string, MeasureDefinition> = new Map(
  [
    ...pathRows.map((row) => described('path', row)),
    ...[...otherRows, ...collectiveRows].map(([level, ...row]) => described(level, row)),
  ].map((definition) => [definition.id, definition]),
);

/** Ids of the measures of whole paths, in the order tables show them. */
export const pathMeasureIds: readonly string[] = pathRows.map(([id]) => id);

/** A unit spelled out for a set: `length/time` in micrometers and seconds is `micrometer/second`. Empty for plain numbers. */
export function spellUnit(unit: MeasureUnit, length: string, time: string): string {
  if (unit === 'none') return '';
  return unit.replace('length', length).replace('time', time);
}
