import {
  displayName,
  plainTitle,
  statedLicence,
  type StudyGraph,
  termAddress,
  type XmlNode,
} from '@micrarium/standards';

const namespaces = {
  'xmlns:oai_dc': 'http://www.openarchives.org/OAI/2.0/oai_dc/',
  'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  'xsi:schemaLocation': 'http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd',
};

const asDoi = (doi: string | undefined) => (doi === undefined || doi === '' ? undefined : `https://doi.org/${doi}`);

/** A study as unqualified Dublin Core, in the form of OAI-PMH: `application/x-dc+xml`, and `oai_dc` for harvesters. */
export function dublinCore(graph: StudyGraph): XmlNode {
  const { study } = graph;
  const all = (name: string, values: readonly (string | undefined)[]) =>
    [...new Set(values)]
      .filter((one): one is string => one !== undefined && one !== '')
      .map((value): XmlNode => [`dc:${name}`, {}, value]);
  const licence = study.licence === undefined ? undefined : statedLicence(study.licence);
  const terms = [
    ...graph.biosamples.flatMap((sample) => Object.values(sample)),
    ...graph.acquisitions.map(({ methods }) => methods),
  ].flatMap((values) => (Array.isArray(values) ? (values as { label?: unknown; id?: string }[]) : []));
  const labels = terms.flatMap(({ label }) => (typeof label === 'string' ? [label] : []));
  return [
    'oai_dc:dc',
    namespaces,
    ...all('title', [study.title && plainTitle(study.title)]),
    ...all('creator', graph.contributors.filter(({ isNoAuthor }) => !isNoAuthor).map(nameOf)),
    ...all('contributor', graph.contributors.filter(({ isNoAuthor }) => isNoAuthor).map(nameOf)),
    ...all('subject', [...(study.keywords ?? []), ...labels, ...terms.map(({ id }) => termAddress(id))]),
    ...all('description', [study.description]),
    ...all('publisher', [study.publisher]),
    ...all('date', datesOf(graph)),
    ...all('type', ['Dataset', 'http://purl.org/dc/dcmitype/Dataset']),
    ...all(
      'format',
      graph.files.map(({ mediaType }) => mediaType),
    ),
    ...all('identifier', [asDoi(study.doi), study.url, study.identifier]),
    ...all('language', [study.language]),
    ...all('relation', [...graph.publications.map(({ doi }) => asDoi(doi)), ...graph.links.map(({ url }) => url)]),
    ...all('rights', [licence?.url ?? licence?.name, graph.ethics?.restrictions]),
  ];
}

/** The day of publication, that since which the files are open, and the end of an embargo as OpenAIRE's guidelines write it. */
function datesOf({ study, ethics }: StudyGraph): (string | undefined)[] {
  const end = ethics?.openFrom;
  return [
    (study.issuedDate ?? study.releaseDate)?.slice(0, 10),
    study.openedDate,
    end === undefined ? undefined : `info:eu-repo/date/embargoEnd/${end}`,
  ];
}

/** A person as catalogues sort them: family name first. */
const nameOf = (one: StudyGraph['contributors'][number]) =>
  one.lastName === undefined ? displayName(one) : [one.lastName, one.firstName].filter(Boolean).join(', ');
