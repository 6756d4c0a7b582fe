import { z } from '@hono/zod-openapi';

/** A draft that was discarded and can be taken back. */
export const discardedDraftSchema = z
  .object({
    id: z.string(),
    accession: z.string(),
    version: z.number().int(),
    title: z.string(),
    discardedAt: z.string(),
    /** When its bytes go. */
    keptUntil: z.string(),
    /** Was it discarded because nobody worked on it for a year? */
    isExpired: z.boolean(),
  })
  .openapi('DiscardedDraft');

/** A published study of mine, in whatever state it is. */
export const ownStudySchema = z
  .object({
    accession: z.string(),
    /** Of the newest version. */
    title: z.string(),
    version: z.number().int(),
    publishedAt: z.string(),
    state: z.enum(['published', 'embargoed', 'controlled', 'withdrawn']),
    /** Day on which an embargo ends. */
    until: z.string().optional(),
    /** Does nobody know of it until then? */
    isPrivate: z.literal(true).optional(),
  })
  .openapi('OwnStudy');

/** Grounds on which a study is closed, or its bytes are deleted. */
export const closingGroundSchema = z.enum(['privacy', 'ethics', 'legal']);

/** A change of a published study that somebody asks for and somebody else decides on. */
export const studyAskSchema = z
  .object({
    id: z.string(),
    accession: z.string(),
    change: z.enum(['restrict', 'withdraw', 'purge']),
    ground: closingGroundSchema.optional(),
    reason: z.string(),
    replacedBy: z.string().optional(),
    /** Name of who asked. */
    askedBy: z.string(),
    /** Did who looks at it ask? */
    isMine: z.boolean(),
    askedAt: z.string(),
  })
  .openapi('StudyAsk');

/** What is asked for, with what who looks at it may do. */
export const studyAsksSchema = z.object({
  asks: z.array(studyAskSchema.extend({ mayConfirm: z.boolean() })),
  /** Changes that may be asked for. */
  mayAsk: z.array(z.enum(['restrict', 'withdraw', 'purge'])),
  /** May the embargo be ended now? */
  mayLift: z.boolean(),
  /** May the sender, as a curator, bring the study into another state? */
  mayChange: z.boolean(),
  /** What a purge destroyed: to owners of the installation. */
  purged: z.record(z.string(), z.unknown()).optional(),
  /** Open drafts of a withdrawn study: before its bytes can be deleted they are discarded; to owners of the installation. */
  openDrafts: z.array(z.string()),
});
