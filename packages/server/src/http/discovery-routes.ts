import { apiBase } from '@micrarium/api';
import type { SearchDocument, SearchQuery } from '@micrarium/repository';
import { searchFacets, type XmlNode, writeXml } from '@micrarium/standards';
import { sql } from 'kysely';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { originOf } from './route.ts';

/** Entries of a feed. */
const feedLength = 50;
/** Addresses of one sitemap, as the protocol allows (sitemaps.org). */
const mostAddresses = 50_000;
const shared = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=300' };

const everything: SearchQuery = { filters: {}, sort: 'newest', limit: feedLength };

/** The search of an address, newest first: a feed follows whatever can be searched. */
function askedFor(c: HttpContext): SearchQuery {
  const many = (name: string) => (c.req.queries(name) ?? []).slice(0, 50).filter((one) => !one.includes('\0'));
  const words = c.req.query('q')?.replaceAll('\0', '').slice(0, 1000);
  const filters = Object.fromEntries(searchFacets.map(({ name }) => [name, many(name)]));
  return { ...everything, ...(words ? { words } : {}), filters };
}

const versionPage = (origin: string, { accession, version }: SearchDocument) =>
  `${origin}/studies/${accession}/v/${version}`;

/** The words of a search, for the title of its feed. */
function titleOf(query: SearchQuery): string {
  const words = [query.words, ...Object.values(query.filters).flat()];
  const said = words.filter(Boolean).join(', ');
  return said === '' ? 'Micrarium: new studies' : `Micrarium: new studies, ${said}`;
}

/** A feed as Atom (RFC 4287): one entry a version, so that a new version is news. */
function atomFeed(origin: string, self: string, query: SearchQuery, studies: readonly SearchDocument[]): string {
  const entry = (study: SearchDocument): XmlNode => [
    'entry',
    {},
    ['id', {}, versionPage(origin, study)],
    ['title', {}, study.title],
    ['updated', {}, study.publishedAt],
    ['link', { rel: 'alternate', type: 'text/html', href: versionPage(origin, study) }],
    ...study.authors.map((name): XmlNode => ['author', {}, ['name', {}, name]]),
    ['rights', {}, study.licence],
    ...[...study.organisms, ...study.imagingMethods].map((term): XmlNode => ['category', { term }]),
    ['summary', {}, study.description],
  ];
  return writeXml([
    'feed',
    { xmlns: 'http://www.w3.org/2005/Atom' },
    ['id', {}, self],
    ['title', {}, titleOf(query)],
    ['updated', {}, studies[0]?.publishedAt ?? '1970-01-01T00:00:00.000Z'],
    ['link', { rel: 'self', type: 'application/atom+xml', href: self }],
    ['link', { rel: 'alternate', type: 'text/html', href: origin }],
    ...(studies.some(({ authors }) => authors.length === 0)
      ? [['author', {}, ['name', {}, 'Micrarium']] as XmlNode]
      : []),
    ...studies.map(entry),
  ]);
}

/** The same as JSON Feed 1.1. */
function jsonFeed(origin: string, self: string, query: SearchQuery, studies: readonly SearchDocument[]) {
  return {
    version: 'https://jsonfeed.org/version/1.1',
    title: titleOf(query),
    home_page_url: origin,
    feed_url: self,
    items: studies.map((study) => ({
      id: versionPage(origin, study),
      url: versionPage(origin, study),
      title: study.title,
      content_text: study.description,
      date_published: study.publishedAt,
      authors: study.authors.map((name) => ({ name })),
      tags: [...study.organisms, ...study.imagingMethods, ...study.kinds],
    })),
  };
}

/** Number of an accession: they are given one after another, so that a stretch of them is a sitemap that fits. */
const numberOf = sql`substring(accession from '[0-9]+$')::bigint`;

/** A sitemap: studies whose numbers lie in one stretch of 50,000, with their last change that a reader sees. */
async function sitemap(origin: string, { db }: Services, part: number): Promise<string> {
  const { rows } = await sql<{ accession: string; changed_at: Date }>`select accession, changed_at from search_document
    where ${numberOf} / ${mostAddresses} = ${part} order by ${numberOf} limit ${mostAddresses}`.execute(db);
  const urls = rows.map(
    ({ accession, changed_at }): XmlNode => [
      'url',
      {},
      ['loc', {}, `${origin}/studies/${accession}`],
      ['lastmod', {}, changed_at.toISOString()],
    ],
  );
  // The first number is never given: there is room for the first page.
  const home: XmlNode[] = part === 0 ? [['url', {}, ['loc', {}, `${origin}/`]]] : [];
  return writeXml([
    'urlset',
    { xmlns: 'http://www.sitemaps.org/schemas/sitemap/0.9' },
    ...home,
    ...urls.slice(0, mostAddresses - home.length),
  ]);
}

/** The stretches there are, with the last change in each. */
async function sitemapParts({ db }: Services): Promise<{ part: number; changedAt: Date }[]> {
  const { rows } = await sql<{ part: number; changedAt: Date }>`select ${numberOf} / ${mostAddresses} as part,
    max(changed_at) as "changedAt" from search_document group by 1 order by 1`.execute(db);
  return rows;
}

/** What lets programs find studies: feeds of any search, sitemaps, and what crawlers may ask for. */
export function discoveryRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const origin = (c: HttpContext) => originOf(c, kernel.config.publicUrl);
  const self = (c: HttpContext) => `${origin(c)}${c.req.path}${new URL(c.req.url).search}`;

  app.get('/robots.txt', (c) =>
    c.text(
      `User-agent: *\nAllow: /studies/\nDisallow: /api/\nDisallow: /search?\nDisallow: /explore?\nDisallow: /viewer/\nDisallow: /studies/*/export/\nDisallow: /studies/*?format=\nDisallow: /oai\nSitemap: ${origin(c)}/sitemap.xml\n`,
      200,
      shared,
    ),
  );
  app.get('/feed.atom', async (c) => {
    const query = askedFor(c);
    const { studies } = await services().search.search(query);
    const body = atomFeed(origin(c), self(c), query, studies);
    return c.body(body, 200, { ...shared, 'content-type': 'application/atom+xml; charset=utf-8' });
  });
  app.get('/feed.json', async (c) => {
    const query = askedFor(c);
    const { studies } = await services().search.search(query);
    const body = JSON.stringify(jsonFeed(origin(c), self(c), query, studies));
    return c.body(body, 200, { ...shared, 'content-type': 'application/feed+json' });
  });
  const xml = { ...shared, 'content-type': 'application/xml; charset=utf-8' };
  app.get('/sitemap.xml', async (c) => {
    const parts = await sitemapParts(services());
    if (parts.every(({ part }) => part === 0)) return c.body(await sitemap(origin(c), services(), 0), 200, xml);
    const maps = parts.map(
      ({ part, changedAt }): XmlNode => [
        'sitemap',
        {},
        ['loc', {}, `${origin(c)}/sitemap-${part}.xml`],
        ['lastmod', {}, changedAt.toISOString()],
      ],
    );
    return c.body(
      writeXml(['sitemapindex', { xmlns: 'http://www.sitemaps.org/schemas/sitemap/0.9' }, ...maps]),
      200,
      xml,
    );
  });
  app.get('/:map{sitemap-[0-9]{1,8}\\.xml}', async (c) => {
    const part = Number(c.req.param('map').slice('sitemap-'.length, -'.xml'.length));
    return c.body(await sitemap(origin(c), services(), part), 200, xml);
  });
  app.get('/.well-known/api-catalog', (c) => {
    const here = origin(c);
    const base = `${here}${apiBase}`;
    const oai = `${here}/oai`;
    const catalogue = {
      linkset: [
        {
          anchor: base,
          'service-desc': [{ href: `${base}/openapi.json`, type: 'application/json' }],
          'service-doc': [{ href: `${here}/api`, type: 'text/html' }],
          status: [{ href: `${here}/health/ready`, type: 'application/json' }],
        },
        {
          anchor: oai,
          'service-desc': [{ href: `${oai}?verb=Identify`, type: 'text/xml' }],
          'service-doc': [{ href: 'https://www.openarchives.org/OAI/openarchivesprotocol.html', type: 'text/html' }],
        },
        { anchor: `${here}/.well-known/api-catalog`, item: [{ href: base }, { href: oai }] },
      ],
    };
    return c.body(JSON.stringify(catalogue), 200, {
      ...shared,
      'content-type': 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"',
      link: `<${here}/.well-known/api-catalog>; rel="api-catalog"`,
    });
  });
}
