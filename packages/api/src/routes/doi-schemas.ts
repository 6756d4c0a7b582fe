import { z } from '@hono/zod-openapi';

/** `asked`: the registrar has not answered yet; `draft`: reserved; `findable`: registered. */
const state = z.enum(['asked', 'draft', 'findable']);
/** What the registrar last said against it. */
const fault = z.string().optional();

/** The DOI of a study that is being deposited. */
export const doiSchema = z
  .object({
    /** Does this installation register DOIs? */
    isOffered: z.boolean(),
    /** The one of the study in all versions; it leads to the newest. */
    doi: z.string().optional(),
    state: state.optional(),
    fault,
    /** The one that names the version the draft becomes. */
    versionDoi: z.string().optional(),
  })
  .openapi('Doi');

const known = z.object({ doi: z.string(), state, fault });

/** All DOIs of a published study. */
export const studyDoisSchema = z
  .object({
    /** Does this installation register DOIs? */
    isOffered: z.boolean(),
    /** May who asks give the study and its data sets DOIs? */
    canAsk: z.boolean(),
    title: z.string(),
    /** The one of the study in all versions; it leads to the newest. */
    study: known.optional(),
    versions: z.array(known.extend({ version: z.number().int() })),
    /** Data sets of the newest version, and earlier ones that have a DOI. */
    datasets: z.array(z.object({ dataset: z.string(), title: z.string(), doi: known.optional() })),
  })
  .openapi('StudyDois');

/** What is asked a DOI for: a data set, or the study where none is named. */
export const doiQuestionSchema = z.object({ dataset: z.string().max(100).optional() });

/** Which DOIs are listed: those the registrar is still to be told of, those it refused, those it holds otherwise, or all. */
export const doiShowSchema = z.enum(['waiting', 'refused', 'different', 'all']);

/** What the registrar holds otherwise than it should. */
const difference = z.object({
  code: z.enum(['doi-missing', 'doi-state', 'doi-url', 'doi-target', 'doi-metadata']),
  wanted: z.string(),
  held: z.string(),
  fields: z.array(z.string()).optional(),
});

/** All DOIs of the installation, and how they stand with the registrar. */
export const doiListSchema = z
  .object({
    /** The account they are registered by; left out where the installation registers none. */
    registrar: z.object({ url: z.string(), repository: z.string(), prefix: z.string() }).optional(),
    counts: z.object({ waiting: z.number(), refused: z.number(), different: z.number(), all: z.number() }),
    dois: z.array(
      z.object({
        doi: z.string(),
        accession: z.string(),
        version: z.number().int().optional(),
        dataset: z.string().optional(),
        state,
        isDue: z.boolean(),
        /** Tries that failed since it was last told. */
        tries: z.number().int(),
        nextAt: z.string().optional(),
        fault,
        checkedAt: z.string().optional(),
        differences: z.array(difference).optional(),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .openapi('DoiList');
