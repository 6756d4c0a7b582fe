import { z } from '@hono/zod-openapi';
import { chosenNoticeKinds, noticeKinds } from '../notice-kinds.ts';

/** What somebody wants of a kind: by mail at once, in one mail a day, on the page only, or not at all. All but the last stand on the page too. */
export const noticeChoiceSchema = z.enum(['mail', 'digest', 'page', 'none']);

export const noticeSchema = z
  .object({
    id: z.number().int(),
    kind: z.enum(noticeKinds),
    /** Page of this server that it is about. */
    link: z.string(),
    /** What stands in its sentence: title, accession, name, day, count. */
    detail: z.record(z.string(), z.union([z.string(), z.number()])),
    at: z.string(),
    isRead: z.boolean(),
  })
  .openapi('Notice');

export const noticesSchema = z.object({
  notices: z.array(noticeSchema),
  unread: z.number().int(),
  /** Older ones: ask with this as `before`. */
  before: z.number().int().nullable(),
});

export const noticeChoicesSchema = z.object({
  choices: z.array(z.object({ kind: z.enum(chosenNoticeKinds), choice: noticeChoiceSchema })),
  /** Does this installation send mail at all? */
  sendsMail: z.boolean(),
});

export const mailStateSchema = z.object({
  isOn: z.boolean(),
  from: z.string().optional(),
  waiting: z.number().int(),
  /** Tried at least once, and not gone. */
  failing: z.number().int(),
  sent: z.number().int(),
  lastFault: z.string().optional(),
});
