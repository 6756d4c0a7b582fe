import type { ByteSource } from '../bytes/byte-source.ts';
import { openWorkbook } from '../containers/workbook.ts';
import type { Item } from '../recognition/item.ts';

/** Sheets and rows of each that are looked at. */
const mostSheets = 4;
const mostRows = 80;
const headBytes = 64 << 10;

const folded = (text: string | undefined) =>
  (text ?? '')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, '');

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Names of fields that only a study as a whole has, folded: of our templates and of SSBD's, in both languages. */
const titles = words('title projecttitle studytitle タイトル');
const licences = words('licence license rights licenserights licencerights ライセンス');
const ofStudies = words(
  'description projectdescription releasedate publicationdate organism firstname lastname email contactemail organisation organization contactname methodsummary paperdoi doiofthepaper contributors 説明 公開日 生物種 所属機関 メールアドレス',
);

/** Names of fields said of each data set. */
const files = words('file fileorfolder filename folder rawdatafile imagefile ファイルまたはフォルダー');
const ofDatasets = words(
  'file fileorfolder filename folder rawdatafile imagefile kind title datasettitle titleofthedataset description descriptionofthedataset localid localidentifier datasetid datatype basedon organism strain cellline celltype gene protein genes proteins imagingmethods biologicalimagingmethod molecularfunction biologicalprocess cellularcomponent meshheading meshheadings studytype xyzscale tscale treatment microscope notes ファイルまたはフォルダー 生物種 系統 細胞株',
);

/** Are rows those of a filled template: names of a study in one row or one column, or a header of data sets with their files? */
export function tellsOfStudy(rows: readonly (readonly (string | undefined)[])[]): boolean {
  const columns = new Map<number, Set<string>>();
  for (const cells of rows.slice(0, mostRows)) {
    const names = new Set(cells.map(folded).filter((name) => name !== ''));
    if (isOfStudy(names) || isOfDatasets(names)) return true;
    cells.slice(0, 8).forEach((cell, column) => {
      const name = folded(cell);
      if (name !== '') columns.set(column, (columns.get(column) ?? new Set()).add(name));
    });
  }
  return [...columns.values()].some(isOfStudy);
}

const shared = (names: ReadonlySet<string>, known: ReadonlySet<string>) =>
  [...names].reduce((count, name) => count + (known.has(name) ? 1 : 0), 0);

/** A table of measurements has neither the licence of a study nor its title. */
const isOfStudy = (names: ReadonlySet<string>) =>
  shared(names, licences) > 0 && shared(names, titles) > 0 && shared(names, ofStudies) > 1;

/** Nearly all columns say what data sets are of: with columns of numbers beside them it is a table of measurements. */
const isOfDatasets = (names: ReadonlySet<string>) =>
  shared(names, files) > 0 && shared(names, ofDatasets) >= Math.max(4, 0.7 * names.size);

/** Does a table or workbook hold the metadata of a study, and no measurements? Looks at its first rows. */
export async function isStudySheet({ format, files: members }: Item, signal?: AbortSignal): Promise<boolean> {
  if ((format !== 'excel' && format !== 'delimited') || members.length !== 1) return false;
  const source = await members[0]!.open();
  return format === 'excel' ? await isStudyWorkbook(source, signal) : await isStudyTable(source);
}

async function isStudyTable(source: ByteSource): Promise<boolean> {
  const head = await source.read(0, Math.min(source.size, headBytes));
  const wide = head[0] === 0xff && head[1] === 0xfe;
  const text = new TextDecoder(wide ? 'utf-16le' : 'utf-8').decode(head);
  const rows = text.split(/\r\n|\r|\n/).slice(0, mostRows);
  return (['\t', ',', ';'] as const).some((separator) =>
    tellsOfStudy(rows.map((row) => row.split(separator).map((cell) => cell.replace(/^\s*"|"\s*$/g, '')))),
  );
}

async function isStudyWorkbook(source: ByteSource, signal?: AbortSignal): Promise<boolean> {
  const limits = { maxSharedCharacters: 1 << 20, firstRowsOnly: true, ...(signal ? { signal } : {}) };
  const { workbook } = await openWorkbook(source, limits);
  for (const sheet of (workbook?.sheets ?? []).filter(({ hidden }) => !hidden).slice(0, mostSheets)) {
    const rows: (readonly (string | undefined)[])[] = [];
    for await (const batch of sheet.textRows(signal ? { signal } : {})) {
      rows.push(...batch.slice(0, mostRows - rows.length).map(({ cells }) => cells));
      if (rows.length >= mostRows) break;
    }
    if (tellsOfStudy(rows)) return true;
  }
  return false;
}
