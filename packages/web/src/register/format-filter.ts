import type { api, routes } from '../app/api.ts';

/** A line of the register of formats. */
export type RegisteredFormat = Awaited<ReturnType<typeof api.call<typeof routes.listFormats>>>['formats'][number];

/** What of the register is shown; empty texts leave nothing out. */
export interface FormatFilter {
  /** Every word must stand in name, id, ending, keeper or a program. */
  words: string;
  level: string;
  data: string;
}

/** Is a format shown? */
export function fits(format: RegisteredFormat, { words, level, data }: FormatFilter): boolean {
  if (level !== '' && format.level !== level) return false;
  if (data !== '' && !format.data.some((one) => one === data)) return false;
  const { id, name, by, extensions, others } = format;
  const about = [id, name, by, ...extensions, ...others].join('\n').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => about.includes(word));
}
