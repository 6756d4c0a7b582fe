import { createRoute, z } from '@hono/zod-openapi';
import * as s from './schemas.ts';

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: s.problemSchema } },
});
const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  content: { 'application/json': { schema } },
  required: true,
});
const bytes = (description: string, mediaType = 'application/octet-stream') => ({
  description,
  content: { [mediaType]: { schema: z.string().openapi({ type: 'string', format: 'binary' }) } },
});

const denied = {
  401: problem('Sign in, or send a token'),
  403: problem('Not allowed'),
  404: problem('Not there, or not for you'),
};
const refused = { 400: problem('The request does not fit the schema'), ...denied };
const draftId = z.object({ draft: z.string().openapi({ param: { name: 'draft', in: 'path' } }) });
const study = z.object({ accession: z.string() });
const version = study.extend({ version: z.coerce.number().int().min(1) });
const item = version.extend({ item: z.string() });
const draftItem = draftId.extend({ item: z.string() });
const page = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(1000).optional(),
});
const ifMatch = z.object({ 'if-match': z.string().optional() });

/** Words and filters of a search; each may be repeated. Everything stands in the URL of the search page too. */
export const searchQuery = page.extend({
  q: z.string().max(500).optional(),
  organism: z.union([z.string(), z.array(z.string())]).optional(),
  method: z.union([z.string(), z.array(z.string())]).optional(),
  kind: z.union([z.string(), z.array(z.string())]).optional(),
  licence: z.union([z.string(), z.array(z.string())]).optional(),
  year: z.union([z.string(), z.array(z.string())]).optional(),
  sort: z.enum(['relevance', 'newest', 'title']).optional(),
});

/** All paths of the REST interface, below `/api/v1`. Server, client and documentation are made from this table. */
export const routes = {
  status: createRoute({
    method: 'get',
    path: '/status',
    tags: ['Service'],
    summary: 'Is it ready, and what is still being prepared',
    responses: { 200: json(s.statusSchema, 'Status') },
  }),
  totals: createRoute({
    method: 'get',
    path: '/totals',
    tags: ['Service'],
    summary: 'Honest counts',
    responses: { 200: json(s.totalsSchema, 'Totals of what is published') },
  }),
  me: createRoute({
    method: 'get',
    path: '/me',
    tags: ['Accounts'],
    summary: 'Who am I',
    responses: { 200: json(z.object({ user: s.userSchema.nullable() }), 'The signed-in user, or null') },
  }),
  welcome: createRoute({
    method: 'post',
    path: '/welcome',
    tags: ['Accounts'],
    summary: 'Make the owner account with the link printed at first start',
    request: {
      body: body(
        z.object({
          token: z.string().max(200),
          name: z.string().min(1).max(200),
          email: z.email().max(320),
          password: z.string().min(12).max(200),
        }),
      ),
    },
    responses: {
      200: json(z.object({ user: s.userSchema }), 'Signed in'),
      400: problem('Does not fit the schema'),
      410: problem('The link was used, has expired, or is not ours'),
    },
  }),
  listTokens: createRoute({
    method: 'get',
    path: '/tokens',
    tags: ['Accounts'],
    summary: 'My API tokens',
    responses: { 200: json(z.object({ tokens: z.array(s.tokenSchema) }), 'Tokens, without their secret'), ...denied },
  }),
  createToken: createRoute({
    method: 'post',
    path: '/tokens',
    tags: ['Accounts'],
    summary: 'Make an API token; its secret is shown once',
    request: {
      body: body(
        z.object({
          name: z.string().min(1).max(100),
          scopes: z.array(z.enum(['read', 'deposit'])).min(1),
          expiresInDays: z.number().int().min(1).max(366),
        }),
      ),
    },
    responses: { 201: json(z.object({ token: s.tokenSchema, secret: z.string() }), 'Made'), ...refused },
  }),
  deleteToken: createRoute({
    method: 'delete',
    path: '/tokens/{id}',
    tags: ['Accounts'],
    summary: 'Revoke a token',
    request: { params: z.object({ id: z.string() }) },
    responses: { 204: { description: 'Revoked' }, ...denied },
  }),

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
          facets: z.object({
            organism: z.array(s.facetSchema),
            method: z.array(s.facetSchema),
            kind: z.array(s.facetSchema),
            licence: z.array(s.facetSchema),
            year: z.array(s.facetSchema),
          }),
        }),
        'Results with facet counts',
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
    summary: 'One published version',
    request: { params: version },
    responses: { 200: json(s.versionSchema, 'Version'), 404: denied[404] },
  }),
  newDraftVersion: createRoute({
    method: 'post',
    path: '/studies/{accession}/drafts',
    tags: ['Drafts'],
    summary: 'Open a draft of the next version',
    request: { params: study },
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
    responses: { 200: bytes('All of it'), 206: bytes('A range'), 404: denied[404], 416: problem('No such range') },
  }),
  getCitation: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/citation',
    tags: ['Studies'],
    summary: 'Citation',
    request: { params: version, query: z.object({ format: z.enum(['text', 'bibtex', 'ris']).optional() }) },
    responses: {
      200: { description: 'Citation', content: { 'text/plain': { schema: z.string() } } },
      404: denied[404],
    },
  }),
  exportVersion: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/export.zip',
    tags: ['Files'],
    summary: 'The whole version, streamed while it is made',
    request: { params: version },
    responses: { 200: bytes('Zip', 'application/zip'), 404: denied[404] },
  }),

  exportBag: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/export.bag.zip',
    tags: ['Files'],
    summary: 'The whole version as a BagIt 1.0 bag in a zip, streamed while it is made',
    request: { params: version },
    responses: { 200: bytes('Zip', 'application/zip'), 404: denied[404] },
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
      'An item in another form, made on demand: `objects.csv`, `edges.csv`, `cmso.zip`, `bd5.h5`, `ome-zarr-0.4.zip`',
    request: {
      params: item.extend({ form: z.string() }),
      query: z.object({
        part: z.coerce.number().int().min(0).optional(),
        image: z.coerce.number().int().min(0).optional(),
      }),
    },
    responses: { 200: bytes('The export'), 404: denied[404], 409: problem('The target cannot hold this item') },
  }),
  listObjects: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/items/{item}/objects',
    tags: ['Items'],
    summary: 'Objects as rows, with units',
    request: {
      params: item,
      query: page.extend({
        part: z.coerce.number().int().min(0).optional(),
        frame: z.coerce.number().int().optional(),
        track: z.coerce.number().int().optional(),
      }),
    },
    responses: {
      200: json(
        z.object({
          columns: z.array(z.object({ name: z.string(), type: z.string(), unit: z.string().optional() })),
          rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))),
          nextCursor: z.string().nullable(),
        }),
        'Rows',
      ),
      404: denied[404],
    },
  }),
  getMeasures: createRoute({
    method: 'get',
    path: '/studies/{accession}/versions/{version}/items/{item}/measures',
    tags: ['Items'],
    summary: 'What the plots draw: objects over time, track lengths and speeds, with units',
    request: { params: item, query: z.object({ part: z.coerce.number().int().min(0).optional() }) },
    responses: {
      200: json(
        z.object({
          frames: z.array(z.object({ frame: z.number(), time: z.number().nullable(), objects: z.number() })),
          tracks: z.array(
            z.object({
              track: z.number(),
              objects: z.number(),
              firstFrame: z.number(),
              lastFrame: z.number(),
              duration: z.number().nullable(),
              pathLength: z.number(),
              netDisplacement: z.number(),
              meanSpeed: z.number().nullable(),
            }),
          ),
          units: z.object({ length: z.string(), time: z.string(), speed: z.string() }),
        }),
        'Measures',
      ),
      404: denied[404],
    },
  }),

  createDraft: createRoute({
    method: 'post',
    path: '/drafts',
    tags: ['Drafts'],
    summary: 'Start a study',
    responses: { 201: json(s.draftSchema, 'Draft of version 1'), ...denied },
  }),
  listDrafts: createRoute({
    method: 'get',
    path: '/drafts',
    tags: ['Drafts'],
    summary: 'My drafts',
    request: { query: page },
    responses: {
      200: json(z.object({ drafts: z.array(s.draftSummarySchema), nextCursor: z.string().nullable() }), 'Drafts'),
      ...denied,
    },
  }),
  getDraft: createRoute({
    method: 'get',
    path: '/drafts/{draft}',
    tags: ['Drafts'],
    summary: 'A draft; the ETag is its revision',
    request: { params: draftId },
    responses: { 200: json(s.draftSchema, 'Draft'), ...denied },
  }),
  saveDraft: createRoute({
    method: 'patch',
    path: '/drafts/{draft}',
    tags: ['Drafts'],
    summary: 'Save changes; needs If-Match with the revision one started from',
    request: {
      params: draftId,
      headers: ifMatch,
      body: body(
        z.object({
          metadata: s.metadataSchema.optional(),
          pairs: z.array(s.pairSchema).max(10_000).optional(),
          datasetTitles: z.record(z.string(), z.string().max(500)).optional(),
          note: z.string().max(10_000).optional(),
        }),
      ),
    },
    responses: {
      200: json(s.draftSchema, 'Saved'),
      412: json(s.draftSchema, 'Somebody saved in between: this is the draft as it is now, to merge with'),
      428: problem('If-Match is needed'),
      409: problem('Not in a state that can be edited'),
      ...refused,
    },
  }),
  discardDraft: createRoute({
    method: 'delete',
    path: '/drafts/{draft}',
    tags: ['Drafts'],
    summary: 'Discard a draft',
    request: { params: draftId },
    responses: { 204: { description: 'Discarded' }, 409: problem('Being published'), ...denied },
  }),
  expectFiles: createRoute({
    method: 'post',
    path: '/drafts/{draft}/files',
    tags: ['Files'],
    summary:
      'Announce up to 1,000 files; says which must be sent (tus at `/api/v1/uploads`, or a plain PUT below 100 MB)',
    request: {
      params: draftId,
      body: body(
        z.object({
          files: z
            .array(
              z.object({
                path: z.string().min(1).max(1024),
                size: z.number().int().min(0),
                sha256: z
                  .string()
                  .regex(/^[0-9a-f]{64}$/)
                  .optional(),
                modifiedAt: z.number().optional(),
              }),
            )
            .min(1)
            .max(1000),
        }),
      ),
    },
    responses: {
      200: json(z.object({ files: z.array(s.draftFileSchema) }), 'The files as they stand, in the order asked'),
      409: problem('Not in a state that can be edited'),
      ...refused,
    },
  }),
  listDraftFiles: createRoute({
    method: 'get',
    path: '/drafts/{draft}/files',
    tags: ['Files'],
    summary: 'Files of a draft',
    request: { params: draftId, query: page },
    responses: {
      200: json(z.object({ files: z.array(s.draftFileSchema), nextCursor: z.string().nullable() }), 'Files by path'),
      ...denied,
    },
  }),
  removeDraftFiles: createRoute({
    method: 'post',
    path: '/drafts/{draft}/files/remove',
    tags: ['Files'],
    summary: 'Take files out of a draft',
    request: { params: draftId, body: body(z.object({ paths: z.array(z.string()).min(1).max(1000) })) },
    responses: { 204: { description: 'Removed' }, 409: problem('Not in a state that can be edited'), ...refused },
  }),
  putDraftFile: createRoute({
    method: 'put',
    path: '/drafts/{draft}/files/{path}',
    tags: ['Files'],
    summary:
      'Send a whole file below 100 MB in one request (body: the bytes; `Content-Digest: sha-256=:…:` is compared)',
    request: { params: draftId.extend({ path: z.string() }) },
    responses: {
      200: json(s.draftFileSchema, 'Stored'),
      409: problem('Not in a state that can be edited, or the digest differs'),
      413: problem('Too large: use tus'),
      ...refused,
    },
  }),
  getDraftFile: createRoute({
    method: 'get',
    path: '/drafts/{draft}/files/{path}',
    tags: ['Files'],
    summary: 'A file of a draft, by range',
    request: { params: draftId.extend({ path: z.string() }) },
    responses: { 200: bytes('All of it'), 206: bytes('A range'), 416: problem('No such range'), ...denied },
  }),
  getDraftItemContent: createRoute({
    method: 'get',
    path: '/drafts/{draft}/items/{item}/content/{path}',
    tags: ['Items'],
    summary: 'A derived form of a draft item, as `getItemContent`',
    request: { params: draftItem.extend({ path: z.string() }) },
    responses: {
      200: bytes('All of it'),
      206: bytes('A range'),
      416: problem('No such range'),
      503: problem('Being made; try again'),
      ...denied,
    },
  }),
  setItemMapping: createRoute({
    method: 'put',
    path: '/drafts/{draft}/items/{item}/mapping',
    tags: ['Items'],
    summary:
      'Correct which column of a table means what, or give the data dictionary of feature tables (JSON, in `dictionary`); the item is read again',
    request: {
      params: draftItem,
      body: body(s.itemMappingSchema),
    },
    responses: { 202: json(s.itemSchema, 'Being read again'), ...refused },
  }),
  decidePrivacy: createRoute({
    method: 'put',
    path: '/drafts/{draft}/items/{item}/privacy',
    tags: ['Items'],
    summary: 'Accept or withhold private details found in the files and the metadata text of an item',
    request: { params: draftItem, body: body(s.privacyDecisionSchema) },
    responses: { 200: json(s.itemSchema, 'Noted'), ...refused },
  }),
  publishDraft: createRoute({
    method: 'post',
    path: '/drafts/{draft}/publish',
    tags: ['Drafts'],
    summary: 'Publish; pressed twice it publishes once',
    request: { params: draftId },
    responses: {
      200: json(z.object({ accession: z.string(), version: z.number().int(), path: z.string() }), 'Published'),
      409: problem('Not in a state that can be published'),
      422: problem('Something is missing: see issues'),
      ...denied,
    },
  }),
} as const;

/** Where the interface lies on a server. */
export const apiBase = '/api/v1';
