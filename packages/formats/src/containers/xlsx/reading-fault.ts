import type { Issue } from '@micrarium/model';
import { ByteSourceError } from '../../bytes/byte-source.ts';
import { ZipEntryDamaged } from '../zip/zip-entry.ts';
import { SharedTextsTooLarge } from './shared-texts.ts';
import { workbookIssue } from './workbook-issues.ts';
import { PartXmlError } from './xml-text.ts';

/** The issue of what stopped the reading of a part; faults of the program and of the disk are thrown on. */
export function issueOfFault(error: unknown, file: string, part = ''): Issue {
  const where = { where: { file } };
  if (error instanceof ZipEntryDamaged) return error.issue;
  if (error instanceof SharedTextsTooLarge) return workbookIssue('workbook-too-large', error.message, where);
  if (error instanceof PartXmlError)
    return workbookIssue(error.refused ? 'workbook-xml-refused' : 'workbook-damaged', `${part}${error.message}`, where);
  throw error instanceof ByteSourceError ? error : new Error(`${part}reading the workbook failed`, { cause: error });
}
