import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiBase, routes } from '@micrarium/api';
import type { Plugin } from 'vite';

/** Names of the routes that sources of the pages, and of the client they use, ask: `routes.NAME`. */
function askedRoutes(): Set<string> {
  const asked = new Set<string>();
  for (const folder of ['../src', '../../api/src']) {
    const root = fileURLToPath(new URL(folder, import.meta.url));
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }))
      if (/\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
        for (const [, route] of readFileSync(join(root, name), 'utf8').matchAll(/\broutes\.(\w+)/g)) asked.add(route!);
  }
  return asked;
}

/**
 * Keeps schemas, routes that no page asks, and the texts of pages that the server writes, out of the browser. The typed client needs of
 * every route its method and path only; the schemas (and Zod with them, 90 kB compressed) stay on the server, and the types are checked by
 * the compiler before.
 */
export function slimContract(): Plugin {
  const asked = askedRoutes();
  const table = Object.fromEntries(
    Object.entries(routes)
      .filter(([name]) => asked.has(name))
      .map(([name, route]) => [name, { method: route.method, path: route.path }]),
  );
  const replaced: Record<string, string> = {
    'routes.ts': `export const apiBase = ${JSON.stringify(apiBase)};\nexport const routes = ${JSON.stringify(table)};\n`,
  };
  return {
    name: 'micrarium-slim-contract',
    enforce: 'pre',
    load(id) {
      // The pages have texts of their own; those of the server's pages would come with the first of them, in both languages.
      const texts = /packages[\\/]api[\\/]src[\\/]messages[\\/](en|ja)\.ts$/.exec(id.split('?')[0] ?? '')?.[1];
      if (texts !== undefined) return `export const ${texts} = {};\n`;
      const file = /packages[\\/]api[\\/]src[\\/]([\w-]+\.ts)$/.exec(id.split('?')[0] ?? '')?.[1];
      if (file === undefined) return undefined;
      // Schemas of every area have a file of their own.
      return /^([\w-]+-)?schemas(-[\w-]+)?\.ts$/.test(file) ? 'export {};\n' : replaced[file];
    },
  };
}
