import { z } from '@hono/zod-openapi';

/** What a depositor declares of people in the data. */
export const declarationSchema = z
  .object({
    access: z.enum(['open', 'controlled']),
    /** Does anything come from people? */
    human: z.boolean(),
    /** Can a person be recognised by it? */
    identifiable: z.boolean(),
    /** What those people agreed to. */
    consent: z.enum(['open', 'research', 'disease', 'none']),
    /** Which body approved it, under which number. */
    ethics: z.string().trim().max(2000),
    /** What whoever reads the files agrees to. */
    terms: z.string().trim().max(5000),
  })
  .openapi('AccessDeclaration');

/** A request to read files that are given on request. */
export const accessRequestSchema = z
  .object({
    id: z.string(),
    /** `emergency`: opened for a day by who runs the installation, with a reason. */
    kind: z.enum(['request', 'emergency']),
    state: z.enum(['asked', 'granted', 'refused', 'ended']),
    name: z.string(),
    purpose: z.string(),
    institution: z.string(),
    reason: z.string(),
    askedAt: z.string(),
    decidedAt: z.string().optional(),
    until: z.string().optional(),
  })
  .openapi('AccessRequest');

/** How the files of a study are read, as the sender of the request may know it. */
export const accessSchema = z
  .object({
    accession: z.string(),
    title: z.string(),
    state: z.enum(['published', 'embargoed', 'controlled', 'withdrawn']),
    declaration: declarationSchema.optional(),
    /** May the sender read the files now? */
    mayRead: z.boolean(),
    /** Does the sender decide on requests? */
    decides: z.boolean(),
    /** Does the sender answer for the study? */
    isAuthor: z.boolean(),
    /** May the sender open the files in an emergency? */
    mayOpen: z.boolean(),
    mine: z.array(accessRequestSchema),
    /** All requests: to those who decide and those who answer for the study. */
    requests: z.array(accessRequestSchema).optional(),
    /** Who decides, where somebody is named. */
    committee: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
    /** Decisions and readings, newest first: to those who decide and those who answer for the study. */
    events: z
      .array(
        z.object({
          at: z.string(),
          name: z.string(),
          action: z.string(),
          /** What was read; empty where nothing was. */
          path: z.string(),
        }),
      )
      .optional(),
  })
  .openapi('Access');
