import type { Issue } from '@micrarium/model';
import { exchangeIssue } from '../exchange/exchange.ts';
import { isRecord, type Json, type JsonRecord, listOf, recordsOf, textOf } from '../json/json.ts';
import { splitTable, type TextRow } from '../tables/delimited.ts';

/**
 * Reads PageTab in its TSV form into the JSON form: blocks between blank lines, `#` comments, `<name>` references,
 * `[name]` and `(name)` qualifiers, tables of sections, files and links.
 */
export function pageTabOfTsv(text: string): { document: JsonRecord; issues: Issue[] } {
  const reading = new TsvReading();
  for (const block of blocksOf(splitTable(text, '\t'))) reading.block(block);
  return { document: reading.document, issues: reading.issues };
}

function blocksOf(rows: readonly TextRow[]): TextRow[][] {
  const blocks: TextRow[][] = [];
  let block: TextRow[] = [];
  for (const row of rows) {
    const isBlank = row.cells.every((cell) => cell.trim() === '');
    if (isBlank && block.length > 0) {
      blocks.push(block);
      block = [];
    }
    if (!isBlank && !row.cells[0]!.startsWith('#')) block.push(row);
  }
  if (block.length > 0) blocks.push(block);
  return blocks;
}

class TsvReading {
  readonly document: JsonRecord = { type: 'submission', attributes: [] };
  readonly issues: Issue[] = [];
  private readonly sections = new Map<string, JsonRecord>();
  private root: JsonRecord | undefined;
  private last: JsonRecord = this.document;

  block(rows: readonly TextRow[]): void {
    const [head, ...lines] = rows as [TextRow, ...TextRow[]];
    const [first, second, third] = head.cells.map((cell) => cell.trim());
    const word = first!.toLowerCase();
    if (word === 'submission') {
      if (second) this.document.accno = second;
      this.document.attributes = this.attributes(lines);
    } else if (word === 'file' || word === 'link') {
      const entry = { [word === 'file' ? 'path' : 'url']: second ?? '', attributes: this.attributes(lines) };
      this.add(this.last, word === 'file' ? 'files' : 'links', entry);
    } else if (word === 'files' || word === 'links') this.fileTable(word, head, lines);
    else if (/\[.*\]$/.test(first!)) this.sectionTable(first!, head, lines);
    else this.section(first!, second, third, lines, head.line);
  }

  private add(holder: JsonRecord, member: string, entry: Json): void {
    holder[member] = [...listOf(holder[member]), entry];
  }

  private fault(message: string, line: number): void {
    this.issues.push(exchangeIssue('metadata-unreadable', message, { where: { line } }));
  }

  private section(
    type: string,
    accno: string | undefined,
    parent: string | undefined,
    lines: readonly TextRow[],
    line: number,
  ): void {
    const section: JsonRecord = { type, ...(accno ? { accno } : {}), attributes: this.attributes(lines) };
    if (!this.root) {
      this.root = section;
      this.document.section = section;
    } else {
      const holder = parent ? this.sections.get(parent) : this.root;
      if (!holder) this.fault(`The section ${type} names the parent ${parent}, which does not stand before it`, line);
      this.add(holder ?? this.root, 'subsections', section);
    }
    if (accno) this.sections.set(accno, section);
    this.last = section;
  }

  private fileTable(word: string, head: TextRow, lines: readonly TextRow[]): void {
    const names = head.cells.slice(1).map((cell) => cell.trim());
    const rows = lines.map(({ cells, line }) => {
      if (cells.length > head.cells.length)
        this.fault(`The row has ${cells.length} cells, its header ${head.cells.length}`, line);
      return {
        [word === 'files' ? 'path' : 'url']: cells[0]!.trim(),
        attributes: names.flatMap((name, index) =>
          cells[index + 1]?.trim() ? [{ name, value: cells[index + 1]!.trim() }] : [],
        ),
      };
    });
    this.add(this.last, word, rows);
  }

  private sectionTable(first: string, head: TextRow, lines: readonly TextRow[]): void {
    const match = /^(.*)\[(.*)\]$/.exec(first)!;
    const names = head.cells.slice(1).map((cell) => cell.trim());
    const holder = match[2] ? this.sections.get(match[2]) : this.root;
    if (!holder)
      this.fault(`The table of ${match[1]} names the parent ${match[2]}, which does not stand before it`, head.line);
    const rows = lines.map(({ cells, line }) => {
      if (cells.length > head.cells.length)
        this.fault(`The row has ${cells.length} cells, its header ${head.cells.length}`, line);
      const accno = cells[0]!.trim();
      const section: JsonRecord = {
        type: match[1]!,
        ...(accno ? { accno } : {}),
        attributes: names.flatMap((name, index) =>
          cells[index + 1]?.trim() ? [attributeOf(name, cells[index + 1]!.trim())] : [],
        ),
      };
      if (accno) this.sections.set(accno, section);
      return section;
    });
    this.add(holder ?? this.root ?? this.document, 'subsections', rows);
  }

  private attributes(lines: readonly TextRow[]): Json[] {
    const attributes: JsonRecord[] = [];
    for (const { cells, line } of lines) {
      const name = cells[0]!.trim();
      const value = cells.slice(1).join('\t').trim();
      const qualifier = /^([[(])(.*)[\])]$/.exec(name);
      if (!qualifier) attributes.push(attributeOf(name, value));
      else if (attributes.length === 0) this.fault(`The qualifier ${name} follows no attribute`, line);
      else this.add(attributes.at(-1)!, qualifier[1] === '[' ? 'valqual' : 'nmqual', { name: qualifier[2]!, value });
    }
    return attributes;
  }
}

function attributeOf(name: string, value: string): JsonRecord {
  const reference = /^<(.*)>$/.exec(name)?.[1];
  return reference === undefined ? { name, value } : { name: reference, value, reference: true };
}

const cell = (value: string) => (/["\t\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** Writes the JSON form as TSV; sections without accession number get one where others lie in them. */
export function pageTabToTsv(document: Json): string {
  const root = isRecord(document) ? document : {};
  const blocks: string[][] = [
    [['Submission', textOf(root.accno) ?? ''].join('\t').trimEnd(), ...attributeLines(root.attributes)],
  ];
  let made = 0;
  const write = (value: Json, parent: string | undefined) => {
    if (Array.isArray(value)) return value.forEach((one) => write(one, parent));
    if (!isRecord(value)) return;
    const inner = listOf(value.subsections);
    const accno = textOf(value.accno) ?? (inner.length > 0 && blocks.length > 1 ? `section-${++made}` : '');
    const head = [textOf(value.type) ?? 'Section', accno, ...(parent === undefined ? [] : [parent])]
      .map(cell)
      .join('\t')
      .trimEnd();
    const isRoot = blocks.length === 1;
    blocks.push([head, ...attributeLines(value.attributes)]);
    for (const [member, word, key] of [
      ['files', 'File', 'path'],
      ['links', 'Link', 'url'],
    ] as const)
      for (const entry of listOf(value[member]).flat())
        if (isRecord(entry))
          blocks.push([[word, cell(textOf(entry[key]) ?? '')].join('\t'), ...attributeLines(entry.attributes)]);
    for (const one of inner) write(one, isRoot ? undefined : accno);
  };
  write(root.section ?? {}, undefined);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function attributeLines(attributes: Json | undefined): string[] {
  return recordsOf(attributes).flatMap((one) => {
    const name = textOf(one.name) ?? '';
    const shown = one.reference === true || one.isReference === true ? `<${name}>` : name;
    const qualifiers = (member: string, open: string, close: string) =>
      recordsOf(one[member]).map(
        (entry) => `${open}${textOf(entry.name) ?? ''}${close}\t${cell(textOf(entry.value) ?? '')}`,
      );
    return [
      `${shown}\t${cell(typeof one.value === 'string' ? one.value.trim() : '')}`,
      ...qualifiers('nmqual', '(', ')'),
      ...qualifiers('valqual', '[', ']'),
    ];
  });
}
