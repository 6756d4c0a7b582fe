import { readXml } from '@micrarium/standards';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Harness, openHarness, origin } from './harness.ts';
import { documentOf, versionOf } from './study-store-suite.ts';

describe('what lets programs find studies', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness(false);
    for (const [at, title] of ['Cells & <tissues>', 'ゼブラフィッシュの細胞移動', 'Nuclei'].entries()) {
      const accession = `MIC-00000${at + 1}`;
      const publishedAt = `202${at + 3}-05-01T00:00:00.000Z`;
      const document = documentOf(accession, {
        title,
        publishedAt,
        year: `202${at + 3}`,
        organisms: at === 2 ? ['Danio rerio'] : [],
      });
      await harness.services.studies.recordVersion(versionOf(accession), document);
    }
  });
  afterAll(() => harness.close());

  test('a feed holds the newest first, of any search, as Atom and as JSON', async () => {
    const atom = await harness.request('/feed.atom');
    expect(atom.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    const text = await atom.text();
    expect(text).toContain('<title>Cells &amp; &lt;tissues&gt;</title>');
    expect([...text.matchAll(/<entry>/g)]).toHaveLength(3);
    expect(text.indexOf('MIC-000003')).toBeLessThan(text.indexOf('MIC-000001'));
    expect('root' in readXml(text)).toBe(true);
    const json = (await (await harness.request('/feed.json?organism=Danio+rerio')).json()) as {
      items: { id: string }[];
      title: string;
    };
    expect(json.items.map(({ id }) => id)).toEqual([`${origin}/studies/MIC-000003/v/1`]);
    expect(json.title).toContain('Danio rerio');
    // No word has a NUL in it, and the database could not be asked for one.
    expect((await harness.request('/feed.json?q=%00%00&organism=%00')).status).toBe(400);
  });

  test('the sitemap lists every study with its last change, and robots are told of it', async () => {
    const map = await (await harness.request('/sitemap.xml')).text();
    expect([...map.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, loc]) => loc)).toEqual([
      `${origin}/`,
      ...[1, 2, 3].map((n) => `${origin}/studies/MIC-00000${n}`),
    ]);
    expect(map).toContain('<lastmod>2025-05-01T00:00:00.000Z</lastmod>');
    expect(await (await harness.request('/robots.txt')).text()).toContain(`Sitemap: ${origin}/sitemap.xml`);
    expect((await (await harness.request('/.well-known/api-catalog')).json()).linkset[0].anchor).toBe(
      `${origin}/api/v1`,
    );
  });

  test('a host that a request makes up stands in nothing that others are answered from a cache', async () => {
    const pages = ['/sitemap.xml', '/robots.txt', '/feed.atom', '/.well-known/api-catalog', '/studies/MIC-000002'];
    const keptAs = async (host: string, path: string) =>
      (await harness.app.request(`http://${host}${path}`)).headers.get('cache-control');
    for (const page of pages) {
      // It works for who comes by a name that we do not know, and is theirs alone.
      const answer = await harness.app.request(`http://evil.example${page}`);
      expect(answer.status, page).toBe(200);
      expect(answer.headers.get('cache-control'), page).toMatch(/^(private|no-store)/);
      for (const host of ['localhost.evil.example', '127.0.0.1.evil.example', '192.0.2.7', '[2001:db8::7]'])
        expect(await keptAs(host, page), `${page} ${host}`).toMatch(/^(private|no-store)/);
    }
    for (const host of ['localhost:8080', '127.0.0.1:8080', '[::1]:8080'])
      expect(await keptAs(host, '/sitemap.xml'), host).toBe('public, max-age=300');
    const known = await openHarness(false, { environment: { MICRARIUM_URL: 'https://micrarium.example.org' } });
    try {
      const map = await known.app.request('http://evil.example/sitemap.xml');
      expect(await map.text()).toContain('<loc>https://micrarium.example.org/</loc>');
      expect(map.headers.get('cache-control')).toBe('public, max-age=300');
    } finally {
      await known.close();
    }
  });

  test('without a token that is named there are no figures, and no page in their place', async () => {
    const answer = await harness.request('/metrics');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/plain; charset=UTF-8']);
    expect(await answer.text()).toContain('MICRARIUM_METRICS_TOKEN');
  });

  test('a program gets the form of a study it wants most, a browser the page', async () => {
    const sent = async (accept: string) => {
      const answer = await harness.request('/studies/MIC-000002', { headers: { accept }, redirect: 'manual' });
      expect(answer.headers.get('vary')).toContain('Accept');
      return [answer.status, answer.headers.get('location')];
    };
    const page = '/studies/MIC-000002/v/1';
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    for (const accept of ['*/*', browser, 'nonsense']) expect(await sent(accept)).toEqual([200, null]);
    for (const accept of ['image/png', 'image/*;q=0.5, text/html;q=0']) expect(await sent(accept)).toEqual([406, null]);
    const refused = await harness.request('/studies/MIC-000002', { headers: { accept: 'image/png' } });
    expect(await refused.json()).toMatchObject({
      code: 'not-acceptable',
      detail: expect.stringContaining('application/ld+json'),
    });
    expect(await sent('application/json')).toEqual([303, '/api/v1/studies/MIC-000002/versions/1']);
    expect(await sent('application/ld+json;q=0.5, text/html;q=0.1')).toEqual([303, `${page}/metadata/schema-org`]);
    const style = 'text/x-bibliography; style=vancouver; locale=en-US';
    expect(await sent(style)).toEqual([303, `${page}/metadata/citation-vancouver`]);
    const crate = 'application/ld+json; profile="https://w3id.org/ro/crate"';
    expect(await sent(crate)).toEqual([303, `${page}/metadata/ro-crate`]);
    expect(await sent('application/vnd.datacite.datacite+xml, text/html;q=0')).toEqual([
      303,
      `${page}/metadata/datacite-xml`,
    ]);
  });

  test('sitemaps hold at most 50,000 studies each, and say when a study last changed', async () => {
    const { db } = harness.services;
    const changed = '2026-10-11T12:13:14.000Z';
    await db
      .updateTable('search_document')
      .set({ changed_at: new Date(changed) })
      .where('accession', '=', 'MIC-000001')
      .execute();
    const one = await (await harness.request('/sitemap.xml')).text();
    expect(one.replace(/\s+/g, '')).toContain(`<loc>${origin}/studies/MIC-000001</loc><lastmod>${changed}</lastmod>`);
    await harness.services.studies.recordVersion(versionOf('MIC-100000'), documentOf('MIC-100000'));
    const index = await (await harness.request('/sitemap.xml')).text();
    expect(index).toContain('<sitemapindex');
    expect(index).toContain(`<loc>${origin}/sitemap-0.xml</loc>`);
    expect(index).toContain(`<loc>${origin}/sitemap-2.xml</loc>`);
    const listed = async (name: string) => {
      const text = await (await harness.request(`/${name}`)).text();
      return [...text.matchAll(/\/studies\/([A-Z0-9-]+)</g)].map(([, accession]) => accession);
    };
    expect(await listed('sitemap-2.xml')).toEqual(['MIC-100000']);
    expect(await listed('sitemap-0.xml')).toEqual(['MIC-000001', 'MIC-000002', 'MIC-000003']);
    expect(await listed('sitemap-1.xml')).toEqual([]);
  });

  test('what a program asks for by a header a person asks for by a name', async () => {
    const page = '/studies/MIC-000002/v/1';
    const led = async (path: string) => {
      const answer = await harness.request(path);
      return [answer.status, answer.headers.get('location')];
    };
    expect(await led(`${page}?format=bibtex`)).toEqual([303, `${page}/metadata/bibtex`]);
    expect(await led('/studies/MIC-000002?format=datacite-xml')).toEqual([303, `${page}/metadata/datacite-xml`]);
    expect(await led('/studies/MIC-000002/export/apa')).toEqual([303, `${page}/metadata/citation-apa`]);
    expect(await led(`${page}/export/html`)).toEqual([303, page]);
    expect((await led(`${page}/export/docx`))[0]).toBe(406);
    for (const [accept, form] of [
      ['application/x-bibtex', 'bibtex'],
      ['application/x-dc+xml', 'dublin-core'],
      ['application/vnd.citationstyles.csl+json', 'csl-json'],
      ['application/x-research-info-systems', 'ris'],
      ['text/x-bibliography; style=vancouver; locale=en-US', 'citation-vancouver'],
    ] as const) {
      const headers = { accept };
      expect((await harness.request(page, { headers })).headers.get('location')).toBe(`${page}/metadata/${form}`);
      const answer = await harness.request(`${page}/metadata/${form}`, { headers });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toContain(accept.split(';')[0]);
      expect(answer.headers.get('link')).toContain(`<${origin}${page}>; rel="describes"; type="text/html"`);
    }
    // One object, as resolvers of DOIs give it.
    const csl = await harness.request(`${page}/metadata/csl-json`);
    expect(await csl.json()).toMatchObject({ type: 'dataset', id: 'MIC-000002', version: '1' });
    const html = await harness.request('/studies/MIC-000002', { headers: { accept: 'text/html' } });
    expect([html.headers.get('content-location'), html.headers.get('vary')]).toEqual([
      page,
      // Not that of the language: a cache may not give a browser's page to who asks for a citation.
      expect.stringMatching(/(^|, )Accept(,|$)/),
    ]);
    const dublin = await (await harness.request(`${page}/metadata/dublin-core`)).text();
    expect(dublin).toContain(`<dc:identifier>${origin}${page}</dc:identifier>`);
  });

  test('the link set says the same as text, each link with its origin', async () => {
    const page = `${origin}/studies/MIC-000002/v/1`;
    const answer = await harness.request('/studies/MIC-000002/v/1/linkset.txt');
    expect(answer.headers.get('content-type')).toBe('application/linkset');
    const links = (await answer.text()).trim().split(',\n');
    const { linkset } = (await (await harness.request('/studies/MIC-000002/v/1/linkset')).json()) as {
      linkset: Record<string, { href: string }[] | string>[];
    };
    const all = linkset.flatMap(({ anchor, ...relations }) =>
      Object.entries(relations).flatMap(([rel, targets]) =>
        (targets as { href: string }[]).map(({ href }) => `${String(anchor)} ${rel} ${href}`),
      ),
    );
    const read = links.map((line) => {
      const [, href, rel, anchor] = /^<([^>]+)>; rel="([^"]+)".*; anchor="([^"]+)"$/.exec(line) ?? [];
      return `${anchor} ${rel} ${href}`;
    });
    expect(new Set(read)).toEqual(new Set(all));
    expect(read).toContain(`${page} linkset ${page}/linkset.txt`);
  });

  test('pages carry signposts, in the header and as a link set', async () => {
    const page = await harness.request('/studies/MIC-000002/v/1');
    const header = page.headers.get('link')!;
    for (const rel of ['cite-as', 'describedby', 'type', 'linkset', 'latest-version'])
      expect(header).toContain(`rel="${rel}"`);
    expect(header.length).toBeLessThan(8192);
    const head = await harness.request('/studies/MIC-000002/v/1', { method: 'HEAD' });
    expect([head.status, head.headers.get('link'), await head.text()]).toEqual([200, header, '']);
    // The same stands in the head of the page.
    const text = await page.text();
    for (const [, href, rel] of header.matchAll(/<([^>]+)>; rel="([^"]+)"/g))
      expect(text).toContain(`<link rel="${rel}" href="${href}"`);
    const set = await harness.request('/studies/MIC-000002/v/1/linkset');
    expect(set.headers.get('content-type')).toBe('application/linkset+json');
    const { linkset } = (await set.json()) as { linkset: Record<string, unknown>[] };
    expect(linkset[0]!.anchor).toBe(`${origin}/studies/MIC-000002/v/1`);
    expect(linkset[0]!['cite-as']).toEqual([{ href: `${origin}/studies/MIC-000002/v/1` }]);
    expect((await harness.request('/studies/MIC-999999/v/1/linkset')).status).toBe(404);
  });
});
