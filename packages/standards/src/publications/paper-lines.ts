import type { PublicationNode } from '../graph/study-graph.ts';
import { readDoi } from '../identifiers/identifiers.ts';
import { filled } from '../json/json.ts';

type Paper = Omit<PublicationNode, 'key'>;

/** Parts of a line, with bars between. */
const bar = ' | ';

/**
 * A paper in one line of the form: title, authors with semicolons between, journal, year, identifiers, status; what is not
 * known is left out, an empty part keeps its place before a known one.
 */
export function paperLine(paper: Paper): string {
  const text = (value: string | undefined) => (value ?? '').replace(/\s*\|\s*/g, '/').trim();
  const told = [
    text(paper.title),
    (paper.authors ?? []).map((one) => text(one).replaceAll(';', ',')).join('; '),
    text(paper.venue),
  ];
  while (told.at(-1) === '') told.pop();
  return [
    ...told,
    ...[
      paper.year,
      paper.doi === undefined ? undefined : `doi:${paper.doi}`,
      paper.pubmedId === undefined ? undefined : `PMID:${paper.pubmedId}`,
      paper.pmcId,
      paper.url,
      paper.status === undefined ? undefined : `status: ${text(paper.status)}`,
    ].filter((part) => part !== undefined && part !== ''),
  ].join(bar);
}

/** Parts that tell by their form what they are. */
const kinds: readonly (readonly [form: RegExp, take: (value: string) => Paper])[] = [
  [/^((?:1[5-9]|2[01])\d\d)$/, (year) => ({ year })],
  [/^PMID:?\s*(\d{1,9})$/i, (pubmedId) => ({ pubmedId })],
  [/^(PMC\d{1,9})$/i, (pmcId) => ({ pmcId: pmcId.toUpperCase() })],
  [/^status:\s*(.+)$/i, (status) => ({ status })],
];

/** The paper that a line tells of; `undefined` where it tells of none. */
export function paperOfLine(line: string): Paper | undefined {
  const paper: Paper = {};
  const told: string[] = [];
  for (const part of line.split('|').map((one) => one.trim())) {
    const doi = /^(doi:|https?:\/\/(dx\.)?doi\.org\/|10\.\d)/i.test(part) ? readDoi(part) : undefined;
    const kind = kinds.find(([form]) => form.test(part));
    if (doi && 'doi' in doi) paper.doi = doi.doi;
    else if (kind) Object.assign(paper, kind[1](kind[0].exec(part)![1] ?? part));
    else if (/^https?:\/\/\S+$/.test(part)) paper.url = part;
    else told.push(part);
  }
  const [title, authors, venue] = told;
  const found = filled<Paper>({
    ...paper,
    title,
    authors: authors?.split(/\s*;\s*/).filter(Boolean),
    venue,
  });
  return Object.keys(found).length > 0 ? found : undefined;
}

/** Do two tell of the same paper, by DOI, PubMed number or title? */
export function isSamePaper(one: Paper, other: Paper): boolean {
  if (one.doi !== undefined && other.doi !== undefined) return one.doi.toLowerCase() === other.doi.toLowerCase();
  if (one.pubmedId !== undefined && one.pubmedId === other.pubmedId) return true;
  return one.title !== undefined && one.title.toLowerCase() === other.title?.toLowerCase();
}
