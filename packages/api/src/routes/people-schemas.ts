import { z } from '@hono/zod-openapi';

/** Roles of an installation. */
export const roleSchema = z.enum(['owner', 'curator', 'member']);

/** Accounts and open invitations, for the owner of the installation. */
export const peopleSchema = z
  .object({
    people: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        email: z.string(),
        role: roleSchema,
        isClosed: z.boolean(),
        /** Does signing in ask for a code of an app? */
        hasCodes: z.boolean(),
      }),
    ),
    invitations: z.array(
      z.object({
        id: z.string(),
        role: roleSchema,
        email: z.string().optional(),
        createdAt: z.string(),
        expiresAt: z.string(),
      }),
    ),
  })
  .openapi('People');

/** With whom a study is shared. */
export const sharesSchema = z
  .object({
    /** Study that is shared. */
    accession: z.string(),
    shares: z.array(
      z.object({
        id: z.string(),
        access: z.enum(['view', 'edit']),
        name: z.string(),
        kind: z.enum(['person', 'group']),
      }),
    ),
  })
  .openapi('Shares');

/** A laboratory or collaboration with its members. */
export const teamSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    members: z.array(z.object({ id: z.string(), name: z.string(), leads: z.boolean() })),
  })
  .openapi('Group');

/** Groups of the sender. */
export const teamsSchema = z.object({ teams: z.array(teamSchema) }).openapi('Groups');
