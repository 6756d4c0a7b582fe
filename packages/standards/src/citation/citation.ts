import { type Contributor, type StudyVersion, versionLabel } from '@micrarium/model';
import { isGroup } from '../graph/organisation-names.ts';

/** What a citation needs of a version. */
export interface CitedVersion {
  accession: string;
  version: number;
  /** Of a revision of the version's metadata. */
  minor?: number;
  title: string;
  /** In author order. */
  authors: { firstName: string; lastName: string; orcid?: string; isGroup?: true }[];
  /** Four digits. */
  year: string;
  /** Repository that publishes. */
  publisher: string;
  url: string;
  doi?: string;
  licence: string;
}

/** Reads what a citation needs out of a version. Without contributors the contact is cited. */
export function citedVersion(
  version: Pick<StudyVersion, 'accession' | 'version' | 'minor' | 'publishedAt' | 'metadata'>,
  url: string,
  publisher = 'Micrarium',
): CitedVersion {
  const { values } = version.metadata;
  const text = (id: string) => (typeof values[id] === 'string' ? (values[id] as string).trim() : '');
  const people = (Array.isArray(values.contributors) ? values.contributors : []) as Contributor[];
  const contact = {
    firstName: text('contactFirstName'),
    lastName: text('contactLastName'),
    ...(text('contactOrcid') ? { orcid: text('contactOrcid') } : {}),
  };
  const authors =
    people.length > 0
      ? people.map((one) => ({
          firstName: one.firstName,
          lastName: one.lastName,
          ...(one.orcid ? { orcid: one.orcid } : {}),
          ...(isGroup(one) ? { isGroup: true as const } : {}),
        }))
      : [contact];
  const doi = text('doi');
  return {
    accession: version.accession,
    version: version.version,
    ...(version.minor === undefined ? {} : { minor: version.minor }),
    title: text('title'),
    authors,
    year: version.publishedAt.slice(0, 4),
    publisher,
    url,
    ...(doi ? { doi } : {}),
    licence: text('licence'),
  };
}

/** A work in which a data set was used: title, and DOI, accession or address. */
export interface CitedUse {
  title: string;
  identifier: string;
  /** `primary`: the paper the data were published with. */
  use?: 'primary' | 'reuse';
}

/** What a reader is told before the works: first those that used the data, then those the data were published with. */
const useWords = { reuse: 'Used again in', primary: 'Published with' } as const;

/** The works of each kind, where there are any. */
function usesByKind(uses: readonly CitedUse[]): [words: string, uses: CitedUse[]][] {
  return (['reuse', 'primary'] as const).flatMap((kind) => {
    const some = uses.filter(({ use = 'reuse' }) => use === kind);
    return some.length > 0 ? [[useWords[kind], some] as [string, CitedUse[]]] : [];
  });
}

const useText = ({ title, identifier }: CitedUse) => [title.trim(), identifier].filter(Boolean).join(', ');

/**
 * First letters of given names: "J.-L. M." of "Jean-Luc Marie". Those of scripts whose signs are no letters stay whole.
 * @param end what stands after each letter; without it, hyphens go too
 */
export function initials(name: string, join = ' ', end = '.'): string {
  if (isFamilyNameFirst(name)) return name.trim();
  const letter = (part: string) => `${[...part][0]}${end}`;
  const parts = name.split(/\s+/).filter(Boolean);
  return parts
    .map((part) =>
      part
        .split('-')
        .filter(Boolean)
        .map(letter)
        .join(end === '' ? '' : '-'),
    )
    .join(join);
}

/** Are names of this script written family name first, without a comma and unabbreviated? */
export const isFamilyNameFirst = (text: string): boolean =>
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(text);

function nameInText({ firstName, lastName }: { firstName: string; lastName: string }): string {
  return isFamilyNameFirst(lastName)
    ? `${lastName} ${firstName}`.trim()
    : [lastName, initials(firstName)].filter(Boolean).join(', ');
}

/** Marks of type that titles come with from journals: italics, bold, raised and lowered, in whole pairs. */
const longestMarked = 2_000;
const marks = /<(i|em|b|strong|sub|sup)>(.*?)<\/\1>/gisu;

/** A title without marks of type; other `<` and `>` stay as they are. */
export function plainTitle(title: string): string {
  if (title.length > longestMarked) return title;
  for (let [text, before] = [title, '']; ; ) {
    [text, before] = [text.replace(marks, '$2'), text];
    if (text === before) return text;
  }
}

/** Marks that turn around what follows them. One that nothing ends turns around what stands after the words, too, whatever element they are in. */
const turning = /[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The title of a study as pages, lists and mails name it: without marks of type, or such as turn around what follows, and on one line.
 * @param otherwise what stands there where it has none
 */
export function shownTitle(title: unknown, otherwise = ''): string {
  const text = typeof title === 'string' ? plainTitle(title).replace(turning, '').replace(/\s+/g, ' ').trim() : '';
  return text === '' ? otherwise : text;
}

/** A title with its marks of type as LaTeX has them. */
function latexTitle(title: string): string {
  if (title.length > longestMarked) return escapeLatex(title);
  const commands: Readonly<Record<string, string>> = {
    i: 'textit',
    em: 'textit',
    b: 'textbf',
    strong: 'textbf',
    sub: 'textsubscript',
    sup: 'textsuperscript',
  };
  let [written, at] = ['', 0];
  for (const found of title.matchAll(marks)) {
    const [whole, mark = '', inner = ''] = found;
    written += `${escapeLatex(title.slice(at, found.index))}\\${commands[mark.toLowerCase()]}{${latexTitle(inner)}}`;
    at = found.index + whole.length;
  }
  return written + escapeLatex(title.slice(at));
}

/** The citation as a sentence: Creators (Year). Title (Version n) [Data set]. Publisher. Address. */
export function citationText(cited: CitedVersion): string {
  const names = cited.authors.map(nameInText);
  // APA, 7th edition: with more than 20 authors the first 19, an ellipsis, and the last.
  const shown = names.length > 20 ? [...names.slice(0, 19), '…', names.at(-1)!] : names;
  const people =
    shown.length > 1 && names.length <= 20
      ? `${shown.slice(0, -1).join(', ')}, & ${shown.at(-1)}`
      : shown.join(', ').replace('…,', '…');
  const title = plainTitle(cited.title).replace(/\.$/, '');
  const who = `${people} (${cited.year}). ${title}`.replace(turning, '');
  return `${who} (Version ${versionLabel(cited)}) [Data set]. ${cited.publisher}. ${cited.doi ? `https://doi.org/${cited.doi}` : cited.url}`;
}

const latexSpecial: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

/** Text with the characters escaped that mean something to LaTeX. */
export function escapeLatex(text: string): string {
  return text.replace(/[\\{}&%$#_~^]/g, (character) => latexSpecial[character]!);
}

/**
 * The citation as a BibTeX entry; the key is ASCII: surname, year, accession.
 * @param uses works that used the data, for `annote`, which no style prints
 */
export function citationBibtex(cited: CitedVersion, uses: readonly CitedUse[] = []): string {
  const surname =
    (cited.authors[0]?.lastName ?? 'anonymous')
      .normalize('NFD')
      .replace(/[^A-Za-z0-9]/g, '')
      .toLowerCase() || 'study';
  const authors = cited.authors
    .map(({ firstName, lastName }) => {
      const given = escapeLatex(firstName);
      // A comma within the given names would make a title of what stands before it.
      return [`{${escapeLatex(lastName)}}`, given.includes(',') ? `{${given}}` : given].filter(Boolean).join(', ');
    })
    .join(' and ');
  const fields: [string, string][] = [
    ['author', authors],
    ['title', `{${latexTitle(cited.title)}}`],
    ['year', cited.year],
    ['publisher', escapeLatex(cited.publisher)],
    ['version', versionLabel(cited)],
    ...(cited.doi ? [['doi', cited.doi] as [string, string]] : []),
    ['url', cited.url],
    ['copyright', escapeLatex(cited.licence)],
    ...(uses.length > 0
      ? [
          [
            'annote',
            escapeLatex(
              usesByKind(uses)
                .map(([words, some]) => `${words}: ${some.map(useText).join('; ')}`)
                .join('. '),
            ),
          ] as [string, string],
        ]
      : []),
  ];
  return `@misc{${surname}_${cited.year}_${cited.accession.replace(/[^A-Za-z0-9]/g, '')},\n${fields.map(([key, value]) => `  ${key} = {${value}}`).join(',\n')}\n}\n`;
}

/**
 * The citation as a RIS record: CRLF line ends, `ER` last.
 * @param uses works that used the data, as notes (`N1`)
 */
export function citationRis(cited: CitedVersion, uses: readonly CitedUse[] = []): string {
  const line = (tag: string, value: string) => `${tag}  - ${value.replace(/\s+/g, ' ').trim()}`;
  return [
    line('TY', 'DATA'),
    ...cited.authors.map(({ firstName, lastName }) => line('AU', [lastName, firstName].filter(Boolean).join(', '))),
    line('TI', plainTitle(cited.title)),
    line('PY', cited.year),
    line('PB', cited.publisher),
    line('ET', versionLabel(cited)),
    ...(cited.doi ? [line('DO', cited.doi)] : []),
    line('UR', cited.url),
    line('AN', cited.accession),
    ...usesByKind(uses).flatMap(([words, some]) => some.map((use) => line('N1', `${words}: ${useText(use)}`))),
    'ER  - ',
    '',
  ].join('\r\n');
}
