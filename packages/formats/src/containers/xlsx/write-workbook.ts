import type { FileSinkWriter } from '../../tracks/track-reader.ts';
import { type ZipWriter, zipWriter } from '../zip/write-zip.ts';
import { commentsPart, drawingPart } from './write-comments.ts';
import { type ListRange, listsSheet, placeLists } from './write-lists.ts';
import { sheetPart } from './write-sheet.ts';
import { cellStyles, stylesPart } from './write-styles.ts';
import { type SheetToWrite, WorkbookWriteError } from './workbook-to-write.ts';
import { xmlAttribute } from './write-xml.ts';

const header = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006';
const sheetml = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const encoder = new TextEncoder();

/**
 * Writes an Excel workbook (Office Open XML, transitional) front to back: sheets with styled, frozen headers, lists of
 * choices, column widths, comments. The same input gives the same bytes; rows are streamed, memory does not grow with
 * them. Texts are written into their cells and never taken as formulas.
 * @throws WorkbookWriteError
 */
export async function writeWorkbook(
  sheets: readonly SheetToWrite[],
  out: Pick<FileSinkWriter, 'write'>,
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  checkNames(sheets);
  const lists = placeLists(sheets);
  const styles = cellStyles(sheets);
  const all: SheetToWrite[] = lists.long.length > 0 ? [...sheets, listsSheet(lists)] : [...sheets];
  const zip = zipWriter(out);
  await add(zip, '[Content_Types].xml', contentTypes(all));
  await add(zip, '_rels/.rels', relations([{ type: `${office}/officeDocument`, target: 'xl/workbook.xml' }]));
  await add(zip, 'xl/workbook.xml', workbookPart(all));
  await add(
    zip,
    'xl/_rels/workbook.xml.rels',
    relations([
      ...all.map((_, i) => ({ type: `${office}/worksheet`, target: `worksheets/sheet${i + 1}.xml` })),
      { type: `${office}/styles`, target: 'styles.xml' },
    ]),
  );
  await add(zip, 'xl/styles.xml', header + stylesPart(styles));
  for (const [i, sheet] of all.entries()) await writeSheet(zip, sheet, i, { lists, styles, ...options });
  await zip.finish();
}

async function writeSheet(
  zip: ZipWriter,
  sheet: SheetToWrite,
  i: number,
  shared: {
    lists: { ranges: ReadonlyMap<readonly string[], ListRange> };
    styles: ReturnType<typeof cellStyles>;
    signal?: AbortSignal;
  },
): Promise<void> {
  const writer = await zip.create(`xl/worksheets/sheet${i + 1}.xml`);
  for await (const text of sheetPart(sheet, { ...shared, isFirst: i === 0 })) {
    shared.signal?.throwIfAborted();
    await writer.write(encoder.encode(text));
  }
  await writer.close();
  if (!hasComments(sheet)) return;
  await add(
    zip,
    `xl/worksheets/_rels/sheet${i + 1}.xml.rels`,
    relations([
      { type: `${office}/vmlDrawing`, target: `../drawings/vmlDrawing${i + 1}.vml` },
      { type: `${office}/comments`, target: `../comments${i + 1}.xml` },
    ]),
  );
  await add(zip, `xl/comments${i + 1}.xml`, header + commentsPart(sheet));
  await add(zip, `xl/drawings/vmlDrawing${i + 1}.vml`, drawingPart(sheet));
}

/** Does any header of the sheet have a comment? */
function hasComments(sheet: SheetToWrite): boolean {
  return sheet.columns.some(({ comment }) => comment !== undefined && comment !== '');
}

async function add(zip: ZipWriter, path: string, text: string): Promise<void> {
  await zip.add(path, [encoder.encode(text)]);
}

function contentTypes(sheets: readonly SheetToWrite[]): string {
  const overrides = sheets.flatMap((sheet, i) => [
    `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${sheetml}.worksheet+xml"/>`,
    ...(hasComments(sheet)
      ? [`<Override PartName="/xl/comments${i + 1}.xml" ContentType="${sheetml}.comments+xml"/>`]
      : []),
  ]);
  return `${header}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/><Override PartName="/xl/workbook.xml" ContentType="${sheetml}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${sheetml}.styles+xml"/>${overrides.join('')}</Types>`;
}

function relations(list: readonly { type: string; target: string }[]): string {
  const items = list.map(({ type, target }, i) => `<Relationship Id="rId${i + 1}" Type="${type}" Target="${target}"/>`);
  return `${header}<Relationships xmlns="${packaged}/relationships">${items.join('')}</Relationships>`;
}

function workbookPart(sheets: readonly SheetToWrite[]): string {
  const items = sheets.map(
    ({ name, hidden }, i) =>
      `<sheet name="${xmlAttribute(name)}" sheetId="${i + 1}"${hidden ? ' state="hidden"' : ''} r:id="rId${i + 1}"/>`,
  );
  return `${header}<workbook xmlns="${main}" xmlns:r="${office}"><bookViews><workbookView/></bookViews><sheets>${items.join('')}</sheets></workbook>`;
}

/** Rules of Excel for names of sheets. */
function checkNames(sheets: readonly SheetToWrite[]): void {
  if (!sheets.some(({ hidden }) => !hidden))
    throw new WorkbookWriteError('a workbook needs a sheet that is not hidden');
  const seen = new Set<string>();
  for (const { name } of sheets) {
    if (name === '' || name.length > 31 || /[[\]:*?/\\\p{Cc}]/u.test(name) || /^'|'$/.test(name))
      throw new WorkbookWriteError(`"${name}" cannot be the name of a sheet`);
    const folded = name.toLowerCase();
    if (seen.has(folded) || folded === 'history') throw new WorkbookWriteError(`two sheets are called "${name}"`);
    seen.add(folded);
  }
}
