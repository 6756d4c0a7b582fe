import { versionLabel } from '@micrarium/model';
import type { CitedVersion } from './citation.ts';
import { citationText, initials, isFamilyNameFirst, plainTitle } from './citation.ts';

/** Family name and what stands for the given ones; in scripts that write the family name first, as they write it. */
const inverted = (lastName: string, given: string, between: string) =>
  [lastName, given].filter(Boolean).join(isFamilyNameFirst(lastName) ? ' ' : between);

const address = (cited: CitedVersion) => (cited.doi === undefined ? cited.url : `https://doi.org/${cited.doi}`);
const bare = (title: string) => plainTitle(title).replace(/\.$/, '');

/** Vancouver (ICMJE): surnames with initials, six authors and et al. */
function vancouver(cited: CitedVersion): string {
  const names = cited.authors.map(({ firstName, lastName }) => inverted(lastName, initials(firstName, '', ''), ' '));
  const people = names.length > 6 ? `${names.slice(0, 6).join(', ')}, et al` : names.join(', ');
  return `${people}. ${bare(cited.title)} [dataset]. Version ${versionLabel(cited)}. ${cited.publisher}; ${cited.year}. Available from: ${address(cited)}`;
}

/** Harvard, as British universities write it. */
function harvard(cited: CitedVersion): string {
  const names = cited.authors.map(({ firstName, lastName }) => inverted(lastName, initials(firstName, ''), ', '));
  const people =
    names.length > 3
      ? `${names[0]} et al.`
      : names.length > 1
        ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
        : (names[0] ?? '');
  return `${people} (${cited.year}) ‘${bare(cited.title)}’ [Dataset], version ${versionLabel(cited)}. ${cited.publisher}. Available at: ${address(cited)}.`;
}

/** Chicago, author and date, 17th edition. */
function chicago(cited: CitedVersion): string {
  const names = cited.authors.map(({ firstName, lastName }, index) =>
    index === 0 || isFamilyNameFirst(lastName)
      ? inverted(lastName, firstName, ', ')
      : [firstName, lastName].filter(Boolean).join(' '),
  );
  const people =
    names.length > 10
      ? `${names.slice(0, 7).join(', ')}, et al`
      : names.length > 1
        ? `${names.slice(0, -1).join(', ')}, and ${names.at(-1)}`
        : (names[0] ?? '');
  return `${people}. ${cited.year}. “${bare(cited.title)}.” Version ${versionLabel(cited)}. Data set. ${cited.publisher}. ${address(cited)}.`;
}

/** Nature Portfolio: initials after surnames, more than five authors cut to the first. */
function nature(cited: CitedVersion): string {
  const names = cited.authors.map(({ firstName, lastName }) => inverted(lastName, initials(firstName), ', '));
  const people =
    names.length > 5
      ? `${names[0]} et al.`
      : names.length > 1
        ? `${names.slice(0, -1).join(', ')} & ${names.at(-1)}`
        : (names[0] ?? '');
  return `${people} ${bare(cited.title)}. ${cited.publisher} ${address(cited)} (${cited.year}).`;
}

/** Styles a citation is written in, by their usual names. */
export const citationStyles: readonly { id: string; name: string; write(cited: CitedVersion): string }[] = [
  { id: 'apa', name: 'APA', write: citationText },
  { id: 'vancouver', name: 'Vancouver', write: vancouver },
  { id: 'harvard', name: 'Harvard', write: harvard },
  { id: 'chicago', name: 'Chicago', write: chicago },
  { id: 'nature', name: 'Nature', write: nature },
];
