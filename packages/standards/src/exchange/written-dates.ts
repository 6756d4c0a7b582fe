/**
 * The day that a text says, as far as it says one: `2024-01-31T10:00:00Z` is 2024-01-31, a year or a month alone stays. A date
 * of another order stays as it is written, for a person to mend; a word that is no date ("unpublished") is none.
 */
export function dayOf(text: string | undefined): string | undefined {
  const day = /^\d{4}(-\d{2}(-\d{2})?)?(?=$|[T\s/])/.exec(text ?? '')?.[0];
  return day ?? (/\d/.test(text ?? '') ? text!.slice(0, 10) : undefined);
}

/** A day as schemas want it; `undefined` for a year or a month alone, and for what is no date. */
export function wholeDay(date: string | undefined): string | undefined {
  return /^\d{4}-\d{2}-\d{2}$/.test(date ?? '') ? date : undefined;
}

/** The day itself, or the first one of the year or month that is all that is known. */
export function firstDay(date: string | undefined): string | undefined {
  const [, year, month = '01', day = '01'] = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(date ?? '') ?? [];
  return year === undefined ? undefined : `${year}-${month}-${day}`;
}
