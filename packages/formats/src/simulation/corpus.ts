import type { SimulationOptions } from './cells.ts';
import { seededRandom } from './random.ts';

/** A study of the corpus, and what must be found in it again. */
export interface CorpusStudy {
  /** From 1. */
  number: number;
  cellType: string;
  options: SimulationOptions & { frameIntervalSeconds: number };
  /** Median speed over its cells (micrometers per second) and persistence (seconds) that it is simulated with. */
  known: { speed: number; persistence: number };
  /** Where both must be found: four standard errors on either side, of as many cells and turns as it has. */
  interval: { speed: [low: number, high: number]; persistence: [low: number, high: number] };
}

/**
 * How persistence depends on speed over the cell types of the corpus: P = `persistenceAtRest` exp(`perSpeed` v), times a scatter of `scatter`
 * (standard deviation of the logarithm). The form is the universal coupling of speed and persistence of Maiuri et al. 2015 (Cell 161:374,
 * doi:10.1016/j.cell.2015.01.056), found on the cells of the first World Cell Race (Maiuri et al. 2012, Curr. Biol. 22:R673,
 * doi:10.1016/j.cub.2012.07.052); the numbers are ours.
 */
export const corpusCoupling = {
  /** Seconds. */
  persistenceAtRest: 1200,
  /** Per micrometer per second. */
  perSpeed: 100,
  scatter: 0.1,
} as const;

const [slowest, fastest] = [0.002, 0.02];
const shared = {
  // A field so wide that hardly a cell leaves it: those that leave are the fast ones.
  width: 8192,
  height: 8192,
  slices: 1,
  frames: 61,
  cells: 48,
  pixelSizeMicrometers: 0.65,
  frameIntervalSeconds: 300,
  speedSpread: 0.15,
  // No divisions: every path is one cell from the first frame to the last.
  cellCycleSeconds: 1e9,
};
/** Turns between steps that a study has, one in ten spared for cells that leave. */
const turns = 0.9 * shared.cells * (shared.frames - 2);
const standardErrors = 4;
/** Of a median of normal values, against their standard deviation. */
const errorOfSpeed = (Math.sqrt(Math.PI / 2) * shared.speedSpread) / Math.sqrt(shared.cells);
/** Persistence goes with the mean absolute turning angle to the power of -2, whose standard deviation is sqrt(pi/2 - 1) of its mean. */
const errorOfPersistence = (2 * Math.sqrt(Math.PI / 2 - 1)) / Math.sqrt(turns);

/**
 * A corpus of simulated studies, one for each of so many cell types, whose speed and persistence are known and coupled (`corpusCoupling`).
 * Same count and seed, same corpus. Simulate each with `simulateCells(study.options)`.
 *
 * Its cells are of `simulateCells`: directions drift, so that turning angles between steps are normal with variance 2 dt / P, and
 * P = 4 dt / (pi a^2) for a mean absolute turning angle a (radians), which is the measure `mean_turning_angle` over all turns.
 */
export function corpusStudies(count: number, seed = 2012): CorpusStudy[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const speed = slowest + ((fastest - slowest) * (index + 0.5)) / count;
    const { persistenceAtRest, perSpeed, scatter } = corpusCoupling;
    const persistence = persistenceAtRest * Math.exp(perSpeed * speed + scatter * random.normal());
    return {
      number: index + 1,
      cellType: `Simulated cell type ${String(index + 1).padStart(String(count).length, '0')}`,
      options: {
        ...shared,
        seed: seed + 7919 * (index + 1),
        speedMicrometersPerSecond: speed,
        persistenceSeconds: persistence,
      },
      known: { speed, persistence },
      interval: {
        speed: around(speed, standardErrors * errorOfSpeed),
        persistence: around(persistence, standardErrors * errorOfPersistence),
      },
    };
  });
}

/** Where the slope of ln(persistence) over speed must be found, from all studies of a corpus: four standard errors about `perSpeed`. */
export function couplingInterval(studies: readonly CorpusStudy[]): [low: number, high: number] {
  const speeds = studies.map(({ known }) => known.speed);
  const centre = speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length;
  const spread = Math.sqrt(speeds.reduce((sum, speed) => sum + (speed - centre) ** 2, 0));
  const error = Math.hypot(corpusCoupling.scatter, errorOfPersistence) / spread;
  return [corpusCoupling.perSpeed - standardErrors * error, corpusCoupling.perSpeed + standardErrors * error];
}

/** An interval of a relative error, even in the logarithm. */
function around(value: number, error: number): [low: number, high: number] {
  return [value * Math.exp(-error), value * Math.exp(error)];
}
