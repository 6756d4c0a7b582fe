import { privateDetailKinds } from '@micrarium/model';
import { z } from '@hono/zod-openapi';
import { plateLayoutSchema } from './image-schemas.ts';

/** Problem answer (RFC 9457). `code` is stable; every code is on the page `docs/errors.md`. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string().optional(),
    /** Path of the request. */
    instance: z.string().optional(),
    /** Id of the request, as in `X-Request-Id`: who runs the installation finds it in the log. */
    requestId: z.string().optional(),
    /** What is wrong in the body, by JSON pointer. */
    errors: z.array(z.object({ pointer: z.string(), code: z.string(), message: z.string() })).optional(),
    /** What is missing or wrong, field by field, with more about each. */
    issues: z.array(z.lazy(() => issueSchema)).optional(),
    /** Names of what can be done instead, where something cannot be done in the state it is in. */
    allowed: z.array(z.string()).optional(),
  })
  .openapi('Problem');

export const issueSchema = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning', 'info']),
    message: z.string(),
    where: z.object({
      file: z.string().optional(),
      line: z.number().optional(),
      row: z.number().optional(),
      column: z.union([z.string(), z.number()]).optional(),
      offset: z.number().optional(),
      field: z.string().optional(),
    }),
    hint: z.string().optional(),
    /** What to write instead, where one repair is likely enough to be offered. */
    offer: z.string().optional(),
  })
  .openapi('Issue');

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

export const countsSchema = z
  .object({
    objects: z.number().int(),
    edges: z.number().int(),
    links: z.number().int(),
    tracks: z.number().int(),
    frames: z.number().int(),
    splits: z.number().int(),
    merges: z.number().int(),
    gaps: z.number().int(),
  })
  .openapi('TrackCounts');

const quantitySchema = z.object({ value: z.number(), unit: z.string() });
const range = z.tuple([z.number(), z.number()]);

export const imageSchema = z
  .object({
    name: z.string(),
    sizes: z.object({ t: z.number(), c: z.number(), z: z.number(), y: z.number(), x: z.number() }).catchall(z.number()),
    type: z.string(),
    samples: z.number().optional(),
    voxelSize: z
      .object({ z: quantitySchema.optional(), y: quantitySchema.optional(), x: quantitySchema.optional() })
      .optional(),
    timeStep: quantitySchema.optional(),
    planeTimes: z.array(z.number()).optional(),
    timeOffset: quantitySchema.optional(),
    furtherAxes: z
      .record(
        z.string(),
        z.object({
          start: z.number().optional(),
          step: z.number().optional(),
          unit: z.string().optional(),
          labels: z.array(z.string()).optional(),
        }),
      )
      .optional(),
    origin: z
      .object({ z: quantitySchema.optional(), y: quantitySchema.optional(), x: quantitySchema.optional() })
      .optional(),
    channels: z.array(
      z.object({
        name: z.string(),
        color: z.string().optional(),
        fluorophore: z.string().optional(),
        excitationNanometers: z.number().optional(),
        emissionNanometers: z.number().optional(),
        exposureSeconds: z.number().optional(),
        contrastMethod: z.string().optional(),
        acquisitionMode: z.string().optional(),
        illumination: z.string().optional(),
        pinholeMicrometers: z.number().optional(),
        window: z.object({ start: z.number(), end: z.number() }).optional(),
      }),
    ),
    acquiredAt: z.string().optional(),
    description: z.string().optional(),
    instrument: z
      .object({
        manufacturer: z.string().optional(),
        model: z.string().optional(),
        objective: z
          .object({
            model: z.string().optional(),
            magnification: z.number().optional(),
            numericalAperture: z.number().optional(),
            immersion: z.string().optional(),
            correction: z.string().optional(),
            workingDistanceMicrometers: z.number().optional(),
            refractiveIndex: z.number().optional(),
          })
          .optional(),
        detector: z.string().optional(),
        detectorSettings: z.string().optional(),
        lightSources: z.array(z.string()).optional(),
        software: z.string().optional(),
      })
      .optional(),
    significantBits: z.number().optional(),
  })
  .openapi('Image');

const methodStepSchema = z.object({
  name: z.string().max(500),
  software: z.string().max(500).optional(),
  version: z.string().max(100).optional(),
  parameters: z.record(z.string().max(200), z.union([z.string().max(10_000), z.number(), z.boolean()])).optional(),
});

/** How objects were found and linked (MIAPTE). */
export const trackingMethodSchema = z
  .object({
    detector: methodStepSchema.optional(),
    linker: methodStepSchema.optional(),
    positionUncertainty: z.object({ value: z.number(), unit: z.string().max(50) }).optional(),
  })
  .openapi('TrackingMethod');

export const trackSetSchema = z
  .object({
    part: z.number().int(),
    name: z.string(),
    counts: countsSchema,
    spaceUnit: z.string().optional(),
    timeUnit: z.string().optional(),
    frameInterval: z.number().optional(),
    hasZ: z.boolean(),
    entity: z.string(),
    extent: z.object({ x: range, y: range, z: range.optional(), frame: range }).optional(),
    imageName: z.string().optional(),
    imageSizes: z
      .object({
        x: z.number().optional(),
        y: z.number().optional(),
        z: z.number().optional(),
        t: z.number().optional(),
      })
      .optional(),
    pixelSize: z.object({ x: z.number().optional(), y: z.number().optional(), z: z.number().optional() }).optional(),
    columns: z.array(
      z.object({ name: z.string(), type: z.string(), unit: z.string().optional(), description: z.string().optional() }),
    ),
    software: z.string().optional(),
    softwareVersion: z.string().optional(),
    tracking: trackingMethodSchema.optional(),
  })
  .openapi('TrackSet');

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
  })
  .openapi('File');

/** State of the work on an item. `kept`: deposited as what it is, nothing could be made of it. */
export const ingestStateSchema = z.enum(['waiting', 'running', 'done', 'kept', 'failed']);

const privacyDecision = {
  rawText: z.enum(['accepted', 'withheld']).optional(),
  originals: z.enum(['accepted']).optional(),
};

/** What a depositor decides of private details: parts left out stay as they were. */
export const privacyDecisionSchema = z.object(privacyDecision).openapi('PrivacyDecision');

export const privacySchema = z
  .object({
    details: z.array(
      z.object({
        kind: z.enum(privateDetailKinds),
        value: z.string(),
        place: z.enum(['raw text', 'original']),
        file: z.string().optional(),
        field: z.string().optional(),
      }),
    ),
    hasRawText: z.boolean(),
    /** Can the server write copies of some of its files without what was found in them (`stripItem`)? */
    mayBeStripped: z.boolean().optional(),
    ...privacyDecision,
  })
  .openapi('Privacy');

/** Columns of a table by role; `dictionary` holds the data dictionary of its feature tables as JSON, by column name. */
export const itemMappingSchema = z
  .record(z.string().max(40), z.union([z.string().max(500_000), z.number()]))
  .refine(
    (mapping) => Object.entries(mapping).every(([key, value]) => key === 'dictionary' || String(value).length <= 200),
    'A column name has at most 200 characters',
  )
  .openapi('ItemMapping');

const featureKey = z.enum(['object', 'image', 'well', 'plate', 'gene', 'sample']);

/** A table of features: rows about objects, images, wells, genes or samples. Its values are in `table-<part>.parquet`. */
export const featureTableSchema = z
  .object({
    part: z.number().int(),
    name: z.string(),
    rows: z.number().int(),
    columns: z.array(
      z.object({
        name: z.string(),
        type: z.enum(['float', 'int', 'bool', 'string']),
        unit: z.string().optional(),
        meaning: z.string().optional(),
        term: z.object({ label: z.string(), id: z.string().optional() }).optional(),
        keyedTo: featureKey.optional(),
      }),
    ),
  })
  .openapi('FeatureTable');

export const itemSchema = z
  .object({
    id: z.string(),
    path: z.string(),
    files: z.array(z.string()),
    format: z.string(),
    formatVersion: z.string().optional(),
    kind: z.enum(['tracks', 'objects', 'image', 'table', 'metadata', 'unknown']),
    counts: countsSchema.optional(),
    trackSets: z.array(trackSetSchema),
    tables: z.array(featureTableSchema).optional(),
    images: z.array(imageSchema),
    plate: plateLayoutSchema.optional(),
    issues: z.array(issueSchema),
    conversions: z.array(
      z.object({
        recipe: z.string(),
        tool: z.string(),
        toolVersion: z.string(),
        parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
        madeAt: z.string(),
        outputs: z.array(z.object({ path: z.string(), size: z.number(), sha256: z.string() })),
      }),
    ),
    /** Only in drafts: what the files and their metadata tell of persons, and what was decided. */
    privacy: privacySchema.optional(),
    /** Only while the item's forms are being made: state and fraction done. */
    ingest: z.object({ state: ingestStateSchema, progress: z.number(), message: z.string().optional() }).optional(),
  })
  .openapi('Item');

const axis = z.enum(['x', 'y', 'z']);
const xyz = z.object({ x: z.number(), y: z.number(), z: z.number() });

export const pairSchema = z
  .object({
    imageItem: z.string(),
    image: z.number().int().min(0),
    trackItem: z.string(),
    part: z.number().int().min(0),
    mapping: z.object({
      axes: z.object({ x: axis, y: axis, z: axis }),
      scale: xyz,
      offset: xyz,
      firstFrame: z.number().int(),
      firstSlice: z.number().int(),
      channel: z.number().int().min(0).optional(),
    }),
    reason: z.enum([
      'image name recorded in the file',
      'same name',
      'challenge folder pair',
      'same frames and extent',
      'drawn by the depositor',
    ]),
    confirmed: z.boolean(),
    tracking: trackingMethodSchema.optional(),
  })
  .openapi('Pair');

export const datasetSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    imageItems: z.array(z.string()),
    quantitativeItems: z.array(z.string()),
  })
  .openapi('Dataset');

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
        /** Revisions of its metadata, newest first, the version as it was first published (0) last; left out where there are none. */
        revisions: z
          .array(z.object({ minor: z.number().int(), publishedAt: z.string(), note: z.string().optional() }))
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
    /** Raised by every saved change; the value of the ETag. */
    revision: z.number().int(),
    state: z.enum(['editing', 'publishing', 'published', 'discarded']),
    createdAt: z.string(),
    updatedAt: z.string(),
    metadata: metadataSchema,
    datasetTitles: z.record(z.string(), z.string()),
    note: z.string().optional(),
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

export const userSchema = z
  .object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(['owner', 'curator', 'member']) })
  .openapi('User');

/** What a token may be made for. */
export const tokenScopes = ['read', 'deposit', 'curate', 'admin:*'] as const;

export const tokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(tokenScopes)),
    createdAt: z.string(),
    expiresAt: z.string(),
    lastUsedAt: z.string().optional(),
    /** Accessions and names of communities it is limited to; left out where it is for all. */
    studies: z.array(z.string()).optional(),
    communities: z.array(z.string()).optional(),
  })
  .openapi('Token');

/** A device somebody is signed in on. */
export const sessionSchema = z
  .object({
    id: z.string(),
    /** What the browser calls itself. */
    device: z.string(),
    createdAt: z.string(),
    usedAt: z.string(),
    /** Is it the one that asks? */
    isThis: z.boolean(),
  })
  .openapi('Session');

/** A password that is chosen now: by length alone (ASVS 2.1.1, 2.1.2), and none that is tried first. */
export const newPasswordSchema = z.string().min(12).max(128);

export const statusSchema = z
  .object({
    version: z.string(),
    state: z.enum(['preparing', 'ready']),
    /** What is still being made, in words, with the fraction done. */
    preparing: z.array(
      z.object({ what: z.enum(['database', 'web bundle', 'demonstration study']), progress: z.number() }),
    ),
    /** Is there an owner account yet? */
    hasOwner: z.boolean(),
  })
  .openapi('Status');

export const totalsSchema = z
  .object({
    studies: z.number().int(),
    images: z.number().int(),
    objects: z.number().int(),
    files: z.number().int(),
    bytes: z.number().int(),
    countedAt: z.string(),
  })
  .openapi('Totals');
