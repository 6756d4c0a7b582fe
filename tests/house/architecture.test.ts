import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { type SourceFile, importsOf, packageNames, root, sourceFiles, target } from './source-files.ts';

/** What each package may import: only packages below it. */
const below: Readonly<Record<string, readonly string[]>> = {
  model: [],
  formats: ['model'],
  standards: ['model'],
  api: ['model', 'formats', 'standards'],
  viewer: ['model', 'formats', 'standards'],
  repository: ['model', 'formats', 'standards'],
  server: ['model', 'formats', 'standards', 'api', 'viewer', 'repository'],
  web: ['model', 'formats', 'standards', 'api', 'viewer'],
  cli: ['model', 'formats', 'standards', 'api', 'repository', 'server'],
};

/** Packages that run in browsers too. */
const everywhere = ['model', 'formats', 'standards', 'api', 'viewer', 'web'];

const files = sourceFiles();
const byPath = new Map(files.map((file) => [file.path, file]));

test('the reader of imports sees what is there', () => {
  const source = [
    "import { a, type B } from './a.ts';",
    "import type { C } from './c.ts';",
    "import { type D } from './d.ts';",
    "export * from './e.ts';",
    "import 'node:fs';",
    "// import x from './commented.ts';",
    "const f = await import('./f.ts');",
    "type G = typeof import('./g.ts');",
    'import {\n  h,\n  i,\n} from "./h.ts";',
  ].join('\n');
  expect(importsOf(source).map(({ specifier, kind }) => `${kind} ${specifier}`)).toEqual([
    'value ./a.ts',
    'type ./c.ts',
    'type ./d.ts',
    'value ./e.ts',
    'value node:fs',
    'value ./h.ts',
    'dynamic ./f.ts',
    'type ./g.ts',
  ]);
  expect(files.length).toBeGreaterThan(50);
});

test('packages import only packages below them, and declare what they import', () => {
  expect(packageNames()).toEqual(Object.keys(below).sort());
  const wrong: string[] = [];
  for (const name of packageNames()) {
    const about = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    const declared = Object.keys(about.dependencies ?? {});
    for (const dependency of declared)
      if (dependency.startsWith('@micrarium/') && !below[name]!.includes(dependency.slice(11)))
        wrong.push(`packages/${name}/package.json: ${dependency}`);
    for (const file of files.filter((one) => one.package === name))
      for (const { specifier } of file.imports) {
        const other = /^@micrarium\/([^/]+)/.exec(specifier)?.[1];
        if (other !== undefined && (!below[name]!.includes(other) || !declared.includes(`@micrarium/${other}`)))
          wrong.push(`${file.path}: ${specifier}`);
      }
  }
  expect(wrong).toEqual([]);
});

test('nobody reaches past the index of another package', () => {
  const open = new Set(['@micrarium/formats/node']);
  const wrong = files.flatMap((file) =>
    file.imports
      .filter(({ specifier }) => {
        const inside = target(file, specifier);
        if (inside !== undefined) return !inside.startsWith(`packages/${file.package}/`);
        // The suites that every adapter of a port must pass are open to tests.
        if (file.isTest && specifier === '@micrarium/repository/testing') return false;
        return /^@micrarium\/[^/]+\//.test(specifier) && !open.has(specifier);
      })
      .map(({ specifier }) => `${file.path}: ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

test('no circle of value imports', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) return void circles.push([...trail.slice(start), path].join(' → '));
    if (done.has(path)) return;
    const file = byPath.get(path);
    for (const { specifier, kind } of file?.imports ?? []) {
      const next = kind === 'value' ? target(file!, specifier) : undefined;
      if (next !== undefined && byPath.has(next)) visit(next, [...trail, path]);
    }
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  expect(circles).toEqual([]);
});

/** Everything that is loaded from a file on, at once or later, within its package. */
function reachable(entry: string): Set<string> {
  const seen = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = byPath.get(path);
    if (!file || seen.has(path)) continue;
    seen.add(path);
    for (const { specifier, kind } of file.imports) {
      const next = kind === 'type' ? undefined : target(file, specifier);
      if (next !== undefined) waiting.push(next);
    }
  }
  return seen;
}

const usesNode = (file: SourceFile) =>
  file.imports.some(({ specifier, kind }) => kind !== 'type' && specifier.startsWith('node:')) ||
  /\bBuffer\.|\bprocess\.(env|cwd|argv)/.test(file.text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''));

test('what runs in browsers never loads Node, but for @micrarium/formats/node', () => {
  const wrong: string[] = [];
  for (const name of everywhere) {
    const entries = [`packages/${name}/src/index.ts`, `packages/${name}/src/main.tsx`].filter((path) =>
      byPath.has(path),
    );
    const loaded = new Set(entries.flatMap((entry) => [...reachable(entry)]));
    const atNode = name === 'formats' ? reachable('packages/formats/src/node.ts') : new Set<string>();
    for (const file of files.filter((one) => one.package === name && !one.isTest && usesNode(one)))
      if (loaded.has(file.path) || !atNode.has(file.path)) wrong.push(file.path);
    for (const file of files.filter((one) => one.package === name && !one.isTest && !atNode.has(one.path)))
      if (file.imports.some(({ specifier }) => specifier === '@micrarium/formats/node')) wrong.push(file.path);
  }
  expect(wrong).toEqual([]);
});

test('files are named by what they are about', () => {
  const vague = /^(utils?|helpers?|common|manager|misc)([.-]|$)|[-.](utils?|helpers?|common|manager|misc)\./i;
  expect(files.map(({ path }) => path).filter((path) => vague.test(basename(path)))).toEqual([]);
});

test('no default exports, no any, nothing silenced or skipped', () => {
  const rules: readonly (readonly [string, RegExp])[] = [
    ['default export', /^export default\b/m],
    ['any', /(:\s*|<|\bas\s+|\|\s*)any\b(?!\s*[.('"`\w])/],
    ['silenced compiler', /@ts-(ignore|nocheck)/],
    ['skipped test', /\b(test|it|describe)\.(skip|only|todo)\b/],
  ];
  const wrong = files.flatMap((file) => {
    const code = file.text
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/\/\/.*$/gm, '')
      .replace(/(['"`])(?:\\.|(?!\1)[^\\\n])*\1/g, "''");
    return rules.filter(([, pattern]) => pattern.test(code)).map(([rule]) => `${file.path}: ${rule}`);
  });
  expect(wrong).toEqual([]);
});

test('imports name files with their extension, and the files are there', () => {
  const wrong = files.flatMap((file) =>
    file.imports.flatMap(({ specifier }) => {
      const path = target(file, specifier.replace(/\?.*$/, ''));
      return path !== undefined && !existsSync(join(root, path)) ? [`${file.path}: ${specifier}`] : [];
    }),
  );
  expect(wrong).toEqual([]);
});
