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
}

/**
 * Reads the text of an IDR study file into entries. A line is `key<TAB>value<TAB>value`; lines that begin with `#` are
 * comments. The keys `Screen Number` and `Experiment Number` begin a component.
 */
export function readIdrText(text: string): { entries: IdrEntry[]; layout: string[] } {
  const entries: IdrEntry[] = [];
  const layout: string[] = [];
  let components = 0;
  let scope = 'study';
  const seen = new Map<string, number>();
  for (const { cells, line } of splitTable(text, '\t')) {
    const raw = cells[0]!.trim();
    if (raw === '' || raw.startsWith('#')) {
      layout.push(raw);
      continue;
    }
    if (/^(Screen|Experiment) Number$/.test(raw)) scope = `component ${++components}`;
    const values = cells.slice(1).map((cell) => cell.trim());
    while (values.at(-1) === '') values.pop();
    // A key given again in its part is kept under a number.
    const count = (seen.get(`${scope}|${raw}`) ?? 0) + 1;
    seen.set(`${scope}|${raw}`, count);
    const key = count === 1 ? raw : `${raw}#${count}`;
    entries.push({ key, values, line, scope });
    layout.push(`= ${scope}|${key}`);
  }
  return { entries, layout };
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
  const scopes = [...new Set(['study', ...Object.keys(parts)])];
  for (const scope of scopes) {
    const part = parts[scope];
    if (isRecord(part))
      for (const [key, values] of Object.entries(part)) left.set(`${scope}|${key}`, textsOfAll(values));
  }
  const order = Array.isArray(root.layout) ? textsOfAll(root.layout) : [];
  const lines: string[] = [];
  const lastOf = new Map<string, number>();
  order.forEach((entry, index) => {
    const match = /^= ([^|]+)\|/.exec(entry);
    if (match) lastOf.set(match[1]!, index);
  });
  const write = (place: string) => {
    const values = left.get(place);
    if (values === undefined) return;
    left.delete(place);
    const key = place.slice(place.indexOf('|') + 1).replace(/#\d+$/, '');
    lines.push([key, ...values].map((cell) => writeCell(cell, '\t')).join('\t'));
  };
  const writeRest = (scope: string) => {
    for (const place of left.keys()) if (place.startsWith(`${scope}|`)) write(place);
  };
  order.forEach((entry, index) => {
    if (entry.startsWith('= ')) write(entry.slice(2));
    else lines.push(entry.includes('\n') ? writeCell(entry, '\t') : entry);
    for (const [scope, last] of lastOf) if (last === index) writeRest(scope);
  });
  for (const scope of scopes) writeRest(scope);
  return `${lines.join('\n')}\n`;
}

const textsOfAll = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? one : '')) : textsOf(value);
