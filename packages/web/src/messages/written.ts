import { language } from './text.ts';

/** Kept: making one costs a tenth of a millisecond, and lists write hundreds of numbers at a time. */
const numberFormats = new Map<string, Intl.NumberFormat>();

/** Below it, zeros after the point are no longer counted by eye. */
const leastPlain = 1e-6;

/** A number with the reader's separators; what is next to nothing with a power of ten (`2.3e-12`). */
export function writtenNumber(value: number, digits = 6): string {
  if (value !== 0 && Math.abs(value) < leastPlain) return String(Number(value.toPrecision(Math.max(digits, 1))));
  const key = `${language()} ${digits}`;
  let format = numberFormats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(language(), { maximumSignificantDigits: Math.max(digits, 1) });
    numberFormats.set(key, format);
  }
  return format.format(value);
}

/** A count: whole below 100,000, shortened above (`1.2M`, `120万`). */
export function writtenCount(value: number): string {
  return value < 100_000
    ? new Intl.NumberFormat(language()).format(value)
    : new Intl.NumberFormat(language(), { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A size in decimal units, as disks are sold: 38.1 GB. */
export function writtenBytes(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${writtenNumber(bytes / 1000 ** step, 3)} ${byteUnits[step]}`;
}

/** A date: 20 Nov 2026. */
export function writtenDate(iso: string): string {
  return new Intl.DateTimeFormat(language() === 'ja' ? 'ja' : 'en-GB', { dateStyle: 'medium' }).format(new Date(iso));
}

/** A moment with its zone: 20 Nov 2026, 04:00 UTC. */
export function writtenMoment(iso: string): string {
  return new Intl.DateTimeFormat(language() === 'ja' ? 'ja' : 'en-GB', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(iso));
}

/** A time left or passed, in the largest fitting unit: 3 s, 7 min, 2 h. */
export function writtenDuration(seconds: number): string {
  // Intl writes "3 sec"; the symbol of the second is s.
  if (seconds < 90 && language() === 'en') return `${Math.max(0, Math.round(seconds))} s`;
  const [value, unit] =
    seconds < 90
      ? [Math.max(0, Math.round(seconds)), 'second']
      : seconds < 5400
        ? [Math.round(seconds / 60), 'minute']
        : [Math.round(seconds / 3600), 'hour'];
  return new Intl.NumberFormat(language(), {
    style: 'unit',
    unit,
    unitDisplay: 'short',
  } as Intl.NumberFormatOptions).format(value as number);
}
