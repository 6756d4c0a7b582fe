import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { html } from 'hono/html';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Kernel } from './kernel.ts';
import { languageOf } from './language.ts';
import { Problem } from './problems.ts';
import { sendFile } from './send-file.ts';

const mediaTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  wasm: 'application/wasm',
  txt: 'text/plain; charset=utf-8',
  map: 'application/json',
};

/** Names of the bundle's files are made by the build: letters, digits and a few marks; anything else is no file of ours. */
const fileName = /^(assets\/)?[\w][\w.@-]*\.([a-z0-9]+)$/i;

const what = {
  en: { database: 'the database', 'web bundle': 'the pages', 'demonstration study': 'a demonstration study' },
  ja: { database: 'データベース', 'web bundle': 'ページ', 'demonstration study': 'デモ用の研究' },
} as const;

/** The page while something without which there are no pages is made; it asks again by itself. */
function preparingPage(c: HttpContext, kernel: Kernel): Response | Promise<Response> {
  const language = languageOf(c);
  const items = kernel.preparing().map(({ what: name, progress }) => {
    const percent = Math.round(progress * 100);
    return html`<li>${what[language][name]}${percent > 0 ? ` (${percent} %)` : ''}</li>`;
  });
  const [title, text] =
    language === 'ja'
      ? ['準備中です', 'Micrarium は起動しています。次のものを準備しています。このページは自動的に更新されます。']
      : ['Getting ready', 'Micrarium is running and still preparing the following. This page refreshes itself.'];
  c.header('cache-control', 'no-store');
  c.header('retry-after', '2');
  return c.html(
    html`<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="refresh" content="2">
    <title>${title} · Micrarium</title>
  </head>
  <body style="max-width: 40rem; margin: 4rem auto; padding: 0 1rem; font-family: system-ui, sans-serif; line-height: 1.6">
    <main>
      <h1>Micrarium</h1>
      <p role="status">${text}</p>
      <ul>${items}</ul>
    </main>
  </body>
</html>`,
    // The first page says so in words; programs that look elsewhere are told to come back.
    c.req.path === '/' ? 200 : 503,
  );
}

/** A file of the bundle, or `undefined` where the address names none. */
async function bundleFile(c: HttpContext, folder: string, name: string): Promise<Response | undefined> {
  const extension = fileName.exec(name)?.[2]?.toLowerCase();
  const mediaType = extension === undefined ? undefined : mediaTypes[extension];
  if (mediaType === undefined) return undefined;
  const path = join(folder, name);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  // Names below assets/ hold a hash of the content; those beside index.html do not.
  const isHashed = name.startsWith('assets/');
  const tag = `${found.mtimeMs.toString(36)}-${found.size.toString(36)}`;
  const answer = await sendFile(c, {
    from: path,
    tag,
    mediaType,
    name: name.slice(name.lastIndexOf('/') + 1),
    cache: isHashed ? 'immutable' : 'private',
    isFromDepositor: false,
  });
  if (!isHashed) answer.headers.set('cache-control', 'no-cache');
  return answer;
}

/** The pages drawn in the browser: files of the bundle, and its `index.html` at every other address. */
export function pageRoutes(app: Application, kernel: Kernel): void {
  app.get('*', async (c) => {
    if (c.req.path === '/api' || c.req.path.startsWith('/api/')) throw new Problem('not-found');
    const folder = kernel.webBundle();
    const name = c.req.path.slice(1);
    if (folder !== undefined && name !== '') {
      const file = await bundleFile(c, folder, name);
      if (file) return file;
    }
    if (fileName.test(name)) throw new Problem('not-found');
    if (!/text\/html|\*\/\*/.test(c.req.header('accept') ?? '*/*')) throw new Problem('not-found');
    if (folder === undefined || !kernel.services()) return await preparingPage(c, kernel);
    const page = await readFile(join(folder, 'index.html'), 'utf8');
    return c.html(page, 200, { 'cache-control': 'no-cache' });
  });
}
