import { readShortLink } from '@micrarium/api';
import type { Application } from './app.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { versionFor } from './study-access.ts';

/** `/s/…`: leads to the view that a short link stands for. */
export function shortLinkRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  app.get('/s/:code', async (c, next) => {
    if (!kernel.services()) return await next();
    const link = readShortLink(c.req.param('code'), new URL(c.req.url).search);
    if (!link) return await next();
    // What is public only: a link is followed by anybody.
    c.set('subject', { kind: 'anonymous' });
    const found = await versionFor(c, services(), link.accession, link.version).catch((fault: unknown) => {
      if (fault instanceof Problem && fault.code === 'not-found') return undefined;
      throw fault;
    });
    const items = found?.items.filter(({ id }) => id.startsWith(link.item)) ?? [];
    if (items.length !== 1) return await next();
    const query = [...(link.image > 0 ? [`image=${link.image}`] : []), ...(link.view === '' ? [] : [link.view])];
    const address = `/viewer/${link.accession}/${link.version}/${items[0]!.id}`;
    return c.redirect(query.length > 0 ? `${address}?${query.join('&')}` : address, 302);
  });
}
