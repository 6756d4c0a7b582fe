import { readFile } from 'node:fs/promises';
import { loadServerTexts, translator } from '@micrarium/api';
import { citationBibtex, citationRis, citationText, citedVersion, toSchemaOrg } from '@micrarium/standards';
import type { Application } from '../app.ts';
import type { HttpContext } from '../context.ts';
import { nextCursor, pageOf } from '../cursors.ts';
import type { Kernel, Services } from '../kernel.ts';
import { languageOf } from '../language.ts';
import { Problem } from '../problems.ts';
import { originOf } from '../route.ts';
import { versionFor } from '../study-access.ts';
import { filePath, pagePath } from './landing-data.ts';
import { landingPage } from './landing-page.ts';

/** Files on one page. */
const filesPerPage = 100;
const themeScript = `(() => {
  try {
    const theme = localStorage.getItem('micrarium.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {}
})();
`;

async function answer(
  c: HttpContext,
  kernel: Kernel,
  services: Services,
  version: number | 'newest',
): Promise<Response> {
  const accession = c.req.param('accession') ?? '';
  const found = await versionFor(c, services, accession, version);
  const cursor = c.req.query('files');
  const page = pageOf({ cursor, limit: filesPerPage });
  const [files, versions] = await Promise.all([
    services.studies.listVersionFiles(accession, found.version, page),
    services.studies.listVersions(accession),
  ]);
  const origin = originOf(c, kernel.config.publicUrl);
  const address = `${origin}${pagePath(found)}`;
  const cited = citedVersion(found, address);
  const asked = c.req.query('lang');
  const language = languageOf(c.req.raw.headers, asked);
  if (asked === 'en' || asked === 'ja') {
    c.header('set-cookie', `micrarium.language=${asked}; Path=/; Max-Age=31536000; SameSite=Lax`);
  }
  const next = nextCursor(files, filesPerPage, (file) => file.path);
  c.header(
    'link',
    `<${address}>; rel="cite-as", </api/v1/studies/${accession}/versions/${found.version}>; rel="describedby"; type="application/json"`,
  );
  c.header('vary', 'Accept-Language, Cookie');
  c.header('cache-control', 'no-cache');
  return await c.html(
    landingPage({
      language,
      text: translator(language),
      issueTexts: (await loadServerTexts(language))?.issues,
      origin,
      version: found,
      files,
      ...(next === null ? {} : { moreFiles: `${pagePath(found)}?files=${next}#files` }),
      isFirstFiles: cursor === undefined,
      versions,
      citation: { text: citationText(cited), bibtex: citationBibtex(cited), ris: citationRis(cited) },
      schemaOrg: toSchemaOrg(
        { ...found, files },
        { page: address, home: origin, file: (path) => `${origin}${filePath(found, path)}` },
      ),
    }),
  );
}

/** Pages of studies, written by the server: they work without scripts. */
export function landingRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  app.get('/pages/study.css', async (c) => {
    const css = await readFile(new URL('./study.css', import.meta.url), 'utf8');
    return c.body(css, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=3600' });
  });
  app.get('/pages/theme.js', (c) =>
    c.body(themeScript, 200, { 'content-type': 'text/javascript', 'cache-control': 'public, max-age=3600' }),
  );
  app.use('/studies/*', async (c, next) => {
    // The page shows nothing but what is published: nobody's session matters.
    c.set('subject', { kind: 'anonymous' });
    c.set('caller', undefined);
    await next();
  });
  app.get('/studies/:accession', async (c, next) => {
    if (!kernel.services()) return await next();
    return await answer(c, kernel, services(), 'newest');
  });
  app.get('/studies/:accession/v/:version{[0-9]{1,9}}', async (c, next) => {
    if (!kernel.services()) return await next();
    const version = Number(c.req.param('version'));
    if (version < 1) throw new Problem('not-found');
    return await answer(c, kernel, services(), version);
  });
}
