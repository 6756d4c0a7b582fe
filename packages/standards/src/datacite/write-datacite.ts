import { plainTitle } from '../citation/citation.ts';
import type { Exported, Imported, JsonStandard } from '../exchange/exchange.ts';
import { exportJson, importJson } from '../exchange/exchange.ts';
import {
  type ContributorNode,
  displayName,
  filesElsewhere,
  type StudyGraph,
  type TermReference,
} from '../graph/study-graph.ts';
import { prefixOf, readRor, termAddress, vocabularies } from '../identifiers/identifiers.ts';
import { filled, isRecord, type Json, type JsonRecord } from '../json/json.ts';
import { statedLicence } from '../licences/licences.ts';
import { asKernel46 } from './as-kernel-4-6.ts';
import {
  accessWords,
  dataUseScheme,
  methodScheme,
  readDataCite,
  releaseWords,
  subjectSchemes,
} from './read-datacite.ts';
import { dataCiteJsonOfXml, dataCiteXmlOfJson } from './xml-form.ts';

const kernel = 'http://datacite.org/schema/kernel-4';

/** DataCite JSON of a study, kernel 4.6. E-mail addresses are never in it: the record is public. */
export function writeDataCite(graph: StudyGraph): Json {
  const { study } = graph;
  const described = (description: string | undefined, descriptionType: string): Json[] =>
    description === undefined ? [] : [{ description, descriptionType }];
  const technical = graph.acquisitions.flatMap(({ parameters }) => parameters ?? []).join('\n');
  return filled<JsonRecord>({
    doi: study.doi,
    url: study.url,
    types: { resourceTypeGeneral: 'Dataset', resourceType: study.types?.[0]?.label ?? 'Dataset' },
    creators: graph.contributors.filter(({ isNoAuthor }) => !isNoAuthor).map((one) => person(graph, one)),
    titles: study.title === undefined ? [] : [{ title: plainTitle(study.title) }],
    publisher: study.publisher === undefined ? undefined : { name: study.publisher },
    publicationYear: /^\d{4}/.exec(study.issuedDate ?? study.releaseDate ?? '')?.[0],
    subjects: subjectsOf(graph),
    contributors: graph.contributors.flatMap((one): Json[] => [
      ...(one.isContact ? [{ ...person(graph, one), contributorType: 'ContactPerson' }] : []),
      ...(one.isNoAuthor ? [{ ...person(graph, one), contributorType: contributorType(one) }] : []),
    ]),
    dates: [
      ...publicationDates(graph),
      ...dated(study.submissionDate, 'Submitted'),
      ...dated(study.updateDate, 'Updated'),
      ...(study.withdrawn === undefined
        ? []
        : [
            filled<JsonRecord>({
              date: study.withdrawn.date,
              dateType: 'Withdrawn',
              dateInformation: study.withdrawn.reason,
            }),
          ]),
    ],
    language: study.language,
    alternateIdentifiers:
      study.identifier === undefined
        ? []
        : [{ alternateIdentifier: study.identifier, alternateIdentifierType: 'Accession number' }],
    relatedIdentifiers: relatedOf(graph),
    sizes: sizesOf(graph),
    formats: [
      ...new Set([
        ...graph.datasets.flatMap(({ formats }) => formats ?? []),
        ...graph.files.flatMap(({ mediaType }) => mediaType ?? []),
      ]),
    ],
    version: study.version,
    rightsList: [...licenceRights(study.licence), ...accessRights(graph), ...dataUseRights(graph)],
    descriptions: [
      ...described(study.description, 'Abstract'),
      ...described(study.methodSummary, 'Methods'),
      ...described(technical === '' ? undefined : technical, 'TechnicalInfo'),
      ...described(study.acknowledgements, 'Other'),
    ],
    fundingReferences: graph.grants.map((grant) =>
      filled<JsonRecord>({
        // The kernel requires the name of the funder.
        funderName: grant.funder ?? 'Unknown',
        funderIdentifier: grant.funderId,
        funderIdentifierType: grant.funderId === undefined ? undefined : funderKind(grant.funderId),
        awardNumber: grant.identifier,
        awardUri: grant.url,
        awardTitle: grant.title,
      }),
    ),
    schemaVersion: kernel,
  });
}

const dated = (date: string | undefined, dateType: string, dateInformation?: string): Json[] =>
  date === undefined ? [] : [filled<JsonRecord>({ date, dateType, dateInformation })];

/**
 * Issued is the day on which it was published; Available, the day since or from which everybody may have its files: where these were closed at
 * first, the day they were opened; where they are given on request and never were open, there is none.
 */
function publicationDates({ study, ethics }: StudyGraph): Json[] {
  const { releaseDate, issuedDate, openedDate } = study;
  const { access = 'open', openFrom } = ethics ?? {};
  const isOnRequest = access === 'controlled' || access === 'closed';
  const available =
    openFrom ?? openedDate ?? (isOnRequest && issuedDate !== undefined ? undefined : (issuedDate ?? releaseDate));
  const issued = issuedDate ?? (openFrom === undefined ? undefined : releaseDate);
  const isSaid = releaseDate === undefined || issuedDate === undefined || [issued, available].includes(releaseDate);
  return [
    ...dated(issued, 'Issued'),
    ...dated(available, 'Available'),
    ...(isSaid ? [] : dated(releaseDate, 'Other', releaseWords)),
  ];
}

function licenceRights(stated: string | undefined): Json[] {
  if (stated === undefined) return [];
  const licence = statedLicence(stated);
  return [
    filled<JsonRecord>({
      rights: licence.name,
      rightsUri: licence.url,
      ...(licence.spdx === undefined
        ? {}
        : {
            rightsIdentifier: licence.spdx,
            rightsIdentifierScheme: 'SPDX',
            schemeUri: 'https://spdx.org/licenses/',
          }),
    }),
  ];
}

/** Who may have the files, where that is not everybody, in the words that catalogues of Europe ask for. */
function accessRights({ ethics }: StudyGraph): Json[] {
  const { access = 'open' } = ethics ?? {};
  if (access === 'open') return [];
  const { rights, rightsUri } = accessWords[access];
  return [{ rights, rightsUri }];
}

/** For what the data may be used: terms of the Data Use Ontology, beside the licence. */
function dataUseRights(graph: StudyGraph): Json[] {
  return (graph.ethics?.dataUse ?? []).flatMap(({ label, id }): Json[] =>
    id === undefined || prefixOf(id) !== dataUseScheme
      ? []
      : [
          filled<JsonRecord>({
            rights: label,
            rightsUri: termAddress(id),
            rightsIdentifier: id,
            rightsIdentifierScheme: dataUseScheme,
            schemeUri: vocabularies[dataUseScheme]?.url,
          }),
        ],
  );
}

const contributorType = ({ roles }: ContributorNode) =>
  roles?.find((role) =>
    /^(ContactPerson|Data(Collector|Curator|Manager)|Distributor|Editor|HostingInstitution|Producer|Project(Leader|Manager|Member)|RegistrationA(gency|uthority)|RelatedPerson|ResearchGroup|RightsHolder|Researcher|Sponsor|Supervisor|Translator|WorkPackageLeader)$/.test(
      role,
    ),
  ) ?? 'Other';

function funderKind(id: string): string {
  if (readRor(id) !== undefined) return 'ROR';
  return /10\.13039\//.test(id) ? 'Crossref Funder ID' : 'Other';
}

function person(graph: StudyGraph, one: ContributorNode): JsonRecord {
  const isGroup = one.name !== undefined && one.lastName === undefined;
  return filled<JsonRecord>({
    name: isGroup
      ? one.name
      : [one.lastName, one.firstName].filter(Boolean).join(', ') || displayName(one) || 'Unknown',
    nameType: isGroup ? 'Organizational' : 'Personal',
    givenName: one.firstName,
    familyName: one.lastName,
    nameIdentifiers:
      one.orcid === undefined
        ? []
        : [
            {
              nameIdentifier: `https://orcid.org/${one.orcid}`,
              nameIdentifierScheme: 'ORCID',
              schemeUri: 'https://orcid.org',
            },
          ],
    affiliation: (one.organisations ?? []).flatMap((key) => {
      const organisation = graph.organisations.find((other) => other.key === key);
      if (!organisation || organisation.name === '') return [];
      const ror =
        organisation.ror === undefined
          ? {}
          : {
              affiliationIdentifier: `https://ror.org/${organisation.ror}`,
              affiliationIdentifierScheme: 'ROR',
              schemeUri: 'https://ror.org',
            };
      return [{ name: organisation.name, ...ror }];
    }),
  });
}

function subjectsOf(graph: StudyGraph): Json[] {
  const subject = ({ label, id }: TermReference, subjectScheme: string, schemeUri: string | undefined): Json =>
    filled<JsonRecord>({ subject: label, subjectScheme, schemeUri, valueUri: termAddress(id) });
  const all: Json[] = [
    ...(graph.study.keywords ?? []).map((keyword) => ({ subject: keyword })),
    ...graph.biosamples.flatMap((sample) =>
      subjectSchemes.flatMap(([scheme, prefix, place]) =>
        (sample[place] ?? []).map((term) => subject(term, scheme, vocabularies[prefix]?.url)),
      ),
    ),
    ...graph.acquisitions.flatMap(({ methods }) =>
      (methods ?? []).map((term) => subject(term, methodScheme, vocabularies.FBbi?.url)),
    ),
  ];
  // What several samples have is a subject once.
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

function relatedOf(graph: StudyGraph): Json[] {
  const papers = graph.publications.flatMap((one): Json[] => {
    const related =
      one.doi !== undefined
        ? (['DOI', one.doi] as const)
        : one.pubmedId !== undefined
          ? (['PMID', one.pubmedId] as const)
          : one.url !== undefined
            ? (['URL', one.url] as const)
            : undefined;
    return related
      ? [
          {
            relatedIdentifier: related[1],
            relatedIdentifierType: related[0],
            relationType: 'IsSupplementTo',
            resourceTypeGeneral: 'JournalArticle',
          },
        ]
      : [];
  });
  const links = graph.links.map((one): Json => {
    const doi = /^(?:https?:\/\/(?:dx\.)?doi\.org\/)?(10\.\d{4,9}\/\S+)$/i.exec(one.url)?.[1];
    return {
      relatedIdentifier: doi ?? one.url,
      relatedIdentifierType: doi === undefined ? 'URL' : 'DOI',
      relationType: one.relation ?? 'References',
    };
  });
  const files = filesElsewhere(graph).map(
    ({ url }): Json => ({
      relatedIdentifier: url,
      relatedIdentifierType: 'URL',
      relationType: 'HasPart',
      resourceTypeGeneral: 'Dataset',
    }),
  );
  return [...papers, ...links, ...files];
}

function sizesOf(graph: StudyGraph): string[] {
  if (graph.files.length === 0) return [];
  const bytes = graph.files.reduce((sum, { size }) => sum + (size ?? 0), 0);
  return [
    `${graph.files.length} ${graph.files.length === 1 ? 'file' : 'files'}`,
    ...(bytes > 0 ? [`${bytes} bytes`] : []),
  ];
}

/** DataCite JSON, read and written. */
export const dataCite: JsonStandard = { standard: 'datacite', read: readDataCite, write: writeDataCite };

/** Reads the kernel's XML form. */
export function importDataCiteXml(text: string): Partial<Imported> & Pick<Imported, 'issues'> {
  const read = dataCiteJsonOfXml(text);
  return 'document' in read ? importJson(dataCite, read.document) : read;
}

/** Writes DataCite JSON, version 4.6; what only 4.7 has is told among the losses. */
export function exportDataCiteJson(graph: StudyGraph): Exported<JsonRecord> {
  const whole = exportJson(dataCite, graph);
  const { document, losses } = asKernel46(isRecord(whole.document) ? whole.document : {});
  return { document, losses: [...whole.losses, ...losses] };
}

/** Writes the kernel's XML form, version 4.6; what only 4.7 has is told among the losses. */
export function exportDataCiteXml(graph: StudyGraph): Exported<string> {
  const { document, losses } = exportDataCiteJson(graph);
  return { document: dataCiteXmlOfJson(document), losses };
}
