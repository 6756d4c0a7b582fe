import { fileTree, type FormatId, formatById, nativeWithoutExport } from '@micrarium/formats';
import { everyRow } from './pages-of-rows.ts';
import type { DerivedStore } from './ports/derived-store.ts';
import type { DraftItemRow, StudyStore } from './ports/study-store.ts';
import { checkTableKeys } from './table-keys.ts';

/**
 * Makes anew the findings that depend on other items of a draft: names in tables that name nothing, and files of commercial programs
 * without a general export beside them. Run when the last item is read; repeating it does nothing new.
 */
export async function checkTogether(
  ports: { studies: StudyStore; derived: DerivedStore },
  draftId: string,
): Promise<void> {
  await checkTableKeys(ports, draftId);
  await checkExportsBeside(ports.studies, draftId, await ports.studies.listItems(draftId));
}

const code = 'native-without-export';

/** An item is ingested alone, where every file of a commercial program stands alone. */
async function checkExportsBeside(studies: StudyStore, draftId: string, rows: readonly DraftItemRow[]): Promise<void> {
  const suspects = rows.filter(({ item }) => item.issues.some((issue) => issue.code === code));
  if (suspects.length === 0) return;
  const entries = [];
  for await (const { path, size } of everyRow((page) => studies.listFiles(draftId, page)))
    entries.push({ path, size, open: () => Promise.reject(new Error('Only names are looked at')) });
  const tree = fileTree('', entries);
  const byPath = new Map(tree.entries.map((entry) => [entry.path, entry]));
  for (const { item } of suspects) {
    const format = item.format as FormatId;
    const entry = byPath.get(item.files[0] ?? '');
    if (!entry || nativeWithoutExport(entry, tree, format, formatById(format)).length > 0) continue;
    const issues = item.issues.filter((issue) => issue.code !== code);
    await studies.updateItem(draftId, item.id, { item: { ...item, issues } });
  }
}
