import { tag } from '../tiff/tags.ts';
import type { TiffFile } from '../tiff/directory.ts';
import { type JsonValues, parseValues } from './header.ts';

/** Where the directory of a plane lies: its place in the chain, or its byte offset. */
export type DirectoryPlace = number | { readonly offset: number };

/** The record of a plane (tag 51123); `undefined` where the page has none. */
export async function planeRecord(file: TiffFile, page: DirectoryPlace): Promise<JsonValues | undefined> {
  const directory = await (typeof page === 'number' ? file.directory(page) : file.directoryAt(page.offset));
  const text = directory && (await file.text(directory, tag.microManager, 4 << 20));
  const values = text === undefined ? {} : parseValues(text);
  return Object.keys(values).length > 0 ? values : undefined;
}

/** The text of the record of the first plane, as it stands. */
export async function firstRecordText(file: TiffFile): Promise<string> {
  const directory = await file.directory(0);
  return (directory && (await file.text(directory, tag.microManager, 4 << 20))) ?? '';
}
