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
