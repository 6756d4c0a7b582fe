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

/** A value with everything it says, so that two that differ are seen to: people with where they work and all else told of them. */
export function writtenInFull(value: unknown): string {
  if (!Array.isArray(value)) return writtenValue(value);
  return (value as unknown[])
    .map((entry) => {
      if (typeof entry !== 'object' || entry === null || !('lastName' in entry)) return writtenValue([entry]);
      const { firstName, lastName, ...more } = entry as Record<string, string | undefined>;
      const said = [`${firstName ?? ''} ${lastName ?? ''}`.trim(), ...Object.values(more)];
      return said.filter((part) => part !== undefined && part !== '').join(', ');
    })
    .join('\n');
}
