import { workbookBytes } from '@micrarium/formats';
import type { StudySheet } from '@micrarium/standards';

/** Hands a workbook to the browser as a download. */
export async function saveSheets(sheets: readonly StudySheet[], name: string): Promise<void> {
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  const url = URL.createObjectURL(new Blob([await workbookBytes(sheets)], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
