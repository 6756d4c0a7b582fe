import { createRoute, z } from '@hono/zod-openapi';
import { body, denied, json, refused } from './shape.ts';
import { foundTermSchema, namedTermSchema, termBelowSchema, vocabularySchema } from './vocabulary-schemas.ts';

const prefix = z
  .string()
  .regex(/^[A-Za-z-]{1,40}$/)
  .optional()
  .openapi({ description: 'Only terms whose ids begin so: NCBITaxon, CL, FBbi, GO …' });

/** Terms of the installed vocabularies: searched while typing, matched several at once. */
export const vocabularyRoutes = {
  listVocabularies: createRoute({
    method: 'get',
    path: '/vocabularies',
    tags: ['Vocabularies'],
    summary: 'Installed vocabularies',
    responses: {
      200: json(
        z.object({
          vocabularies: z.array(vocabularySchema),
          /** What the ids of their terms begin with. */
          prefixes: z.array(z.string()),
        }),
        'Vocabularies',
      ),
    },
  }),
  searchTerms: createRoute({
    method: 'get',
    path: '/terms',
    tags: ['Vocabularies'],
    summary: 'Terms by the beginning of their label or a synonym, by words in them, or by id',
    request: {
      query: z.object({
        q: z.string().max(200).optional(),
        prefix,
        limit: z.coerce.number().int().min(1).max(1000).optional(),
      }),
    },
    responses: { 200: json(z.object({ terms: z.array(foundTermSchema) }), 'Best first'), 400: refused[400] },
  }),
  listTermsBelow: createRoute({
    method: 'get',
    path: '/terms/below',
    tags: ['Vocabularies'],
    summary: 'Current terms directly below one, or those a vocabulary begins with, by label',
    request: {
      query: z.object({
        of: z.string().max(200).optional().openapi({ description: 'Id of the term; else `prefix` is needed' }),
        prefix,
        cursor: z.string().max(4000).optional(),
      }),
    },
    responses: {
      200: json(z.object({ terms: z.array(termBelowSchema), nextCursor: z.string().nullable() }), 'By label'),
      400: refused[400],
    },
  }),
  getTerm: createRoute({
    method: 'get',
    path: '/terms/{id}',
    tags: ['Vocabularies'],
    summary: 'A term, and a shortest way down to it from where its vocabulary begins',
    request: { params: z.object({ id: z.string().min(1).max(200) }) },
    responses: {
      200: json(z.object({ term: foundTermSchema, way: z.array(namedTermSchema), studies: z.number().int() }), 'Term'),
      404: denied[404],
    },
  }),
  matchTerms: createRoute({
    method: 'post',
    path: '/terms/match',
    tags: ['Vocabularies'],
    summary:
      'For each text the term whose label or synonym it is, or whose id it gives; null where there is none. Of an obsolete term what replaces it',
    request: { body: body(z.object({ texts: z.array(z.string().max(500)).min(1).max(500), prefix })) },
    responses: {
      200: json(z.object({ terms: z.array(namedTermSchema.nullable()) }), 'In the order asked'),
      400: refused[400],
    },
  }),
  lookUpPublication: createRoute({
    method: 'get',
    path: '/publications',
    tags: ['Vocabularies'],
    summary:
      'A publication by DOI or PubMed id, where the installation looks them up (off unless it names Crossref or PubMed); nothing is found where a service fails',
    request: { query: z.object({ id: z.string().min(1).max(400) }) },
    responses: {
      200: json(
        z.object({
          /** Are publications looked up here at all? */
          isOffered: z.boolean(),
          /** CSL-JSON of Crossref, or XML of PubMed. */
          found: z.object({ source: z.enum(['crossref', 'pubmed']), text: z.string() }).optional(),
        }),
        'What was found',
      ),
      ...refused,
    },
  }),
} as const;
