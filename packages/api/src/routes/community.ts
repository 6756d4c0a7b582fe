import { createRoute, z } from '@hono/zod-openapi';
import { communityInputSchema, communityLineSchema, communitySchema } from './community-schemas.ts';
import { body, denied, json, problem, refused, tooMany } from './shape.ts';

const slug = z.object({ slug: z.string() });
const one = slug.extend({ accession: z.string() });
const unread = { 404: problem('No such community, or study') };

/** Groups that show themselves: laboratories and communities, each with a page and the studies it accepts. */
export const communityRoutes = {
  listCommunities: createRoute({
    method: 'get',
    path: '/communities',
    tags: ['Studies'],
    summary: 'Communities by title; with `study`, those that accepted it',
    request: { query: z.object({ study: z.string().max(40).optional() }) },
    responses: {
      200: json(z.object({ communities: z.array(communityLineSchema) }), 'Communities'),
      400: problem('The request does not fit the schema'),
    },
  }),
  getCommunity: createRoute({
    method: 'get',
    path: '/communities/{slug}',
    tags: ['Studies'],
    summary: 'A community with the studies it accepted',
    request: { params: slug },
    responses: { 200: json(communitySchema, 'Community'), ...unread },
  }),
  saveCommunity: createRoute({
    method: 'put',
    path: '/communities/{slug}',
    tags: ['Studies'],
    summary: 'Make the page of a group I lead, or change it',
    request: { params: slug, body: body(communityInputSchema) },
    responses: {
      200: json(communitySchema, 'Saved'),
      ...refused,
      409: problem('The name is taken, or the group has a page'),
      ...tooMany,
    },
  }),
  submitToCommunity: createRoute({
    method: 'post',
    path: '/communities/{slug}/studies/{accession}',
    tags: ['Studies'],
    summary: 'Send a study of mine to a community, which accepts or declines it',
    request: { params: one },
    responses: { 204: { description: 'Sent' }, ...denied, 409: problem('It was sent before'), ...tooMany },
  }),
  decideForCommunity: createRoute({
    method: 'put',
    path: '/communities/{slug}/studies/{accession}',
    tags: ['Studies'],
    summary: 'Accept or decline a study for a community I curate',
    request: {
      params: one,
      body: body(
        z.object({ state: z.enum(['accepted', 'declined']), reason: z.string().trim().max(1000).default('') }),
      ),
    },
    responses: { 204: { description: 'Decided; its authors are told' }, ...refused },
  }),
  takeOutOfCommunity: createRoute({
    method: 'delete',
    path: '/communities/{slug}/studies/{accession}',
    tags: ['Studies'],
    summary: 'Take a study out of a community: its authors, and who curates the community',
    request: { params: one },
    responses: { 204: { description: 'Gone' }, ...denied },
  }),
} as const;
