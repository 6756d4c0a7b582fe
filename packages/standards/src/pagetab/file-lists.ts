import { exchangeIssue, type Imported, parseJsonDocument } from '../exchange/exchange.ts';
import type { FileNode } from '../graph/study-graph.ts';
import { filled, isRecord, listOf, recordsOf, textOf } from '../json/json.ts';
import { splitTable } from '../tables/delimited.ts';

/** A file that a list names. */
export type ListedFile = Pick<FileNode, 'path' | 'size' | 'type'>;

/**
 * Files of a file list of the BioImage Archive: JSON as `[{path, attributes}]`, or TSV whose header begins with the word
 * `Files`, one path a line. `undefined` where the text is neither.
 */
export function readFileList(text: string): ListedFile[] | undefined {
  const clean = text.replace(/^\ufeff/, '').trimStart();
  return clean.startsWith('[') || clean.startsWith('{') ? filesOfJson(clean) : filesOfTable(clean);
}

function filesOfJson(text: string): ListedFile[] | undefined {
  const parsed = parseJsonDocument(text);
  if ('issue' in parsed) return undefined;
  const { document } = parsed;
  const list = isRecord(document) ? listOf(document.files) : Array.isArray(document) ? document : [];
  const files = list.flat().flatMap((one): ListedFile[] => {
    if (!isRecord(one)) return [];
    const path = textOf(one.path) ?? textOf(one.Files) ?? textOf(one.filePath);
    if (path === undefined) return [];
    const said = recordsOf(one.attributes).find(({ name }) => textOf(name)?.toLowerCase() === 'type');
    return [{ ...filled({ size: sizeOf(one.size), type: textOf(said?.value) }), path }];
  });
  return files.length === 0 && list.length > 0 ? undefined : files;
}

function filesOfTable(text: string): ListedFile[] | undefined {
  const [header, ...rows] = splitTable(text, '\t');
  const names = (header?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  if (names[0] !== 'files') return undefined;
  const [type, size] = [names.indexOf('type'), names.indexOf('size')];
  return rows.flatMap(({ cells }): ListedFile[] => {
    const path = cells[0]?.trim() ?? '';
    if (path === '') return [];
    const said = type < 0 ? undefined : cells[type]?.trim();
    return [{ ...filled({ size: size < 0 ? undefined : sizeOf(Number(cells[size])), type: said }), path }];
  });
}

const sizeOf = (value: unknown) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;

const folded = (path: string) =>
  path
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '')
    .toLowerCase();
const lastPart = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/**
 * Which of several paths a document means by the name of a file list: the one that ends so, else the only one that is called
 * so. `undefined` where there is none, or it is not clear which.
 */
export function pathOfList(named: string, paths: Iterable<string>): string | undefined {
  const wanted = folded(named);
  const all = [...paths];
  const exact = all.find((path) => folded(path) === wanted);
  if (exact !== undefined) return exact;
  for (const fits of [
    (path: string) => path.endsWith(`/${wanted}`),
    (path: string) => lastPart(path) === lastPart(wanted),
  ]) {
    const found = all.filter((path) => fits(folded(path)));
    if (found.length === 1) return found[0];
  }
  return undefined;
}

/** A submission with the files that the lists of its data sets name; lists that are not there change nothing. */
export function withFileLists(imported: Imported, texts: ReadonlyMap<string, string>): Imported {
  const { graph } = imported;
  const lists = graph.datasets.flatMap(({ key, fileList }) => {
    const path = fileList === undefined ? undefined : pathOfList(fileList, texts.keys());
    return path === undefined ? [] : [{ key, path }];
  });
  if (lists.length === 0) return imported;
  const files = graph.files.map((file) => ({ ...file }));
  const known = new Map(files.map((file) => [file.path, file] as const));
  const issues = [...imported.issues];
  for (const { key, path } of lists) {
    const listed = readFileList(texts.get(path)!);
    if (!listed)
      issues.push(
        exchangeIssue(
          'metadata-unreadable',
          `The file list ${path} names no files: its table has to begin with “Files”`,
          {
            where: { file: path },
            hint: 'Write a table with tabulators and one path a line under the header “Files”, or JSON with a “path” for each file.',
          },
        ),
      );
    for (const file of listed ?? []) {
      const before = known.get(file.path);
      // A file that is listed twice belongs to the data set that lists it first.
      if (before) before.dataset ??= key;
      else {
        const added = { ...file, dataset: key };
        known.set(file.path, added);
        files.push(added);
      }
    }
  }
  return { ...imported, graph: { ...graph, files }, issues };
}
