import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasPageAt } from '@micrarium/api';
import type { Application } from './app.ts';
import { contentPolicy, exceptionFor } from './content-policy.ts';
import type { HttpContext } from './context.ts';
import type { Kernel } from './kernel.ts';
import { preparingPage } from './preparing.ts';
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
  // The build leaves texts packed beside themselves; who asks for a part gets it of the plain file.
  const isPacked =
    /\bgzip\b/.test(c.req.header('accept-encoding') ?? '') &&
    c.req.header('range') === undefined &&
    (await stat(`${path}.gz`).catch(() => undefined))?.isFile() === true;
  const answer = await sendFile(c, {
    from: isPacked ? `${path}.gz` : path,
    tag: isPacked ? `${tag}-gz` : tag,
    mediaType,
    name: name.slice(name.lastIndexOf('/') + 1),
    cache: isHashed ? 'immutable' : 'private',
    isFromDepositor: false,
  });
  answer.headers.append('vary', 'accept-encoding');
  if (isPacked) answer.headers.set('content-encoding', 'gzip');
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
    if (folder === undefined || !kernel.services()) return preparingPage(c.req.raw, kernel.preparing());
    const page = await readFile(join(folder, 'index.html'), 'utf8').catch((fault: NodeJS.ErrnoException) => {
      if (fault.code === 'ENOENT') return undefined;
      throw fault;
    });
    // Taken away just now, because new ones are made.
    if (page === undefined) return preparingPage(c.req.raw, [{ what: 'web bundle', progress: 0 }]);
    const exception = exceptionFor(c.req.path, c.req.query('url'));
    const policy = exception
      ? { 'content-security-policy': contentPolicy({ ...exception, files: kernel.config.filesOrigin }) }
      : {};
    return c.html(page, hasPageAt(c.req.path) ? 200 : 404, { 'cache-control': 'no-cache', ...policy });
  });
}
