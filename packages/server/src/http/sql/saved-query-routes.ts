import { routes } from '@micrarium/api';
import { demand } from '@micrarium/repository';
import { citationBibtex, citationText, citedVersion, shownTitle } from '@micrarium/standards';
import { RateLimit } from '../../auth/rate-limit.ts';
import type { Application } from '../app.ts';
import { type HttpContext, remoteAddress } from '../context.ts';
import { demandService } from '../draft-access.ts';
import type { Kernel, Services } from '../kernel.ts';
import { Problem } from '../problems.ts';
import { mounted, originOf } from '../route.ts';
import { knownQuery, openAgain } from './open-again.ts';
import { keepQuery, type SavedQuery, studiesNamed, type UsedVersion } from './saved-queries.ts';
import type { StatementAnswers } from './sql-routes.ts';
import { mostRows, problemOfQuery } from './table-answer.ts';

const shared = { 'access-control-allow-origin': '*', 'cache-control': 'no-cache' };

/** Queries that are cited: kept with the versions they were asked of, and run again on them. */
export function savedQueryRoutes(
  app: Application,
  kernel: Kernel,
  services: () => Services,
  answers: StatementAnswers,
): void {
  const limit = new RateLimit([{ milliseconds: 3_600_000, tries: 60 }]);
  const known = async (id: string): Promise<SavedQuery> => {
    services();
    return await knownQuery(kernel.services()!, id);
  };

  app.openapi(mounted(routes.saveQuery), async (c) => {
    const madeBy = demandService(c, 'draft.create');
    services();
    const wait = limit.take(madeBy);
    if (wait > 0)
      throw new Problem('too-many-tries', `Ask again in ${wait} seconds.`, {
        headers: { 'retry-after': String(wait) },
      });
    const { title, statement, page } = c.req.valid('json');
    const ran = await answers.queries
      .run(kernel.services()!, statement, { format: 'json', rowLimit: mostRows.json, signal: c.req.raw.signal })
      .catch((fault: unknown) => {
        throw problemOfQuery(fault);
      });
    const versions = ran.versions.map(({ accession, version }): UsedVersion => ({ accession, version }));
    const named = ran.isCut ? undefined : studiesNamed(ran.columns, ran.rows ?? []);
    const kept = await keepQuery(kernel.services()!.db, {
      title,
      statement,
      page: page ?? `/sql?${new URLSearchParams({ q: statement })}`,
      versions,
      cited: named ? versions.filter(({ accession }) => named.has(accession)) : versions,
      rows: ran.rowCount,
      madeBy,
    });
    return c.json(await shapeOf(c, kernel, kept), 201);
  });

  app.openapi(mounted(routes.getQuery), async (c) =>
    c.json(await shapeOf(c, kernel, await known(c.req.valid('param').id)), 200, shared),
  );

  app.openapi(mounted(routes.runQuery), async (c) => {
    const query = await known(c.req.valid('param').id);
    const { versions, ...wanted } = c.req.valid('query');
    const given = versions === 'newest' ? undefined : await openAgain(kernel.services()!, query.versions);
    return (await answers.answer(c, { statement: query.statement, ...wanted }, given, query.id)) as never;
  });

  app.openapi(mounted(routes.citeQuery), async (c) => {
    const query = await known(c.req.valid('param').id);
    const isBibtex = c.req.valid('query').format === 'bibtex';
    const references = await referencesOf(c, kernel, query.cited, isBibtex);
    const own = isBibtex ? ownBibtex(c, kernel, query) : ownCitation(c, kernel, query);
    return c.text(`${[own, ...references].join('\n\n')}\n`, 200, shared) as never;
  });

  const citing = new RateLimit([{ milliseconds: 60_000, tries: 40 }]);
  app.openapi(mounted(routes.citeStudies), async (c) => {
    demand(c.var.subject, 'service.read', { kind: 'service' });
    services();
    const wait = citing.take(c.var.caller?.user.id ?? remoteAddress(c));
    if (wait > 0)
      throw new Problem('too-many-tries', `Ask again in ${wait} seconds.`, {
        headers: { 'retry-after': String(wait) },
      });
    const { studies, format } = c.req.valid('json');
    const once = [...new Map(studies.map((one) => [`${one.accession} ${one.version}`, one])).values()];
    const references = await referencesOf(c, kernel, once, format === 'bibtex');
    return c.text(`${references.join('\n\n')}\n`, 200, { 'access-control-allow-origin': '*' }) as never;
  });
}

/** References of versions that are open, in their order. */
async function referencesOf(
  c: HttpContext,
  kernel: Kernel,
  versions: readonly UsedVersion[],
  isBibtex: boolean,
): Promise<string[]> {
  const open = await openAgain(kernel.services()!, versions);
  return open.map((version) => {
    const one = citedVersion(version, studyAddress(c, kernel, version));
    return isBibtex ? citationBibtex(one) : citationText(one);
  });
}

const studyAddress = (c: HttpContext, kernel: Kernel, { accession, version }: UsedVersion) =>
  `${originOf(c, kernel.config.publicUrl)}/studies/${accession}/v/${version}`;
const queryAddress = (c: HttpContext, kernel: Kernel, id: string) =>
  `${originOf(c, kernel.config.publicUrl)}/queries/${id}`;

function ownCitation(c: HttpContext, kernel: Kernel, { id, title, madeAt }: SavedQuery): string {
  const address = queryAddress(c, kernel, id);
  return `${title} (${madeAt.slice(0, 4)}). Saved query ${id}, Micrarium at ${new URL(address).host}, ${madeAt.slice(0, 10)}. ${address}`;
}

function ownBibtex(c: HttpContext, kernel: Kernel, { id, title, madeAt }: SavedQuery): string {
  const plain = title.replaceAll(/[{}\\]/g, ' ');
  return `@misc{${id},\n  title = {${plain}},\n  year = {${madeAt.slice(0, 4)}},\n  note = {Saved query ${id}},\n  url = {${queryAddress(c, kernel, id)}}\n}`;
}

async function shapeOf(c: HttpContext, kernel: Kernel, query: SavedQuery) {
  const services = kernel.services()!;
  const open = new Map((await openAgain(services, query.cited)).map((version) => [version.accession, version]));
  const { madeBy, cited, ...rest } = query;
  return {
    ...rest,
    madeBy: madeBy === null ? '' : ((await services.people.nameOf(madeBy)) ?? ''),
    address: queryAddress(c, kernel, query.id),
    citation: ownCitation(c, kernel, query),
    cited: cited.map(({ accession, version }) => {
      const found = open.get(accession);
      const about = found && citedVersion(found, studyAddress(c, kernel, found));
      return {
        accession,
        version,
        title: shownTitle(found?.metadata.values.title),
        citation: about ? citationText(about) : '',
        isOpen: found !== undefined,
      };
    }),
  };
}
