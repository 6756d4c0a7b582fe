import { z } from '@hono/zod-openapi';
import { itemSchema, pairSchema } from './item-schemas.ts';
import { issueSchema } from './problem-schemas.ts';
import { changeShape, crc32cSchema, md5Schema, metadataSchema } from './study-schemas.ts';

export const draftFileSchema = z
  .object({
    path: z.string(),
    size: z.number().int(),
    /** Stated by the client; compared with the stored bytes. */
    sha256: z.string().optional(),
    /** Stated by the client, as `sha256`. */
    md5: md5Schema.optional(),
    crc32c: crc32cSchema.optional(),
    /** `expected`: nothing yet; `sent`: all bytes stored; `verified`: digest computed here and equal; `mismatch`: not equal, send again. */
    state: z.enum(['expected', 'sending', 'sent', 'verified', 'mismatch']),
    received: z.number().int(),
    mediaType: z.string(),
  })
  .openapi('DraftFile');

export const draftSchema = z
  .object({
    id: z.string(),
    accession: z.string(),
    /** Number the version will have. */
    version: z.number().int(),
    /** Number of the revision of that version's metadata it will be (`N.m`); its files are those of the version. */
    minor: z.number().int().optional(),
    /** `true` where only metadata change, so that the files stay those of the version; left out where files may change too. */
    filesStay: z.boolean().optional(),
    /** Raised by every saved change; the value of the ETag. */
    revision: z.number().int(),
    state: z.enum(['editing', 'publishing', 'published', 'discarded']),
    createdAt: z.string(),
    updatedAt: z.string(),
    metadata: metadataSchema,
    datasetTitles: z.record(z.string(), z.string()),
    note: z.string().optional(),
    ...changeShape,
    pairs: z.array(pairSchema),
    /** Pairs the server proposes for the items it knows, without those already in `pairs`. */
    proposals: z.array(pairSchema),
    /** The first items; `itemsNext` says whether there are more. */
    items: z.array(itemSchema),
    /** Where `/drafts/{draft}/items` goes on after `items`, as its `cursor`; left out where these are all. */
    itemsNext: z.string().optional(),
    /** All items, counted. */
    itemCounts: z.object({
      count: z.number().int(),
      /** Files that lie in items: all of the draft, once they are recognised. */
      files: z.number().int(),
      /** Still to be read, or being read. */
      unread: z.number().int(),
      /** Items that are read, with the parts of those that are being read. */
      read: z.number(),
      failed: z.number().int(),
      /** Another text after any item has changed; left out where `items` holds all. */
      tag: z.string().optional(),
    }),
    files: z.object({
      count: z.number().int(),
      bytes: z.number().int(),
      verified: z.number().int(),
      receivedBytes: z.number().int(),
    }),
    /** What still stands between this draft and its publication; empty means it can be published. */
    missing: z.array(issueSchema),
    /** What a virus scanner said that is not in the way: what was searched and when, and what it could not. Left out where there is none. */
    searched: z.array(issueSchema).optional(),
  })
  .openapi('Draft');

export const draftSummarySchema = z
  .object({
    id: z.string(),
    accession: z.string(),
    version: z.number().int(),
    /** Of a revision of that version's metadata. */
    minor: z.number().int().optional(),
    title: z.string(),
    updatedAt: z.string(),
    state: z.string(),
    fileCount: z.number().int(),
    missingCount: z.number().int(),
  })
  .openapi('DraftSummary');
