import { memorySource, sheetsInMemory } from '@micrarium/formats';
import { decodeMetadataText, readStudySheets, tableRows } from '@micrarium/standards';
import { type DraftDataset, type ReadImport, largestMetadata, offersOf, readImport } from './read-import.ts';

/** Rows read of a sheet of metadata; more are data. */
const mostRows = 200_000;

/** The sheets of a workbook. */
export function sheetsOf(name: string, bytes: Uint8Array): ReturnType<typeof sheetsInMemory> {
  return sheetsInMemory(memorySource(name, bytes), mostRows);
}

/** What a filled sheet is called, by its layout and the name of its file. */
export function nameOfSheets(layout: ReturnType<typeof readStudySheets>['layout'], file: string): string {
  const program = /\.o[dt]s$/i.test(file) ? 'OpenDocument' : 'Excel';
  return layout === 'template' ? program : `SSBD ${program}`;
}

/** Reads files of metadata that were dropped: one document, the several files of one, or filled sheets. */
export async function readDroppedMetadata(
  files: readonly File[],
  datasets: readonly DraftDataset[],
): Promise<ReadImport> {
  const [first] = files;
  if (first && /\.(xls[xmb]?|xlt[xm]|o[dt]s)$/i.test(first.name) && first.size <= largestMetadata) {
    const { sheets, issues } = await sheetsOf(first.name, new Uint8Array(await first.arrayBuffer()));
    return sheets.length === 0 ? nothing(issues) : fromSheets(sheets, first.name, datasets, issues);
  }
  const texts = new Map<string, string>();
  const said: ReadImport['issues'] = [];
  for (const file of files.slice(0, 100)) {
    if (file.size > largestMetadata) continue;
    const { text, issues } = decodeMetadataText(new Uint8Array(await file.arrayBuffer()), file.name);
    texts.set(file.name, text);
    said.push(...issues);
  }
  const told = readImport(texts, datasets);
  const read = { ...told, issues: [...said, ...told.issues] };
  const [[name, text] = ['', '']] = texts;
  if (read.offers.length > 0 || texts.size !== 1 || !/\.(csv|tsv|txt)$/i.test(name)) return read;
  return fromTable(text, name, datasets, said) ?? read;
}

/** Reads pasted text: a reference, a document of any standard, or cells copied out of a filled sheet. */
export function readPastedMetadata(text: string, name: string, datasets: readonly DraftDataset[]): ReadImport {
  const read = readImport(new Map([[name, text]]), datasets);
  return read.offers.length > 0 || !/[\t,;]/.test(text) ? read : (fromTable(text, name, datasets, []) ?? read);
}

/** Cells of a delimited table; nothing where no field is named in it. */
function fromTable(
  text: string,
  name: string,
  datasets: readonly DraftDataset[],
  said: ReadImport['issues'],
): ReadImport | undefined {
  const table = fromSheets([{ name: 'table', rows: delimitedRows(text) }], name, datasets, said);
  return table.offers.length > 0 ? { ...table, name: '' } : undefined;
}

const nothing = (issues: ReadImport['issues']): ReadImport => ({
  name: '',
  offers: [],
  unread: [],
  unmatched: [],
  issues,
});

/** Rows of a delimited table, as sheets have them. */
export function delimitedRows(text: string) {
  return tableRows(text).map(({ cells, line }) => ({ row: line, cells }));
}

function fromSheets(
  sheets: Parameters<typeof readStudySheets>[0],
  file: string,
  datasets: readonly DraftDataset[],
  issues: ReadImport['issues'],
): ReadImport {
  const read = readStudySheets(sheets, file);
  return offersOf(
    { ...read, name: nameOfSheets(read.layout, file), issues: [...issues, ...read.issues] },
    file,
    datasets,
  );
}
