import type { JsonRecord } from '../json/json.ts';
import { isRecord, type Json, textsOf } from '../json/json.ts';
import { splitTable, writeCell } from '../tables/delimited.ts';

/** An entry of an IDR study file: key, values, and the line it stands on. */
export interface IdrEntry {
  key: string;
  values: string[];
  line: number;
  /** `study`, or `component 1` for the first screen or experiment. */
  scope: string;
  /** Does its last value go on in the lines below, without quotes around it? */
  isBroken?: boolean;
}

/** Keys of the study part and of components, as stems; `Term Source REF` and `Term Accession` may follow most. */
const known = new RegExp(
  `^(${[
    'Comment\\[.+\\]',
    'Study (Title|Type|Description|Organism|Key ?Words|Screens Number|Experiments Number|External URL|Public Release Date|Version History|Copyright|License|License URL|PubMed ID|PMC ID|DOI|Publication Title|Publication Preprint|Preprint|Author List|Data DOI|Data Publisher|BioStudies Accession|BioImage Archive Accession|EMPIAR Accession|Person (Last Name|First Name|Email|Address|Roles|ORCID))',
    'Term Source (Name|URI|Version|File)',
    '(Screen|Experiment) (Number|Sample Type|Description|Size|Example Images?|Imaging Method|Technology|Technology Type|Type|Comments|Organism|Data DOI|Data Publisher|Assay File|Assay File Format)',
    'Assay Experimental Conditions',
    'Library (File Name|File Format|Type|Manufacturer|Version|Experimental Conditions)',
    'Quality Control Description',
    'Protocol (Name|Type|Description)',
    'Phenotype (Name|Description|Score Type|Term Source REF|Term Name|Term Accession)',
    'Raw Image (Data Format|Data Type|Channels|Organization)',
    'Feature Level Data (File Name|File Description|File Format|Column Name|Column Type|Column Description)',
    'Processed Data (File Name|File Format|File Description|Annotation Level|Column Name|Column Type|Column Annotation Level|Column Description|Column Link To (Library|Assay) File)',
  ].join('|')})( Term Source REF| Term Accession)?(#\\d+)?$`,
);

/** Is it a key that IDR lists? A number behind says which of several of one name it is. */
export const isIdrKey = (key: string): boolean => known.test(key);

/** Longer than any key there is: what begins a line so is text. */
const longestKey = 80;
/** How keys begin: a short line that begins so is a misspelled key, not the rest of a value. */
const likeKey =
  /^(Comment\[|Study|Screen|Experiment|Library|Protocol|Phenotype|Raw Image|Feature Level|Processed Data|Term Source|Assay|Quality Control) ?/;

/** Is a line, by its first cell, the rest of the value above it? */
function goesOn(first: string, hasValues: boolean): boolean {
  if (isIdrKey(first) || first.startsWith('#')) return false;
  return first.length > longestKey || !(hasValues || likeKey.test(first));
}

/**
 * Reads the text of an IDR study file into entries. A line is `key<TAB>value<TAB>value`; lines that begin with `#` are
 * comments. The keys `Screen Number` and `Experiment Number` begin a component. A value that was pasted with its line
 * ends goes on in the lines below, up to the next key or comment; the layout names its entry with `~` instead of `=`.
 */
export function readIdrText(text: string): { entries: IdrEntry[]; layout: string[] } {
  const entries: IdrEntry[] = [];
  const layout: string[] = [];
  let components = 0;
  let scope = 'study';
  const seen = new Map<string, number>();
  // The entry whose value may go on, and the empty lines since.
  let last: IdrEntry | undefined;
  let blank = 0;
  for (const { cells, line } of splitTable(text, '\t')) {
    const raw = cells[0]!.trim();
    if (raw === '' || raw.startsWith('#')) {
      // Cells behind a comment, or behind an empty key, belong to nothing that is read; the file is given back with them.
      const isBare = cells.every((cell, index) => index === 0 || cell.trim() === '');
      layout.push(isBare ? raw : keptLine(raw, cells));
      if (raw === '' && isBare) blank++;
      else last = undefined;
      continue;
    }
    const further = cells.slice(1).map((cell) => cell.trim());
    while (further.at(-1) === '') further.pop();
    if (last && last.values.length > 0 && goesOn(raw, further.length > 0)) {
      // Empty lines within the value were taken for some between entries.
      if (blank > 0) layout.splice(-blank);
      last.values.push(`${last.values.pop()!}\n${'\n'.repeat(blank)}${raw}`);
      for (const cell of further) last.values.push(cell);
      if (!last.isBroken) layout.push(`~${layout.pop()!.slice(1)}`);
      last.isBroken = true;
      blank = 0;
      continue;
    }
    blank = 0;
    if (/^(Screen|Experiment) Number$/.test(raw)) scope = `component ${++components}`;
    // A key given again in its part is kept under a number.
    const count = (seen.get(`${scope}|${raw}`) ?? 0) + 1;
    seen.set(`${scope}|${raw}`, count);
    const key = count === 1 ? raw : `${raw}#${count}`;
    last = { key, values: further, line, scope };
    entries.push(last);
    layout.push(`= ${scope}|${key}`);
  }
  return { entries, layout };
}

/** A line that is kept as it stood: its first cell, then those behind it. */
function keptLine(first: string, cells: readonly string[]): string {
  const further = cells.slice(1).map((cell) => writeCell(cell.trimEnd(), '\t'));
  return [/[\t\n]/.test(first) ? writeCell(first, '\t') : first, ...further].join('\t').trimEnd();
}

/** Is a value a remark of the template that was left in (“# leave blank”)? */
export const isIdrHint = (value: string): boolean => /^#\s/.test(value);

/** The JSON form of a study file that imports and exports work on: entries by part, and the order they stood in. */
export function idrDocument(text: string): JsonRecord {
  const { entries, layout } = readIdrText(text);
  const parts: Record<string, JsonRecord> = {};
  for (const { key, values, scope } of entries) (parts[scope] ??= {})[key] = values;
  return { parts, layout };
}

/** The text of a study file from its JSON form; entries the order does not name follow at the end of their part. */
export function idrText(document: Json): string {
  const root = isRecord(document) ? document : {};
  const parts = isRecord(root.parts) ? root.parts : {};
  const left = new Map<string, string[]>();
  const placesOf = new Map<string, string[]>();
  const scopes = [...new Set(['study', ...Object.keys(parts)])];
  for (const scope of scopes) {
    const part = parts[scope];
    if (!isRecord(part)) continue;
    for (const [key, values] of Object.entries(part)) left.set(`${scope}|${key}`, textsOfAll(values));
    placesOf.set(
      scope,
      Object.keys(part).map((key) => `${scope}|${key}`),
    );
  }
  const order = Array.isArray(root.layout) ? textsOfAll(root.layout) : [];
  const lines: string[] = [];
  const lastOf = new Map<string, number>();
  order.forEach((entry, index) => {
    const match = /^[=~] ([^|]+)\|/.exec(entry);
    if (match) lastOf.set(match[1]!, index);
  });
  const write = (place: string, isBroken = false) => {
    const values = left.get(place);
    if (values === undefined) return;
    left.delete(place);
    const key = place.slice(place.indexOf('|') + 1).replace(/#\d+$/, '');
    const isLast = (index: number) => index === values.length;
    const cells = [key, ...values].map((cell, index) =>
      isBroken && index > 0 && isPlain(cell, isLast(index)) ? cell : writeCell(cell, '\t'),
    );
    lines.push(cells.join('\t'));
  };
  const writeRest = (scope: string) => {
    for (const place of placesOf.get(scope) ?? []) write(place);
  };
  const endingAt = Map.groupBy(lastOf.keys(), (scope) => lastOf.get(scope));
  order.forEach((entry, index) => {
    if (/^[=~] /.test(entry)) write(entry.slice(2), entry.startsWith('~'));
    // With cells behind it a line is kept as it is written.
    else lines.push(entry.includes('\n') && !entry.includes('\t') ? writeCell(entry, '\t') : entry);
    for (const scope of endingAt.get(index) ?? []) writeRest(scope);
  });
  for (const scope of scopes) writeRest(scope);
  return `${lines.join('\n')}\n`;
}

/** Would each line of a value but its first be read as the rest of it? */
function isPlain(value: string, isLast: boolean): boolean {
  const [, ...rest] = value.split('\n');
  if (/["\t\r]/.test(value) || rest.at(-1) === '') return false;
  return rest.every((line, index) => line === '' || goesOn(line, !isLast && index === rest.length - 1));
}

const textsOfAll = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? one : '')) : textsOf(value);
