import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What one file of the bundle loads, as Vite's manifest says. */
export interface ManifestEntry {
  file: string;
  imports?: string[];
  css?: string[];
  isEntry?: boolean;
}

/** Vite's `.vite/manifest.json`. */
export type Manifest = Readonly<Record<string, ManifestEntry>>;

/** Most bytes, after gzip, that a visitor must have before any page can be drawn. */
export const shellLimit = 100_000;

/** Sources that every page waits for although they are imported late: the texts, in the larger of the two languages. */
const languages = ['src/messages/en-shell.ts', 'src/messages/ja-shell.ts'];

/** Files of the bundle that are loaded with an entry, itself among them. */
export function loadedWith(manifest: Manifest, key: string): Set<string> {
  const keys = new Set<string>();
  const visit = (name: string): void => {
    if (keys.has(name)) return;
    keys.add(name);
    for (const next of manifest[name]?.imports ?? []) visit(next);
  };
  visit(key);
  return new Set([...keys].flatMap((name) => [manifest[name]!.file, ...(manifest[name]!.css ?? [])]));
}

/**
 * Compressed bytes of the app shell: the scripts and style sheets that `index.html` names, and the texts of the language
 * that has the larger ones. `sizeOf` gives the compressed size of a file of the bundle.
 * @throws Error where the manifest lacks the entry or a language
 */
export function shellBytes(manifest: Manifest, sizeOf: (file: string) => number): number {
  for (const key of ['index.html', ...languages]) if (!manifest[key]) throw new Error(`The bundle has no ${key}.`);
  const shell = loadedWith(manifest, 'index.html');
  const sum = (files: Iterable<string>) => [...files].reduce((all, file) => all + sizeOf(file), 0);
  const texts = languages.map((key) => sum([...loadedWith(manifest, key)].filter((file) => !shell.has(file))));
  return sum(shell) + Math.max(...texts);
}

/** The same for a bundle on disk. */
export function shellBytesOf(folder: string): number {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest;
  return shellBytes(manifest, (file) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length);
}
