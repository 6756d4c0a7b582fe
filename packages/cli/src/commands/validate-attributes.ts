import { readFile } from 'node:fs/promises';
import { checkOmeDocument, type InspectReport } from '@micrarium/formats';
import { missingReport } from './inspect.ts';

/**
 * Holds JSON documents that are the attributes of a group of OME-Zarr to the rules of their version. There is no store around
 * them, so that only what they say themselves is looked at.
 * @yields one report per path
 */
export async function* attributeReports(paths: readonly string[]): AsyncGenerator<InspectReport> {
  for (const path of paths) {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error);
    yield typeof text === 'string'
      ? { path, format: 'ome-zarr', kind: 'image', issues: checkOmeDocument(text, path) }
      : missingReport(path, text.message);
  }
}
