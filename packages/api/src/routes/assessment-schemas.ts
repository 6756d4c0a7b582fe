import { z } from '@hono/zod-openapi';

/** A line of the register of formats. */
export const registeredFormatSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.string().openapi({ description: 'What it usually holds' }),
    level: z.enum(['preferred', 'accepted', 'bits']),
    openness: z.enum(['open', 'documented', 'closed']),
    specification: z
      .string()
      .nullable()
      .openapi({ description: 'Address of the specification or description; null: none known' }),
    licence: z
      .string()
      .nullable()
      .openapi({ description: 'Licence of the specification; null: none is named, see `terms`' }),
    terms: z.enum(['licensed', 'standard', 'published', 'described', 'unpublished']).openapi({
      description:
        'On what terms the specification is to be had: under `licence`; as the text of a standards body, after which anybody may make programs; published without words on its licence; not published but described by makers or programs; not published',
    }),
    data: z.array(z.enum(['images', 'films', 'tracks', 'outlines', 'tables', 'metadata', 'documents', 'containers'])),
    reads: z.enum(['whole', 'description', 'inside', 'document', 'nothing']),
    writes: z.boolean(),
    isSeen: z.boolean().openapi({ description: 'Was our reading held to a real file?' }),
    others: z.array(z.string()).openapi({ description: 'Programs of others' }),
    keeper: z.enum(['standard', 'community', 'company', 'project', 'laboratory', 'nobody']),
    by: z.string(),
    adoption: z.enum(['general', 'field', 'program', 'few', 'old']),
    example: z.string().nullable(),
    extensions: z.array(z.string()),
    mediaTypes: z.array(z.string()),
  })
  .openapi('RegisteredFormat');

const rating = z.enum(['in-progress', 'implemented']);

/** What the operator says about one requirement. */
export const assessmentAnswerSchema = z.object({
  text: z.string().max(20_000).openapi({ description: 'Empty: nothing is said' }),
  rating: rating.nullable().openapi({ description: 'null: not rated' }),
});

/** What the operator says, in place of the answer that they had before them. */
export const assessmentAnsweringSchema = assessmentAnswerSchema.extend({
  instead: z.string().max(40).nullable().optional().openapi({
    description:
      '`changedAt` of the answer that this one replaces, null for none: if another is there, this one is refused (412). Left out: whatever is there',
  }),
});

/** The self-assessment: each requirement with what the software knows by itself, and what the operator says. */
export const assessmentSchema = z
  .object({
    at: z.string().openapi({ description: 'When the facts were counted' }),
    canEdit: z.boolean().openapi({ description: 'May the sender write the answers?' }),
    requirements: z.array(
      z.object({
        id: z.string().openapi({ description: 'R00 to R16' }),
        title: z.string(),
        asks: z.string(),
        facts: z.array(
          z.object({
            id: z.string(),
            label: z.string(),
            value: z.union([z.string(), z.number(), z.boolean()]).nullable(),
            written: z.string().openapi({ description: 'The value in the words of the language' }),
            link: z.string().optional().openapi({ description: 'Page that shows it' }),
          }),
        ),
        text: z.string(),
        rating: rating.nullable(),
        changedAt: z.string().nullable(),
      }),
    ),
  })
  .openapi('SelfAssessment');
