import { routes } from '@micrarium/api';
import { demand } from '@micrarium/repository';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { hasOwner } from '../auth/owner-link.ts';
import type { HttpEnvironment } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { mounted } from './route.ts';

/** Status and totals. */
export function serviceRoutes(app: OpenAPIHono<HttpEnvironment>, kernel: Kernel, services: () => Services): void {
  app.openapi(mounted(routes.status), async (c) => {
    const ready = kernel.services();
    const preparing = kernel.preparing();
    return c.json(
      {
        version: kernel.version,
        state: ready ? ('ready' as const) : ('preparing' as const),
        preparing,
        hasOwner: ready ? await hasOwner(ready.db) : false,
      },
      200,
      { 'cache-control': 'no-store' },
    );
  });

  app.openapi(mounted(routes.totals), async (c) => {
    demand(c.var.subject, 'service.read', { kind: 'service' });
    const { studies, clock } = services();
    return c.json({ ...(await studies.totals()), countedAt: clock.now().toISOString() }, 200, {
      'cache-control': 'public, max-age=10',
    });
  });
}
