import { createHash } from 'node:crypto';
import { ReadableStream } from 'node:stream/web';
import { routes } from '@micrarium/api';
import {
  exportCmsoPackage,
  exportItem,
  type ExportStream,
  exportVersion,
  FormNotMade,
  measureItem,
  readExportLosses,
  Refused,
  requireTracks,
  type ObjectsQuery,
  type RowTable,
  type StoredFile,
  tablePage,
} from '@micrarium/repository';
import type { Application } from './app.ts';
import { pageSize, readCursor, writeCursor } from './cursors.ts';
import type { ResultFormat } from '../sql/query-messages.ts';
import type { HttpContext } from './context.ts';
import { rowFile } from './sql/row-files.ts';
import { formatAsked, tableEndings, tableMedia } from './sql/table-answer.ts';
import type { ItemHome } from './item-content.ts';
import type { Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';
import { matchesTag } from './ranges.ts';
import { disposition } from './send-file.ts';
import { itemHome } from './study-routes.ts';
import { versionFor } from './study-access.ts';

/** Answers are made of what never changes, by a program that may. */
const dataHeaders = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=3600' };

/** Rows of a page in JSON, at most. */
const mostRowsInJson = 1000;

type ItemAt = { accession: string; version: number; item: string };
type RowsAsked = Omit<ObjectsQuery, 'box' | 'limit'> & {
  box?: string | undefined;
  limit?: number | undefined;
  format?: ResultFormat | undefined;
};

/** Runs something that reads stored forms; has them made again where they were dropped. */
async function withForms<Result>(home: ItemHome, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (fault) {
    if (!(fault instanceof FormNotMade)) throw fault;
    await home.askForForms();
    const headers = { 'retry-after': '2' };
    throw new Problem('form-being-made', 'It is made from the originals; ask again in a moment.', {
      headers,
      cause: fault,
    });
  }
}

/** An export as an answer that is made while it is sent. Codes of what the target does not hold stand in a header. */
export function exportResponse({ fileName, mediaType, losses, stream }: ExportStream, isHead: boolean): Response {
  const headers = {
    ...dataHeaders,
    'content-type': mediaType,
    'content-disposition': disposition('attachment', fileName),
    ...(losses.length > 0 ? { 'micrarium-losses': [...new Set(losses.map((loss) => loss.code))].join(', ') } : {}),
  };
  if (isHead) void stream.return(undefined);
  return new Response(isHead ? null : (ReadableStream.from(stream) as unknown as BodyInit), { headers });
}

/** Digests and sizes of an item's files. */
async function memberFiles(
  services: Services,
  at: { accession: string; version: number },
  home: ItemHome,
): Promise<StoredFile[]> {
  const rows = await Promise.all(
    home.item.files.map((path) => services.studies.getVersionFile(at.accession, at.version, path)),
  );
  return rows.filter((row) => row !== undefined);
}

/** What is in the items: rows, measures, exports; and the export of a whole version. */
export function itemDataRoutes(app: Application, services: () => Services): void {
  const rows = async (c: HttpContext, at: ItemAt, table: RowTable, asked: RowsAsked) => {
    const home = await itemHome(c, services(), at);
    const { format: wanted, limit = pageSize, box, cursor, ...query } = asked;
    const place = readCursor(cursor);
    const format = formatAsked(wanted, c.req.header('accept'));
    const filled = {
      ...query,
      ...(place === undefined ? {} : { cursor: place }),
      ...(box === undefined ? {} : { box: box.split(',').map(Number) }),
      limit: format === 'json' ? Math.min(limit, mostRowsInJson) : limit,
    };
    const found = await withForms(home, () => tablePage(services(), home.item, table, filled));
    const page = { ...found, nextCursor: found.nextCursor === null ? null : writeCursor(found.nextCursor) };
    const headers: Record<string, string> = { ...dataHeaders, vary: 'accept' };
    if (page.nextCursor !== null) {
      const next = new URL(c.req.url);
      next.searchParams.set('cursor', page.nextCursor);
      headers['link'] = `<${next.pathname}${next.search}>; rel="next"`;
    }
    headers['content-type'] = tableMedia[format];
    if (format !== 'json')
      headers['content-disposition'] = disposition('attachment', `${table}.${tableEndings[format]}`);
    const bytes = format === 'json' ? new TextEncoder().encode(JSON.stringify(page)) : await rowFile(page, format);
    headers['etag'] = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
    const isKnown = matchesTag(c.req.header('if-none-match'), headers['etag']);
    return new Response(isKnown ? null : (bytes as Uint8Array<ArrayBuffer>), { status: isKnown ? 304 : 200, headers });
  };
  app.openapi(mounted(routes.listObjects), async (c) => {
    return (await rows(c, c.req.valid('param'), 'objects', c.req.valid('query'))) as never;
  });
  app.openapi(mounted(routes.listRows), async (c) => {
    const { table, ...at } = c.req.valid('param');
    return (await rows(c, at, table, c.req.valid('query'))) as never;
  });

  app.openapi(mounted(routes.getMeasures), async (c) => {
    const home = await itemHome(c, services(), c.req.valid('param'));
    const { part = 0, tracks } = c.req.valid('query');
    const measures = await withForms(home, () => measureItem(services(), home.item, part, tracks !== 'none'));
    return c.json(measures, 200, dataHeaders);
  });

  app.openapi(mounted(routes.listLosses), async (c) => {
    const home = await itemHome(c, services(), c.req.valid('param'));
    const sets = await withForms(home, () => readExportLosses(services().derived, home.item));
    return c.json({ sets }, 200, dataHeaders);
  });

  app.openapi(mounted(routes.exportItem), async (c) => {
    const at = c.req.valid('param');
    const home = await itemHome(c, services(), at);
    const files = await memberFiles(services(), at, home);
    const request = { item: home.item, files, form: at.form, ...c.req.valid('query'), signal: c.req.raw.signal };
    try {
      const made = await withForms(home, () => exportItem(services(), request));
      return exportResponse(made, c.req.method === 'HEAD') as never;
    } catch (fault) {
      if (!(fault instanceof Refused)) throw fault;
      throw new Problem('not-convertible', fault.message, { issues: fault.issues, cause: fault });
    }
  });

  app.openapi(mounted(routes.exportVersion), async (c) => {
    const { accession, version } = c.req.valid('param');
    const found = await versionFor(c, services(), accession, version);
    if (c.req.valid('query').layout === 'cmso') {
      for (const { id, trackSets } of found.items) {
        if (trackSets.length === 0) continue;
        const home = await itemHome(c, services(), { accession, version, item: id });
        await withForms(home, () => requireTracks(services().derived, home.item));
      }
      const made = await exportCmsoPackage(services(), accession, version, c.req.raw.signal);
      return exportResponse(made, c.req.method === 'HEAD') as never;
    }
    const { versions, concept } = (await services().dois?.registered(accession)) ?? {};
    const given = { doi: versions?.get(version) ?? concept, conceptDoi: concept };
    const made = await exportVersion(services(), accession, version, c.req.raw.signal, given);
    return exportResponse(made, c.req.method === 'HEAD') as never;
  });
}
