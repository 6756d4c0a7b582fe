import { z } from '@hono/zod-openapi';
import { changeKinds, earlierResults } from '@micrarium/model';
import { datasetSchema, itemSchema, pairSchema } from './item-schemas.ts';

export const termSchema = z
  .object({ label: z.string().min(1).max(500), id: z.string().max(100).optional() })
  .openapi('Term');

export const contributorSchema = z
  .object({
    firstName: z.string().max(200),
    lastName: z.string().max(200),
    organisation: z.string().max(500),
    role: z.enum(['image', 'quantitative', 'image and quantitative']),
    email: z.string().max(320).optional(),
    laboratory: z.string().max(500).optional(),
    department: z.string().max(500).optional(),
    orcid: z.string().max(40).optional(),
  })
  .openapi('Contributor');

export const fieldValueSchema = z.union([
  z.string().max(50_000),
  z.array(z.string().max(2_000)).max(500),
  z.array(termSchema).max(500),
  z.array(contributorSchema).max(500),
]);

export const originSchema = z.object({
  kind: z.enum(['file', 'account', 'person']),
  file: z.string().optional(),
  place: z.string().optional(),
});

export const metadataSchema = z
  .object({
    values: z.record(z.string().max(64), fieldValueSchema),
    origins: z.record(z.string().max(64), originSchema),
  })
  .openapi('StudyMetadata');

/** MD5 of a file, lower-case hex, where its depositor stated it: compared with the bytes, and kept for comparing with older systems. */
export const md5Schema = z.string().regex(/^[0-9a-f]{32}$/);

/** CRC-32C of a file, eight hexadecimal digits in lower case, as MD5. */
export const crc32cSchema = z.string().regex(/^[0-9a-f]{8}$/);

export const fileSchema = z
  .object({
    path: z.string(),
    size: z.number().int(),
    sha256: z.string(),
    mediaType: z.string(),
    md5: md5Schema.optional(),
    crc32c: crc32cSchema.optional(),
    /** Why it is given to nobody, and since when; left out of all others. */
    quarantined: z.object({ reason: z.string(), since: z.string() }).optional(),
    /** That its bytes are lost or damaged and no copy has them, and since when that is known; left out of all others. */
    lost: z.object({ state: z.enum(['missing', 'damaged']), since: z.string().optional() }).optional(),
  })
  .openapi('File');

/** What a further version says beside its note; left out where it is the first, or was published before this was asked for. */
export const changeShape = {
  /** What kind of change it is against the version before. */
  changeKinds: z.array(z.enum(changeKinds)).optional(),
  /** Do results computed from earlier versions still hold? */
  earlierResults: z.enum(earlierResults).optional(),
};

export const versionSchema = z
  .object({
    schema: z.literal(1),
    accession: z.string(),
    version: z.number().int(),
    /** Which revision of the metadata it is (`N.m`); left out where they were never revised, 0: as it was first published. */
    minor: z.number().int().optional(),
    revisedAt: z.string().optional(),
    publishedAt: z.string(),
    publishedBy: z.string(),
    tier: z.enum(['archive', 'database']),
    /** Why, and since when, a curator hides the mark of the database tier; left out where it is shown. */
    hiddenBadge: z.object({ reason: z.string(), at: z.string() }).optional(),
    metadata: metadataSchema,
    /** First 1,000 files; page the rest through `listFiles`. */
    files: z.array(fileSchema),
    fileCount: z.number().int(),
    byteCount: z.number().int(),
    /** Files that stay where they are, see `listReferences`; not among `files`, and their bytes are not held here. */
    referenced: z.object({ count: z.number().int(), bytes: z.number().int() }).optional(),
    /** All items; of more than 1,000 those that are more than a file of an unknown format. */
    items: z.array(itemSchema),
    /** Items that are not among `items`: each is a file of `listFiles` whose format is not known. Left out where `items` holds all. */
    plainItems: z.number().int().optional(),
    pairs: z.array(pairSchema),
    datasets: z.array(datasetSchema),
    note: z.string().optional(),
    ...changeShape,
    /** Who curated the study into the database tier. */
    curators: z.array(z.object({ name: z.string(), orcid: z.string().optional() })).optional(),
    /** That curators approved it, by which checklist; left out where nobody did. */
    review: z
      .object({
        at: z.string(),
        checklist: z.string(),
        curators: z.array(z.object({ name: z.string(), orcid: z.string().optional() })),
      })
      .optional(),
    /** All published versions of the study, newest first. */
    versions: z.array(
      z.object({
        version: z.number().int(),
        publishedAt: z.string(),
        note: z.string().optional(),
        ...changeShape,
        /** Revisions of its metadata, newest first, the version as it was first published (0) last; left out where there are none. */
        revisions: z
          .array(
            z.object({ minor: z.number().int(), publishedAt: z.string(), note: z.string().optional(), ...changeShape }),
          )
          .optional(),
      }),
    ),
    citation: z.string(),
  })
  .openapi('StudyVersion');

/** A study in a list: what a result shows. */
export const studySummarySchema = z
  .object({
    accession: z.string(),
    version: z.number().int(),
    title: z.string(),
    description: z.string(),
    authors: z.array(z.string()),
    organisms: z.array(z.string()),
    imagingMethods: z.array(z.string()),
    kinds: z.array(z.enum(['images', 'tracks', 'objects', 'tables'])),
    licence: z.string(),
    publishedAt: z.string(),
    imageCount: z.number().int(),
    objectCount: z.number().int(),
    trackCount: z.number().int(),
    fileCount: z.number().int(),
    byteCount: z.number().int(),
    /** How richly it is described; left out of studies recorded before there were tiers. */
    tier: z.enum(['archive', 'database']).optional(),
    /** Does a curator hide the mark of the tier? */
    isBadgeHidden: z.boolean().optional(),
    /** Path of a small picture (PNG), where an image could be read. */
    thumbnail: z.string().optional(),
    /** What the table of studies shows beside. */
    listing: z
      .object({
        project: z.string(),
        released: z.string(),
        updated: z.string(),
        datatype: z.string(),
        basedOn: z.string(),
        imageSets: z.number().int(),
        quantitativeSets: z.number().int(),
        paper: z.string(),
        paperUrl: z.string().optional(),
      })
      .optional(),
  })
  .openapi('StudySummary');

export const facetSchema = z.object({ value: z.string(), count: z.number().int() });
