import type { Imported } from '../exchange/exchange.ts';
import type { JsonRecord } from '../json/json.ts';
import { isCitationFile, readCitationFile } from './citation-file.ts';
import { isCodeMeta, readCodeMeta } from './codemeta.ts';
import { readZenodo, zenodoRecord } from './zenodo.ts';

/**
 * Reads a file that repositories of code and general archives describe their contents with: `CITATION.cff`,
 * `codemeta.json`, `.zenodo.json`. `undefined` where the document is none of them.
 * @param file its name
 */
export function readRepositoryFile(
  document: JsonRecord,
  file: string,
): { name: string; imported: Imported } | undefined {
  if (isCitationFile(document)) return { name: 'CITATION.cff', imported: readCitationFile(document) };
  if (isCodeMeta(document, file)) return { name: 'CodeMeta', imported: readCodeMeta(document) };
  const record = 'titles' in document ? undefined : zenodoRecord(document, file);
  return record ? { name: 'Zenodo', imported: readZenodo(record) } : undefined;
}
