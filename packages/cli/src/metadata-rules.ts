import { existsSync } from 'node:fs';
import { opendir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { InspectReport, Item } from '@micrarium/formats';
import type { Issue } from '@micrarium/model';
import { checkMetadataFiles, isCheckedMetadata } from '@micrarium/standards';

/** Larger files are no metadata; they are left to recognition alone. */
const largest = 64 * 1024 * 1024;
const mostPaths = 100_000;

/** What the standard's rules find wrong with an item of metadata; nothing for items of other formats. */
export async function metadataRuleIssues(item: Item, report: InspectReport): Promise<Issue[]> {
  if (!isCheckedMetadata(report.format)) return [];
  const files = new Map<string, Uint8Array>();
  const shown = report.files ?? [report.path];
  for (const [index, entry] of item.files.entries()) {
    if (entry.size > largest) return [];
    const source = await entry.open();
    files.set(shown[index] ?? report.path, await source.read(0, entry.size));
  }
  for (const file of item.files) await file.close?.();
  const paths = report.format === 'ro-crate' ? await crateSurroundings(report.path, files) : undefined;
  return checkMetadataFiles(report.format, { files, ...(paths ? { paths } : {}) });
}

/** Paths around a crate's metadata document on disk; adds the file lists beside it to the files. */
async function crateSurroundings(path: string, files: Map<string, Uint8Array>): Promise<Set<string> | undefined> {
  if (!existsSync(path) || !(await stat(path)).isFile()) return undefined;
  const folder = dirname(path);
  const paths = new Set<string>();
  for await (const entry of await opendir(folder, { recursive: true })) {
    const inner = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/');
    paths.add(entry.isDirectory() ? `${inner}/` : inner);
    if (paths.size > mostPaths) return undefined;
    if (entry.isFile() && !inner.includes('/') && /\.(tsv|csv)$/i.test(inner)) {
      const full = join(folder, inner);
      if ((await stat(full)).size <= largest) files.set(full, await readFile(full));
    }
  }
  return paths;
}
