import { measureDefinitions, pathMeasureIds } from '@micrarium/model';
import { z } from '@hono/zod-openapi';
import { facetSchema } from '../schemas.ts';

const many = z.union([z.string().max(200), z.array(z.string().max(200)).max(50)]).optional();
const measureId = z.enum(pathMeasureIds as [string, ...string[]]);

const fieldId = z.string().max(60);
const number = (description: string) => z.coerce.number().min(0).optional().openapi({ description });

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
  minInterval: number('Least time between frames, in seconds'),
  maxInterval: number('Most time between frames, in seconds'),
  minTracks: number('Least number of tracks'),
  maxTracks: number('Most number of tracks'),
  where: many.openapi({
    description: 'Any other field of the metadata: its id and a value, as `strain:N2` (docs/metadata-fields.md)',
  }),
  field: z
    .union([fieldId, z.array(fieldId).max(8)])
    .optional()
    .openapi({ description: 'Fields of the metadata whose values stand with each set and are counted, by their ids' }),
  limit: z.coerce.number().int().min(1).max(5000).optional(),
  query: z
    .string()
    .max(40)
    .optional()
    .openapi({ description: 'Id of a saved query: the versions it was asked of, instead of the newest ones' }),
});

const numberOrNone = z.number().nullable();

/** One measure of one set: the mean over its paths, each path equal. */
export const exploredMeasureSchema = z.object({
  id: z.string(),
  /** Of the definition. */
  version: z.number().int(),
  /** Micrometers and seconds where physical; `pixel`, `frame` and `unknown` as they are. Empty for plain numbers. */
  unit: z.string(),
  /** As in the file, and as in the stored table of paths. */
  originalUnit: z.string(),
  /** What a value of the stored table is to be multiplied by to stand in `unit`. */
  factor: z.number(),
  gapPolicy: z.enum(['keep', 'drop', 'interpolate']).optional(),
  mean: numberOrNone,
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
    /** As the file has them: with all branches. */
    tracks: z.number().int(),
    /** Values of the fields that were asked for (`field`), by their ids. */
    fields: z.record(z.string(), z.array(z.string())),
    quality: z
      .object({
        steps: z.number(),
        gapShare: numberOrNone,
        shortShare: numberOrNone,
        /** Median step by distance to the nearest neighbour: over 0.5 links are doubtful. */
        stepToNeighbour: numberOrNone,
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
  /** What stands above the values of fields of terms, and filters in their place: mammals, where a study says mouse. */
  wider: z.object({
    organism: z.array(facetSchema),
    cellType: z.array(facetSchema),
    condition: z.array(facetSchema),
    method: z.array(facetSchema),
  }),
  /** Fields of the metadata in which any set says something, with how many different values there are. */
  fields: z.array(z.object({ field: z.string(), values: z.number().int() })),
  /** Values of the fields that were asked for. */
  further: z.array(z.object({ field: z.string(), values: z.array(facetSchema) })),
});
