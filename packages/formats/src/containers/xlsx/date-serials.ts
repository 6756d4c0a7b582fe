/** Ids of built-in number formats that show dates or times (ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are East Asian dates). */
const builtIn = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || id === 45 || id === 47 || (id >= 50 && id <= 58);

/**
 * Does a number format show a date or a time of day? Elapsed times (`[h]:mm`, built-in 46) are durations in days and
 * stay numbers.
 * @param id number format id
 * @param code its format code where the workbook defines it
 */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return builtIn(id);
  if (/\[(h+|m+|s+)\]/i.test(code)) return false;
  const shown = code
    .replace(/"[^"]*"/g, '')
    .replace(/\\./g, '')
    .replace(/[_*]./g, '')
    .replace(/\[[^\]]*\]/g, '');
  return /[ymdhs]/i.test(shown.split(';')[0]!.replace(/general/gi, ''));
}

const dayMilliseconds = 86_400_000;
/** 30 December 1899: day 0 from serial 61 on, after the 29 February 1900 that Excel counts and no calendar has. */
const day1900 = Date.UTC(1899, 11, 30);
const day1904 = Date.UTC(1904, 0, 1);
/** 31 December 9999, the last day Excel knows. */
const lastSerial = 2_958_466;

/**
 * Date of a serial number as ISO 8601 without a zone: a date where it is whole, a time of day where it is below one
 * day, both otherwise; rounded to milliseconds. `undefined` outside the range Excel shows.
 * @param serial days since the epoch of the workbook
 * @param date1904 the epoch is 1 January 1904 (serial 0); otherwise serial 1 is 1 January 1900
 */
export function serialToIso(serial: number, date1904: boolean): string | undefined {
  if (!(serial >= 0) || serial >= lastSerial) return undefined;
  const milliseconds = Math.round(serial * dayMilliseconds);
  if (milliseconds < dayMilliseconds && (!date1904 || serial > 0)) return timeOfDay(milliseconds);
  // Serial 60 is the day that never was; it is shown as the first of March, as serial 61 is.
  const shift = date1904 ? 0 : serial < 60 ? 1 : serial < 61 ? 1 : 0;
  const at = new Date((date1904 ? day1904 : day1900) + shift * dayMilliseconds + milliseconds);
  const date = at.toISOString().slice(0, 10);
  const rest = milliseconds % dayMilliseconds;
  return rest === 0 ? date : `${date}T${timeOfDay(rest)}`;
}

function timeOfDay(milliseconds: number): string {
  const text = new Date(milliseconds).toISOString();
  return text.slice(11, text.endsWith('.000Z') ? 19 : 23);
}

/** Serial number of a moment in the 1900 system, for writing; the date is taken in UTC. */
export function dateToSerial(date: Date): number {
  const serial = (date.getTime() - day1900) / dayMilliseconds;
  return serial < 61 ? serial - 1 : serial;
}
