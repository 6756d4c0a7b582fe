import { plainTitle } from '../citation/citation.ts';
import {
  curatorRole,
  displayName,
  type FigureNode,
  type StudyGraph,
  type TermReference,
} from '../graph/study-graph.ts';
import { termAddress } from '../identifiers/identifiers.ts';
import { filled, type Json, type JsonRecord } from '../json/json.ts';
import { knownLicence } from '../licences/licences.ts';

/** Most characters of a description that search engines for data take. */
const longestDescription = 5000;
/** Files listed one by one; search engines cut long lists. */
const listedFiles = 100;

/** That everybody may have the files, as the term for it of the Confederation of Open Access Repositories. */
export const openAccess = 'http://purl.org/coar/access_right/c_abf2';

/** A description as long as search engines take it. */
export const describedShort = (text: string | undefined): string | undefined =>
  text === undefined || text.length <= longestDescription ? text : `${text.slice(0, longestDescription - 1)}…`;

/** Day since or from which everybody may have the files: schema.org has no word for it, Dublin Core has. */
export const availableTerm = 'http://purl.org/dc/terms/available';

/** schema.org JSON-LD of a study, conforming to Bioschemas Dataset 1.0. E-mail addresses are never in it. */
export function schemaOrgOfGraph(graph: StudyGraph): Json {
  const { study } = graph;
  const term = (one: TermReference): JsonRecord =>
    filled<JsonRecord>({ '@type': 'DefinedTerm', '@id': termAddress(one.id), name: one.label, termCode: one.id });
  const samples = graph.biosamples;
  const subjects = [
    ...new Map(
      samples
        .flatMap((sample) =>
          [
            sample.organisms,
            sample.cellLine,
            sample.cellType,
            sample.tissue,
            sample.biologicalProcess,
            sample.cellularComponent,
            sample.molecularFunction,
            sample.phenotypes,
          ].flatMap((list) => list ?? []),
        )
        .map((one) => [one.id ?? one.label, one]),
    ).values(),
  ];
  const organisms = [
    ...new Map(samples.flatMap(({ organisms: list }) => list ?? []).map((one) => [one.id ?? one.label, one])).values(),
  ];
  const measured = graph.analyses.flatMap(({ features }) => features ?? []);
  const access = graph.ethics?.access;
  return filled<JsonRecord>({
    '@context': 'https://schema.org/',
    '@type': 'Dataset',
    '@id': study.url,
    'http://purl.org/dc/terms/conformsTo': { '@id': 'https://bioschemas.org/profiles/Dataset/1.0-RELEASE' },
    url: study.url,
    identifier:
      study.doi === undefined
        ? study.identifier
        : [
            { '@type': 'PropertyValue', propertyID: 'DOI', value: study.doi, url: `https://doi.org/${study.doi}` },
            ...(study.identifier === undefined ? [] : [study.identifier]),
          ],
    sameAs: study.doi === undefined ? undefined : `https://doi.org/${study.doi}`,
    name: study.title && plainTitle(study.title),
    description: describedShort(study.description),
    version: study.version,
    datePublished: study.issuedDate ?? study.releaseDate,
    [availableTerm]: graph.ethics?.openFrom ?? study.openedDate,
    dateModified: study.updateDate,
    creativeWorkStatus: study.withdrawn === undefined ? undefined : 'Withdrawn',
    license: study.licence === undefined ? undefined : (knownLicence(study.licence)?.url ?? study.licence),
    isAccessibleForFree: access === undefined || access === 'open',
    conditionsOfAccess:
      graph.ethics?.restrictions ??
      (access === 'open' || (access === undefined && study.issuedDate !== undefined) ? openAccess : undefined),
    usageInfo: (graph.ethics?.dataUse ?? []).map(term),
    keywords: [...(study.keywords ?? []), ...subjects.map(term)],
    creator: graph.contributors
      .filter(({ isNoAuthor }) => !isNoAuthor)
      .map((one) =>
        filled<JsonRecord>({
          '@type': one.name !== undefined && one.lastName === undefined ? 'Organization' : 'Person',
          '@id': one.orcid && `https://orcid.org/${one.orcid}`,
          name: displayName(one),
          givenName: one.firstName,
          familyName: one.lastName,
          affiliation: (one.organisations ?? []).flatMap((key): Json[] => {
            const home = graph.organisations.find((other) => other.key === key);
            return home
              ? [
                  filled<JsonRecord>({
                    '@type': 'Organization',
                    '@id': home.ror && `https://ror.org/${home.ror}`,
                    name: home.name,
                  }),
                ]
              : [];
          }),
        }),
      ),
    contributor: graph.contributors
      .filter(({ roles }) => roles?.includes(curatorRole))
      .map((one) => ({
        '@type': 'Role',
        roleName: 'data curator',
        contributor: filled<JsonRecord>({
          '@type': 'Person',
          '@id': one.orcid && `https://orcid.org/${one.orcid}`,
          name: displayName(one),
        }),
      })),
    publisher: study.publisher === undefined ? undefined : { '@type': 'Organization', name: study.publisher },
    citation: graph.publications.flatMap((one) =>
      one.doi === undefined && one.title === undefined
        ? []
        : [
            filled<JsonRecord>({
              '@type': 'ScholarlyArticle',
              '@id': one.doi && `https://doi.org/${one.doi}`,
              name: one.title,
            }),
          ],
    ),
    funding: graph.grants.map((one) =>
      filled<JsonRecord>({
        '@type': 'Grant',
        identifier: one.identifier,
        name: one.title,
        funder: one.funder === undefined ? undefined : { '@type': 'Organization', name: one.funder },
      }),
    ),
    about: organisms.map(term),
    taxonomicRange: organisms.map((one) =>
      filled<JsonRecord>({ '@type': 'Taxon', '@id': termAddress(one.id), name: one.label }),
    ),
    measurementTechnique: [
      ...new Map(
        graph.acquisitions.flatMap(({ methods }) => methods ?? []).map((one) => [one.id ?? one.label, one]),
      ).values(),
    ].map(term),
    variableMeasured: measured.map((one) =>
      filled<JsonRecord>({
        '@type': 'PropertyValue',
        name: one.name,
        unitText: one.unit,
        description: one.description,
      }),
    ),
    subjectOf: [
      ...graph.links.map(({ url, description }) =>
        filled<JsonRecord>({ '@type': 'CreativeWork', url, name: description }),
      ),
      ...(graph.figures ?? []).map(schemaOrgFigure),
    ],
    hasPart: graph.datasets.map((one) =>
      filled<JsonRecord>({
        '@type': 'Dataset',
        name: one.title,
        description: one.description,
        license: study.licence === undefined ? undefined : knownLicence(study.licence)?.url,
      }),
    ),
    distribution: graph.files.slice(0, listedFiles).flatMap((file): Json[] =>
      file.url === undefined && study.url === undefined
        ? []
        : [
            filled<JsonRecord>({
              '@type': 'DataDownload',
              name: file.path,
              contentUrl: file.url ?? `${study.url}/files/${file.path.split('/').map(encodeURIComponent).join('/')}`,
              encodingFormat: file.mediaType,
              contentSize: file.size === undefined ? undefined : String(file.size),
              sha256: file.sha256,
            }),
          ],
    ),
  });
}

/** A panel of a figure as schema.org: a work about the data, part of its paper, based on what it shows. */
export function schemaOrgFigure({ label, doi, caption, url, image, table, analysis }: FigureNode): JsonRecord {
  const based = [image, table].flatMap((path): Json[] =>
    path === undefined ? [] : [{ '@type': 'CreativeWork', name: path }],
  );
  const isWeb = analysis !== undefined && /^https?:/.test(analysis);
  return filled<JsonRecord>({
    '@type': 'CreativeWork',
    additionalType: 'Figure',
    name: label,
    caption,
    url,
    isPartOf: doi === undefined ? undefined : { '@type': 'ScholarlyArticle', '@id': `https://doi.org/${doi}` },
    isBasedOn: [
      ...based,
      ...(analysis === undefined
        ? []
        : [{ '@type': 'CreativeWork', ...(isWeb ? { url: analysis } : { name: analysis }) }]),
    ],
  });
}
