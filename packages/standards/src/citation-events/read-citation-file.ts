import { defineIssues, type Issue } from '@micrarium/model';
import type { Json } from '../json/json.ts';
import { separatorOf, type Separator, splitTable } from '../tables/delimited.ts';
import { linesOf, TooLarge } from './lines-of-bytes.ts';
import { entriesOf, entryOf, rowOf, type StatedEntry, type StatedLink } from './stated-links.ts';

/** Issues of a file of citation events. */
export const citationFileIssue = defineIssues({
  'citations-unreadable': {
    severity: 'error',
    meaning:
      'A file of citations is in none of the forms that are read: Event Data and Scholix as JSON, the data citation corpus, or a table.',
    hint: 'Give JSON or a table in UTF-8 whose header names paper and study, or publication and dataset.',
    example: 'The header of a table says reference and record.',
  },
  'citations-cut': {
    severity: 'error',
    meaning:
      'A file of citations ends before its form says it does; the entries before the end were read, of a JSON document none.',
    hint: 'Fetch the file again, and compare its size with that at its source.',
    example: 'The download of a list of events stopped within the list.',
  },
  'citations-too-large': {
    severity: 'error',
    meaning: 'A JSON document, or one line of a file of citations, is larger than what is read in one piece.',
    hint: 'Give tables or JSON Lines, which are read piece by piece, or the document in several files.',
    example: 'A list of events of 2 GB is one JSON array.',
  },
  'citations-encoding': {
    severity: 'warning',
    meaning:
      'Text of a file of citations is not in UTF-8: titles are left out, and entries whose works are not readable passed over.',
    hint: 'Save the file as UTF-8 and give it again.',
    example: 'The titles of a table were saved in Shift JIS.',
  },
  'citations-entry': {
    severity: 'warning',
    meaning:
      'An entry of a file of citations lacks one of the two works, or what one is to the other; it is passed over.',
    hint: 'Complete the entry and give the file again: what was taken over already is not taken twice.',
    example: 'A row of a table has a paper and no study.',
  },
  'citations-relation': {
    severity: 'warning',
    meaning: 'An entry of a file of citations has a relation that is not known; it is passed over.',
    hint: 'Relations of DataCite and Scholix are known: cites, references, is-supplement-to, their opposites and others.',
    example: 'An entry says “likes” between a paper and a study.',
  },
});

/** What was read of a file so far. */
export interface ReadCitations {
  links: StatedLink[];
  issues: Issue[];
}

/** Most characters of a JSON document, and of one line. */
const mostDocumentCharacters = 200_000_000;
/** Most characters of a row of a table that goes over several lines. */
const mostRowCharacters = 4_000_000;
/** Lines that a quoted cell may go over. */
const mostRowLines = 1000;
/** Issues named of each code; the rest is counted. */
const mostOfCode = 50;

/** Signs of bytes that were no text. */
const unreadable = /[\ufffd\0]/;

/** Issues of a file that may have millions of entries: the first of each code, and how many more there are. */
class FewIssues {
  private readonly seen = new Map<string, number>();
  fresh: Issue[] = [];

  add(issue: Issue): void {
    const count = (this.seen.get(issue.code) ?? 0) + 1;
    this.seen.set(issue.code, count);
    if (count <= mostOfCode) this.fresh.push(issue);
  }

  addEntry(entry: StatedEntry, row: number, links: StatedLink[]): void {
    if ('lacks' in entry)
      this.add(citationFileIssue('citations-entry', `Entry ${row} has no ${entry.lacks}`, { where: { row } }));
    else if (!Object.values(entry).some((value) => unreadable.test(String(value)))) links.push(entry);
    else {
      this.add(citationFileIssue('citations-encoding', `Entry ${row} is not in UTF-8`, { where: { row } }));
      if ([entry.from, entry.to, entry.relation, entry.source].some((text) => unreadable.test(text))) return;
      const { titleOfFrom: _from, titleOfTo: _to, ...link } = entry;
      links.push(link);
    }
  }

  take(): Issue[] {
    const taken = this.fresh;
    this.fresh = [];
    return taken;
  }

  rest(): Issue[] {
    return [...this.seen]
      .filter(([, count]) => count > mostOfCode)
      .map(([code, count]) =>
        citationFileIssue(code as 'citations-entry', `${count - mostOfCode} more entries like these`),
      );
  }
}

/**
 * Reads a file of citation events, in any of the forms, told apart by their content: DataCite or Crossref Event Data, Scholix and the data citation
 * corpus as JSON or JSON Lines, the corpus as a table, and tables with the columns paper and study (beside them version, kind, title, source, date).
 * Tables and JSON Lines are read piece by piece; nothing is looked up.
 */
export async function* readCitationFile(
  bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { mostCharacters = mostDocumentCharacters }: { mostCharacters?: number } = {},
): AsyncGenerator<ReadCitations> {
  const issues = new FewIssues();
  try {
    const lines = linesOf(bytes, mostCharacters);
    let first: string[] = [];
    for (let some = await lines.next(); first.length === 0 && !some.done; some = await lines.next()) {
      const at = some.value.findIndex((line) => line.trim() !== '');
      if (at < 0) continue;
      first = some.value.slice(at);
      break;
    }
    if (first.length === 0) issues.add(citationFileIssue('citations-unreadable', 'The file is empty'));
    const all = restOf(first, lines);
    const reading = /^\ufeff?\s*[[{]/.test(first[0] ?? '')
      ? readJson(all, issues, mostCharacters)
      : readTable(all, issues);
    for await (const links of reading) yield { links, issues: issues.take() };
  } catch (fault) {
    if (fault instanceof TooLarge) issues.add(citationFileIssue('citations-too-large', fault.message));
    else throw fault;
  }
  yield { links: [], issues: [...issues.take(), ...issues.rest()] };
}

async function* restOf(first: string[], lines: AsyncGenerator<string[]>): AsyncGenerator<string[]> {
  if (first.length > 0) yield first;
  yield* lines;
}

/** A JSON document, or `undefined` where the text is none. */
function parsed(text: string): { document: Json } | undefined {
  try {
    return { document: JSON.parse(text.replace(/^\ufeff/, '')) as Json };
  } catch {
    return undefined;
  }
}

/** A document of JSON, or one in each line. */
async function* readJson(
  lines: AsyncIterable<string[]>,
  issues: FewIssues,
  mostCharacters: number,
): AsyncGenerator<StatedLink[]> {
  let isByLine: boolean | undefined;
  let entry = 0;
  const whole: string[] = [];
  let size = 0;
  const linksIn = (document: Json): StatedLink[] => {
    const links: StatedLink[] = [];
    for (const record of entriesOf(document)) issues.addEntry(entryOf(record, ++entry), entry, links);
    return links;
  };
  for await (const some of lines)
    for (const line of some) {
      const one = isByLine === false ? undefined : parsed(line);
      isByLine ??= one !== undefined;
      if (!isByLine) {
        size += line.length + 1;
        if (size > mostCharacters) throw new TooLarge('The JSON document is too large');
        whole.push(line);
      } else if (one) yield linksIn(one.document);
      else if (line.trim() !== '')
        issues.add(citationFileIssue('citations-cut', `The line after entry ${entry} is no JSON`));
    }
  if (isByLine !== false) return;
  const document = parsed(whole.join('\n'));
  if (document) yield linksIn(document.document);
  else issues.add(citationFileIssue('citations-cut', 'The JSON document is broken, or ends too early'));
}

/** Columns by what they are called, in small letters without signs. */
interface Columns {
  separator: Separator;
  isCorpus: boolean;
  count: number;
  at(row: readonly string[], ...names: string[]): string;
}

function columnsOf(header: string): Columns | undefined {
  const separator = separatorOf(header);
  const names = (splitTable(header, separator)[0]?.cells ?? []).map((name) =>
    name.toLowerCase().replace(/[^a-z]/g, ''),
  );
  const at = (row: readonly string[], ...wanted: string[]) => {
    const index = wanted.map((name) => names.indexOf(name)).find((place) => place >= 0);
    return index === undefined ? '' : (row[index] ?? '').trim();
  };
  const isCorpus = names.includes('publication') && names.includes('dataset');
  if (!isCorpus && !(names.includes('paper') && names.includes('study'))) return undefined;
  return { separator, isCorpus, count: names.length, at };
}

/** Is a quoted cell open at the end of the text? */
const isOpen = (text: string) => (text.split('"').length - 1) % 2 === 1;

/** A table with a header. */
async function* readTable(lines: AsyncIterable<string[]>, issues: FewIssues): AsyncGenerator<StatedLink[]> {
  let columns: Columns | undefined;
  let entry = 0;
  let waiting: string[] = [];
  let size = 0;
  const read = (text: string, links: StatedLink[], isLast: boolean) => {
    if (text.trim() === '') return;
    const { separator, isCorpus, count, at } = columns!;
    const cells = splitTable(text, separator)[0]!.cells;
    entry++;
    if (isLast && cells.length < count) {
      issues.add(citationFileIssue('citations-cut', 'The last row has not all cells', { where: { row: entry } }));
      return;
    }
    const row = isCorpus
      ? {
          from: at(cells, 'publication'),
          to: at(cells, 'dataset'),
          source: at(cells, 'source'),
          on: at(cells, 'publisheddate', 'updated', 'created'),
        }
      : {
          from: at(cells, 'paper'),
          to: at(cells, 'study'),
          kind: at(cells, 'kind'),
          version: at(cells, 'version'),
          title: at(cells, 'title'),
          source: at(cells, 'source'),
          on: at(cells, 'date'),
        };
    issues.addEntry(rowOf(row, isCorpus, entry), entry, links);
  };
  // One row is held back: whether it is the last, and may have been cut, is known by what follows.
  let held: string | undefined;
  const pass = (text: string, links: StatedLink[]) => {
    if (held !== undefined) read(held, links, false);
    held = text;
  };
  for await (const some of lines) {
    const links: StatedLink[] = [];
    for (const raw of some) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (columns === undefined) {
        columns = columnsOf(line.replace(/^\ufeff/, ''));
        if (columns) continue;
        const message = 'The first line names no columns paper and study, nor publication and dataset';
        issues.add(citationFileIssue('citations-unreadable', message, { where: { line: 1 } }));
        return;
      }
      waiting.push(line);
      size += line.length;
      const isWhole = waiting.length > 1 ? isOpen(line) : !isOpen(line);
      if (isWhole) {
        pass(waiting.join('\n'), links);
        [waiting, size] = [[], 0];
      } else if (waiting.length > mostRowLines || size > mostRowCharacters) {
        // A stray quote swallows its own row only.
        for (const one of waiting) pass(one, links);
        [waiting, size] = [[], 0];
      }
    }
    yield links;
  }
  const links: StatedLink[] = [];
  if (waiting.length > 0)
    issues.add(citationFileIssue('citations-cut', 'A quoted cell is not closed at the end of the table'));
  for (const one of waiting) pass(one, links);
  if (held !== undefined) read(held, links, true);
  yield links;
}
