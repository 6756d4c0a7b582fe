import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Style sheets of the built pages that pages written by the server share. */
export interface BundleSheets {
  /** Tokens, controls, and the face of the text; loaded before anything is shown. */
  first?: string;
  /** Japanese glyphs and the typewriter face, cut by unicode range; wanted once the page stands. */
  later?: string;
}

type Manifest = Record<string, { css?: string[] }>;

async function read(folder: string): Promise<BundleSheets> {
  const manifest = JSON.parse(await readFile(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest;
  const first = manifest['index.html']?.css?.[0];
  const later = manifest['src/styles/later-fonts.ts']?.css?.[0];
  return {
    ...(first === undefined ? {} : { first: `/${first}` }),
    ...(later === undefined ? {} : { later: `/${later}` }),
  };
}

const known = new Map<string, Promise<BundleSheets>>();

/** The sheets of a bundle; none where there is no bundle yet. A bundle does not change while the server runs. */
export function bundleSheets(folder: string | undefined): Promise<BundleSheets> {
  if (folder === undefined) return Promise.resolve({});
  const sheets =
    known.get(folder) ??
    read(folder).catch(() => {
      known.delete(folder);
      return {};
    });
  known.set(folder, sheets);
  return sheets;
}

const styles = new URL('../../../../web/src/styles/', import.meta.url);

/** What the sheet of the bundle says, without its fonts, from the sources: for a server whose pages are not built. */
export async function sourceSheet(): Promise<string> {
  const parts = ['tokens.css', 'base.css', 'controls.css'].map((name) => readFile(new URL(name, styles), 'utf8'));
  return (await Promise.all(parts)).join('\n');
}
