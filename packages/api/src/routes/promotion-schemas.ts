import { z } from '@hono/zod-openapi';

/** A fact that speaks for bringing a study into the database tier, or says what is in the way. */
export const promotionReasonSchema = z.discriminatedUnion('kind', [
  /** Of the fields the database tier requires, how many are filled or given by the files. */
  z.object({ kind: z.literal('complete'), done: z.number().int(), required: z.number().int() }),
  /** Of the recognised items, how many are read, and in which formats they came. */
  z.object({
    kind: z.literal('readable'),
    read: z.number().int(),
    items: z.number().int(),
    formats: z.array(z.string()),
  }),
  /** Tracks that lie over an image. */
  z.object({ kind: z.literal('paired'), pairs: z.number().int() }),
  /** Views and downloads by people in the last twelve months. */
  z.object({ kind: z.literal('used'), views: z.number().int(), downloads: z.number().int() }),
  /** Confirmed uses, and published annotations and re-analyses, by anybody. */
  z.object({ kind: z.literal('reused'), count: z.number().int() }),
  /** Collections and communities it is in. */
  z.object({ kind: z.literal('gathered'), names: z.array(z.string()) }),
  /** A paper is named. */
  z.object({ kind: z.literal('paper'), doi: z.string() }),
  /** Findings in the files that the database tier makes errors of. */
  z.object({ kind: z.literal('findings'), count: z.number().int() }),
]);

/** Something the database tier still asks for. */
const askedSchema = z.object({
  /** Id of the field; empty where it is about files. */
  field: z.string(),
  /** Name of the field in both languages; empty where it is about files. */
  en: z.string(),
  ja: z.string(),
  /** Data sets that lack it; 0 where it is asked of the whole study. */
  datasets: z.number().int(),
  /** What is in the way, where it is more than that nothing is there; in English, as issues are. */
  faults: z.array(z.string()),
});

/** A study of the archive tier that curators may bring into the database tier. */
export const promotionCandidateSchema = z
  .object({
    accession: z.string(),
    version: z.number().int(),
    title: z.string(),
    /** 0 to 1: half completeness, the other half formats (with pairs) and reuse, alike. */
    score: z.number(),
    reasons: z.array(promotionReasonSchema),
    asked: z.array(askedSchema),
  })
  .openapi('PromotionCandidate');

/** A promotion that was begun: a draft aimed at the database tier. */
export const openPromotionSchema = z
  .object({
    draft: z.string(),
    accession: z.string(),
    title: z.string(),
    version: z.number().int(),
    /** Of a revision of the metadata of that version (`N.m`); left out where files change, which makes it the next version. */
    minor: z.number().int().optional(),
    state: z.enum(['editing', 'submitted', 'in_review', 'changes_requested', 'approved']),
    /** Name of the curator who began it. */
    curator: z.string(),
    startedAt: z.string(),
  })
  .openapi('OpenPromotion');

/** Why, and since when, a curator hides the mark of the database tier of a study. */
export const hiddenBadgeSchema = z.object({ reason: z.string(), at: z.string() }).openapi('HiddenBadge');

/** Where a study stands on its way into the database tier. */
export const promotionSchema = z
  .object({
    accession: z.string(),
    title: z.string(),
    /** Of the newest version. */
    tier: z.enum(['archive', 'database']),
    version: z.number().int(),
    /** What the database tier still asks of the newest version, or of the draft that promotes it. */
    asked: z.array(askedSchema),
    open: openPromotionSchema.optional(),
    /** Why, and since when, the mark of the database tier is hidden; left out where it is shown. */
    hiddenBadge: hiddenBadgeSchema.optional(),
  })
  .openapi('Promotion');
