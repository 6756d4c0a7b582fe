import { routes } from '@micrarium/api';
import {
  citationText,
  citedVersion,
  dataciteRelations,
  licenceById,
  readRelations,
  relationsKey,
  relationUrl,
  shownTitle,
} from '@micrarium/standards';
import { isHidden } from '../states/study-states.ts';
import { beginAddition, commentAddition } from '../additions/additions.ts';
import { additionsTo } from '../additions/study-relations.ts';
import { titleOf } from '../questions/authors.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { demandService } from './draft-access.ts';
import type { Kernel, Services } from './kernel.ts';
import { limiter } from './people-routes.ts';
import { Problem } from './problems.ts';
import { demandAuthor, readerOf } from './question-routes.ts';
import { mounted, originOf } from './route.ts';
import { type FoundVersion, versionFor } from './study-access.ts';

const unstored = { 'cache-control': 'private, no-store' };

/** A study that a version says it was made of, with the title where it is here and can be read. */
export interface MadeOf {
  kind: 'annotates' | 're-analyses' | 'derived';
  target: string;
  version?: number;
  url: string;
  title?: string;
  note?: string;
  relation: string;
}

/** What a version says it was made of. */
export async function madeOf({ db, states }: Services, { accession, metadata }: FoundVersion): Promise<MadeOf[]> {
  const told = readRelations(metadata.values[relationsKey]).filter(({ target }) => target !== accession);
  return await Promise.all(
    told.map(async (one) => {
      const isHere = relationUrl(one).startsWith('/');
      const state = isHere ? await states.of(one.target) : undefined;
      const isOpen = state !== undefined && state.state !== 'withdrawn' && !isHidden(state);
      const title = isOpen ? await titleOf(db, one.target) : one.target;
      return {
        ...one,
        url: relationUrl(one),
        relation: dataciteRelations[one.kind][0],
        // What has no title, or is not there, stands by its accession, once.
        ...(title === one.target ? {} : { title }),
      };
    }),
  );
}

/** Additions to a study, each with its citation. */
export async function citedAdditions(services: Services, accession: string, origin: string) {
  const all = await additionsTo(services.db, accession);
  return await Promise.all(
    all.map(async (one) => {
      const found = await services.studies.getVersion(one.accession, one.version);
      const address = `${origin}/studies/${one.accession}/v/${one.version}`;
      return { ...one, citation: found ? citationText(citedVersion(found, address)) : one.title };
    }),
  );
}

/** Annotations, re-analyses and derived data that others make of a study. */
export function additionRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const limitMaking = limiter(10);
  const found = async (c: HttpContext, accession: string) => await versionFor(c, services(), accession, 'newest');

  app.openapi(mounted(routes.listAdditions), async (c) => {
    const { accession } = c.req.valid('param');
    const version = await found(c, accession);
    const { reader } = await readerOf(c, services(), accession);
    const { title, licence } = version.metadata.values;
    return c.json(
      {
        accession,
        version: version.version,
        title: shownTitle(title, accession),
        licence: typeof licence === 'string' ? licence : '',
        of: await madeOf(services(), version),
        additions: await citedAdditions(services(), accession, originOf(c, kernel.config.publicUrl)),
        isAuthor: reader.isAuthor,
      },
      200,
      unstored,
    );
  });

  app.openapi(mounted(routes.beginAddition), async (c) => {
    const { accession } = c.req.valid('param');
    const id = demandService(c, 'draft.create');
    limitMaking(id);
    const newest = await found(c, accession);
    const { version = newest.version, ...input } = c.req.valid('json');
    if (input.licence !== '' && !licenceById(input.licence))
      throw new Problem('request-invalid', 'This licence is not known here.');
    const draft = await beginAddition(services(), { accession, version }, input, { id });
    const answer = { draft: draft.id, accession: draft.accession, path: `/deposit/${draft.id}` };
    return c.json(answer, 201, unstored);
  });

  app.openapi(mounted(routes.commentAddition), async (c) => {
    const { accession, addition } = c.req.valid('param');
    await demandAuthor(c, services(), accession);
    if (!(await additionsTo(services().db, accession)).some((one) => one.accession === addition))
      throw new Problem('not-found');
    const by = signedIn(c).caller.user.id;
    await commentAddition(services().db, { accession, addition }, c.req.valid('json').text, by);
    await services().keepNotes();
    return c.body(null, 204);
  });
}
