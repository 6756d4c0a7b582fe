import type { FileEntry, FileTree } from '../../bytes/file-tree.ts';
import { isDateFormat } from './date-serials.ts';
import { type PartHandler, PartWalker, PartXmlError, attributeOf } from './xml-text.ts';
import { joinedBytes } from '../../bytes/joined-bytes.ts';

/** Where the sheets and other parts of a workbook lie in its archive. */
export interface WorkbookParts {
  sheets: { name: string; hidden: boolean; entry: FileEntry }[];
  sharedTexts?: FileEntry;
  styles?: FileEntry;
  date1904: boolean;
  /** The workbook is in the binary form (.xlsb). */
  binary: boolean;
}

/** Parts other than sheets and texts stay far below. */
const largestPart = 64 << 20;
const mostSheets = 4096;

/** Text of a part, piece by piece; UTF-16 where its byte order mark says so, else UTF-8. */
export async function* partText(entry: FileEntry, signal?: AbortSignal): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let held: Uint8Array[] = [];
  let size = 0;
  const text = (last: boolean) => {
    const bytes = held.length === 1 ? held[0]! : joinedBytes(held, size);
    decoder ??= new TextDecoder(encodingOf(bytes));
    held = [];
    size = 0;
    return decoder.decode(bytes, { stream: !last });
  };
  for await (const bytes of bytesOf(entry, signal)) {
    held.push(bytes);
    size += bytes.length;
    // Small pieces are gathered: what is cut at the end of each has to be looked at again.
    if (size >= 1 << 18) yield text(false);
  }
  yield text(true);
}

/** XML without a mark begins with `<`: the zero beside it says UTF-16 (XML 1.0, appendix F). */
function encodingOf([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | 'utf-8' {
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c) ? 'utf-16be' : 'utf-8';
}

async function* bytesOf(entry: FileEntry, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  if (entry.stream) return yield* entry.stream(signal);
  const source = await entry.open();
  for (let at = 0; at < source.size; at += 1 << 18) yield await source.read(at, 1 << 18, signal);
}

/** Start tags of a part, one by one. */
async function walkPart(
  entry: FileEntry,
  take: (name: string, attribute: (name: string) => string | undefined, isEnd: boolean) => void,
  signal?: AbortSignal,
): Promise<void> {
  if (entry.size > largestPart) throw new PartXmlError(`${entry.path} has ${entry.size} bytes`);
  const handler: PartHandler = {
    wantsText: false,
    done: false,
    open: (name, text, from, to) => take(name, (attribute) => attributeOf(text, from, to, attribute), false),
    close: (name) => take(name, () => undefined, true),
    text() {},
  };
  const walker = new PartWalker(handler);
  for await (const piece of partText(entry, signal)) walker.feed(piece);
}

/** Path of a relationship's target: relative to the folder of its part, absolute with a slash. */
function targetPath(folder: string, target: string): string {
  const parts = target.startsWith('/') ? [] : folder.split('/').filter(Boolean);
  for (const part of target.split('/'))
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  return parts.join('/');
}

interface Relation {
  type: string;
  path: string;
}

async function relationsOf(tree: FileTree, part: string, signal?: AbortSignal): Promise<Map<string, Relation>> {
  const slash = part.lastIndexOf('/');
  const folder = slash < 0 ? '' : part.slice(0, slash);
  const entry = entryAt(tree, `${folder === '' ? '' : `${folder}/`}_rels/${part.slice(slash + 1)}.rels`);
  const relations = new Map<string, Relation>();
  if (!entry) return relations;
  await walkPart(
    entry,
    (name, attribute, isEnd) => {
      // What lies outside the archive is never opened.
      if (isEnd || name !== 'Relationship' || attribute('TargetMode') === 'External') return;
      const type = attribute('Type') ?? '';
      relations.set(attribute('Id') ?? '', {
        type: type.slice(type.lastIndexOf('/') + 1),
        path: targetPath(folder, attribute('Target') ?? ''),
      });
    },
    signal,
  );
  return relations;
}

/** Part names are compared without case (OPC, 9.1.1.1). */
function entryAt(tree: FileTree, path: string): FileEntry | undefined {
  const wanted = path.toLowerCase();
  return tree.entries.find((entry) => entry.path.toLowerCase() === wanted);
}

/**
 * Finds the parts of a workbook by its relationships.
 * @returns `undefined` where the archive holds no workbook
 * @throws PartXmlError
 */
export async function findParts(tree: FileTree, signal?: AbortSignal): Promise<WorkbookParts | undefined> {
  const roots = await relationsOf(tree, '', signal);
  const root = [...roots.values()].find(({ type }) => type === 'officeDocument')?.path ?? 'xl/workbook.xml';
  const workbook = entryAt(tree, root);
  if (root.endsWith('.bin')) return { sheets: [], date1904: false, binary: true };
  if (!workbook) return undefined;
  const relations = await relationsOf(tree, workbook.path, signal);
  const parts: WorkbookParts = { sheets: [], date1904: false, binary: false };
  await walkPart(
    workbook,
    (name, attribute, isEnd) => {
      if (isEnd) return;
      // Extensions have an element of that name too, which says nothing of dates.
      if (name === 'workbookPr') parts.date1904 ||= /^(1|true|on)$/.test(attribute('date1904') ?? '');
      if (name !== 'sheet' || parts.sheets.length >= mostSheets) return;
      const relation = relations.get(attribute('id') ?? '');
      const entry = relation?.type === 'worksheet' ? entryAt(tree, relation.path) : undefined;
      if (!entry) return;
      const state = attribute('state') ?? 'visible';
      parts.sheets.push({ name: attribute('name') ?? '', hidden: state !== 'visible', entry });
    },
    signal,
  );
  for (const { type, path } of relations.values()) {
    const entry = entryAt(tree, path);
    if (entry && type === 'sharedStrings') parts.sharedTexts = entry;
    if (entry && type === 'styles') parts.styles = entry;
  }
  return parts;
}

/**
 * Which cell styles show dates: 1 at their index.
 * @throws PartXmlError
 */
export async function readDateStyles(styles: FileEntry | undefined, signal?: AbortSignal): Promise<Uint8Array> {
  if (!styles) return new Uint8Array(0);
  const codes = new Map<number, string>();
  const ids: number[] = [];
  let inCellStyles = false;
  let inFormats = false;
  await walkPart(
    styles,
    (name, attribute, isEnd) => {
      if (name === 'cellXfs') inCellStyles = !isEnd;
      // Rules of conditional formatting have formats of their own under the same numbers.
      else if (name === 'numFmts') inFormats = !isEnd;
      else if (isEnd) return;
      else if (name === 'numFmt' && inFormats) codes.set(Number(attribute('numFmtId')), attribute('formatCode') ?? '');
      else if (name === 'xf' && inCellStyles) ids.push(Number(attribute('numFmtId') ?? 0));
    },
    signal,
  );
  return Uint8Array.from(ids, (id) => (isDateFormat(id, codes.get(id)) ? 1 : 0));
}
