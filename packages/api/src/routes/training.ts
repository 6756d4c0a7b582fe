import { createRoute, z } from '@hono/zod-openapi';
import { bytes, denied, problem, version } from './shape.ts';

/** Training material in the forms that programs for learning read. */
export const trainingRoutes = {
  getCroissant: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/croissant.json',
    tags: ['Files'],
    summary:
      'Training material of a version as Croissant 1.0 (JSON-LD): films and tables with digests, split, annotation and balance of classes',
    request: { params: version },
    responses: { 200: bytes('Croissant', 'application/ld+json'), 404: denied[404] },
  }),
  getCoco: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/datasets/{dataset}/coco.json',
    tags: ['Files'],
    summary: 'Objects of a data set in the pixels of their film, as COCO JSON: outlines, else boxes',
    request: { params: version.extend({ dataset: z.string() }) },
    responses: {
      200: bytes('COCO', 'application/json'),
      404: problem('No such data set, or its objects are paired with no film'),
      503: problem('Being made; try again'),
    },
  }),
  getTrainingZarr: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/training.zarr.zip',
    tags: ['Files'],
    summary:
      'Training material of a version as one zip of Zarr: groups train, validation and test, in them the images as OME-Zarr 0.4 with their labels',
    request: { params: version, query: z.object({ dataset: z.string().max(100).optional() }) },
    responses: {
      200: bytes('Zarr 2 in a zip', 'application/zip'),
      404: problem('No data set with images is declared training material'),
      503: problem('Being made; try again'),
    },
  }),
} as const;
