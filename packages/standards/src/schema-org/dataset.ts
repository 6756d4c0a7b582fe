import { type StudyVersion, type Term, versionLabel } from '@micrarium/model';
import { citedVersion } from '../citation/citation.ts';
import { graphFigures } from '../graph/graph-of-study.ts';
import type { TermReference } from '../graph/study-graph.ts';
import { termAddress } from '../identifiers/identifiers.ts';
import { knownLicence } from '../licences/licences.ts';
import { schemaOrgFigure } from './dataset-of-graph.ts';

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
): Record<string, unknown> {
  const { values } = version.metadata;
  const cited = citedVersion(version, urls.page);
  const terms = (id: string) =>
    ((Array.isArray(values[id]) ? values[id] : []) as Term[]).filter((term) => typeof term === 'object');
  const text = (id: string) =>
    typeof values[id] === 'string' && values[id] !== '' ? (values[id] as string) : undefined;
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
  return {
    '@context': 'https://schema.org/',
    '@type': 'Dataset',
    '@id': urls.page,
    url: urls.page,
    identifier: version.accession,
    name: text('title'),
    description: text('description'),
    version: versionLabel(version),
    datePublished: version.publishedAt.slice(0, 10),
    ...(version.revisedAt === undefined ? {} : { dateModified: version.revisedAt.slice(0, 10) }),
    isAccessibleForFree: closed?.conditions === undefined,
    ...(closed?.conditions === undefined ? {} : { conditionsOfAccess: closed.conditions }),
    ...(closed?.dataUse === undefined || closed.dataUse.length === 0
      ? {}
      : { usageInfo: closed.dataUse.map((term) => ({ ...definedTerm(term), termCode: term.id })) }),
    license: knownLicence(text('licence') ?? '')?.url ?? text('licence'),
    creator: cited.authors.map(({ firstName, lastName, orcid }) => ({
      '@type': 'Person',
      name: `${firstName} ${lastName}`.trim(),
      givenName: firstName,
      familyName: lastName,
      ...(orcid ? { '@id': `https://orcid.org/${orcid}` } : {}),
    })),
    ...(version.curators
      ? {
          contributor: version.curators.map(({ name, orcid }) => ({
            '@type': 'Role',
            roleName: 'data curator',
            contributor: { '@type': 'Person', name, ...(orcid ? { '@id': `https://orcid.org/${orcid}` } : {}) },
          })),
        }
      : {}),
    publisher: { '@type': 'Organization', name: cited.publisher, url: urls.home },
    includedInDataCatalog: { '@type': 'DataCatalog', name: cited.publisher, url: urls.home },
    keywords: keywords.map(definedTerm),
    about: terms('organism').map(definedTerm),
    measurementTechnique: terms('imagingMethods').map((term) => term.label),
    ...(paper ? { citation: paper } : {}),
    ...(figures.length > 0 ? { subjectOf: figures.map(schemaOrgFigure) } : {}),
    ...(cited.doi ? { sameAs: `https://doi.org/${cited.doi}` } : {}),
    distribution: version.files.slice(0, listedFiles).map((file) => ({
      '@type': 'DataDownload',
      name: file.path,
      contentUrl: urls.file(file.path),
      encodingFormat: file.mediaType,
      contentSize: String(file.size),
      sha256: file.sha256,
    })),
  };
}
