import { measureDefinitions, pathMeasureIds } from '@micrarium/model';
import { z } from '@hono/zod-openapi';
import { facetSchema } from '../schemas.ts';

const many = z.union([z.string().max(200), z.array(z.string().max(200)).max(50)]).optional();
const measureId = z.enum(pathMeasureIds as [string, ...string[]]);

/** Which measures of which sets. Values of one filter are alternatives; filters add up. */
export const exploreQuery = z.object({
  measure: z
    .union([measureId, z.array(measureId).min(1).max(4)])
    .optional()
    .openapi({
      description: `Measures of paths, up to four; \`mean_speed\` where left out. ${measureDefinitions.size} definitions stand in docs/measures.md`,
    }),
  organism: many,
  cellType: many,
  condition: many,
  method: many,
  licence: many,
  year: many,
  dimensions: many,
  software: many,
  limit: z.coerce.number().int().min(1).max(5000).optional(),
  query: z
    .string()
    .max(40)
    .optional()
    .openapi({ description: 'Id of a saved query: the versions it was asked of, instead of the newest ones' }),
});

const number = z.number().nullable();

/** One measure of one set: the mean over its paths, each path equal. */
export const exploredMeasureSchema = z.object({
  id: z.string(),
  /** Of the definition. */
  version: z.number().int(),
  /** Micrometers and seconds where physical; `pixel`, `frame` and `unknown` as they are. Empty for plain numbers. */
  unit: z.string(),
  /** As in the file. */
  originalUnit: z.string(),
  gapPolicy: z.enum(['keep', 'drop', 'interpolate']).optional(),
  mean: number,
  /** Of the mean: 95 %, bootstrapped over paths; `null` where it was not made. */
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  /** Paths that have a value, and that have none. */
  n: z.number().int(),
  undefinedPaths: z.number().int(),
});

/** One open set of tracks with its study and what was measured. */
export const exploredSetSchema = z
  .object({
    /** Stable across versions as long as the file stays the same. */
    id: z.string(),
    accession: z.string(),
    version: z.number().int(),
    item: z.string(),
    part: z.number().int(),
    title: z.string(),
    name: z.string(),
    organism: z.array(z.string()),
    cellType: z.array(z.string()),
    condition: z.array(z.string()),
    method: z.array(z.string()),
    licence: z.string(),
    year: z.string(),
    dimensions: z.union([z.literal(2), z.literal(3)]),
    software: z.string(),
    /** `being-made`: ask again later; `too-large`: sets of so many objects are not measured. */
    state: z.enum(['measured', 'being-made', 'too-large']),
    frameInterval: z.object({ value: z.number(), unit: z.string() }).nullable(),
    paths: z.number().int().nullable(),
    quality: z
      .object({
        steps: z.number(),
        gapShare: number,
        shortShare: number,
        /** Median step by distance to the nearest neighbour: over 0.5 links are doubtful. */
        stepToNeighbour: number,
      })
      .nullable(),
    measures: z.array(exploredMeasureSchema),
  })
  .openapi('ExploredSet');

/** Answer of the interface: sets, newest last, and how many there are of each kind. */
export const exploredSchema = z.object({
  sets: z.array(exploredSetSchema),
  /** All that fit, also beyond `limit`. */
  total: z.number().int(),
  facets: z.object({
    organism: z.array(facetSchema),
    cellType: z.array(facetSchema),
    condition: z.array(facetSchema),
    method: z.array(facetSchema),
    licence: z.array(facetSchema),
    year: z.array(facetSchema),
    dimensions: z.array(facetSchema),
    software: z.array(facetSchema),
  }),
});
