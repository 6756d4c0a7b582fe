/** A study of a collection, with why it is in it. */
export interface Collected {
  accession: string;
  remark: string;
}

/**
 * The accession that somebody typed: the address of a page of the study counts too, as do small letters and those of a Japanese keyboard.
 * Empty where nothing was typed.
 */
export const typedAccession = (typed: string): string =>
  typed
    .normalize('NFKC')
    .trim()
    .replace(/^.*\/studies\//, '')
    .replace(/[/?#].*$/, '')
    .toUpperCase();

/** Studies of a collection with one that was typed at the end; the very list where nothing was typed, or it is in it. */
export function withStudy(studies: Collected[], typed: string): Collected[] {
  const accession = typedAccession(typed);
  if (accession === '' || studies.some((one) => one.accession === accession)) return studies;
  return [...studies, { accession, remark: '' }];
}
