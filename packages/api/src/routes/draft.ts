import { createRoute, z } from '@hono/zod-openapi';
import { changeKinds, earlierResults } from '@micrarium/model';
import * as s from '../schemas.ts';
import {
  body,
  bytes,
  draftId,
  draftItem,
  ifMatch,
  json,
  once,
  page,
  problem,
  denied,
  refused,
  tooMany,
} from './shape.ts';

/** What a depositor does until a version is published. */
export const draftRoutes = {
  createDraft: createRoute({
    method: 'post',
    path: '/drafts',
    tags: ['Drafts'],
    summary: 'Start a study',
    request: { headers: once },
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
    summary:
      'A draft; the ETag begins with its revision and changes with everything shown, and with If-None-Match only what is new is sent',
    request: { params: draftId },
    responses: { 200: json(s.draftSchema, 'Draft'), 304: { description: 'Nothing has changed' }, ...denied },
  }),
  listDraftItems: createRoute({
    method: 'get',
    path: '/drafts/{draft}/items',
    tags: ['Drafts'],
    summary: 'Items of a draft, in their order; the draft itself holds the first of them',
    request: { params: draftId, query: page },
    responses: {
      200: json(z.object({ items: z.array(s.itemSchema), nextCursor: z.string().nullable() }), 'Items'),
      ...denied,
    },
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
          /** Of a further version or a revision; an empty list takes them away. */
          changeKinds: z.array(z.enum(changeKinds)).max(changeKinds.length).optional(),
          /** Whether results of earlier versions still hold; `null` takes it away. */
          earlierResults: z.enum(earlierResults).nullable().optional(),
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
    summary: 'Discard a draft; it can be taken back for thirty days',
    request: { params: draftId, headers: once },
    responses: { 204: { description: 'Discarded' }, 409: problem('With curators, or being published'), ...denied },
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
                md5: s.md5Schema.optional(),
                crc32c: s.crc32cSchema.optional(),
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
  getUploadParts: createRoute({
    method: 'get',
    path: '/uploads/{upload}/parts',
    tags: ['Files'],
    summary:
      'Digests of what an upload holds, part by part: who goes on with it compares them with their own bytes first, and begins again where one differs',
    request: {
      params: z.object({ upload: z.string().max(100) }),
      query: z.object({ from: z.coerce.number().int().min(0).max(1_000_000_000).optional() }),
    },
    responses: {
      200: json(
        z.object({
          /** Bytes of each part but the last. */
          partBytes: z.number().int(),
          /** Bytes the upload holds. */
          offset: z.number().int(),
          /** SHA-256 of whole parts, lower-case hex, from part `from` on (0 where left out); at most 10,000. */
          parts: z.array(z.string()),
          /** Of the bytes after the last whole part; left out where there are none, or more parts come before them. */
          rest: z.object({ bytes: z.number().int(), sha256: z.string() }).optional(),
        }),
        'Digests of the parts',
      ),
      409: problem('The draft is with the curators'),
      ...refused,
    },
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
      408: problem('The body came too slowly'),
      413: problem('Too large: use tus'),
      ...refused,
    },
  }),
  putDraftFiles: createRoute({
    method: 'post',
    path: '/drafts/{draft}/files.tar',
    tags: ['Files'],
    summary:
      'Send many small files in one request (body: a tar of at most 1,000 files and 16 MiB, `application/x-tar`); each is announced by it, and verified when the answer comes',
    request: { params: draftId },
    responses: {
      200: json(z.object({ files: z.array(s.draftFileSchema) }), 'The files as they stand, in the order of the tar'),
      409: problem('Not in a state that can be edited'),
      408: problem('The body came too slowly'),
      413: problem('Too large, or too many files: send them in several'),
      415: problem('Not a tar'),
      ...refused,
    },
  }),
  getDraftFile: createRoute({
    method: 'get',
    path: '/drafts/{draft}/files/{path}',
    tags: ['Files'],
    summary: 'A file of a draft, by range',
    request: { params: draftId.extend({ path: z.string() }) },
    responses: {
      200: bytes('All of it'),
      206: bytes('A range'),
      410: problem('The bytes of the file are lost or damaged'),
      416: problem('No such range'),
      ...denied,
    },
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
      410: problem('The bytes of the file are lost or damaged'),
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
    responses: {
      202: json(s.itemSchema, 'Being read again'),
      409: problem('Not in a state that can be edited, or it changes metadata only'),
      ...refused,
    },
  }),
  decidePrivacy: createRoute({
    method: 'put',
    path: '/drafts/{draft}/items/{item}/privacy',
    tags: ['Items'],
    summary: 'Accept or withhold private details found in the files and the metadata text of an item',
    request: { params: draftItem, body: body(s.privacyDecisionSchema) },
    responses: { 200: json(s.itemSchema, 'Noted'), ...refused },
  }),
  stripItem: createRoute({
    method: 'post',
    path: '/drafts/{draft}/items/{item}/stripped',
    tags: ['Items'],
    summary:
      'Put copies without private details in the place of the files of an item: tags, texts and labels of slides go, pixels stay. The files are verified and looked through anew',
    request: { params: draftItem },
    responses: {
      200: json(
        z.object({
          files: z.array(
            z.object({
              path: z.string(),
              /** How many things were taken out. */
              count: z.number().int(),
              /** SHA-256, lower-case hex. */
              before: z.string(),
              after: z.string(),
            }),
          ),
        }),
        'Files that changed',
      ),
      ...refused,
      409: problem('Nothing in these files can be taken out here, or the draft cannot be edited'),
      410: problem('The bytes of a file are lost or damaged'),
      ...tooMany,
    },
  }),
  publishDraft: createRoute({
    method: 'post',
    path: '/drafts/{draft}/publish',
    tags: ['Drafts'],
    summary: 'Publish; pressed twice it publishes once. Curators publish what was approved',
    request: { params: draftId, headers: once },
    responses: {
      200: json(
        z.object({ accession: z.string(), version: z.number().int(), label: z.string(), path: z.string() }),
        'Published',
      ),
      409: problem('Not in a state that can be published'),
      422: problem('Something is missing: see issues'),
      ...denied,
    },
  }),
} as const;
