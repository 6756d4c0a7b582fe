import { z } from '@hono/zod-openapi';

/** What a curator asks of those who answer for a study. */
export const curatorRequestSchema = z
  .object({
    id: z.string(),
    accession: z.string(),
    title: z.string(),
    /** Send original files, or confirm what the metadata say. */
    kind: z.enum(['originals', 'metadata']),
    text: z.string(),
    due: z.string(),
    isOverdue: z.boolean(),
    state: z.enum(['open', 'done', 'withdrawn']),
    answer: z.string(),
    curator: z.string(),
    askedAt: z.string(),
  })
  .openapi('CuratorRequest');
