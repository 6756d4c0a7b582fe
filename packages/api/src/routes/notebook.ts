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
        code: z.enum(['python', 'typescript']).optional().openapi({
          description: 'What the cells are written in: Python where left out; `typescript` is for the kernel of Deno',
        }),
        object: z.string().max(200).optional().openapi({
          description: 'Name of the object whose displacement is computed; the one seen most often where left out',
        }),
      }),
    },
    responses: { 200: bytes('Notebook', 'application/x-ipynb+json'), 404: denied[404] },
  }),
  getNotebookRepository: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/datasets/{dataset}/notebook.git/{path}',
    tags: ['Items'],
    summary:
      'The notebooks of a data set with what they need (`notebook.ipynb`, `notebook-ja.ipynb`, `requirements.txt`) as a git repository of one commit on `main`, for `git clone …/notebook.git` and for Binder: `HEAD`, `info/refs`, `objects/…`',
    request: { params: version.extend({ dataset: z.string(), path: z.string() }) },
    responses: { 200: bytes('A file of the repository'), 404: denied[404] },
  }),
} as const;
