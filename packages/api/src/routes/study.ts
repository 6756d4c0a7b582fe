import { firstFacetNames, furtherFacetNames } from '@micrarium/standards';
import { createRoute, z } from '@hono/zod-openapi';
import { foundImageSchema } from '../image-schemas.ts';
import { exportLossesSchema } from '../loss-schemas.ts';
import { measuresSchema } from '../measure-schemas.ts';
import * as s from '../schemas.ts';
import { rowsAnswers, rowsQuery } from './rows-schemas.ts';
import { bytes, denied, item, json, minor, once, page, problem, study, version } from './shape.ts';

const oneOrMany = z.union([z.string(), z.array(z.string())]).optional();
const each = <Name extends string, Schema>(names: readonly Name[], schema: Schema) =>
  Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, Schema>;
const filters = each([...firstFacetNames, ...furtherFacetNames], oneOrMany);
const firstCounts = each(firstFacetNames, z.array(s.facetSchema));
const furtherCounts = each(furtherFacetNames, z.array(s.facetSchema).optional());

/** Words and filters of a search; each may be repeated. Everything stands in the URL of the search page too. */
export const searchQuery = page.extend({
  q: z.string().max(500).optional().openapi({
    description:
      'Words, and filters by name: `organism:mammal strain:"C57BL/6J"`; a word that names a term finds all below it',
  }),
  ...filters,
  more: z
    .enum(['1'])
    .optional()
    .openapi({ description: 'Count the further facets too: strain, cell line, GO, MeSH, phenotype, person, paper …' }),
  sort: z
    .enum([
      'relevance',
      'newest',
      'title',
      'project',
      'released',
      'updated',
      'organism',
      'datatype',
      'basedOn',
      'imageSets',
      'quantitativeSets',
      'paper',
    ])
    .optional(),
  order: z.enum(['asc', 'desc']).optional(),
});

/** What everybody may find, see and take away. */
export const studyRoutes = {
  searchStudies: createRoute({
    method: 'get',
    path: '/studies',
    tags: ['Studies'],
    summary: 'Find published studies',
    request: { query: searchQuery },
    responses: {
      200: json(
        z.object({
          studies: z.array(s.studySummarySchema),
          total: z.number().int(),
          nextCursor: z.string().nullable(),
          facets: z.object({ ...firstCounts, ...furtherCounts }),
        }),
        'Results with facet counts',
      ),
      400: problem('The query does not fit'),
    },
  }),
  searchImages: createRoute({
    method: 'get',
    path: '/images',
    tags: ['Images'],
    summary:
      'Find images of published studies by what is said of them (annotation tables, OME-XML, the form): words, or terms with all that are narrower',
    request: {
      query: z.object({
        q: z.string().max(500).optional(),
        limit: z.coerce.number().int().min(1).max(1000).optional(),
        cursor: z.string().max(2000).optional(),
      }),
    },
    responses: {
      200: json(
        z.object({ images: z.array(foundImageSchema), total: z.number().int(), nextCursor: z.string().nullable() }),
        'Images with their annotations',
      ),
      400: problem('The query does not fit'),
    },
  }),
  getStudy: createRoute({
    method: 'get',
    path: '/studies/{accession}',
    tags: ['Studies'],
    summary: 'The newest published version',
    request: { params: study },
    responses: { 200: json(s.versionSchema, 'Version'), 404: denied[404] },
  }),
  getVersion: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}',
    tags: ['Studies'],
    summary: 'One published version, with the newest revision of its metadata or the one that `minor` names',
    request: { params: version, query: minor },
    responses: { 200: json(s.versionSchema, 'Version'), 404: denied[404] },
  }),
  newDraftVersion: createRoute({
    method: 'post',
    path: '/studies/{accession}/drafts',
    tags: ['Drafts'],
    summary:
      'Open a draft of the next version; with `metadataOnly=1` of a revision of the metadata of the newest (`N.m`), whose files stay as they are',
    request: { params: study, headers: once, query: z.object({ metadataOnly: z.enum(['0', '1']).optional() }) },
    responses: { 201: json(s.draftSchema, 'Draft'), 200: json(s.draftSchema, 'The draft already open'), ...denied },
  }),
  listFiles: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/files',
    tags: ['Files'],
    summary: 'Files with sizes and SHA-256',
    request: { params: version, query: page },
    responses: {
      200: json(z.object({ files: z.array(s.fileSchema), nextCursor: z.string().nullable() }), 'Files by path'),
      404: denied[404],
    },
  }),
  getFile: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/files/{path}',
    tags: ['Files'],
    summary: 'An original, by range',
    request: {
      params: version.extend({ path: z.string().openapi({ description: 'Logical path; slashes are kept' }) }),
    },
    responses: {
      200: bytes('All of it'),
      206: bytes('A range'),
      307: {
        description:
          'All of a large file, from the object storage, at an address that is good for an hour; or the file at the origin that serves files alone, where the operator names one',
      },
      404: denied[404],
      416: problem('No such range'),
    },
  }),
  getCitation: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/citation',
    tags: ['Studies'],
    summary: 'Citation',
    request: { params: version, query: minor.extend({ format: z.enum(['text', 'bibtex', 'ris']).optional() }) },
    responses: {
      200: { description: 'Citation', content: { 'text/plain': { schema: z.string() } } },
      404: denied[404],
    },
  }),
  exportVersion: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/export.zip',
    tags: ['Files'],
    summary:
      'The whole version, streamed while it is made; with `layout=cmso` as a CMSO package: ISA-Tab, OME-XML, a Tracks package of every set and the data, in one folder whose file names resolve',
    request: { params: version, query: z.object({ layout: z.enum(['study', 'cmso']).optional() }) },
    responses: {
      200: bytes('Zip', 'application/zip'),
      404: denied[404],
      503: problem('A set of tracks is being made; try again'),
    },
  }),

  exportBag: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/export.bag.zip',
    tags: ['Files'],
    summary:
      'The whole version as a BagIt 1.0 bag in a zip, whose payload is an RO-Crate too; by range, streamed while it is made. With `files=named` (by itself above 10 GB) `fetch.txt` names the files and the bag holds none',
    request: {
      params: version,
      query: z.object({
        files: z.enum(['held', 'named']).optional().openapi({
          description:
            'held: the bag holds the files; named: it says where each is to be fetched, which needs files that are open to everybody. Left out: held up to 10 GB, named above where that can be',
        }),
      }),
    },
    responses: {
      200: bytes('Zip', 'application/zip'),
      206: bytes('A range', 'application/zip'),
      304: { description: 'Not changed' },
      404: denied[404],
      409: problem('Named files are asked for and the files are not open to everybody'),
      416: problem('The bag has no such range'),
    },
  }),

  getItem: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/items/{item}',
    tags: ['Items'],
    summary: 'One item',
    request: { params: item },
    responses: { 200: json(s.itemSchema, 'Item'), 404: denied[404] },
  }),
  getItemContent: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/items/{item}/content/{path}',
    tags: ['Items'],
    summary:
      'A derived form of an item, by range: `image-0.ozx`, `image-0.thumbnail.png`, `tracks-0/objects.parquet`, `tracks-0/edges.parquet`, `tracks-0/tracks.parquet`, `tracks-0/vertices.parquet`, `table-0.parquet`, `table-0.schema.json`, and `image-0.zarr/…` as a virtual folder of the `.ozx`',
    request: { params: item.extend({ path: z.string() }) },
    responses: {
      200: bytes('All of it'),
      206: bytes('A range'),
      307: {
        description: 'What was deposited so, asked for by a browser to show it: at the origin that serves files alone',
      },
      404: denied[404],
      416: problem('No such range'),
      503: problem('Being made; try again'),
    },
  }),
  exportItem: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/items/{item}/export/{form}',
    tags: ['Items'],
    summary:
      'An item in another form, made on demand: `objects.csv`, `edges.csv`, `cmso.zip`, `geff.zip`, `trackmate.xml`, `napari.zip`, `bd5.h5`, `bdml.xml`, and of an image `ome-zarr-0.4.zip` and `ome.tif` (OME-TIFF); `listLosses` says beforehand what a form cannot hold',
    request: {
      params: item.extend({ form: z.string() }),
      query: z.object({
        part: z.coerce.number().int().min(0).optional(),
        image: z.coerce.number().int().min(0).optional(),
      }),
    },
    responses: { 200: bytes('The export'), 404: denied[404], 409: problem('The target cannot hold this item') },
  }),
  listLosses: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/items/{item}/losses',
    tags: ['Items'],
    summary:
      'What each export form cannot hold of the tracks of an item, in numbers; counted once, when the item was read',
    request: { params: item },
    responses: {
      200: json(exportLossesSchema, 'Loss reports by set and form'),
      404: denied[404],
      503: problem('Being counted; try again'),
    },
  }),
  listObjects: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/items/{item}/objects',
    tags: ['Items'],
    summary: 'Objects as rows, with units: of a time, a box in space, a track, a label',
    request: { params: item, query: rowsQuery },
    responses: rowsAnswers,
  }),
  listRows: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/items/{item}/rows/{table}',
    tags: ['Items'],
    summary:
      'Rows of another table of an item: edges, links (unbranched chains), tracks, measures of paths, or a feature table',
    request: {
      params: item.extend({ table: z.enum(['edges', 'links', 'tracks', 'measures', 'features']) }),
      query: rowsQuery,
    },
    responses: rowsAnswers,
  }),
  getMeasures: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/items/{item}/measures',
    tags: ['Items'],
    summary: 'How a set moves: measures of its paths, with units, definitions, intervals and curves',
    request: {
      params: item,
      query: z.object({
        part: z.coerce.number().int().min(0).optional(),
        /** `none`: without the list of all paths, which is most of the answer of a large set. */
        tracks: z.enum(['none']).optional(),
      }),
    },
    responses: {
      200: json(measuresSchema, 'Measures'),
      404: denied[404],
    },
  }),
} as const;
