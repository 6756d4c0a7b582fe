import { createRoute, z } from '@hono/zod-openapi';
import { imageAnnotationSchema, imageEntrySchema, imageRegionSchema } from '../image-schemas.ts';
import { denied, item, json, page, problem, version } from './shape.ts';

/** Images as people look for them: across the items of a version. */
export const imageRoutes = {
  listImages: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/images',
    tags: ['Items'],
    summary: 'Images of a version or of one data set, with their small pictures',
    request: {
      params: version,
      query: page.extend({
        dataset: z.string().max(100).optional(),
        /** Part of a name or path, in any case. */
        q: z.string().max(500).optional(),
        /** Number of the first image given; `cursor` goes before it. */
        from: z.coerce.number().int().min(0).optional(),
      }),
    },
    responses: {
      200: json(
        z.object({
          images: z.array(imageEntrySchema),
          /** Images that fit the query. */
          total: z.number().int(),
          nextCursor: z.string().nullable(),
          /** Title of the study. */
          title: z.string(),
          /** Data sets with images, and how many each has. */
          datasets: z.array(z.object({ id: z.string(), title: z.string(), images: z.number().int() })),
          /** Items that are multi-well plates. */
          plates: z.array(z.object({ item: z.string(), name: z.string(), wells: z.number().int() })),
        }),
        'Images in the order of the study',
      ),
      400: problem('The query does not fit'),
      404: denied[404],
    },
  }),
  getImageAnnotations: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/items/{item}/images/{image}/annotations',
    tags: ['Items'],
    summary: 'What is said of an image, of what it lies in and of what is in it, and the regions drawn in it',
    request: { params: item.extend({ image: z.coerce.number().int().min(0).max(1_000_000) }) },
    responses: {
      200: json(
        z.object({ annotations: z.array(imageAnnotationSchema), regions: z.array(imageRegionSchema) }),
        'Of the newest version; empty for others',
      ),
      400: problem('The request does not fit'),
      404: denied[404],
    },
  }),
} as const;
