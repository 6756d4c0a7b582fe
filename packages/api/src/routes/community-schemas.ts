import { z } from '@hono/zod-openapi';
import { teamSchema } from './people-schemas.ts';

/** A group that shows itself, in a list. */
export const communityLineSchema = z
  .object({
    /** Its name in addresses. */
    slug: z.string(),
    title: z.string(),
    /** Studies it accepted that can be read. */
    studies: z.number().int(),
    changedAt: z.string(),
  })
  .openapi('CommunityLine');

/** A study that was sent to a community. */
const communityStudySchema = z
  .object({
    accession: z.string(),
    title: z.string(),
    authors: z.string(),
    publishedAt: z.string(),
    state: z.enum(['submitted', 'accepted', 'declined']),
    /** Why it was declined. */
    reason: z.string(),
    submittedAt: z.string(),
  })
  .openapi('CommunityStudy');

const colour = z.enum(['blue', 'teal', 'green', 'amber', 'red', 'violet']);

/** A laboratory or community with the studies it accepted. */
export const communitySchema = communityLineSchema
  .omit({ studies: true })
  .extend({
    text: z.string(),
    website: z.string(),
    colour,
    createdAt: z.string(),
    /** What it accepted, newest first; to its curators also what waits and what was declined. */
    studies: z.array(communityStudySchema),
    /** Studies sent to it that the sender answers for, in every state; left out where there are none. */
    own: z.array(communityStudySchema).optional(),
    /** Does the sender curate it? */
    canEdit: z.boolean(),
    /** The group behind it, for who curates it. */
    team: teamSchema.optional(),
  })
  .openapi('Community');

/** What one says of a community. */
export const communityInputSchema = z.object({
  title: z.string().trim().min(1).max(200),
  text: z.string().trim().max(20_000).default(''),
  /** Address that begins with https, or nothing. */
  website: z
    .string()
    .trim()
    .max(500)
    .regex(/^(https:\/\/\S+)?$/)
    .default(''),
  colour: colour.default('blue'),
  /** A group I lead, for a community that is new. */
  group: z.string().max(100).optional(),
});
