import { displayName, type StudyGraph } from '../graph/study-graph.ts';
import { wholeDay } from '../exchange/written-dates.ts';
import { filled, type Json, type JsonRecord } from '../json/json.ts';
import { statedLicence } from '../licences/licences.ts';
import { type CitedVersion, plainTitle } from './citation.ts';

/** Number and revision of a version that is called `2` or `2.1`; 1 where it is called otherwise. */
function numberedVersion(label = ''): { version: number; minor?: number } {
  const found = /^(\d{1,15})(?:\.(\d{1,6}))?$/.exec(label);
  if (!found) return { version: 1 };
  return { version: Number(found[1]), ...(found[2] === undefined ? {} : { minor: Number(found[2]) }) };
}

/** The day it was published here; of what is not from here, the day that is said. */
const publishedDay = ({ issuedDate, releaseDate }: StudyGraph['study']) => issuedDate ?? releaseDate;

function datePartsOf(day: string | undefined): JsonRecord | undefined {
  const parts = day?.split('-').map(Number);
  return parts && parts.every(Number.isFinite) ? { 'date-parts': [parts] } : undefined;
}

/** What a citation needs, out of a study graph; the contact is cited where there are no authors. */
export function citedGraph(graph: StudyGraph): CitedVersion {
  const { study } = graph;
  const authors = graph.contributors.filter(({ isNoAuthor }) => !isNoAuthor);
  const people = authors.length > 0 ? authors : graph.contributors.slice(0, 1);
  return {
    accession: study.identifier ?? '',
    ...numberedVersion(study.version),
    title: study.title ?? 'Untitled study',
    authors: people.map((one) => ({
      firstName: one.firstName ?? '',
      lastName: one.lastName ?? one.name ?? '',
      ...(one.orcid === undefined ? {} : { orcid: one.orcid }),
    })),
    year: publishedDay(study)?.slice(0, 4) ?? '',
    publisher: study.publisher ?? '',
    url: study.url ?? (study.doi === undefined ? '' : `https://doi.org/${study.doi}`),
    ...(study.doi === undefined ? {} : { doi: study.doi }),
    licence: study.licence ?? '',
  };
}

/** One CSL-JSON item of type `dataset`, for citeproc and reference managers. */
export function citationCsl(graph: StudyGraph): Json {
  const { study } = graph;
  const issued = datePartsOf(publishedDay(study));
  return filled<JsonRecord>({
    id: study.identifier ?? study.doi ?? 'study',
    type: 'dataset',
    title: study.title,
    author: graph.contributors
      .filter(({ isNoAuthor }) => !isNoAuthor)
      .map((one) =>
        one.lastName === undefined
          ? { literal: displayName(one) }
          : filled<JsonRecord>({ family: one.lastName, given: one.firstName }),
      ),
    issued,
    // Named where it is another day: files that were closed at first.
    'available-date': study.openedDate === study.issuedDate ? undefined : datePartsOf(study.openedDate),
    publisher: study.publisher,
    version: study.version,
    DOI: study.doi,
    URL: study.url,
    abstract: study.description,
    keyword: study.keywords?.join(', '),
  });
}

/** A text as a YAML scalar in double quotes, which holds every character. */
const yaml = (text: string) =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** `CITATION.cff`, Citation File Format 1.2.0, for a data set. */
export function citationCff(graph: StudyGraph): string {
  const { study } = graph;
  const lines = [
    'cff-version: 1.2.0',
    'message: "If you use these data, please cite them as below."',
    'type: dataset',
    `title: ${yaml(plainTitle(study.title ?? 'Untitled study'))}`,
  ];
  const authors = graph.contributors.filter(({ isNoAuthor }) => !isNoAuthor);
  lines.push('authors:');
  for (const one of authors.length > 0 ? authors : graph.contributors) {
    const organisation = graph.organisations.find(({ key }) => key === one.organisations?.[0]);
    const members: [string, string | undefined][] =
      one.lastName === undefined
        ? [['name', displayName(one) || 'Unknown']]
        : [
            ['family-names', one.lastName],
            ['given-names', one.firstName],
            ['affiliation', organisation?.name],
            ['orcid', one.orcid && `https://orcid.org/${one.orcid}`],
          ];
    lines.push(
      ...members
        .filter(([, value]) => value !== undefined && value !== '')
        .map(([name, value], index) => `${index === 0 ? '  - ' : '    '}${name}: ${yaml(value!)}`),
    );
  }
  if (graph.contributors.length === 0) lines.push('  - name: "Unknown"');
  const licence = study.licence === undefined ? undefined : statedLicence(study.licence);
  for (const [name, value] of [
    ['version', study.version],
    ['doi', study.doi],
    ['date-released', wholeDay(publishedDay(study))],
    // The file's own list holds identifiers of SPDX; other terms have an address or no place in it.
    ['license', licence?.spdx],
    ['license-url', licence?.spdx === undefined ? licence?.url : undefined],
    ['url', study.url],
    ['abstract', study.description],
  ] as const)
    if (value !== undefined) lines.push(`${name}: ${yaml(value)}`);
  if (study.keywords && study.keywords.length > 0)
    lines.push('keywords:', ...study.keywords.map((one) => `  - ${yaml(one)}`));
  const papers = graph.publications.filter(({ doi, title }) => doi !== undefined && title !== undefined);
  if (papers.length > 0) {
    lines.push('references:');
    for (const one of papers) {
      lines.push('  - type: article', `    title: ${yaml(one.title!)}`, `    doi: ${yaml(one.doi!)}`, '    authors:');
      for (const name of one.authors ?? ['Unknown']) lines.push(`      - name: ${yaml(name)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
