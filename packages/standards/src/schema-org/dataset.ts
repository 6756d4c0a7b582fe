import { type StudyVersion, type Term, versionLabel } from '@micrarium/model';
import { type CitedVersion, citedVersion, plainTitle } from '../citation/citation.ts';
import { graphFigures } from '../graph/graph-of-study.ts';
import type { TermReference } from '../graph/study-graph.ts';
import { termAddress } from '../identifiers/identifiers.ts';
import { filled } from '../json/json.ts';
import { knownLicence } from '../licences/licences.ts';
import { availableTerm, describedShort, openAccess, schemaOrgFigure } from './dataset-of-graph.ts';

/** Addresses of a version on this server, without a trailing slash. */
export interface VersionUrls {
  /** Landing page of exactly this version. */
  page: string;
  /** Address of a file by its path. */
  file(path: string): string;
  /** Origin of the repository. */
  home: string;
}

/** Who may have the files of a version, and for what, where not everybody may for everything. */
export interface ClosedFiles {
  /** In words: until when, or whom to ask. */
  conditions?: string;
  /** Terms for what the data may be used, of the Data Use Ontology. */
  dataUse?: readonly TermReference[];
}

/** Days (YYYY-MM-DD) of the files of a version that are not that of its publication. */
export interface FileDays {
  /** Since or from which everybody may have them; left out where that is never. */
  available?: string | undefined;
}

const creator = ({ firstName, lastName, orcid, isGroup }: CitedVersion['authors'][number]) =>
  filled<Record<string, unknown>>({
    '@type': isGroup ? 'Organization' : 'Person',
    '@id': orcid && `https://orcid.org/${orcid}`,
    name: [firstName, lastName].filter(Boolean).join(' '),
    ...(isGroup ? {} : { givenName: firstName, familyName: lastName }),
  });

/** How many files the description lists; the file list of the page has them all. */
const listedFiles = 100;

const iriOf = (term: TermReference) =>
  term.id?.startsWith('http')
    ? term.id
    : term.id
      ? (termAddress(term.id) ?? `http://purl.obolibrary.org/obo/${term.id.replace(':', '_')}`)
      : undefined;

/**
 * A version as schema.org `Dataset` in JSON-LD, for search engines (properties as Google's and Bioschemas' Dataset profiles ask).
 * Private fields never appear.
 * @param closed left out where the files are open to all, for everything that the licence allows
 */
export function toSchemaOrg(
  version: Omit<StudyVersion, 'files'> & { files: readonly StudyVersion['files'][number][] },
  urls: VersionUrls,
  closed?: ClosedFiles,
  days: FileDays = {},
): Record<string, unknown> {
  const { values } = version.metadata;
  const cited = citedVersion(version, urls.page);
  const terms = (id: string) =>
    ((Array.isArray(values[id]) ? values[id] : []) as Term[]).filter((term) => typeof term === 'object');
  const text = (id: string) =>
    typeof values[id] === 'string' && values[id] !== '' ? (values[id] as string) : undefined;
  const words = (id: string) =>
    (Array.isArray(values[id]) ? values[id] : []).filter((one): one is string => typeof one === 'string');
  const definedTerm = (term: TermReference) => ({
    '@type': 'DefinedTerm',
    name: term.label,
    ...(iriOf(term) ? { '@id': iriOf(term) } : {}),
  });
  const keywords = [
    'organism',
    'imagingMethods',
    'biologicalProcess',
    'cellularComponent',
    'molecularFunction',
    'studyType',
  ].flatMap(terms);
  const paper = text('paperDoi') ? `https://doi.org/${text('paperDoi')}` : text('paperUrl');
  const figures = graphFigures(version, { url: urls.page });
  return filled<Record<string, unknown>>({
    '@context': 'https://schema.org/',
    '@type': 'Dataset',
    '@id': urls.page,
    url: urls.page,
    identifier: version.accession,
    name: plainTitle(cited.title),
    description: describedShort(text('description')),
    version: versionLabel(version),
    datePublished: version.publishedAt.slice(0, 10),
    [availableTerm]: days.available,
    dateModified: version.revisedAt?.slice(0, 10),
    isAccessibleForFree: closed?.conditions === undefined,
    conditionsOfAccess: closed?.conditions ?? openAccess,
    usageInfo: closed?.dataUse?.map((term) => ({ ...definedTerm(term), termCode: term.id })),
    license: knownLicence(text('licence') ?? '')?.url ?? text('licence'),
    creator: cited.authors.map(creator),
    contributor: version.curators?.map(({ name, orcid }) => ({
      '@type': 'Role',
      roleName: 'data curator',
      contributor: { '@type': 'Person', name, ...(orcid ? { '@id': `https://orcid.org/${orcid}` } : {}) },
    })),
    publisher: { '@type': 'Organization', name: cited.publisher, url: urls.home },
    includedInDataCatalog: { '@type': 'DataCatalog', name: cited.publisher, url: urls.home },
    keywords: [...words('keywords'), ...keywords.map(definedTerm)],
    about: terms('organism').map(definedTerm),
    measurementTechnique: terms('imagingMethods').map(definedTerm),
    citation: paper,
    subjectOf: figures.map(schemaOrgFigure),
    sameAs: cited.doi && `https://doi.org/${cited.doi}`,
    distribution: version.files.slice(0, listedFiles).map((file) => ({
      '@type': 'DataDownload',
      name: file.path,
      contentUrl: urls.file(file.path),
      encodingFormat: file.mediaType,
      contentSize: String(file.size),
      sha256: file.sha256,
    })),
  });
}
