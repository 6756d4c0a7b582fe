import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { IssueCode } from '@micrarium/model';

/** One catalogue of issue codes, as a source file exports it. */
export interface FoundCatalogue {
  /** Path of the source file from the root. */
  path: string;
  codes: Readonly<Record<string, IssueCode>>;
}

const root = resolve(import.meta.dirname, '..');

/** Every catalogue that a source file makes with `defineIssues`, sorted by path. */
export async function findCatalogues(): Promise<FoundCatalogue[]> {
  const found: FoundCatalogue[] = [];
  for (const path of filesWithCatalogues()) {
    const exported = (await import(pathToFileURL(join(root, path)).href)) as Record<string, unknown>;
    for (const value of Object.values(exported)) {
      const catalogue = typeof value === 'function' && 'catalogue' in value ? value.catalogue : undefined;
      if (catalogue) found.push({ path, codes: catalogue as FoundCatalogue['codes'] });
    }
  }
  return found;
}

/** Source files that call `defineIssues`, but for the one that declares it. */
export function filesWithCatalogues(): string[] {
  const packages = join(root, 'packages');
  return readdirSync(packages)
    .flatMap((name) =>
      readdirSync(join(packages, name, 'src'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
        .map((entry) => join(entry.parentPath, entry.name)),
    )
    .filter((path) => /=\s*defineIssues\(/.test(readFileSync(path, 'utf8')))
    .map((path) => relative(root, path))
    .sort();
}

/** The page of all issue codes. */
export function issuePage(catalogues: readonly FoundCatalogue[]): string {
  const lines = [
    '# Issues',
    '',
    'Everything Micrarium can find wrong, or worth knowing, in deposited data. Codes never change their meaning.',
    'An *error* makes the item invalid, a *warning* may mislead a reader, *info* is good to know.',
    '',
    'Written by `node tools/write-issue-docs.ts` from the catalogues in the sources; a test compares the two.',
  ];
  // A code of several formats has its example once.
  const examples = new Map(
    catalogues.flatMap(({ codes }) =>
      Object.entries(codes).flatMap(([code, { example }]) => (example === undefined ? [] : [[code, example] as const])),
    ),
  );
  for (const { path, codes } of catalogues) {
    lines.push('', `## ${titleOf(path)}`, '', `From \`${path}\`.`);
    for (const [code, { severity, meaning, hint }] of Object.entries(codes).sort(([a], [b]) => (a < b ? -1 : 1))) {
      lines.push('', `### ${code}`, '', `*${severity}.* ${meaning}`);
      const example = examples.get(code);
      if (example !== undefined) lines.push('', `For example: ${example}`);
      if (hint !== undefined) lines.push('', `What to do: ${hint}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function titleOf(path: string): string {
  const parts = path
    .replace(/^packages\//, '')
    .replace(/\/src\//, '/')
    .replace(/\.ts$/, '')
    .split('/');
  const name = parts.at(-1)!.replace(/-?issues?$/, '') || parts.at(-2)!;
  return `${parts[0]}: ${name.replaceAll('-', ' ')}`;
}
