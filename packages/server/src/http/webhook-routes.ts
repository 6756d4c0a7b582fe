import { routes } from '@micrarium/api';
import { AddressRefused } from '../outside/public-file.ts';
import { mostWebhooks } from '../webhooks/webhooks.ts';
import type { Application } from './app.ts';
import type { Kernel, Services } from './kernel.ts';
import { inPerson, limiter } from './people-routes.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** Webhooks of who asks: made, seen and ended in person, never with a token. */
export function webhookRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const limit = limiter(10);
  app.openapi(mounted(routes.listWebhooks), async (c) => {
    const userId = inPerson(c);
    return c.json({ webhooks: await services().webhooks.list(userId) }, 200, unstored);
  });
  app.openapi(mounted(routes.makeWebhook), async (c) => {
    const userId = inPerson(c);
    limit(userId);
    const { webhooks } = services();
    const made = await webhooks.make(userId, c.req.valid('json')).catch((fault: unknown) => {
      if (!(fault instanceof AddressRefused)) throw fault;
      throw new Problem('request-invalid', fault.message, { cause: fault });
    });
    if (!made) throw new Problem('state-conflict', `There are ${mostWebhooks} already. End one first.`);
    void webhooks.drain().catch((fault: unknown) => kernel.noteFault(fault, 'webhooks'));
    return c.json(made, 201, unstored);
  });
  app.openapi(mounted(routes.removeWebhook), async (c) => {
    const userId = inPerson(c);
    if (!(await services().webhooks.remove(userId, c.req.valid('param').id))) throw new Problem('not-found');
    return c.body(null, 204);
  });
}
