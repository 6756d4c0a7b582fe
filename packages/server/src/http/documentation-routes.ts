import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { apiBase, pageTokenCookie, routes, translator } from '@micrarium/api';
import { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import type { Application } from './app.ts';
import { chosenLanguage, framedPage } from './frame/page-frame.ts';
import { bundleSheets } from './frame/page-sheets.ts';
import { withCommonAnswers } from './answers-everywhere.ts';
import { withDeprecations } from './deprecations.ts';
import type { Kernel } from './kernel.ts';
import { Problem } from './problems.ts';
import { sendFile } from './send-file.ts';

/** The interface as OpenAPI 3.1, made from the table of routes. */
export function openApiDocument(version: string): object {
  const documented = new OpenAPIHono();
  const registry = documented.openAPIRegistry;
  for (const route of Object.values(routes)) registry.registerPath(route);
  registry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API token, made on the account page',
  });
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'micrarium.session_token',
    description: `The session of a browser; each write needs the token of the cookie \`${pageTokenCookie}\` in the header \`X-CSRF-Token\``,
  });
  const document = withCommonAnswers(
    documented.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Micrarium',
        version,
        description:
          'Microscopy images and the quantitative data derived from them. Lists are paged by cursor; errors are problem documents with stable codes; files answer ranges. Resumable uploads: tus 1.0.0 at /api/v1/uploads, with the metadata `draft` and `path`.',
        license: { name: 'Apache-2.0' },
      },
      servers: [{ url: apiBase }],
      security: [{}, { token: [] }, { session: [] }],
    }),
  );
  return withDeprecations(document);
}

const swaggerFiles: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
};
const startScript = `window.addEventListener('load', () => {
  SwaggerUIBundle({ url: '${apiBase}/openapi.json', dom_id: '#interface', deepLinking: true, docExpansion: 'list', validatorUrl: null,
    requestInterceptor: (request) => {
      const token = /(?:^|; )(?:__Host-)?micrarium\\.csrf_token=([^;]+)/.exec(document.cookie);
      if (token) request.headers['X-CSRF-Token'] = token[1];
      return request;
    } });
});
`;

/** The interface described: `/api/v1/openapi.json` for programs, `/api` for people; nothing is loaded from elsewhere. */
export function documentationRoutes(app: Application, kernel: Kernel): void {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  let document: string | undefined;
  app.get(`${apiBase}/openapi.json`, (c) => {
    document ??= JSON.stringify(openApiDocument(kernel.version));
    return c.body(document, 200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' });
  });
  app.get('/api', async (c) => {
    const language = chosenLanguage(c);
    const text = translator(language);
    const content = html`<main class="wrap plain"><h1>${text('page.interfaceTitle')}</h1><p class="prose">${text('page.interfaceText')}</p>
<p><a class="l s" href="${apiBase}/openapi.json">${text('page.interfaceDocument')}</a></p>
<div class="swagger" id="interface" lang="en"></div></main>`;
    const head = html`<link rel="stylesheet" href="/api/files/swagger-ui.css">
<script src="/api/files/swagger-ui-bundle.js" defer></script><script src="/api/files/start.js" defer></script>`;
    const sheets = await bundleSheets(kernel.webBundle());
    const inOtherLanguage = `/api?lang=${language === 'en' ? 'ja' : 'en'}`;
    const title = `${text('page.interface')} · Micrarium`;
    return await c.html(framedPage({ language, text, sheets, title, inOtherLanguage, head }, content));
  });
  app.get('/api/files/start.js', (c) => c.body(startScript, 200, { 'content-type': 'text/javascript' }));
  app.get('/api/files/:name', async (c) => {
    const { name } = c.req.param();
    const mediaType = Object.hasOwn(swaggerFiles, name) ? swaggerFiles[name] : undefined;
    if (mediaType === undefined) throw new Problem('not-found');
    const tag = `${kernel.version}-${name}`;
    return await sendFile(c, {
      from: join(folder, name),
      tag,
      mediaType,
      name,
      cache: 'private',
      isFromDepositor: false,
    });
  });
}
