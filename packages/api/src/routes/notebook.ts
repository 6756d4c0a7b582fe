import { createRoute, z } from '@hono/zod-openapi';
import { bytes, denied, version } from './shape.ts';

/** Notebooks of data sets. */
export const notebookRoutes = {
  getNotebook: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/datasets/{dataset}/notebook.ipynb',
    tags: ['Items'],
    summary: 'A Jupyter notebook (nbformat 4.5) that loads a data set from this server and plots it',
    request: {
      params: version.extend({ dataset: z.string() }),
      query: z.object({
        lang: z.enum(['en', 'ja']).optional(),
        object: z.string().max(200).optional().openapi({
          description: 'Name of the object whose displacement is computed; the one seen most often where left out',
        }),
      }),
    },
    responses: { 200: bytes('Notebook', 'application/x-ipynb+json'), 404: denied[404] },
  }),
} as const;
