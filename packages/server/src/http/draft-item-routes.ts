import { routes } from '@micrarium/api';
import { askToIngest, decidePrivacy, setItemMapping, stripItem } from '@micrarium/repository';
import { noteAlone } from '../audit/audit-log.ts';
import type { Application } from './app.ts';
import { noteReview } from './access-routes.ts';
import { demandConsent, demandFilesOpen, draftFor } from './draft-access.ts';
import { sendItemContent } from './item-content.ts';
import type { Services } from './kernel.ts';
import { limiter } from './people-routes.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';
import { draftItemShape } from './shapes.ts';

/** Items of drafts: their stored forms, and corrections of what a column means. */
export function draftItemRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.getDraftItemContent), async (c) => {
    const { draft: id, item: itemId, path } = c.req.valid('param');
    const { studies } = services();
    const draft = await draftFor(c, services(), id, 'draft.read');
    const row = await studies.getItem(draft.id, itemId);
    if (!row) throw new Problem('not-found');
    await noteReview(c, services(), draft, `${row.item.path}/${path}`);
    const askForForms = async () => {
      // Forms that are being made come by themselves; those that were dropped are made again.
      if (row.state === 'done') await studies.updateItem(draft.id, itemId, { state: 'waiting', progress: 0 });
      await askToIngest(services(), draft.id, itemId);
    };
    const digestOf = async (name: string) => (await studies.getFile(draft.id, name))?.sha256;
    const home = { item: row.item, digestOf, askForForms, isDraft: true };
    return (await sendItemContent(c, services(), home, path)) as never;
  });

  app.openapi(mounted(routes.decidePrivacy), async (c) => {
    const { draft: id, item } = c.req.valid('param');
    const draft = await draftFor(c, services(), id, 'draft.edit');
    const { rawText, originals } = c.req.valid('json');
    const decision = { ...(rawText ? { rawText } : {}), ...(originals ? { originals } : {}) };
    const row = await decidePrivacy(services(), draft.id, item, decision);
    return c.json(draftItemShape(row, { seesFindings: true }), 200, { 'cache-control': 'private, no-store' });
  });

  const limitStripping = limiter(30);
  app.openapi(mounted(routes.stripItem), async (c) => {
    const { draft: id, item } = c.req.valid('param');
    const draft = await draftFor(c, services(), id, 'draft.edit');
    if (!(await services().studies.getItem(draft.id, item))) throw new Problem('not-found');
    await demandFilesOpen(services(), draft.id);
    await demandConsent(services(), draft.id);
    limitStripping(draft.id);
    const files = await stripItem(services(), draft.id, item, c.req.raw.signal);
    if (files.length === 0)
      throw new Problem(
        'state-conflict',
        'Nothing that was found in these files can be taken out here. Clean them with the program that wrote them, and put the cleaned ones in; or accept them as they are.',
      );
    for (const { path, count, before, after } of files)
      await noteAlone(services().db, 'file.strip', draft.accession, { path, count, before, after });
    return c.json({ files }, 200, { 'cache-control': 'private, no-store' });
  });

  app.openapi(mounted(routes.setItemMapping), async (c) => {
    const { draft: id, item } = c.req.valid('param');
    const draft = await draftFor(c, services(), id, 'draft.edit');
    // A revision has the items of its version: what is said here would be lost.
    if (await services().studies.getItem(draft.id, item)) await demandFilesOpen(services(), draft.id);
    const row = await setItemMapping(services(), draft.id, item, c.req.valid('json'));
    return c.json(draftItemShape(row, { seesFindings: true }), 202, { 'cache-control': 'private, no-store' });
  });
}
