import { z } from '@hono/zod-openapi';

/** What a plan says of one data set. */
const plannedSchema = z.object({
  title: z.string(),
  description: z.string().optional(),
  bytes: z.number().optional(),
  date: z.string().optional(),
  licence: z.string().optional(),
  access: z.string().optional(),
  personalData: z.string().optional(),
  sensitiveData: z.string().optional(),
  formats: z.array(z.string()),
});

/** What stewards keep free for a plan. */
export const reservationSchema = z
  .object({
    bytes: z.number().int().min(0).max(1e15).nullable(),
    /** Day by which the data are to be published. */
    releaseOn: z
      .string()
      .regex(/^\d{4}-\d\d-\d\d$/)
      .nullable(),
    note: z.string().max(2000).default(''),
  })
  .openapi('PlanReservation');

/** An answer of a plan that fills a field of the declaration of a draft, once a person accepts it. */
const plannedAnswerSchema = z.object({
  field: z.enum(['human', 'identifiable', 'access', 'ethics']),
  /** `yes`, `controlled`, or the words of the plan. */
  value: z.string(),
  /** Member of the plan that says it. */
  member: z.string(),
  /** Title of the data set it is said of. */
  dataset: z.string().optional(),
});

const planStudySchema = z.object({
  accession: z.string(),
  title: z.string(),
  /** Number of the data set of the plan it is for, from 0; left out: the whole plan. */
  dataset: z.number().int().optional(),
  /** Published version. */
  version: z.number().int().optional(),
  /** Draft, where it is not published and the asker may open it. */
  draft: z.string().optional(),
  /** What the plan answers about people, for the declaration of the draft; left out where it says nothing of them. */
  declaration: z.array(plannedAnswerSchema).optional(),
  bytes: z.number(),
});

/** A plan in a list. */
export const planSummarySchema = z
  .object({
    id: z.string(),
    title: z.string(),
    isMine: z.boolean(),
    owner: z.string(),
    createdAt: z.string(),
    datasetCount: z.number().int(),
    plannedBytes: z.number().optional(),
    depositedBytes: z.number(),
    differing: z
      .number()
      .describe('Data sets of the plan that were deposited otherwise than planned, or not by the day'),
    studies: z.array(planStudySchema),
    reservation: reservationSchema.extend({ by: z.string(), at: z.string() }).optional(),
    /** More is deposited than reserved; the day has passed and something is not published. */
    overruns: z.array(z.enum(['storage', 'date'])),
    /** Days until the day of release, where something is still to be published. */
    daysLeft: z.number().int().optional(),
  })
  .openapi('PlanSummary');

/** A plan with planned against deposited. */
export const planSchema = planSummarySchema
  .extend({
    rows: z.array(
      z.object({
        planned: plannedSchema,
        deposited: z
          .object({
            accession: z.string(),
            title: z.string(),
            version: z.number().int().optional(),
            url: z.string().optional(),
            doi: z.string().optional(),
            releasedOn: z.string().optional(),
            licence: z.string().optional(),
            access: z.string(),
            bytes: z.number(),
            formats: z.array(z.string()),
          })
          .optional(),
        differences: z.array(z.enum(['volume', 'date', 'licence', 'access'])),
      }),
    ),
    /** May the asker reserve storage and dates? */
    canReserve: z.boolean(),
  })
  .openapi('Plan');

/** Where a study was sent on to. */
export const sentOnSchema = z
  .object({ archive: z.string(), accession: z.string(), url: z.string(), recordedAt: z.string() })
  .openapi('SentOn');
