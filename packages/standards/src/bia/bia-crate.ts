import { type Exported, exportJson, type Imported, importJson, type JsonStandard } from '../exchange/exchange.ts';
import { emptyGraph, type StudyGraph } from '../graph/study-graph.ts';
import { filled, isRecord, type Json, recordsOf, textOf, textsOf } from '../json/json.ts';
import { unknownParts } from '../json/unknown-parts.ts';
import { pathOfId } from '../ro-crate/crate-kinds.ts';
import { splitTable, writeTable } from '../tables/delimited.ts';
import { inProfileNames, readBiaCrate } from './read-bia-crate.ts';
import { biaCrateOf, columnsFor, fileList, furtherColumns, writeBiaCrate } from './write-bia-crate.ts';

/** Name under which the file list that was read goes with a graph, to be given back as it was. */
export const keptFileList = 'bia-file-list';

/** The file list that belongs to `writeBiaCrate`: one row per file. */
export function biaFileList(graph: StudyGraph): string {
  const { datasetIds } = biaCrateOf(graph);
  const further = furtherColumns.filter(([, , member]) => graph.files.some((file) => file[member] !== undefined));
  const images = new Set(graph.images.flatMap(({ file }) => file ?? []));
  const rows = graph.files.map((file) => {
    const isImage = (file.mediaType ?? '').startsWith('image/') || file.type === 'image' || images.has(file.path);
    return [
      file.path,
      file.size === undefined ? '' : String(file.size),
      datasetIds.get(file.dataset ?? '') ?? '',
      isImage ? 'http://bia/Image' : file.type === undefined ? '' : 'http://bia/AnnotationData',
      ...further.map(([, , member]) => file[member] ?? ''),
    ];
  });
  return writeTable([columnsFor(graph).map(([name]) => name), ...rows], '\t');
}

/** Crates for the BioImage Archive, read and written. */
export const biaCrate: JsonStandard = { standard: 'bia-ro-crate', read: readBiaCrate, write: writeBiaCrate };

/** Reads a crate and its file list, which goes with the graph and is given back as it was while its files are the same. */
export function importBiaCrate(document: Json, list = ''): Imported {
  const imported: Imported = {
    ...importJson(biaCrate, document),
    // Another name of something we write is nothing unknown.
    unknownBeside: (of) => ({ [biaCrate.standard]: unknownParts(inProfileNames(document), writeBiaCrate(of)) }),
  };
  const { graph } = imported;
  if (list === '') return imported;
  for (const { path, dataset, cell } of listedFiles(list, document)) {
    const size = Number(cell('size_in_bytes'));
    const member = (name: string) => cell(name) || undefined;
    graph.files.push({
      ...filled({
        sha256: member('sha256'),
        mediaType: member('media_type'),
        url: member('content_url'),
        type:
          member('content_type') ??
          (cell('type') === 'http://bia/Image' && !member('media_type') ? 'image' : undefined),
      }),
      path,
      ...(graph.datasets.some(({ key }) => key === dataset) ? { dataset } : {}),
      ...(Number.isSafeInteger(size) && size > 0 ? { size } : {}),
    });
  }
  return {
    ...imported,
    graph: { ...graph, kept: { ...graph.kept, [keptFileList]: [{ path: [fileList], now: list }] } },
  };
}

/** Names of columns that lists of before the profile have. */
const otherColumns: Readonly<Record<string, string>> = { path: 'file_path', size: 'size_in_bytes' };

/** What the columns of a list are called by the profile, by their own names: their crate says what stands in each. */
function columnNames(document: Json | undefined): ReadonlyMap<string, string> {
  const byAddress = new Map(
    [...columnsFor(emptyGraph()), ...furtherColumns].map(([name, address]) => [address as string, name as string]),
  );
  const described = recordsOf(isRecord(document) ? document['@graph'] : []).flatMap((one) => {
    const name = textsOf(one['@type']).includes('csvw:Column') ? textOf(one.columnName) : undefined;
    const meant = byAddress.get(textOf(one.propertyUrl) ?? '');
    return name === undefined || meant === undefined ? [] : [[name, meant] as const];
  });
  return new Map([...Object.entries(otherColumns), ...described]);
}

/** Rows of a file list that name a file. @param document the crate it belongs to, which says what its columns are */
function listedFiles(list: string, document?: Json): { path: string; dataset: string; cell(name: string): string }[] {
  const [header, ...rows] = splitTable(list, '\t');
  const names = columnNames(document);
  const columnOf = new Map((header?.cells ?? []).map((name, index) => [names.get(name) ?? name, index]));
  return rows.flatMap(({ cells }) => {
    const cell = (name: string) => cells[columnOf.get(name) ?? -1] ?? '';
    const path = cell('file_path');
    return path === '' ? [] : [{ path, dataset: pathOfId(cell('dataset').replace(/^#/, '')), cell }];
  });
}

/** The list that was read with the graph, while it names the files that the graph has. */
function keptList(graph: StudyGraph): string | undefined {
  const list = graph.kept?.[keptFileList]?.[0]?.now;
  if (typeof list !== 'string') return undefined;
  const paths = listedFiles(list).map(({ path }) => path);
  return paths.length === graph.files.length && paths.every((path, index) => graph.files[index]!.path === path)
    ? list
    : undefined;
}

/** Writes a crate for the BioImage Archive: the metadata document and the file list, by path. */
export function exportBiaCrate(graph: StudyGraph): Exported<Map<string, string>> {
  const kept = keptList(graph);
  // Columns of a list that is given back are those the imported document described.
  const { document, losses } = exportJson(biaCrate, kept === undefined ? graph : { ...graph, files: [] });
  const listed = recordsOf(isRecord(document) ? document['@graph'] : []).find((one) =>
    textsOf(one['@type']).includes('bia:FileList'),
  );
  return {
    document: new Map([
      ['ro-crate-metadata.json', `${JSON.stringify(document, undefined, 2)}\n`],
      [pathOfId(textOf(listed?.['@id']) ?? fileList), kept ?? biaFileList(graph)],
    ]),
    // What is said of files stands in the list.
    losses: losses.filter(({ where }) => !where.field?.startsWith('files.')),
  };
}
