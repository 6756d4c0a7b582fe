import { z } from '@hono/zod-openapi';

const number = z.number().nullable();
const interval = z.object({ low: z.number(), high: z.number(), confidence: z.number(), resamples: z.number() });
/** 95 % interval of a mean over paths; what kind it is stands in `intervals` of the summary. */
const bounds = z.object({ low: z.number(), high: z.number() }).nullable().optional();
const framePoint = z.object({ frame: z.number(), time: z.number(), value: number, n: z.number(), interval: bounds });
const lagPoint = z.object({
  lag: z.number(),
  tau: z.number(),
  value: number,
  pairs: z.number(),
  interval: bounds,
});
const msdPoint = z.object({
  lag: z.number(),
  tau: z.number(),
  msd: number,
  n: z.number(),
  standardError: number.optional(),
  interval: bounds,
});
const angleCounts = z.object({ from: z.number(), to: z.number(), counts: z.array(z.number()) });
const objectsOfFrame = z.object({ frame: z.number(), time: number, objects: z.number() });

/** An object of the set: what leads from a dot to its picture. */
const objectPlace = { object: z.number(), frame: z.number(), track: z.number() };

const gapPolicy = z.enum(['keep', 'drop', 'interpolate']).optional();

const measureSummary = z.object({
  id: z.string(),
  version: z.number(),
  unit: z.string(),
  gapPolicy,
  n: z.number(),
  undefinedPaths: z.number(),
  mean: number,
  median: number,
  standardDeviation: number,
  interval: interval.nullable(),
});

const quality = z.object({
  paths: z.number(),
  steps: z.number(),
  detections: z.object({ least: z.number(), mean: z.number(), most: z.number() }).nullable(),
  gapShare: number,
  shortShare: number,
  stepToNeighbour: number,
  jumps: z.number(),
  localisationError: number,
  drift: number,
});

/** A fitted curve: `MsdFit` of the model. */
const fit = <Parameters extends z.ZodRawShape>(parameters: Parameters) =>
  z.object({
    parameters: z.object(parameters),
    /** `null` where there are no more points than parameters. */
    standardErrors: z.object(parameters),
    range: z.tuple([z.number(), z.number()]),
    points: z.number(),
    isWeighted: z.boolean(),
    rSquared: number,
    pairs: z.array(z.number()),
  });

const fits = z.object({
  lags: z.tuple([z.number(), z.number()]),
  diffusion: fit({ slope: number, intercept: number })
    .extend({ diffusion: z.number(), localisationVariance: number })
    .nullable(),
  anomalous: fit({ alpha: number, K: number })
    .extend({ motion: z.enum(['confined', 'Brownian', 'directed']) })
    .nullable(),
  furth: fit({ S: number, P: number }).extend({ diffusion: z.number(), isResolved: z.boolean() }).nullable(),
});

/** How a set moves as a whole: `MotionSummary` of the model. */
export const motionSummarySchema = z
  .object({
    units: z.object({ length: z.string(), time: z.string() }),
    dimensions: z.union([z.literal(2), z.literal(3)]),
    frameInterval: z.number(),
    quality,
    measures: z.array(measureSummary),
    msd: z.object({ pooled: z.array(msdPoint), pathMean: z.array(msdPoint) }),
    fits,
    directions: z.object({
      autocorrelation: z.array(lagPoint),
      persistence: z.object({
        time: number,
        amplitude: number,
        crossing: number,
        isNoisy: z.boolean(),
        interval: bounds,
      }),
    }),
    lineage: z.object({
      divisions: z.number(),
      otherSplits: z.number(),
      merges: z.number(),
      medianCycleLength: number,
      completeCycles: z.number(),
      censored: z.object({ left: z.number(), right: z.number(), both: z.number() }),
    }),
    doublingTime: number,
    /** How all intervals were made: draws of whole paths, or (`resamples` 0) the spread over paths. */
    intervals: z
      .object({ confidence: z.number(), resamples: z.number(), seed: z.number(), paths: z.number() })
      .optional(),
    /** Positions put into gaps, where that was asked for. */
    filled: z.number().optional(),
  })
  .openapi('MotionSummary');

/** Curves and counts that plots draw: `MotionCurves` of the model. */
export const motionCurvesSchema = z
  .object({
    objects: z.array(objectsOfFrame),
    speeds: z.array(framePoint),
    headings: z.object({
      steps: angleCounts,
      paths: angleCounts,
      statistics: z
        .object({
          n: z.number(),
          meanDirection: number,
          resultantLength: z.number(),
          rayleighP: z.number(),
          entropy: z.number(),
        })
        .nullable(),
    }),
    turns: angleCounts,
    velocityAutocorrelation: z.array(lagPoint),
    meanSquareVelocity: number,
    directionality: z.array(lagPoint),
    cycles: z.array(z.object({ generation: number, cycleLength: z.number(), ...objectPlace })),
  })
  .openapi('MotionCurves');

const radialPoint = z.object({ distance: z.number(), value: number, pairs: z.number(), interval: bounds });
const collectivePoint = z.object({
  lag: z.number(),
  tau: z.number(),
  value: number,
  n: z.number(),
  interval: bounds,
});

/** Numbers and curves of a population: `CollectiveMotion` of the model. */
export const collectiveMotionSchema = z
  .object({
    numbers: z.array(
      z.object({
        id: z.string(),
        version: z.number(),
        unit: z.string(),
        gapPolicy,
        value: number,
        error: z.number().optional(),
        interval: bounds,
        n: z.number(),
        parameters: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
      }),
    ),
    radius: number,
    curves: z.object({
      velocityCorrelation: z.array(radialPoint),
      cellPairs: z.array(radialPoint),
      pairSeparation: z.array(collectivePoint),
      overlap: z.array(collectivePoint.extend({ chi4: number })),
      overlapDistance: number,
      ripley: z.array(z.object({ radius: z.number(), value: number, n: z.number(), interval: bounds })),
      vanHove: angleCounts.nullable(),
      vanHoveLags: z.array(angleCounts.extend({ lag: z.number(), tau: z.number(), meanSquare: z.number() })),
      nonGaussian: z.array(
        z.object({
          lag: z.number(),
          tau: z.number(),
          value: number,
          radial: number,
          n: z.number(),
          interval: bounds,
          radialInterval: bounds,
        }),
      ),
      order: z.array(framePoint),
      divisions: z.array(z.object({ time: number, angle: number, separationSpeed: number, ...objectPlace })),
      divisionRate: z.array(framePoint),
    }),
    field: z
      .object({
        cell: z.number(),
        cells: z.array(z.object({ x: z.number(), y: z.number(), vx: z.number(), vy: z.number(), n: z.number() })),
      })
      .nullable(),
  })
  .openapi('CollectiveMotion');

/** Measures of one set of tracks. */
export const measuresSchema = z
  .object({
    frames: z.array(objectsOfFrame),
    tracks: z.array(
      z.object({
        track: z.number(),
        objects: z.number(),
        firstFrame: z.number(),
        lastFrame: z.number(),
        duration: number,
        pathLength: number,
        netDisplacement: number,
        meanSpeed: number,
      }),
    ),
    units: z.object({ length: z.string(), time: z.string(), speed: z.string() }),
    summary: motionSummarySchema,
    curves: motionCurvesSchema,
    collective: collectiveMotionSchema,
    /** What each curve and plot shows: definition, version, unit and gap policy by the name of the curve. */
    definitions: z.record(
      z.string(),
      z.object({
        id: z.string(),
        version: z.number(),
        unit: z.string(),
        gapPolicy,
      }),
    ),
  })
  .openapi('Measures');
