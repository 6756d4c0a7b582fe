import type { FieldOrigin, FieldValue, Issue } from '@micrarium/model';
import {
  decodeMetadataText,
  type FilePairing,
  type ImportedDataset,
  type ImportedMetadata,
  importMetadata,
  isaParts,
  keptKey,
  pairFiles,
  pathOfList,
  readStudySheets,
  splitValueKey,
} from '@micrarium/standards';
import { isSame } from '../deposit/slots.ts';
import { delimitedRows, nameOfSheets, sheetsOf } from './dropped-metadata.ts';
import { type DraftDataset, mendedText, type OfferedValue, type ReadImport, repairsOf } from './read-import.ts';

/** Files of one metadata document among those of a study; the first one names it. */
export type DocumentFiles = readonly string[];

/** A metadata document that lies among the files of a study. */
export interface FolderDocument extends Pick<ImportedMetadata, 'name' | 'values' | 'unread' | 'issues' | 'kept'> {
  /** Path of its first file. */
  file: string;
  /** All its files: they are no data that it would have to name. */
  files: DocumentFiles;
  /** Data sets, or rows of assays, with the names of their files. */
  parts: ImportedDataset[];
  /** The document with what an issue offers written in; `undefined` where that cannot be done. */
  mend?: (issue: Issue) => FolderDocument | undefined;
}

const mostDocuments = 10;
const mostTables = 400;
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);

/** Workbooks, and tables whose names say that they describe: other tables are data, and are not opened for this. */
const isWorkbookName = (name: string) => /\.(xls[xmb]?|xlt[xm]|o[dt]s)$/i.test(name);
const mayBeSheet =
  /(\.(xls[xmb]?|xlt[xm]|o[dt]s)|(metadata|template|submission|samplesheet|sample[-_ ]sheet)[^/]*\.(csv|tsv))$/i;

/** Documents of other standards, by the names that their tools and archives give them. */
const mayBeDocument =
  /^(ro-crate-metadata\.json(ld)?|\.zenodo\.json|codemeta\.json|CITATION\.cff|idr\d{4}[^/]*-study\.txt|S-[A-Z]+\d+\.(json|tsv)|datapackage\.json|[^/]*(page-?tab|datacite|rembi|miacme|madmp|isa|submission)[^/]*\.(json|jsonld|tsv|xml|ya?ml))$/i;

/** Tables that lie beside a document and belong to it, by its name. */
const tablesOf: readonly (readonly [document: RegExp, tables: RegExp])[] = [
  [/^ro-crate-metadata\.json/i, /file[-_ ]?list[^/]*\.tsv$/i],
  [/^idr\d{4}[^/]*-study\.txt$/i, /^idr\d{4}[^/]*-(annotation|library|processed)\.(csv|txt)$/i],
];

/** Files that may be a metadata document: an ISA-Tab folder, filled sheets, or a document of another standard. By name alone; nothing is read. */
export function documentsAmong(all: Iterable<string>): DocumentFiles[] {
  const paths = [...all];
  const isa = new Map<string, string[]>();
  const sheets: DocumentFiles[] = [];
  const documents: DocumentFiles[] = [];
  for (const path of paths) {
    const name = nameOf(path);
    if (/^[isa]_[^/]*\.txt$/i.test(name)) {
      const folder = folderOf(path);
      const there = isa.get(folder);
      if (there) there.push(path);
      else isa.set(folder, [path]);
    } else if (mayBeDocument.test(name)) documents.push([path, ...tablesBeside(path, paths)]);
    else if (mayBeSheet.test(name) && !name.startsWith('~$')) sheets.push([path]);
  }
  const folders = [...isa.values()].flatMap((files): DocumentFiles[] => {
    const first = files.find((path) => /^i_/i.test(nameOf(path)));
    // Without an investigation they are texts of somebody's own.
    return first === undefined ? [] : [[first, ...files.filter((path) => path !== first).slice(0, mostTables)]];
  });
  return [...folders, ...documents, ...sheets].slice(0, mostDocuments);
}

/** Tables of a document: in its folder, or in folders within. */
function tablesBeside(path: string, paths: readonly string[]): string[] {
  const [, tables] = tablesOf.find(([document]) => document.test(nameOf(path))) ?? [];
  const folder = folderOf(path);
  return tables === undefined
    ? []
    : paths.filter((one) => one !== path && one.startsWith(folder) && tables.test(nameOf(one))).slice(0, mostTables);
}

/**
 * Reads a metadata document among the files; `undefined` where the files turn out to be something else, such as a
 * workbook of measurements.
 * @param bytesOf bytes of a file by its path
 * @param beside paths of lists of files that a submission may name (`listsAmong`)
 */
export async function readFolderDocument(
  files: DocumentFiles,
  bytesOf: (path: string) => Promise<Uint8Array>,
  beside: readonly string[] = [],
): Promise<FolderDocument | undefined> {
  const [file = ''] = files;
  const bytes = await bytesOf(file);
  if (/^[isa]_[^/]*\.txt$/i.test(nameOf(file))) {
    const texts = new Map<string, string>();
    for (const path of files)
      texts.set(nameOf(path), decodeMetadataText(path === file ? bytes : await bytesOf(path), path).text);
    const read = importMetadata(texts);
    return 'name' in read ? { ...read, file, files, parts: isaParts(texts, read) } : undefined;
  }
  if (!isWorkbookName(file)) {
    const texts = new Map<string, string>();
    for (const path of files)
      texts.set(
        path.slice(folderOf(file).length),
        decodeMetadataText(path === file ? bytes : await bytesOf(path), path).text,
      );
    const lists = listsOf(texts, file, beside);
    for (const path of lists) {
      const name = path.startsWith(folderOf(file)) ? path.slice(folderOf(file).length) : path;
      texts.set(name, await textOfList(path, await bytesOf(path)));
    }
    const read = documentOf(texts, file, [...files, ...lists]);
    if (read) return read;
    if (!/\.(csv|tsv)$/i.test(file)) return undefined;
  }
  const { sheets, issues } = isWorkbookName(file) ? await sheetsOf(nameOf(file), bytes) : delimitedSheet(bytes, file);
  const read = readStudySheets(sheets, file);
  // One or two names of fields stand over many a table of measurements.
  const names = new Set([...Object.keys(read.values), ...read.datasets.flatMap(({ values }) => Object.keys(values))]);
  if (names.size < 3 && !read.datasets.some((dataset) => dataset.files.length > 0)) return undefined;
  return {
    name: nameOfSheets(read.layout, file),
    file,
    files,
    values: read.values,
    parts: read.datasets,
    unread: read.unread,
    issues: [...issues, ...read.issues],
  };
}

/** Submissions, whose data sets name lists of their files. */
const mayNameLists = /(^|\/)(S-[A-Z]+\d+|[^/]*(page-?tab|submission)[^/]*)\.(json|tsv)$/i;
const mostBeside = 2000;

/** Files that may be lists which a submission among the documents names; none where there is no submission. By name alone. */
export function listsAmong(documents: readonly DocumentFiles[], all: Iterable<string>): string[] {
  if (!documents.some(([file = '']) => mayNameLists.test(file))) return [];
  // Workbooks may be lists as well as filled sheets.
  const known = new Set(documents.flat().filter((path) => !isWorkbookName(path)));
  return [...all].filter((path) => /\.(tsv|json|xlsx)$/i.test(path) && !known.has(path)).slice(0, mostBeside);
}

/** The lists that a submission names, among those that lie around it. */
function listsOf(texts: ReadonlyMap<string, string>, file: string, beside: readonly string[]): string[] {
  const [text = ''] = texts.values();
  if (beside.length === 0 || !/file list/i.test(text)) return [];
  const read = importMetadata(texts);
  if (!('graph' in read)) return [];
  const found = read.graph.datasets.flatMap(({ fileList: named }) =>
    named === undefined ? [] : (pathOfList(folderOf(file) + named, beside) ?? pathOfList(named, beside) ?? []),
  );
  return [...new Set(found)].slice(0, mostTables);
}

/** Text of a list; of a workbook its first sheet, as the archive reads it. */
async function textOfList(path: string, bytes: Uint8Array): Promise<string> {
  if (!isWorkbookName(path)) return decodeMetadataText(bytes, path).text;
  const { sheets } = await sheetsOf(nameOf(path), bytes);
  const rows = sheets[0]?.rows ?? [];
  return rows
    .map(({ cells }) => Array.from(cells, (cell) => String(cell ?? '').replace(/[\t\r\n"]/g, ' ')).join('\t'))
    .join('\n');
}

/** A document of any standard; a mistake in a submission that a repair is offered for can be mended by one press. */
function documentOf(
  texts: ReadonlyMap<string, string>,
  file: string,
  files: DocumentFiles,
): FolderDocument | undefined {
  const read = importMetadata(texts);
  if (!('name' in read)) return undefined;
  const [[name, text] = ['', '']] = texts;
  // Lists of files beside a submission have no part in its repairs.
  const repairs = repairsOf(read.name, new Map([[name, text]]));
  return {
    ...read,
    issues: [...read.issues, ...repairs],
    file,
    files,
    parts: read.datasets,
    ...(repairs.length === 0
      ? {}
      : {
          mend: (issue: Issue) => {
            const mended = mendedText(name, text, issue);
            return mended === undefined ? undefined : documentOf(new Map([...texts, [name, mended]]), file, files);
          },
        }),
  };
}

function delimitedSheet(bytes: Uint8Array, file: string): Awaited<ReturnType<typeof sheetsOf>> {
  const { text, issues } = decodeMetadataText(bytes, file);
  return { sheets: [{ name: 'table', rows: delimitedRows(text), isCut: false }], issues };
}

/** What a document offers for the form of a draft, and how the files it names were found. */
export interface FolderOffer {
  read: ReadImport;
  pairing: FilePairing;
  /** Files named, and how many of them are here. */
  named: number;
  here: number;
  /** Titles of our data sets that it says nothing of. */
  untold: string[];
}

/** Pairs a document with the files and data sets of a draft. @param paths of all files */
export function offerOf(
  document: FolderDocument,
  datasets: readonly DraftDataset[],
  paths: readonly string[],
): FolderOffer {
  const described = new Set(document.files);
  const pairing = pairFiles(
    document.parts,
    datasets,
    paths.filter((path) => !described.has(path)),
    document.file,
  );
  const origin: FieldOrigin = { kind: 'file', file: document.file, place: document.name };
  // What holds for the whole study need not be said of a data set again.
  const own = Object.entries(pairing.values).filter(
    ([key, value]) => !isSame(document.values[splitValueKey(key).field], value),
  );
  const kept: [string, FieldValue][] = document.kept === undefined ? [] : [[keptKey, document.kept]];
  const offers = [...Object.entries(document.values), ...own, ...kept].map(
    ([key, value]: [string, FieldValue]): OfferedValue => ({ key, value, origin }),
  );
  const found = new Map(pairing.parts.flatMap(({ files }) => files.map((one) => [one.named, one.paths.length > 0])));
  const told = new Set(pairing.parts.flatMap((part) => part.datasets));
  return {
    read: { name: '', offers, unread: document.unread, unmatched: [], issues: document.issues },
    pairing,
    named: found.size,
    here: [...found.values()].filter(Boolean).length,
    untold: datasets
      .filter(({ id, files }) => !told.has(id) && !files.every((path) => described.has(path)))
      .map(({ title }) => title),
  };
}
