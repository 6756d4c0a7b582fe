import { routes } from '@micrarium/api';
import { demand } from '@micrarium/repository';
import { RateLimit } from '../../auth/rate-limit.ts';
import { lakeDefinitions } from '../../sql/lake-manifest.ts';
import { views } from '../../sql/views.ts';
import type { ResultFormat } from '../../sql/query-messages.ts';
import type { Application } from '../app.ts';
import { type HttpContext, remoteAddress } from '../context.ts';
import type { Kernel, Services } from '../kernel.ts';
import { Problem } from '../problems.ts';
import { mounted } from '../route.ts';
import { openVersions } from '../ssbd/ssbd-sets.ts';
import type { FoundVersion } from '../study-access.ts';
import { savedQueryRoutes } from './saved-query-routes.ts';
import { fileAnswer, formatAsked, mostRows, problemOfQuery } from './table-answer.ts';
import { TableQueries } from './table-queries.ts';

const usualRows = 1000;
/** Studies of a page of the manifest. */
const usualStudies = 1000;
const shared = { 'access-control-allow-origin': '*' };

/** Statements somebody may run in a minute: who has an account, and who has none. */
const perMinute = { known: 120, unknown: 40 } as const;

/** Statements of one asker that run or wait at once: nobody takes every turn. */
const atOnce = { known: 6, unknown: 4 } as const;

/** Answers statements, for all routes that run some. */
export interface StatementAnswers {
  queries: TableQueries;
  /**
   * Runs a statement and answers with its rows in the form asked for.
   * @param given the versions it is run on; the newest open ones where left out
   * @param name of a file
   */
  answer(
    c: HttpContext,
    asked: { statement: string; limit?: number | undefined; format?: ResultFormat | undefined },
    given?: readonly FoundVersion[],
    name?: string,
  ): Promise<Response>;
}

/** SQL over everything that is public. */
export function sqlRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const queries = new TableQueries(kernel.config.data, kernel.config.sql);
  const limits = {
    known: new RateLimit([{ milliseconds: 60_000, tries: perMinute.known }]),
    unknown: new RateLimit([{ milliseconds: 60_000, tries: perMinute.unknown }]),
  };
  const limitTries = (c: HttpContext) => {
    const { caller } = c.var;
    const wait = caller ? limits.known.take(caller.user.id) : limits.unknown.take(remoteAddress(c));
    if (wait > 0)
      throw new Problem('too-many-tries', `Ask again in ${wait} seconds.`, {
        headers: { 'retry-after': String(wait) },
      });
  };
  const asking = new Map<string, number>();
  /** Counts a statement of an asker for as long as it takes. @throws Problem `sql-busy` where others of theirs are enough */
  const inTurn = async <Result>(c: HttpContext, run: () => Promise<Result>): Promise<Result> => {
    const { caller } = c.var;
    const who = caller ? `user ${caller.user.id}` : `address ${remoteAddress(c)}`;
    const now = asking.get(who) ?? 0;
    if (now >= (caller ? atOnce.known : atOnce.unknown))
      throw new Problem('sql-busy', `${now} statements of yours are being run. Wait for one of them.`, {
        headers: { 'retry-after': '5' },
      });
    asking.set(who, now + 1);
    try {
      return await run();
    } finally {
      const left = (asking.get(who) ?? 1) - 1;
      if (left > 0) asking.set(who, left);
      else asking.delete(who);
    }
  };
  const answer: StatementAnswers['answer'] = async (c, asked, given, name = 'micrarium-query') => {
    demand(c.var.subject, 'service.read', { kind: 'service' });
    services();
    limitTries(c);
    const format = formatAsked(asked.format, c.req.header('accept'));
    const most = format === 'json' ? mostRows.json : mostRows.file;
    const rowLimit = Math.min(asked.limit ?? (format === 'json' ? usualRows : most), most);
    const wanted = { format, rowLimit, signal: c.req.raw.signal };
    // What lies open to everybody, whoever asks: a private link opens nothing here.
    const run = () => queries.run(kernel.services()!, asked.statement, wanted, given);
    const ran = await inTurn(c, run).catch((fault: unknown) => {
      throw problemOfQuery(fault);
    });
    const { columns, rows, rowCount, isCut, milliseconds, leftOut, versions } = ran;
    const about = {
      'micrarium-rows': String(rowCount),
      'micrarium-cut': String(isCut),
      'micrarium-left-out': String(leftOut),
    };
    if (ran.file !== undefined) return await fileAnswer(ran.file, name, format, ran.drop, { ...shared, ...about });
    const result = { columns, rows: rows ?? [], rowCount, isCut, milliseconds, leftOut, studies: versions.length };
    return c.json(result, 200, { ...shared, 'cache-control': 'no-store' });
  };
  savedQueryRoutes(app, kernel, services, { queries, answer });
  app.openapi(mounted(routes.runSql), async (c) => (await answer(c, c.req.valid('json'))) as never);
  app.openapi(mounted(routes.getSql), async (c) => {
    const { q: statement, ...rest } = c.req.valid('query');
    return (await answer(c, { statement, ...rest })) as never;
  });
  app.openapi(mounted(routes.getLakeManifest), async (c) => {
    demand(c.var.subject, 'service.read', { kind: 'service' });
    limitTries(c);
    const { accession, after, limit = usualStudies } = c.req.valid('query');
    const open = (await openVersions(services())).toSorted((a, b) => (a.accession < b.accession ? -1 : 1));
    const asked = open.filter((one) => (accession ? one.accession === accession : !after || one.accession > after));
    const versions = asked.slice(0, limit);
    const next = asked.length > limit ? versions.at(-1)!.accession : null;
    const manifest = await queries.manifest(services(), versions);
    const about = { layout: 'hive' as const, folder: 'lake', definitions: lakeDefinitions };
    return c.json({ ...about, ...manifest, next }, 200, { ...shared, 'cache-control': 'no-store' });
  });
  app.openapi(mounted(routes.listSqlViews), (c) => {
    const { seconds, megabytes } = kernel.config.sql;
    // Who asks for the names of the views writes a statement next.
    if (kernel.services()) queries.makeReady();
    const described = views.map(({ columns, ...view }) => ({ ...view, columns: [...columns] }));
    return c.json({ views: described, limits: { seconds, megabytes, rows: mostRows.file } }, 200, {
      ...shared,
      'cache-control': 'public, max-age=300',
    });
  });
}
