import { columnName } from './sheet-cells.ts';
import type { ColumnToWrite, SheetToWrite } from './workbook-to-write.ts';
import { xmlText } from './write-xml.ts';

interface Comment {
  column: number;
  row: number;
  text: string;
}

function commentsOf({ columns, titles }: SheetToWrite): Comment[] {
  const row = titles?.length ?? 0;
  return columns.flatMap(({ comment }: ColumnToWrite, column) => (comment ? [{ column, row, text: comment }] : []));
}

/** The comments part: one comment a header that has help. */
export function commentsPart(sheet: SheetToWrite): string {
  const items = commentsOf(sheet).map(
    ({ column, row, text }) =>
      `<comment ref="${columnName(column)}${row + 1}" authorId="0"><text><r><t xml:space="preserve">${xmlText(text)}</t></r></text></comment>`,
  );
  return `<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author></author></authors><commentList>${items.join('')}</commentList></comments>`;
}

/** The drawing that Excel wants beside the comments: one hidden note a comment, wide enough for its text. */
export function drawingPart(sheet: SheetToWrite): string {
  const shapes = commentsOf(sheet).map(({ column, row, text }, i) => {
    const lines = text.split('\n').reduce((sum, line) => sum + Math.ceil((line.length + 1) / 42), 1);
    return `<v:shape id="_x0000_s${1025 + i}" type="#_x0000_t202" style="position:absolute;visibility:hidden;width:220pt;height:${Math.min(400, 14 * lines + 8)}pt" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox><div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>${row}</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`;
  });
  return `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>${shapes.join('')}</xml>`;
}
