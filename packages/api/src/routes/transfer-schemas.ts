import { z } from '@hono/zod-openapi';

/** Who owns a study, and to whom it is offered. */
export const transferSchema = z
  .object({
    accession: z.string(),
    title: z.string(),
    /** Name of the owner; empty where that account is closed, or not known after a rebuild. */
    owner: z.string(),
    /** May the sender offer it, or withdraw the offer? */
    canOffer: z.boolean(),
    /** The offer that is open. */
    offer: z
      .object({
        id: z.string(),
        to: z.string(),
        by: z.string(),
        text: z.string(),
        /** May the owner of before go on editing drafts? */
        keepsEditing: z.boolean(),
        offeredAt: z.string(),
        /** Is it the sender to whom the study is offered? */
        isMine: z.boolean(),
      })
      .optional(),
  })
  .openapi('Transfer');
