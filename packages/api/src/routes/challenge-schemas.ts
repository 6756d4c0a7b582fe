import { truthCoverages } from '@micrarium/model';
import { challengeMetrics, splitParts } from '@micrarium/standards';
import { z } from '@hono/zod-openapi';

const reference = z
  .object({
    dataset: z.string(),
    title: z.string(),
    metric: z.enum(challengeMetrics),
    /** The measure that results are ranked by. */
    main: z.string(),
    gate: z.number(),
    /** How much of the film it covers; what lies outside is not held against a result. */
    coverage: z.enum(truthCoverages),
    part: z.enum(splitParts).optional(),
  })
  .openapi('ChallengeReference');

const answer = z.object({
  /** Data set of the challenge. */
  reference: z.string().max(100),
  /** Data set of the result that answers it. */
  dataset: z.string().max(100),
});

const score = z
  .object({
    version: z.number().int(),
    main: z.string(),
    values: z.record(z.string(), z.number().nullable()),
    counts: z.record(z.string(), z.number()),
    gate: z.object({ value: z.number(), unit: z.string() }).optional(),
    reasons: z.array(z.string()),
  })
  .openapi('DatasetScore');

/** A result on the board. */
export const submissionSchema = z
  .object({
    id: z.string(),
    label: z.string(),
    study: z.string(),
    version: z.number().int(),
    title: z.string(),
    submittedAt: z.string(),
    state: z.enum(['queued', 'scored', 'failed']),
    /** Version of the challenge's study that it was scored on. */
    referenceVersion: z.number().int().nullable(),
    /** Mean of the main measures over all ground truth; `null` unless all of it is scored. */
    total: z.number().nullable(),
    results: z.array(answer.extend({ score: score.optional(), reason: z.string().optional() })),
    /** Programs the result's files name, with versions. */
    software: z.array(z.string()),
    /** Settings of the method, as the files give them. */
    parameters: z.array(z.object({ name: z.string(), value: z.string() })),
    /** May whoever asks take it off the board? */
    canWithdraw: z.boolean(),
  })
  .openapi('ChallengeSubmission');

/** A challenge with its board, best first. */
export const challengeSchema = z
  .object({
    accession: z.string(),
    version: z.number().int(),
    title: z.string(),
    /** Ground truth that results are scored against; none where the study is no challenge. */
    references: z.array(reference),
    /** Ground truth given away for training. */
    training: z.array(reference),
    /** May everybody read the files of the ground truth? Where not, the server alone compares with it. */
    truthIsOpen: z.boolean(),
    submissions: z.array(submissionSchema),
  })
  .openapi('Challenge');

/** A result to be scored. */
export const submitSchema = z.object({
  /** Name of the method; one of the same study under the same name is replaced. */
  label: z.string().trim().min(1).max(100),
  study: z.string().max(40),
  version: z.number().int().min(1).max(1_000_000).optional(),
  results: z.array(answer).min(1).max(1000),
});

const shared = z.object({
  both: z.number(),
  onlyFirst: z.number(),
  onlySecond: z.number(),
  jaccard: z.number().nullable(),
});

/** Sets to compare, each as `ACCESSION/VERSION/ITEM/PART`. */
export const agreementQuery = z.object({
  set: z.array(z.string().max(100)).min(2).max(6).openapi({ description: 'ACCESSION/VERSION/ITEM/PART, two to six' }),
  gate: z.coerce.number().positive().max(1e9).optional().openapi({
    description: 'Distance under which two objects are the same, in the unit of the positions; 5 where left out',
  }),
});

/** How far results on one film agree. */
export const agreementSchema = z
  .object({
    gate: z.number(),
    unit: z.string(),
    sets: z.array(
      z.object({
        set: z.string(),
        title: z.string(),
        name: z.string(),
        software: z.string(),
        objects: z.number(),
        edges: z.number(),
        tracks: z.number(),
        divisions: z.number(),
      }),
    ),
    pairs: z.array(
      z.object({
        /** Places in `sets`. */
        first: z.number().int(),
        second: z.number().int(),
        objects: shared,
        edges: shared,
        divisions: shared,
        medianDistance: z.number().nullable(),
      }),
    ),
  })
  .openapi('Agreement');
