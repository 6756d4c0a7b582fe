import { baseName } from '../../bytes/file-tree.ts';
import type { FormatDescriptor } from '../../recognition/descriptor.ts';
import { looksLikeText } from '../../recognition/probe.ts';
import { columnsHeader, isOwnHeader, ownTablePaths } from '../../tracks/csv/own-tables.ts';
import { keyOfColumn } from '../features/key-columns.ts';
import { type TableDialect, detectDialect } from './dialect.ts';
import { guessMapping } from './mapping.ts';
import { widened } from './table-head.ts';

/** Any text whose lines cut into the same number of cells. Scores low, so every format that knows its table wins. */
export const delimitedFormat: FormatDescriptor = {
  id: 'delimited',
  name: 'Delimited table',
  kind: 'table',
  extensions: ['.csv', '.tsv', '.txt', '.tab', '.dat'],
  mediaTypes: ['text/csv', 'text/tab-separated-values'],
  async recognise(probe) {
    // Of some hundred bytes that mean something else one file in a thousand cuts into even rows: a table is text first.
    if (probe.text === undefined || !looksLikeText(probe.text, true)) return undefined;
    if (isOwnHeader(probe.text.slice(0, 4000).split(/\r?\n/, 1)[0]!.split(',')))
      return { score: 0.4, reason: 'columns object_id, frame, x, y, link_id, track_id and parent_object_ids' };
    const head = isWideTable(probe.text) ? await widened(probe.head, probe.source) : probe.head;
    const table = detectDialect(head, head.length >= probe.entry.size);
    if (!table || !looksLikeTable(table)) return undefined;
    const words = { ',': 'commas', '\t': 'tabs', ';': 'semicolons', '|': 'bars', ' ': 'blanks' };
    const { mapping, confidence } = guessMapping(table.header, table.sample, table.units, table.decimalComma);
    const positions = confidence > 0 ? `, positions in ${mapping.x} and ${mapping.y}` : '';
    return {
      score: confidence > 0 ? 0.3 : 0.2,
      reason: `${table.header.length} columns separated by ${words[table.delimiter]}${positions}`,
    };
  },
  async recogniseFolder(tree, folder) {
    const members = ownTablePaths(tree, folder);
    const about = tree.entries.find(({ path }) => members.includes(path) && baseName(path) === 'columns.csv');
    if (!about) return undefined;
    const text = new TextDecoder().decode(await (await about.open()).read(0, 200));
    return text.startsWith(`${columnsHeader.join(',')}\n`)
      ? { score: 0.95, reason: 'objects.csv, and columns.csv that describes it', members }
      : undefined;
  },
  tracks: {
    reader: async () => (await import('./read-delimited.ts')).delimitedReader,
    writer: async (choices = {}) =>
      choices.container === 'file'
        ? (await import('../../tracks/csv/object-table-writer.ts')).objectTableWriter
        : (await import('../../tracks/csv/writer.ts')).csvWriter,
  },
};

/** Of texts more than the first bytes is looked at only where a header of a hundred names and more fills most of those. */
function isWideTable(text: string | undefined): boolean {
  if (text === undefined || /^\s*[<{[]/.test(text)) return false;
  const header = text.split(/[\r\n]/, 1)[0]!;
  return header.length > 3_000 && header.split(/[,;\t|]/, 101).length > 100;
}

/** Prose and programs also have commas: a table is even, and mostly has numbers or several columns. */
function looksLikeTable({ header, sample, consistency, delimiter }: TableDialect): boolean {
  const cells = sample.slice(0, 50).flat();
  if (cells.length === 0) return false;
  const numbers = cells.filter((cell) => /^\s*[+-]?[\d.,]+([eE][+-]?\d+)?\s*$/.test(cell)).length / cells.length;
  if (delimiter === ' ') return consistency >= 0.95 && numbers >= 0.6;
  // Two columns of words are a table where one says what its rows are about: a list of wells and their classes.
  const words = (header.some(keyOfColumn) ? 2 : 3) <= (sample[0]?.length ?? 0) && sample.length >= 2;
  return consistency >= 0.9 && (numbers >= 0.2 || (consistency === 1 && words) || delimiter === '\t');
}
