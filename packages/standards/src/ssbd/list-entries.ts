import type { Field } from '../field.ts';
import { readLink } from '../identifiers/identifiers.ts';
import { vocabularyTerms } from '../vocabulary/starter-terms.ts';

/** Values one entry is cut into at most. */
const mostPieces = 50;

const opened = (text: string) => (text.match(/[([（]/g)?.length ?? 0) - (text.match(/[)\]）]/g)?.length ?? 0);

/**
 * Which neighbouring values are one text that was cut at its commas: those that only together close a bracket they open.
 * @returns first and last of them, zero-based; `undefined` where none are
 */
export function cutText(values: readonly string[]): { from: number; to: number } | undefined {
  const from = values.findIndex((value) => opened(value) > 0);
  if (from < 0) return undefined;
  let balance = 0;
  for (let to = from; to < values.length; to++) {
    balance += opened(values[to]!);
    if (balance <= 0) return to > from ? { from, to } : undefined;
  }
  return undefined;
}

/** The values with those that are one text put together again. */
export function withoutCut(values: readonly string[]): string[] | undefined {
  const cut = cutText(values);
  return (
    cut && [...values.slice(0, cut.from), values.slice(cut.from, cut.to + 1).join(', '), ...values.slice(cut.to + 1)]
  );
}

/** Lists of single words, where a comma never belongs to a value. */
const ofWords: ReadonlySet<string> = new Set(['keywords', 'dataFormats']);

/**
 * The values that one entry of a list holds, where it is several: parted by semicolons or line breaks, in lists of words by
 * commas too, addresses by spaces too, terms where each piece is the name of one. `undefined` where it is one value.
 */
export function joinedValues(field: Pick<Field, 'id' | 'type' | 'vocabulary'>, entry: string): string[] | undefined {
  // Most entries hold one value: nothing more is asked of them.
  if (!/[;；、，,\n\t]|https?:\S+\s/.test(entry)) return undefined;
  const id = field.id.replace(/@.*$/, '');
  // A line of a paper parts its authors by semicolons.
  if (id === 'papers') return piecesOf(entry, /\n/, () => true);
  if (id === 'links') return piecesOf(entry, /[;,]?\s+|[;,](?=https?:)/, (piece) => readLink(piece) !== undefined);
  if (field.type === 'term-list') {
    const names = new Set(vocabularyTerms(field.vocabulary ?? '').map(({ label }) => label.toLowerCase()));
    return names.has(entry.trim().toLowerCase())
      ? undefined
      : piecesOf(entry, /[;；、，,\n\t]/, (piece) => names.has(piece.toLowerCase()));
  }
  return piecesOf(entry, ofWords.has(id) ? /[;；、，,\n\t]/ : /[;；\n\t]/, () => true);
}

function piecesOf(entry: string, at: RegExp, isValue: (piece: string) => boolean): string[] | undefined {
  // What stands in brackets belongs to the value before it.
  const whole = entry.replace(/\([^()]*\)/g, (inner) => inner.replace(new RegExp(at.source, 'g'), '\u0001'));
  if (whole.includes('\u0001')) return undefined;
  const pieces = entry
    .split(at)
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
  return pieces.length > 1 && pieces.length <= mostPieces && pieces.every(isValue) ? pieces : undefined;
}
