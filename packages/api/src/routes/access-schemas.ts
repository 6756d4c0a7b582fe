import { z } from '@hono/zod-openapi';

/** A term for what data may be used, of the Data Use Ontology. */
export const dataUseSchema = z
  .object({
    /** CURIE, such as `DUO:0000042` (general research use). */
    code: z.string().regex(/^DUO:\d{7}$/),
    /** Which disease, region or project; months as a number; a day as YYYY-MM-DD. */
    of: z.string().trim().min(1).max(300).optional(),
    /** Identifier of that disease, such as `MONDO:0021042`. */
    id: z.string().trim().min(1).max(60).optional(),
  })
  .openapi('DataUse');

/** What a depositor declares of people in the data. */
export const declarationSchema = z
  .object({
    access: z.enum(['open', 'controlled']),
    /** Who reads files that are not open: who accepted the terms, or nobody here; left out, whose request is granted. */
    level: z.enum(['registered', 'closed']).optional(),
    /** Whom to ask about files that nobody reads here. */
    contact: z.string().trim().max(500).optional(),
    /** Does anything come from people? */
    human: z.boolean(),
    /** Can a person be recognised by it? */
    identifiable: z.boolean(),
    /** What those people agreed to. */
    consent: z.enum(['open', 'research', 'disease', 'none']),
    /** Which body approved it, under which number. */
    ethics: z.string().trim().max(2000),
    /** Law of which country data of people are under. */
    jurisdiction: z.string().trim().max(200).optional(),
    /** Who answers for data of people. */
    controller: z.string().trim().max(500).optional(),
    /** What whoever reads the files agrees to. */
    terms: z.string().trim().max(5000),
    /** For what the data may be used. */
    dataUse: z.array(dataUseSchema).max(20).optional(),
    /** Items of the draft that everybody may read although the others are given on request. */
    openItems: z
      .array(z.string().regex(/^[a-z2-7]{12}$/))
      .max(5000)
      .optional(),
    /** Items of the draft with a level of their own, wider than that of the study. */
    parts: z
      .array(z.object({ item: z.string().regex(/^[a-z2-7]{12}$/), level: z.enum(['registered', 'controlled']) }))
      .max(5000)
      .optional(),
  })
  .openapi('AccessDeclaration');

/** A rendering of a study whose files are not open, which a curator declared safe for everybody. */
export const safeRenderingSchema = z
  .object({
    /** Id of the item it is made of. */
    item: z.string().regex(/^[a-z2-7]{12}$/),
    /** Small pictures; the stored image the viewer reads; tables of objects, features and measures. */
    kind: z.enum(['pictures', 'image', 'tables']),
    reason: z.string(),
    at: z.string(),
  })
  .openapi('SafeRendering');

/** A request to read files that are given on request. */
export const accessRequestSchema = z
  .object({
    id: z.string(),
    /** `emergency`: opened for a day by who runs the installation, with a reason. */
    kind: z.enum(['request', 'emergency']),
    state: z.enum(['asked', 'granted', 'refused', 'ended']),
    name: z.string(),
    purpose: z.string(),
    institution: z.string(),
    /** What is to be done with the files; where the ethics document is; who else works with them. */
    plan: z.string(),
    ethics: z.string(),
    team: z.array(z.string()),
    /** What was asked back and answered before it was decided. */
    talk: z.array(z.object({ by: z.enum(['asker', 'deciders']), text: z.string(), at: z.string() })),
    reason: z.string(),
    askedAt: z.string(),
    decidedAt: z.string().optional(),
    until: z.string().optional(),
    /** Which state of the terms was agreed to; left out of requests from before it was noted. */
    termsVersion: z.string().optional(),
  })
  .openapi('AccessRequest');

/** A grant that counts now, for programs. */
export const permissionSchema = z
  .object({
    id: z.string(),
    /** Where it can be asked for again: a grant that ended is no longer there. */
    url: z.string(),
    issuer: z.object({ name: z.string(), url: z.string() }),
    study: z.object({ accession: z.string(), title: z.string(), url: z.string() }),
    holder: z.object({ name: z.string(), institution: z.string() }),
    /** Who works with the files besides; each reads them with a grant of their own. */
    team: z.array(z.string()),
    purpose: z.string(),
    askedAt: z.string(),
    grantedAt: z.string(),
    until: z.string(),
    terms: z.object({ version: z.string(), text: z.string(), agreedAt: z.string() }),
    /** What was agreed to, by the Data Use Ontology. */
    dataUse: z.array(
      dataUseSchema.extend({
        /** Address of the term. */
        iri: z.string(),
        short: z.string(),
        label: z.string(),
      }),
    ),
    /** The same in the words of the Global Alliance for Genomics and Health, not signed. */
    ga4gh_visa_v1: z.object({
      type: z.literal('ControlledAccessGrants'),
      /** Seconds since 1970. */
      asserted: z.number(),
      value: z.string(),
      source: z.string(),
      by: z.literal('dac'),
    }),
  })
  .openapi('AccessPermission');

/** How the files of a study are read, as the sender of the request may know it. */
export const accessSchema = z
  .object({
    accession: z.string(),
    title: z.string(),
    state: z.enum(['published', 'embargoed', 'controlled', 'withdrawn']),
    /** Who reads files that are not open; left out of other states. */
    level: z.enum(['registered', 'controlled', 'closed']).optional(),
    declaration: declarationSchema.optional(),
    /** When the sender accepted the terms as they stand now. */
    acceptedAt: z.string().optional(),
    /** State of what one agrees to when asking now: changes with every word of it. */
    termsVersion: z.string().optional(),
    /** Levels of their own that parts of the study have, wider than its own. */
    partLevels: z.array(z.enum(['registered', 'controlled'])),
    /** Of these, what the sender reads already. */
    readsParts: z.array(z.enum(['registered', 'controlled'])),
    /** Renderings that everybody may see although the files are not open. */
    safe: z.array(safeRenderingSchema),
    /** May the sender declare renderings safe? */
    mayDeclareSafe: z.boolean(),
    /** May the sender read the files now? */
    mayRead: z.boolean(),
    /** Does the sender decide on requests? */
    decides: z.boolean(),
    /** Does the sender answer for the study? */
    isAuthor: z.boolean(),
    /** May the sender open the files in an emergency? */
    mayOpen: z.boolean(),
    mine: z.array(accessRequestSchema),
    /** All requests: to those who decide and those who answer for the study. */
    requests: z.array(accessRequestSchema).optional(),
    /** Who decides, where somebody is named. */
    committee: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
    /** Decisions and readings, newest first: to those who decide and those who answer for the study. */
    events: z
      .array(
        z.object({
          at: z.string(),
          name: z.string(),
          action: z.string(),
          /** What was read; empty where nothing was. */
          path: z.string(),
          /** Size of the file, where one file of the study was read. */
          bytes: z.number().optional(),
        }),
      )
      .optional(),
  })
  .openapi('Access');
