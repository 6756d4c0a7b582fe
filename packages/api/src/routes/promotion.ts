import { createRoute, z } from '@hono/zod-openapi';
import { openPromotionSchema, promotionCandidateSchema, promotionSchema } from './promotion-schemas.ts';
import { body, denied, json, problem, refused, study } from './shape.ts';

/** Curators bring studies of the archive tier into the database tier, on the same identifier. */
export const promotionRoutes = {
  listPromotions: createRoute({
    method: 'get',
    path: '/promotions',
    tags: ['Review'],
    summary: 'Promotions that were begun, and the archive-tier studies that offer themselves, with the reasons',
    responses: {
      200: json(
        z.object({
          open: z.array(openPromotionSchema),
          candidates: z.array(promotionCandidateSchema),
          /** Archive-tier studies there are, and how many of them were looked at: the most used, then the newest. */
          total: z.number().int(),
          lookedAt: z.number().int(),
        }),
        'Best first',
      ),
      ...denied,
    },
  }),
  getPromotion: createRoute({
    method: 'get',
    path: '/studies/{accession}/promotion',
    tags: ['Review'],
    summary: 'What the database tier still asks of a study, and the promotion that was begun',
    request: { params: study },
    responses: { 200: json(promotionSchema, 'Promotion'), ...denied },
  }),
  promoteStudy: createRoute({
    method: 'post',
    path: '/studies/{accession}/promotion',
    tags: ['Review'],
    summary:
      'Open a draft that brings an archive-tier study into the database tier, credited to the curator: a revision of its metadata (`N.m`), or the next version once its files change',
    request: { params: study },
    responses: {
      201: json(promotionSchema, 'Begun'),
      200: json(promotionSchema, 'Begun before'),
      ...denied,
      409: problem('In the database tier already, or a draft of the next version is open'),
    },
  }),
  setBadge: createRoute({
    method: 'put',
    path: '/studies/{accession}/promotion/badge',
    tags: ['Review'],
    summary:
      'Hide the mark of the database tier, with a reason that stands on the page of the study, or show it again; the tier stays',
    request: {
      params: study,
      body: body(
        z.object({
          isHidden: z.boolean(),
          /** Why; needed to hide it. */
          reason: z.string().trim().max(2000).default(''),
        }),
      ),
    },
    responses: {
      200: json(promotionSchema, 'Said'),
      ...refused,
      409: problem('The study has no such mark, or no reason is given'),
    },
  }),
} as const;
