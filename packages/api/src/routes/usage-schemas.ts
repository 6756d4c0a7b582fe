import { z } from '@hono/zod-openapi';

const usageRow = z.object({
  version: z.number().int().openapi({ description: '0: all versions together' }),
  month: z.string().openapi({ description: 'YYYY-MM' }),
  access: z.enum(['regular', 'machine']),
  investigations: z.number(),
  uniqueInvestigations: z.number(),
  requests: z.number(),
  uniqueRequests: z.number(),
  bytes: z.number(),
});

/** Uses by month, by the rules of COUNTER for research data. */
export const usageSchema = z.object({ months: z.array(usageRow) });

/** What the operator sees at a glance. */
export const overviewSchema = z.object({
  storage: z.object({
    archiveBytes: z.number().openapi({ description: 'Bytes of published files, each version counted' }),
    draftBytes: z.number(),
    freeBytes: z.number(),
    diskBytes: z.number(),
  }),
  jobs: z.array(z.object({ name: z.string(), waiting: z.number(), running: z.number(), failed: z.number() })),
  review: z.object({ waiting: z.number(), oldest: z.string().nullable() }),
  signIns: z.object({ refusedDay: z.number(), refusedWeek: z.number() }),
  fixity: z.object({ damaged: z.number(), oldestCheck: z.string().nullable() }),
  viruses: z
    .object({
      count: z.number(),
      named: z.array(
        z.object({
          accession: z.string(),
          version: z.number(),
          path: z.string(),
          signature: z.string(),
          at: z.string(),
        }),
      ),
    })
    .openapi({
      description: 'Published files in which a later search for viruses found something; at most 20 are named',
    }),
  dois: z.object({
    waiting: z.number(),
    different: z
      .number()
      .openapi({ description: 'Those that the registrar was last found to hold otherwise than it should' }),
  }),
  outbox: z
    .array(z.object({ name: z.enum(['mail', 'webhooks', 'dois']), waiting: z.number(), oldest: z.string().nullable() }))
    .openapi({ description: 'What waits to be told to others, and since when' }),
  usageAlarm: z
    .object({ day: z.string(), ratio: z.number(), band: z.tuple([z.number(), z.number()]) })
    .nullable()
    .openapi({ description: 'A day whose requests for an investigation are unlike those of the thirty days before' }),
  /** Where the clock went ahead by more than a day: until when it was believed, and what it says. Embargoes wait until somebody confirms it. */
  clock: z.object({ since: z.string(), clock: z.string() }).nullable(),
});
