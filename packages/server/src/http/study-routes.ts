import { apiBase, routes } from '@micrarium/api';
import { versionLabel } from '@micrarium/model';
import { askToRebuild, placeOfContent, type SearchDocument, type SearchQuery } from '@micrarium/repository';
import { citationBibtex, citationRis, citationText, citedVersion, searchFacets } from '@micrarium/standards';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { readPendingAnnotations, searchImages } from '../annotations/image-documents.ts';
import { nextCursor, pageOf, readCursor, writeCursor } from './cursors.ts';
import { type ItemHome, sendItemContent } from './item-content.ts';
import type { Kernel, Services } from './kernel.ts';
import { linksOfFile } from './landing/signposts.ts';
import { bytesOfFile } from './lost-file.ts';
import { isDeposited, isForBrowser, ledToFiles, variesBy } from './files-origin.ts';
import { hasLinkTo } from './private-reading.ts';
import { Problem } from './problems.ts';
import { mounted, originOf } from './route.ts';
import { disposition, reprDigest, sendFile } from './send-file.ts';
import { itemShape } from './shapes.ts';
import { demandVersion, type FoundVersion, labelled, versionFor, versionOfLabel } from './study-access.ts';

/** Bytes from which on whole files are sent from the object storage itself, where readers reach it. */
const leastElsewhere = 8 * 2 ** 20;

/** Files listed in a version itself; the rest is paged. */
const filesInVersion = 1000;
const publicHeaders = { 'access-control-allow-origin': '*' };
/** Files of an item of a published version. */
const contentAddress = `${apiBase}/studies/:accession/versions/:version/items/:item/content/*`;
/** Deposited files of a published version. */
const fileAddress = `${apiBase}/studies/:accession/versions/:version/files/*`;
/** What pages of other sites may send when they read files of a published version. */
const rangesAllowed = {
  ...publicHeaders,
  'access-control-allow-methods': 'GET, HEAD',
  'access-control-allow-headers': 'Range, If-Range, If-None-Match, If-Modified-Since',
  'access-control-max-age': '86400',
};
/** A version's document changes only by its list of versions. */
const versionHeaders = { ...publicHeaders, 'cache-control': 'public, max-age=60' };

const many = (value: string | string[] | undefined): string[] =>
  (value === undefined ? [] : Array.isArray(value) ? value : [value]).slice(0, 50).filter((one) => !one.includes('\0'));

/** A result of a search, as lists show it. @param hidden studies whose mark of the tier is hidden */
export function summaryShape(document: SearchDocument, hidden: ReadonlySet<string>) {
  const {
    text: _words,
    year: _year,
    terms: _terms,
    cellTypes: _cellTypes,
    genes: _genes,
    conditions: _conditions,
    more: _more,
    thumbnail,
    ...shown
  } = document;
  return {
    ...shown,
    ...(hidden.has(document.accession) ? { isBadgeHidden: true } : {}),
    ...(thumbnail
      ? {
          thumbnail: `${apiBase}/studies/${document.accession}/versions/${document.version}/items/${thumbnail.item}/content/image-${thumbnail.image}.thumbnail.png`,
        }
      : {}),
  };
}

/** An item of a published version with its home. @throws Problem `not-found` */
export async function itemHome(
  c: HttpContext,
  services: Services,
  at: { accession: string; version: number; item: string },
): Promise<ItemHome> {
  const { accession, version } = at;
  const found = await versionFor(c, services, accession, version);
  const inDocument = found.items.find((one) => one.id === at.item);
  const isElsewhere = inDocument === undefined && found.plainItems !== undefined;
  const item = isElsewhere ? await services.studies.getVersionItem(accession, version, at.item) : inDocument;
  if (!item) throw new Problem('not-found');
  return {
    item,
    digestOf: async (path) => (await services.studies.getVersionFile(accession, version, path))?.sha256,
    askForForms: () => askToRebuild(services, { accession, version, itemId: item.id }),
    isDraft: false,
  };
}

/** Published studies: search, versions, files, citations, items and their stored forms. */
export function studyRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const addressOf = (c: HttpContext, version: Pick<FoundVersion, 'accession' | 'version' | 'minor'>) =>
    `${originOf(c, kernel.config.publicUrl)}/studies/${version.accession}/v/${versionLabel(version)}`;

  const versionShape = async (c: HttpContext, found: FoundVersion) => {
    const { studies } = services();
    const { accession, version } = found;
    const [files, versions, { hiddenBadge }] = await Promise.all([
      studies
        .listVersionFiles(accession, version, { limit: filesInVersion })
        .then((all) => services().quarantine.marked(all))
        .then((all) => services().lostFiles.marked(accession, all)),
      studies.listVersions(accession),
      services().states.of(accession),
    ]);
    return {
      ...found,
      ...(hiddenBadge ? { hiddenBadge } : {}),
      files,
      versions,
      citation: citationText(citedVersion(found, addressOf(c, found))),
    };
  };

  app.openapi(mounted(routes.searchStudies), async (c) => {
    const asked = c.req.valid('query');
    if (asked.q?.includes('\0')) throw new Problem('request-invalid', 'The words hold a character that is none.');
    const place = readCursor(asked.cursor);
    const query: SearchQuery = {
      ...(asked.q === undefined ? {} : { words: asked.q }),
      filters: Object.fromEntries(searchFacets.map(({ name }) => [name, many(asked[name])])),
      countMore: asked.more === '1',
      ...(asked.order === undefined ? {} : { order: asked.order }),
      sort: asked.sort ?? 'relevance',
      limit: asked.limit ?? 20,
      ...(place === undefined ? {} : { cursor: place }),
    };
    const [found, hidden] = await Promise.all([services().search.search(query), services().states.withHiddenBadge()]);
    const nextCursor = found.nextCursor === null ? null : writeCursor(found.nextCursor);
    return c.json(
      { ...found, nextCursor, studies: found.studies.map((one) => summaryShape(one, hidden)) },
      200,
      publicHeaders,
    );
  });

  app.openapi(mounted(routes.searchImages), async (c) => {
    const { q = '', limit = 60, cursor } = c.req.valid('query');
    if (q.includes('\0')) throw new Problem('request-invalid', 'The words hold a character that is none.');
    const place = readCursor(cursor) ?? '0';
    if (!/^\d{1,9}$/.test(place)) throw new Problem('cursor-invalid');
    const from = Number(place);
    await readPendingAnnotations(services());
    const { images, total } = await searchImages(services().db, { words: q, from, limit });
    const end = from + images.length;
    return c.json(
      {
        images: images.map(({ hasThumbnail, ...image }) => ({
          ...image,
          annotations: image.annotations.slice(0, 60),
          ...(hasThumbnail
            ? {
                thumbnail: `${apiBase}/studies/${image.accession}/versions/${image.version}/items/${image.item}/content/image-${image.image}.thumbnail.png`,
              }
            : {}),
        })),
        total,
        nextCursor: end < total && images.length > 0 ? writeCursor(String(end)) : null,
      },
      200,
      publicHeaders,
    );
  });

  app.openapi(mounted(routes.getStudy), async (c) => {
    const found = await versionFor(c, services(), c.req.valid('param').accession, 'newest');
    return c.json(await versionShape(c, found), 200, versionHeaders);
  });

  app.openapi(mounted(routes.getVersion), async (c) => {
    const { accession, version } = c.req.valid('param');
    const found = await versionFor(c, services(), accession, version, c.req.valid('query').minor);
    return c.json(await versionShape(c, found), 200, versionHeaders);
  });

  app.openapi(mounted(routes.listFiles), async (c) => {
    const { accession, version } = c.req.valid('param');
    await demandVersion(c, services(), accession, version);
    const page = pageOf(c.req.valid('query'));
    const { quarantine, lostFiles, studies } = services();
    const listed = await studies.listVersionFiles(accession, version, page);
    const files = await lostFiles.marked(accession, await quarantine.marked(listed));
    return c.json({ files, nextCursor: nextCursor(files, page.limit, (file) => file.path) }, 200, versionHeaders);
  });

  app.openapi(mounted(routes.getFile), async (c) => {
    const { accession, version, path } = c.req.valid('param');
    const found = await demandVersion(c, services(), accession, version);
    const file = await services().studies.getVersionFile(accession, version, path);
    if (!file) throw new Problem('not-found');
    const from = await bytesOfFile(c, kernel, services(), { accession, file });
    if (from instanceof Response) return from as never;
    const away = await ledToFiles(c, services(), kernel.config.filesOrigin);
    if (away) return away as never;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const isWhole = c.req.method === 'GET' && c.req.header('range') === undefined;
    // Only what anybody may read: the address works for whoever has it.
    if (isWhole && file.size >= leastElsewhere && c.var.subject.kind === 'anonymous' && !hasLinkTo(accession)) {
      const headers = { 'content-type': file.mediaType, 'content-disposition': disposition('attachment', name) };
      const address = await services().blobs.presigned?.(file.sha256, headers);
      if (address !== undefined) {
        // The storage itself knows nothing of it, nor of any digest but its own.
        c.header('repr-digest', reprDigest(file.sha256));
        c.header('access-control-expose-headers', 'Repr-Digest');
        return c.redirect(address, 307) as never;
      }
    }
    const answer = await sendFile(c, {
      from,
      tag: file.sha256,
      sha256: file.sha256,
      mediaType: file.mediaType,
      name,
      cache: 'immutable',
      isFromDepositor: true,
      links: linksOfFile(addressOf(c, found)),
    });
    // A cache that others share must not answer a browser with what a script was given here.
    if (kernel.config.filesOrigin !== undefined) answer.headers.append('vary', variesBy);
    return answer as never;
  });

  // The address below the page that descriptions name for a file.
  app.get(`/studies/:accession/v/${labelled}/files/:path{.+}`, (c) => {
    const { accession, version: label, path } = c.req.param();
    // Browsers would take these for steps out of the study.
    if (path.split('/').some((part) => part === '.' || part === '..')) throw new Problem('not-found');
    const version = String(versionOfLabel(label).version);
    const parts = [accession, 'versions', version, 'files', ...path.split('/')].map(encodeURIComponent);
    return c.redirect(`${apiBase}/studies/${parts.join('/')}`, 307);
  });

  app.openapi(mounted(routes.getCitation), async (c) => {
    const { accession, version } = c.req.valid('param');
    const found = await versionFor(c, services(), accession, version, c.req.valid('query').minor);
    const cited = citedVersion(found, addressOf(c, found));
    const uses = await services().reuses.confirmed(accession);
    const write = { text: citationText, bibtex: citationBibtex, ris: citationRis }[
      c.req.valid('query').format ?? 'text'
    ];
    return c.text(write(cited, uses), 200, versionHeaders) as never;
  });

  app.openapi(mounted(routes.getItem), async (c) => {
    const { item } = await itemHome(c, services(), c.req.valid('param'));
    return c.json(itemShape(item), 200, versionHeaders);
  });

  // Pages of other sites must see that a chunk is absent, or not made yet: else they take it for no answer at all.
  app.use(contentAddress, async (c, next) => {
    await next();
    if (c.res.status >= 400) c.res.headers.set('access-control-allow-origin', '*');
  });

  app.openapi(mounted(routes.getItemContent), async (c) => {
    const home = await itemHome(c, services(), c.req.valid('param'));
    const { path } = c.req.valid('param');
    if (isForBrowser(c) && isDeposited(placeOfContent(home.item, path))) {
      const away = await ledToFiles(c, services(), kernel.config.filesOrigin);
      if (away) return away as never;
    }
    return (await sendItemContent(c, services(), home, path)) as never;
  });

  // Browsers ask first where a range counts from the end, as pages of other sites do that read the index of a shard. The answer
  // is the same whether or not there is such a file.
  for (const address of [contentAddress, fileAddress])
    app.options(address, () => new Response(null, { status: 204, headers: rangesAllowed }));
}
