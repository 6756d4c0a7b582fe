import { routes } from '@micrarium/api';
import { Refused } from '@micrarium/repository';
import { DraftImports, ImportBusy } from '../imports/draft-imports.ts';
import { findDropFolder } from '../imports/drop-folder.ts';
import { ImportRefused } from '../imports/import-source.ts';
import { listImport } from '../imports/list-import.ts';
import { type NamedSource, openSource, placeOf } from '../imports/open-source.ts';
import { AddressRefused, isPublicAddress } from '../outside/public-file.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { demandConsent, demandFilesOpen, draftFor } from './draft-access.ts';
import type { Kernel, Services } from './kernel.ts';
import { limiter } from './people-routes.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** What a fault of a source is to the person who named it. */
function told(fault: unknown): unknown {
  if (fault instanceof ImportBusy) return new Problem('state-conflict', fault.message, { cause: fault });
  if (fault instanceof Refused)
    return new Problem('request-invalid', fault.message, { issues: fault.issues, cause: fault });
  if (fault instanceof ImportRefused || fault instanceof AddressRefused)
    return new Problem('request-invalid', fault.message, { cause: fault, members: { reason: fault.reason } });
  if ((fault as Error).name === 'TimeoutError')
    return new Problem('request-invalid', 'The source did not answer in time.', {
      cause: fault,
      members: { reason: { code: 'not-in-time' } },
    });
  return fault;
}

/** Files that the server brings into drafts itself. */
export function importRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const { dropFolder, importHosts, maxUploadBytes } = kernel.config;
  const imports = new DraftImports(maxUploadBytes, (fault) => kernel.noteFault(fault, 'import'));
  const limitTries = limiter(20);

  const openDraft = async (c: HttpContext, id: string, isLook = false) => {
    const draft = await draftFor(c, services(), id, 'draft.edit');
    await demandFilesOpen(services(), draft.id, isLook);
    await demandConsent(services(), draft.id);
    if (draft.state !== 'editing') throw new Problem('state-conflict', `The draft is ${draft.state}.`);
    return draft;
  };

  const sourceOf = async (c: HttpContext, named: NamedSource) => {
    const { user } = signedIn(c).caller;
    const isOurs = (host: string) => importHosts.includes(host);
    const mine = named.kind === 'drop-folder' ? await findDropFolder(dropFolder, user) : undefined;
    if (named.kind === 'drop-folder' && mine === undefined)
      throw new Problem('not-found', 'There is no drop folder for you on this server: its operator makes one.');
    return openSource(named, {
      rule: (address, host) => isPublicAddress(address) || isOurs(host),
      mayBePlain: isOurs,
      dropFolder: mine,
    });
  };

  const stateOf = async (c: HttpContext, draftId: string) => {
    const run = await imports.stateOf(services().db, draftId);
    const hasDropFolder = (await findDropFolder(dropFolder, signedIn(c).caller.user)) !== undefined;
    return { hasDropFolder, ...(run ? { run } : {}) };
  };

  app.openapi(mounted(routes.listImport), async (c) => {
    const draft = await openDraft(c, c.req.valid('param').draft, true);
    limitTries(signedIn(c).caller.user.id);
    try {
      const source = await sourceOf(c, c.req.valid('json'));
      const listing = await listImport(source, { studies: services().studies, draftId: draft.id }, c.req.raw.signal);
      return c.json(listing, 200, unstored);
    } catch (fault) {
      throw told(fault);
    }
  });

  app.openapi(mounted(routes.startImport), async (c) => {
    const draft = await openDraft(c, c.req.valid('param').draft);
    const { id: userId } = signedIn(c).caller.user;
    limitTries(userId);
    const { source: named, files } = c.req.valid('json');
    try {
      await imports.start(services(), {
        draftId: draft.id,
        userId,
        kind: named.kind,
        place: placeOf(named),
        source: await sourceOf(c, named),
        files,
        demand: async () => void (await openDraft(c, draft.id)),
      });
    } catch (fault) {
      throw told(fault);
    }
    return c.json(await stateOf(c, draft.id), 202, unstored);
  });

  app.openapi(mounted(routes.getImport), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.read');
    return c.json(await stateOf(c, draft.id), 200, unstored);
  });

  app.openapi(mounted(routes.cancelImport), async (c) => {
    const draft = await draftFor(c, services(), c.req.valid('param').draft, 'draft.edit');
    await imports.cancel(services().db, draft.id);
    return c.body(null, 204);
  });
}
