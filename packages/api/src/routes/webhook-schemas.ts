import { z } from '@hono/zod-openapi';

/** A thing told, or to be told. */
export const deliverySchema = z
  .object({
    id: z.string(),
    event: z.string(),
    createdAt: z.string(),
    tries: z.number().int(),
    state: z.enum(['delivered', 'waiting', 'given-up']),
    nextAt: z.string().optional(),
    status: z.number().int().optional(),
    fault: z.string().optional(),
  })
  .openapi('WebhookDelivery');

/** A webhook without its secret. */
export const webhookSchema = z
  .object({
    id: z.string(),
    target: z.string(),
    events: z.enum(['search', 'notices']),
    query: z.string(),
    createdAt: z.string(),
    deliveries: z.array(deliverySchema),
  })
  .openapi('Webhook');

/** A webhook to be made. */
export const newWebhookSchema = z.object({
  target: z.url().max(2000),
  events: z.enum(['search', 'notices']),
  /** Words of a search as they stand in its address: `q=mitosis&organism=Homo%20sapiens`. */
  query: z.string().max(4000).default(''),
});
