import { createRoute, z } from '@hono/zod-openapi';
import { denied, json, problem, refused, study, body } from './shape.ts';

const link = z
  .object({
    id: z.string(),
    version: z.number().int(),
    label: z.string(),
    /** Does it hide who made the study? */
    hidesNames: z.boolean(),
    /** May files be taken away by it, or only looked at? */
    letsDownload: z.boolean(),
    /** Is a passphrase asked for? */
    hasPassphrase: z.boolean(),
    createdAt: z.string(),
    expiresAt: z.string(),
    revokedAt: z.string().optional(),
    /** How often it was opened. */
    opened: z.number().int(),
  })
  .openapi('PrivateLink');

/** Links by which reviewers read what is not public yet, without an account. */
export const privateLinkRoutes = {
  listPrivateLinks: createRoute({
    method: 'get',
    path: '/studies/{accession}/private-links',
    tags: ['Review'],
    summary: 'Private links of my study, and the versions for which one can be made',
    request: { params: study },
    responses: {
      200: json(
        z.object({
          links: z.array(link),
          versions: z.array(
            z.object({
              version: z.number().int(),
              state: z.enum(['draft', 'embargoed']),
              /** Can a link hide who made it? */
              canHideNames: z.boolean(),
              /** Its files are not open to everybody: no link opens them. */
              staysClosed: z.boolean(),
            }),
          ),
        }),
        'Links, newest first',
      ),
      ...denied,
    },
  }),
  makePrivateLink: createRoute({
    method: 'post',
    path: '/studies/{accession}/private-links',
    tags: ['Review'],
    summary:
      'Make a link to a draft or to a version under embargo; it is shown once. Whoever has it reads page, files and viewer',
    request: {
      params: study,
      body: body(
        z.object({
          version: z.number().int().min(1).max(1_000_000),
          label: z.string().trim().max(200).default(''),
          hidesNames: z.boolean().default(false),
          /** Without, pages and pictures are seen, and no file and no export is given out. */
          letsDownload: z.boolean().default(true),
          /** Asked for when the link is opened; programs send it as `Micrarium-Passphrase`. */
          passphrase: z.string().min(8).max(200).optional(),
          days: z.number().int().min(1).max(365).default(90),
        }),
      ),
    },
    responses: {
      201: json(
        z.object({
          link,
          /** Address to hand on. */
          address: z.string(),
          /** What programs send as `Authorization: Bearer`. */
          secret: z.string(),
          /** Fields and files in which a surname or an affiliation still stands. */
          namesLeft: z.array(z.string()),
          /** Files that a link without names leaves out, for persons are named inside them; the first hundred. */
          leftOut: z.array(z.string()),
        }),
        'Made',
      ),
      ...refused,
      409: problem('The names are public already, or private details await a decision'),
    },
  }),
  revokePrivateLink: createRoute({
    method: 'delete',
    path: '/studies/{accession}/private-links/{id}',
    tags: ['Review'],
    summary: 'Revoke a link; it counts no more from the next request',
    request: { params: study.extend({ id: z.string() }) },
    responses: { 204: { description: 'Revoked' }, ...denied },
  }),
} as const;
