import type { Value } from '../deposit/draft.ts';

/** A value in one line, as lists and comparisons show it. */
export function writtenValue(value: unknown): string {
  const one = value as Value;
  if (typeof one === 'string') return one;
  if (!Array.isArray(one)) return '';
  return (one as (string | { label?: string; id?: string; firstName?: string; lastName?: string })[])
    .map((entry) =>
      typeof entry === 'string'
        ? entry
        : entry.label === undefined
          ? [entry.firstName, entry.lastName].filter(Boolean).join(' ')
          : entry.id === undefined
            ? entry.label
            : `${entry.label} (${entry.id})`,
    )
    .join('; ');
}
