import { z } from '@hono/zod-openapi';

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
