import { apiBase, routes } from '@micrarium/api';
import type { Plugin } from 'vite';

/**
 * Keeps schemas out of the browser. The typed client needs of every route its method and path only; the schemas (and
 * Zod with them, 90 kB compressed) stay on the server, and the types are checked by the compiler before.
 */
export function slimContract(): Plugin {
  const table = Object.fromEntries(
    Object.entries(routes).map(([name, route]) => [name, { method: route.method, path: route.path }]),
  );
  const replaced: Record<string, string> = {
    'routes.ts': `export const apiBase = ${JSON.stringify(apiBase)};\nexport const routes = ${JSON.stringify(table)};\n`,
  };
  return {
    name: 'micrarium-slim-contract',
    enforce: 'pre',
    load(id) {
      const file = /packages[\\/]api[\\/]src[\\/]([\w-]+\.ts)$/.exec(id.split('?')[0] ?? '')?.[1];
      if (file === undefined) return undefined;
      // Schemas of every area have a file of their own.
      return /^([\w-]+-)?schemas(-[\w-]+)?\.ts$/.test(file) ? 'export {};\n' : replaced[file];
    },
  };
}
