import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Packages whose sources end up in the bundle. */
const bundled = ['model', 'formats', 'standards', 'api', 'viewer', 'web'];

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * SHA-256 over what the bundle is made of: `packages/{model,formats,standards,api,viewer,web}/src` without tests, the
 * page's own build files and the lockfile. One line a file, `path NUL sha256 LF`, sorted by path with `/`.
 */
export function sourceHash(): string {
  const web = join(root, 'packages/web');
  const paths = [
    ...bundled.flatMap((name) => filesBelow(join(root, 'packages', name, 'src'))),
    ...filesBelow(join(web, 'public')),
    ...filesBelow(join(web, 'build')),
    join(web, 'index.html'),
    join(web, 'vite.config.ts'),
    join(root, 'package-lock.json'),
  ];
  const lines = paths.map((path) => {
    const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
    return `${relative(root, path).split(sep).join('/')}\0${digest}\n`;
  });
  return createHash('sha256').update(lines.sort().join('')).digest('hex');
}

/** Does `dist/` hold a bundle of the sources as they are now? */
export function bundleIsFresh(): boolean {
  try {
    const stamp = JSON.parse(readFileSync(join(root, 'packages/web/dist/build-stamp.json'), 'utf8')) as {
      sources?: string;
    };
    return stamp.sources === sourceHash();
  } catch {
    return false;
  }
}

// `node packages/web/build/stamp.ts`: exit 0 where the bundle is fresh, 1 where it has to be built.
if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = bundleIsFresh() ? 0 : 1;
