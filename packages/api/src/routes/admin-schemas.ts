import { z } from '@hono/zod-openapi';

const count = z.number().int();

/** State of the stored bytes of what is published. */
export const integritySchema = z
  .object({
    studies: count,
    verified: count,
    damaged: count,
    files: count,
    bytes: count,
    oldestCheck: z.string().optional(),
    newestCheck: z.string().optional(),
    /** Studies with damage that no copy mends, with how many faults were found in each and since when; up to a hundred. */
    damagedStudies: z.array(z.object({ accession: z.string(), findings: count, since: z.string() })).optional(),
    /** Files that stay where they are: counted nowhere else, for their bytes are not held here. */
    elsewhere: z
      .object({
        count,
        bytes: count,
        looked: count,
        verified: count,
        missing: count,
        changed: count,
        unreachable: count,
      })
      .optional(),
  })
  .openapi('Integrity');

/** Checks of the stored bytes, for the operator. */
export const fixitySchema = z
  .object({
    integrity: integritySchema,
    /** Is there a second copy that damage is mended from? */
    hasCopy: z.boolean(),
    everyDays: z.number(),
    runs: z.array(
      z.object({
        id: count,
        cause: z.enum(['schedule', 'command', 'page']),
        beganAt: z.string(),
        endedAt: z.string().optional(),
        units: count,
        checked: count,
        bytes: count,
        damaged: count,
        repaired: count,
      }),
    ),
    findings: z.array(
      z.object({
        id: count,
        accession: z.string().optional(),
        path: z.string(),
        code: z.string(),
        message: z.string(),
        foundAt: z.string(),
        mendedAt: z.string().optional(),
      }),
    ),
  })
  .openapi('Fixity');

/** The newest event of the audit log. */
export const auditHeadSchema = z.object({ seq: count, hash: z.string(), at: z.string() }).openapi('AuditHead');

/** What happened to one study, without the addresses people came from. */
export const studyLogSchema = z
  .object({
    accession: z.string(),
    events: z.array(
      z.object({
        seq: count,
        at: z.string(),
        /** Name of who did it; empty for visitors, and for the server itself. */
        actor: z.string(),
        via: z.string(),
        action: z.string(),
        detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
      }),
    ),
    /** Ask for events before this one to see more; null where there are none. */
    before: count.nullable(),
  })
  .openapi('StudyLog');

/** Events of the audit log. */
export const auditPageSchema = z
  .object({
    events: z.array(
      z.object({
        seq: count,
        at: z.string(),
        actor: z.string(),
        /** Name of the account now; left out where there is none any more. */
        actorName: z.string().optional(),
        via: z.string(),
        /** Network the request came from, shortened; left out once forgotten. */
        network: z.string().optional(),
        /** Id of the request it came of, as in `X-Request-Id` and the log of faults. */
        requestId: z.string().optional(),
        action: z.string(),
        target: z.string(),
        detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
        prevHash: z.string(),
        hash: z.string(),
      }),
    ),
    /** Ask for events before this one; null at the end. */
    before: count.nullable(),
  })
  .openapi('AuditPage');

/** What a check of the audit log found. */
export const auditCheckedSchema = z
  .object({
    events: count,
    head: auditHeadSchema.optional(),
    broken: z.object({ seq: count, message: z.string() }).optional(),
  })
  .openapi('AuditChecked');

/** State of a study, and the states it may take from there. */
export const studyStateSchema = z
  .object({
    state: z.enum(['published', 'embargoed', 'controlled', 'withdrawn']),
    until: z.string().optional(),
    reason: z.string(),
    replacedBy: z.string().optional(),
    /** Who reads the files, where a curator closed them. */
    level: z.enum(['registered', 'controlled', 'closed']).optional(),
    /** Does nobody but those inside know of the study until then? */
    isPrivate: z.boolean().optional(),
    at: z.string(),
    next: z.array(z.enum(['published', 'embargoed', 'controlled', 'withdrawn'])),
    /** How many curators and owners of the installation there are: what takes two waits where there is one. */
    curators: z.number().int(),
    /** Changes that somebody asked for and somebody else is to confirm. */
    waits: z.array(z.enum(['restrict', 'withdraw', 'purge'])),
  })
  .openapi('StudyState');
