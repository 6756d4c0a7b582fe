import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** Root of the checkout. */
export const root: string = resolve(import.meta.dirname, '../..');

/** One import of a source file. */
export interface Import {
  specifier: string;
  kind: 'value' | 'type' | 'dynamic';
}

/** A source file of a package. */
export interface SourceFile {
  /** Path from the root of the checkout. */
  path: string;
  package: string;
  text: string;
  imports: Import[];
  /** Tests and the suites they share run under Node, whatever their package. */
  isTest: boolean;
}

/** Names of the packages, as the folders are called. */
export function packageNames(): string[] {
  return readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** All TypeScript files below the `src` folders of all packages. */
export function sourceFiles(): SourceFile[] {
  return packageNames().flatMap((name) =>
    readdirSync(join(root, 'packages', name, 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
      .map((entry) => sourceFile(join(entry.parentPath, entry.name), name)),
  );
}

function sourceFile(full: string, packageName: string): SourceFile {
  const text = readFileSync(full, 'utf8');
  const path = relative(root, full);
  const isTest = /(\.test\.tsx?|-suite\.ts|-child\.ts|\/testing\/.*|-for-tests\.ts)$/.test(path);
  return { path, package: packageName, text, imports: importsOf(text), isTest };
}

/** Imports and re-exports of a source text; what stands in comments does not count. */
export function importsOf(source: string): Import[] {
  const text = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found: Import[] = [];
  const statement = /^(?:import|export)\s+(type\s+)?([^'"`;]*?)\s*from\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]/gm;
  for (const [, typeOnly, clause, specifier, bare] of text.matchAll(statement))
    if (bare) found.push({ specifier: bare, kind: 'value' });
    else found.push({ specifier: specifier!, kind: typeOnly || onlyTypes(clause ?? '') ? 'type' : 'value' });
  for (const match of text.matchAll(/(typeof\s+)?\bimport\(\s*['"]([^'"]+)['"]/g))
    found.push({ specifier: match[2]!, kind: match[1] ? 'type' : 'dynamic' });
  // A worker is loaded by its address.
  for (const [, specifier] of text.matchAll(/new URL\(\s*['"](\.[^'"]+\.tsx?)['"],\s*import\.meta\.url/g))
    found.push({ specifier: specifier!, kind: 'dynamic' });
  return found;
}

/** `{ type A, type B }` imports nothing at run time. */
function onlyTypes(clause: string): boolean {
  const names = /^\{([\s\S]*)\}$/.exec(clause.trim())?.[1];
  if (names === undefined) return false;
  const parts = names.split(',').map((name) => name.trim());
  return parts.every((name) => name === '' || name.startsWith('type '));
}

/** Where a relative import leads, as a path from the root. */
export function target(file: SourceFile, specifier: string): string | undefined {
  return specifier.startsWith('.') ? relative(root, resolve(dirname(join(root, file.path)), specifier)) : undefined;
}
