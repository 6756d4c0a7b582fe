import type { ByteSource } from '../../bytes/byte-source.ts';
import type { IssueTally } from '../../tables/delimited/issues.ts';
import { readText, sniffEncoding } from '../../tables/delimited/text-windows.ts';
import type { CtcIssueCode } from './issues.ts';

/** One line of the track table: a label, its frames (inclusive, from 0) and the label it came from (0 = none). */
export interface LabelSpan {
  label: number;
  begin: number;
  end: number;
  parent: number;
}

const fourNumbers = /^\s*(\d{1,10})\s+(\d{1,9})\s+(\d{1,9})\s+(\d{1,10})\s*$/;

/** Reads the track table, by label. */
export async function readTrackTable(
  source: ByteSource,
  tally: IssueTally<CtcIssueCode>,
  signal?: AbortSignal,
): Promise<Map<number, LabelSpan>> {
  const spans = new Map<number, LabelSpan>();
  const encoding = sniffEncoding(await source.read(0, 65_536, signal));
  let rest = '';
  let line = 0;
  const take = (text: string) => {
    line++;
    if (text.trim() === '' || line > 50_000_000) return;
    const found = fourNumbers.exec(text);
    const [label, begin, end, parent] = found ? found.slice(1).map(Number) : [];
    if (label === undefined || label === 0 || begin! > end!) {
      tally.note('track-table-malformed', { line }, `line ${line}: "${text.slice(0, 40)}"`);
      return;
    }
    if (spans.has(label)) tally.note('duplicate-label', { line }, `label ${label}`);
    else spans.set(label, { label, begin: begin!, end: end!, parent: parent! });
  };
  for await (const { text } of readText(source, encoding, signal)) {
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = lines.pop()!.slice(0, 10_000);
    for (const one of lines) take(one);
  }
  if (rest !== '') take(rest);
  return spans;
}
