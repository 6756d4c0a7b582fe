import { privateDetailKinds } from '@micrarium/model';
import { z } from '@hono/zod-openapi';
import { plateLayoutSchema } from './image-schemas.ts';
import { issueSchema } from './problem-schemas.ts';

export const countsSchema = z
  .object({
    objects: z.number().int(),
    edges: z.number().int(),
    links: z.number().int(),
    tracks: z.number().int(),
    frames: z.number().int(),
    splits: z.number().int(),
    merges: z.number().int(),
    gaps: z.number().int(),
  })
  .openapi('TrackCounts');

const quantitySchema = z.object({ value: z.number(), unit: z.string() });

const range = z.tuple([z.number(), z.number()]);

export const imageSchema = z
  .object({
    name: z.string(),
    sizes: z.object({ t: z.number(), c: z.number(), z: z.number(), y: z.number(), x: z.number() }).catchall(z.number()),
    type: z.string(),
    samples: z.number().optional(),
    voxelSize: z
      .object({ z: quantitySchema.optional(), y: quantitySchema.optional(), x: quantitySchema.optional() })
      .optional(),
    timeStep: quantitySchema.optional(),
    planeTimes: z.array(z.number()).optional(),
    timeOffset: quantitySchema.optional(),
    furtherAxes: z
      .record(
        z.string(),
        z.object({
          start: z.number().optional(),
          step: z.number().optional(),
          unit: z.string().optional(),
          labels: z.array(z.string()).optional(),
        }),
      )
      .optional(),
    origin: z
      .object({ z: quantitySchema.optional(), y: quantitySchema.optional(), x: quantitySchema.optional() })
      .optional(),
    channels: z.array(
      z.object({
        name: z.string(),
        color: z.string().optional(),
        fluorophore: z.string().optional(),
        excitationNanometers: z.number().optional(),
        emissionNanometers: z.number().optional(),
        exposureSeconds: z.number().optional(),
        contrastMethod: z.string().optional(),
        acquisitionMode: z.string().optional(),
        illumination: z.string().optional(),
        pinholeMicrometers: z.number().optional(),
        window: z.object({ start: z.number(), end: z.number() }).optional(),
      }),
    ),
    acquiredAt: z.string().optional(),
    description: z.string().optional(),
    instrument: z
      .object({
        manufacturer: z.string().optional(),
        model: z.string().optional(),
        objective: z
          .object({
            model: z.string().optional(),
            magnification: z.number().optional(),
            numericalAperture: z.number().optional(),
            immersion: z.string().optional(),
            correction: z.string().optional(),
            workingDistanceMicrometers: z.number().optional(),
            refractiveIndex: z.number().optional(),
          })
          .optional(),
        detector: z.string().optional(),
        detectorSettings: z.string().optional(),
        lightSources: z.array(z.string()).optional(),
        software: z.string().optional(),
      })
      .optional(),
    significantBits: z.number().optional(),
  })
  .openapi('Image');

const methodStepSchema = z.object({
  name: z.string().max(500),
  software: z.string().max(500).optional(),
  version: z.string().max(100).optional(),
  parameters: z.record(z.string().max(200), z.union([z.string().max(10_000), z.number(), z.boolean()])).optional(),
});

/** How objects were found and linked (MIAPTE). */
export const trackingMethodSchema = z
  .object({
    detector: methodStepSchema.optional(),
    linker: methodStepSchema.optional(),
    positionUncertainty: z.object({ value: z.number(), unit: z.string().max(50) }).optional(),
  })
  .openapi('TrackingMethod');

export const trackSetSchema = z
  .object({
    part: z.number().int(),
    name: z.string(),
    counts: countsSchema,
    spaceUnit: z.string().optional(),
    timeUnit: z.string().optional(),
    frameInterval: z.number().optional(),
    hasZ: z.boolean(),
    entity: z.string(),
    extent: z.object({ x: range, y: range, z: range.optional(), frame: range }).optional(),
    imageName: z.string().optional(),
    imageSizes: z
      .object({
        x: z.number().optional(),
        y: z.number().optional(),
        z: z.number().optional(),
        t: z.number().optional(),
      })
      .optional(),
    pixelSize: z.object({ x: z.number().optional(), y: z.number().optional(), z: z.number().optional() }).optional(),
    columns: z.array(
      z.object({ name: z.string(), type: z.string(), unit: z.string().optional(), description: z.string().optional() }),
    ),
    software: z.string().optional(),
    softwareVersion: z.string().optional(),
    tracking: trackingMethodSchema.optional(),
  })
  .openapi('TrackSet');

/** State of the work on an item. `kept`: deposited as what it is, nothing could be made of it. */
export const ingestStateSchema = z.enum(['waiting', 'running', 'done', 'kept', 'failed']);

const privacyDecision = {
  rawText: z.enum(['accepted', 'withheld']).optional(),
  originals: z.enum(['accepted']).optional(),
};

/** What a depositor decides of private details: parts left out stay as they were. */
export const privacyDecisionSchema = z.object(privacyDecision).openapi('PrivacyDecision');

export const privacySchema = z
  .object({
    details: z.array(
      z.object({
        kind: z.enum(privateDetailKinds),
        value: z.string(),
        place: z.enum(['raw text', 'original']),
        file: z.string().optional(),
        field: z.string().optional(),
      }),
    ),
    hasRawText: z.boolean(),
    /** Can the server write copies of some of its files without what was found in them (`stripItem`)? */
    mayBeStripped: z.boolean().optional(),
    ...privacyDecision,
  })
  .openapi('Privacy');

/** Columns of a table by role; `dictionary` holds the data dictionary of its feature tables as JSON, by column name. */
export const itemMappingSchema = z
  .record(z.string().max(40), z.union([z.string().max(500_000), z.number()]))
  .refine(
    (mapping) => Object.entries(mapping).every(([key, value]) => key === 'dictionary' || String(value).length <= 200),
    'A column name has at most 200 characters',
  )
  .openapi('ItemMapping');

const featureKey = z.enum(['object', 'image', 'well', 'plate', 'gene', 'sample']);

/** A table of features: rows about objects, images, wells, genes or samples. Its values are in `table-<part>.parquet`. */
export const featureTableSchema = z
  .object({
    part: z.number().int(),
    name: z.string(),
    rows: z.number().int(),
    columns: z.array(
      z.object({
        name: z.string(),
        type: z.enum(['float', 'int', 'bool', 'string']),
        unit: z.string().optional(),
        meaning: z.string().optional(),
        term: z.object({ label: z.string(), id: z.string().optional() }).optional(),
        keyedTo: featureKey.optional(),
      }),
    ),
  })
  .openapi('FeatureTable');

export const itemSchema = z
  .object({
    id: z.string(),
    path: z.string(),
    files: z.array(z.string()),
    format: z.string(),
    formatVersion: z.string().optional(),
    kind: z.enum(['tracks', 'objects', 'image', 'table', 'metadata', 'unknown']),
    counts: countsSchema.optional(),
    trackSets: z.array(trackSetSchema),
    tables: z.array(featureTableSchema).optional(),
    images: z.array(imageSchema),
    plate: plateLayoutSchema.optional(),
    issues: z.array(issueSchema),
    conversions: z.array(
      z.object({
        recipe: z.string(),
        tool: z.string(),
        toolVersion: z.string(),
        parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
        madeAt: z.string(),
        outputs: z.array(z.object({ path: z.string(), size: z.number(), sha256: z.string() })),
      }),
    ),
    /** Only in drafts: what the files and their metadata tell of persons, and what was decided. */
    privacy: privacySchema.optional(),
    /** Only while the item's forms are being made: state and fraction done. */
    ingest: z.object({ state: ingestStateSchema, progress: z.number(), message: z.string().optional() }).optional(),
  })
  .openapi('Item');

const axis = z.enum(['x', 'y', 'z']);

const xyz = z.object({ x: z.number(), y: z.number(), z: z.number() });

export const pairSchema = z
  .object({
    imageItem: z.string(),
    image: z.number().int().min(0),
    trackItem: z.string(),
    part: z.number().int().min(0),
    mapping: z.object({
      axes: z.object({ x: axis, y: axis, z: axis }),
      scale: xyz,
      offset: xyz,
      firstFrame: z.number().int(),
      firstSlice: z.number().int(),
      channel: z.number().int().min(0).optional(),
    }),
    reason: z.enum([
      'image name recorded in the file',
      'same name',
      'challenge folder pair',
      'same frames and extent',
      'drawn by the depositor',
    ]),
    confirmed: z.boolean(),
    tracking: trackingMethodSchema.optional(),
  })
  .openapi('Pair');

export const datasetSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    imageItems: z.array(z.string()),
    quantitativeItems: z.array(z.string()),
  })
  .openapi('Dataset');
