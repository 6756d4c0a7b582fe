import { displayName, type StudyGraph } from '../graph/study-graph.ts';
import { filled, type Json, type JsonRecord } from '../json/json.ts';
import { licenceById } from '../licences/licences.ts';

/** A name of letters, digits, `-`, `_` and `.`, made of any text. */
const nameOf = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'resource';

/** A Frictionless Data Package (v2) of a study: one resource per file, with size, media type and digest. */
export function dataPackageOf(graph: StudyGraph): Json {
  const { study } = graph;
  const licence = study.licence === undefined ? undefined : licenceById(study.licence);
  const taken = new Set<string>();
  const resources = graph.files.map((file): Json => {
    const wanted = nameOf(file.path);
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`;
    taken.add(name);
    const dataset = graph.datasets.find(({ key }) => key === file.dataset);
    return filled<JsonRecord>({
      name,
      path: file.path,
      title: dataset?.title,
      mediatype: file.mediaType,
      bytes: file.size,
      hash: file.sha256 === undefined ? undefined : `sha256:${file.sha256}`,
    });
  });
  return filled<JsonRecord>({
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: nameOf(study.identifier ?? study.title ?? 'study'),
    id: study.doi === undefined ? study.identifier : `https://doi.org/${study.doi}`,
    title: study.title,
    description: study.description,
    homepage: study.url,
    version: study.version,
    created: study.releaseDate === undefined ? undefined : `${study.releaseDate}T00:00:00Z`,
    keywords: study.keywords,
    contributors: graph.contributors
      .map((one) =>
        filled<JsonRecord>({
          title: displayName(one),
          givenName: one.firstName,
          familyName: one.lastName,
          path: one.orcid === undefined ? undefined : `https://orcid.org/${one.orcid}`,
          organization: graph.organisations.find(({ key }) => key === one.organisations?.[0])?.name,
          roles: [...(one.roles ?? []), ...(one.credit ?? [])],
        }),
      )
      .filter((one) => Object.keys(one).length > 0),
    licenses: licence ? [{ name: licence.spdx, path: licence.url, title: licence.name }] : [],
    sources: graph.publications.flatMap((one) =>
      one.title === undefined
        ? []
        : [
            filled<JsonRecord>({
              title: one.title,
              path: one.doi === undefined ? one.url : `https://doi.org/${one.doi}`,
            }),
          ],
    ),
    resources,
  });
}
