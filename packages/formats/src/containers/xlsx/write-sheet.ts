import { dateToSerial } from './date-serials.ts';
import { columnName, sheetColumns, sheetRows } from './sheet-cells.ts';
import type { ListRange } from './write-lists.ts';
import type { CellStyles } from './write-styles.ts';
import { type CellToWrite, type ColumnToWrite, type SheetToWrite, WorkbookWriteError } from './workbook-to-write.ts';
import { xmlAttribute, xmlText } from './write-xml.ts';

/** A cell of Excel holds so many characters. */
const longestText = 32_767;
const batchCharacters = 1 << 18;

/** What a sheet needs of its workbook. */
interface SheetContext {
  lists: { ranges: ReadonlyMap<readonly string[], ListRange> };
  styles: CellStyles;
  /** The sheet that is in sight when the workbook is opened. */
  isFirst: boolean;
}

/** The XML of a worksheet, piece by piece. */
export async function* sheetPart(sheet: SheetToWrite, context: SheetContext): AsyncGenerator<string> {
  const { columns, titles = [] } = sheet;
  if (columns.length > sheetColumns) throw new WorkbookWriteError(`"${sheet.name}" has ${columns.length} columns`);
  const headerRow = titles.length + 1;
  yield sheetStart(sheet, headerRow, context);
  let text = '';
  for (const [i, title] of titles.entries()) text += rowXml(i + 1, [cellXml(title, i + 1, 0, context.styles.title)]);
  const { header, required } = context.styles;
  text += rowXml(
    headerRow,
    columns.map((column, i) => cellXml(column.header, headerRow, i, column.required ? required : header)),
  );
  const formats = columns.map(({ format }) => (format === undefined ? 0 : (context.styles.formats.get(format) ?? 0)));
  let row = headerRow;
  for await (const values of sheet.rows ?? []) {
    if (++row > sheetRows) throw new WorkbookWriteError(`"${sheet.name}" has more than ${sheetRows} rows`);
    const cells: string[] = [];
    for (const [i, value] of values.entries()) cells.push(valueXml(value, row, i, formats[i] ?? 0, context.styles));
    text += rowXml(row, cells);
    if (text.length < batchCharacters) continue;
    yield text;
    text = '';
  }
  yield `${text}</sheetData>${validationsXml(sheet, headerRow, context)}${columns.some(({ comment }) => comment) ? '<legacyDrawing r:id="rId1"/>' : ''}</worksheet>`;
}

function sheetStart({ columns, freezeHeader = true }: SheetToWrite, headerRow: number, context: SheetContext): string {
  const pane = freezeHeader
    ? `<pane ySplit="${headerRow}" topLeftCell="A${headerRow + 1}" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A${headerRow + 1}" sqref="A${headerRow + 1}"/>`
    : '';
  const widths = columns.map((column, i) => {
    const width = Math.min(255, column.width ?? fittingWidth(column));
    const style = column.format === undefined ? '' : ` style="${context.styles.formats.get(column.format)}"`;
    return `<col min="${i + 1}" max="${i + 1}" width="${width}"${style} customWidth="1"/>`;
  });
  const namespaces =
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet ${namespaces}><sheetViews><sheetView${context.isFirst ? ' tabSelected="1"' : ''} workbookViewId="0">${pane}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>${widths.length > 0 ? `<cols>${widths.join('')}</cols>` : ''}<sheetData>`;
}

function fittingWidth({ header }: ColumnToWrite): number {
  const longest = Math.max(...header.split('\n').map((line) => line.length));
  return Math.max(10, Math.min(40, longest + 3));
}

function rowXml(row: number, cells: readonly string[]): string {
  return `<row r="${row}">${cells.join('')}</row>`;
}

function valueXml(value: CellToWrite, row: number, column: number, format: number, styles: CellStyles): string {
  if (value === undefined || value === null || value === '') return '';
  if (value instanceof Date) {
    const serial = dateToSerial(value);
    if (!(serial >= 0)) return cellXml(value.toISOString(), row, column, format);
    const style = format || (Number.isInteger(serial) ? styles.day : styles.date);
    return `<c r="${columnName(column)}${row}" s="${style}"><v>${serial}</v></c>`;
  }
  return cellXml(value, row, column, format);
}

/** Numbers that Excel has not (NaN, infinities) are written as text. */
function cellXml(value: string | number | boolean, row: number, column: number, style: number): string {
  const place = `r="${columnName(column)}${row}"${style ? ` s="${style}"` : ''}`;
  if (typeof value === 'number' && Number.isFinite(value)) return `<c ${place}><v>${value}</v></c>`;
  if (typeof value === 'boolean') return `<c ${place} t="b"><v>${value ? 1 : 0}</v></c>`;
  const text = String(value);
  if (text.length > longestText)
    throw new WorkbookWriteError(
      `cell ${columnName(column)}${row} has ${text.length} characters; Excel takes ${longestText}`,
    );
  return `<c ${place} t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

function validationsXml(sheet: SheetToWrite, headerRow: number, { lists }: SheetContext): string {
  const last = Math.min(sheetRows, headerRow + (sheet.choiceRows ?? 1000));
  const rules = sheet.columns.flatMap((column, i) => {
    const place = column.choices && lists.ranges.get(column.choices);
    if (!place && column.prompt === undefined) return [];
    const cells = `${columnName(i)}${headerRow + 1}:${columnName(i)}${last}`;
    const prompt =
      column.prompt === undefined
        ? ''
        : ` showInputMessage="1" promptTitle="${xmlAttribute(column.header.slice(0, 32))}" prompt="${xmlAttribute(column.prompt.slice(0, 255))}"`;
    if (!place) return [`<dataValidation allowBlank="1"${prompt} sqref="${cells}"/>`];
    const formula = 'inline' in place ? `"${place.inline}"` : place.range;
    const alert = `errorStyle="${column.strict ? 'stop' : 'warning'}" allowBlank="1"${prompt} showErrorMessage="1"`;
    return [
      `<dataValidation type="list" ${alert} sqref="${cells}"><formula1>${xmlText(formula)}</formula1></dataValidation>`,
    ];
  });
  return rules.length === 0 ? '' : `<dataValidations count="${rules.length}">${rules.join('')}</dataValidations>`;
}
