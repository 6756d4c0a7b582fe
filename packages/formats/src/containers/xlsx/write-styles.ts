import type { SheetToWrite } from './workbook-to-write.ts';
import { xmlAttribute } from './write-xml.ts';

/** Indices of the cell styles of a workbook. */
export interface CellStyles {
  plain: 0;
  header: 1;
  required: 2;
  title: 3;
  date: 4;
  day: 5;
  /** Styles of number formats that columns ask for. */
  formats: ReadonlyMap<string, number>;
}

const fixed = 6;
const dateFormat = 164;

/** Gives every number format of the sheets a style. */
export function cellStyles(sheets: readonly SheetToWrite[]): CellStyles {
  const formats = new Map<string, number>();
  for (const { format } of sheets.flatMap(({ columns }) => columns))
    if (format !== undefined && !formats.has(format)) formats.set(format, fixed + formats.size);
  return { plain: 0, header: 1, required: 2, title: 3, date: 4, day: 5, formats };
}

/** The styles part: plain, header (bold on grey), required header (bold on yellow), title, dates, and asked-for formats. */
export function stylesPart({ formats }: CellStyles): string {
  const codes = ['yyyy\\-mm\\-dd\\ hh:mm:ss', 'yyyy\\-mm\\-dd', ...formats.keys()];
  const numbers = codes.map((code, i) => `<numFmt numFmtId="${dateFormat + i}" formatCode="${xmlAttribute(code)}"/>`);
  const font = (bold: boolean) =>
    `<font>${bold ? '<b/>' : ''}<sz val="11"/><name val="Calibri"/><family val="2"/></font>`;
  const fill = (color: string) =>
    `<fill><patternFill patternType="solid"><fgColor rgb="${color}"/><bgColor indexed="64"/></patternFill></fill>`;
  const side = (name: string) => `<${name} style="thin"><color rgb="FFBFBFBF"/></${name}>`;
  const style = (number: number, fontId: number, fillId: number, borderId: number) =>
    `<xf numFmtId="${number}" fontId="${fontId}" fillId="${fillId}" borderId="${borderId}" xfId="0"${number ? ' applyNumberFormat="1"' : ''}${fontId ? ' applyFont="1"' : ''}${fillId ? ' applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>' : '/>'}`;
  const styles = [
    style(0, 0, 0, 0),
    style(0, 1, 2, 1),
    style(0, 1, 3, 1),
    style(0, 1, 0, 0),
    style(dateFormat, 0, 0, 0),
    style(dateFormat + 1, 0, 0, 0),
    ...[...formats.keys()].map((_, i) => style(dateFormat + 2 + i, 0, 0, 0)),
  ];
  return `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="${numbers.length}">${numbers.join('')}</numFmts><fonts count="2">${font(false)}${font(true)}</fonts><fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${fill('FFD9E1EA')}${fill('FFFFE699')}</fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>${['left', 'right', 'top', 'bottom'].map(side).join('')}<diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${styles.length}">${styles.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
}
