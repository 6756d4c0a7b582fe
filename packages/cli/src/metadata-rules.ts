import { existsSync } from 'node:fs';
import { opendir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { InspectReport, Item } from '@micrarium/formats';
import type { Issue } from '@micrarium/model';
import { checkMetadataFiles, isCheckedMetadata, isIdrTable } from '@micrarium/standards';

/** Larger files are no metadata; they are left to recognition alone. */
const largest = 64 * 1024 * 1024;
const mostPaths = 100_000;

/** What the standard's rules find wrong with an item of metadata; nothing for items of other formats. */
export async function metadataRuleIssues(item: Item, report: InspectReport): Promise<Issue[]> {
  const format = report.format === 'delimited' && isIdrTable(report.path) ? 'idr-annotation' : report.format;
  if (!isCheckedMetadata(format)) return [];
  const files = new Map<string, Uint8Array>();
  const shown = report.files ?? [];
  for (const [index, entry] of item.files.entries()) {
    if (entry.size > largest) return [];
    const source = await entry.open();
    files.set(shown[index] ?? memberPath(report.path, entry.path), await source.read(0, entry.size));
  }
  for (const file of item.files) await file.close?.();
  const document =
    report.format === 'isa-tab' ? [...files.keys()].find((path) => /(^|\/)i_[^/]*\.txt$/i.test(path)) : report.path;
  const hasSurroundings = report.format === 'ro-crate' || report.format === 'isa-tab';
  const paths = hasSurroundings && document !== undefined ? await surroundings(document, files) : undefined;
  return checkMetadataFiles(format, { files, ...(paths ? { paths } : {}) });
}

/** What is asked of tables of measurements, and of no table that says what images show. */
const ofMeasurements = new Set(['column-without-unit', 'key-missing', 'key-repeated', 'well-name-invalid']);

/** Findings of a report without those of tables of measurements, where the item is an annotation table of IDR. */
export function ofItsKind({ format, path, issues }: InspectReport): Issue[] {
  const isAnnotation = format === 'delimited' && isIdrTable(path);
  return isAnnotation ? issues.filter(({ code }) => !ofMeasurements.has(code)) : issues;
}

/** Where the only file of an item lies: the item may be told by its folder. */
function memberPath(item: string, member: string): string {
  const name = member.slice(member.lastIndexOf('/') + 1);
  return item === name || item.endsWith(`/${name}`) ? item : `${item.replace(/\/$/, '')}/${name}`;
}

/** Paths around a metadata document on disk; adds the file lists beside it to the files. */
async function surroundings(path: string, files: Map<string, Uint8Array>): Promise<Set<string> | undefined> {
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
