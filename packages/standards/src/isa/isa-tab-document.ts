import { isRecord, type Json, type JsonRecord } from '../json/json.ts';
import { splitTable } from '../tables/delimited.ts';

/** Headings of the investigation file, in order; those of a study are repeated for each. */
const investigationHeadings = [
  'ONTOLOGY SOURCE REFERENCE',
  'INVESTIGATION',
  'INVESTIGATION PUBLICATIONS',
  'INVESTIGATION CONTACTS',
];

const isHeading = (text: string) => /^[A-Z][A-Z ]+$/.test(text);

/**
 * Reads the files of an ISA-Tab folder into one JSON document: `investigation` and `studies` by heading and row name,
 * `tables` by file name. Cells stay as they are.
 * @param files texts by file name: `i_*.txt`, `s_*.txt`, `a_*.txt`
 */
export function isaTabDocument(files: ReadonlyMap<string, string>): JsonRecord {
  const name = [...files.keys()].find((one) => /(^|\/)i_[^/]*\.txt$/i.test(one)) ?? 'i_investigation.txt';
  const investigation: JsonRecord = {};
  const studies: JsonRecord[] = [];
  let section: JsonRecord = {};
  for (const { cells } of splitTable(files.get(name) ?? '', '\t')) {
    const key = cells[0]!.trim();
    if (key === '' || key.startsWith('#')) continue;
    if (cells.slice(1).every((cell) => cell.trim() === '') && isHeading(key)) {
      section = {};
      if (key === 'STUDY') studies.push({ STUDY: section });
      else if (key.startsWith('STUDY ') && studies.length > 0) studies.at(-1)![key] = section;
      else investigation[key] = section;
      continue;
    }
    const values = cells.slice(1).map((cell) => cell.trim());
    while (values.at(-1) === '') values.pop();
    section[key] = values;
  }
  const tables: JsonRecord = {};
  for (const [file, text] of files) {
    if (!/(^|\/)[sa]_[^/]*\.txt$/i.test(file)) continue;
    const [header, ...rows] = splitTable(text, '\t').filter(({ cells }) => cells.some((cell) => cell !== ''));
    tables[file.slice(file.lastIndexOf('/') + 1)] = {
      header: header?.cells ?? [],
      rows: rows.map(({ cells }) => cells),
    };
  }
  return { fileName: name.slice(name.lastIndexOf('/') + 1), investigation, studies, tables };
}

// Every cell is quoted, as ISA tools write; a line end within a cell breaks other readers and becomes a space.
const quoted = (cell: string) =>
  `"${cell
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replaceAll('\t', ' ')
    .replaceAll('"', '""')}"`;

const textsIn = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? one : '')) : [];

/** The files of an ISA-Tab document, by name. */
export function isaTabFiles(document: Json): Map<string, string> {
  const root = isRecord(document) ? document : {};
  const files = new Map<string, string>();
  const lines: string[] = [];
  const writeSection = (heading: string, section: Json | undefined) => {
    lines.push(heading);
    if (isRecord(section))
      for (const [key, values] of Object.entries(section)) lines.push([key, ...textsIn(values).map(quoted)].join('\t'));
  };
  const investigation = isRecord(root.investigation) ? root.investigation : {};
  for (const heading of new Set([...investigationHeadings, ...Object.keys(investigation)]))
    writeSection(heading, investigation[heading]);
  for (const study of Array.isArray(root.studies) ? root.studies : [])
    if (isRecord(study)) for (const [heading, section] of Object.entries(study)) writeSection(heading, section);
  files.set(typeof root.fileName === 'string' ? root.fileName : 'i_investigation.txt', `${lines.join('\n')}\n`);
  for (const [name, table] of Object.entries(isRecord(root.tables) ? root.tables : {})) {
    if (!isRecord(table)) continue;
    const rows = Array.isArray(table.rows) ? table.rows : [];
    files.set(
      name,
      `${[textsIn(table.header), ...rows.map(textsIn)].map((cells) => cells.map(quoted).join('\t')).join('\n')}\n`,
    );
  }
  return files;
}
