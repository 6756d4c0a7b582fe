import { type Imported, type JsonStandard, rootRecord } from '../exchange/exchange.ts';
import { displayName, emptyGraph, keyMaker, type StudyGraph } from '../graph/study-graph.ts';
import { readDoi, readOrcid } from '../identifiers/identifiers.ts';
import { filled, type Json, type JsonRecord, recordsOf, textOf, textsOf } from '../json/json.ts';
import { findLicence, statedLicence } from '../licences/licences.ts';

/** A name of letters, digits, `-`, `_` and `.`, made of any text. */
const nameOf = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'resource';

/** A path that a package may name: within its folder, or an address. */
const pathWithin = (path: string) =>
  /^https?:\/\//.test(path)
    ? path
    : path
        .replaceAll('\\', '/')
        .replace(/^([A-Za-z]:)?\/+/, '')
        .split('/')
        .filter((part) => part !== '..' && part !== '.')
        .join('/');

/**
 * A Frictionless Data Package (v2) of a study: one resource per file, with size, media type and digest. A package has at
 * least one resource: of a study without files these are its data sets, without data.
 */
export function dataPackageOf(graph: StudyGraph): Json {
  const { study } = graph;
  const licence = study.licence === undefined ? undefined : statedLicence(study.licence);
  const taken = new Set<string>();
  const resources = graph.files.map((file): Json => {
    const wanted = nameOf(file.path);
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`;
    taken.add(name);
    const dataset = graph.datasets.find(({ key }) => key === file.dataset);
    return filled<JsonRecord>({
      name,
      path: pathWithin(file.url !== undefined && /^https?:\/\//.test(file.url) ? file.url : file.path),
      title: dataset?.title,
      mediatype: file.mediaType,
      bytes: file.size,
      hash: file.sha256 === undefined ? undefined : `sha256:${file.sha256}`,
    });
  });
  if (resources.length === 0) resources.push(...withoutFiles(graph));
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
    // The name is an identifier: terms in words stand in the title.
    licenses: licence
      ? [filled<JsonRecord>({ name: licence.spdx ?? 'other', path: licence.url, title: licence.name })]
      : [],
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

function withoutFiles({ study, datasets }: StudyGraph): Json[] {
  const told = datasets.length > 0 ? datasets : [{ title: study.title ?? 'study' }];
  return told.map((one, index) => ({
    ...filled<JsonRecord>({
      name: `dataset-${index + 1}`,
      title: one.title,
      description: 'description' in one ? one.description : undefined,
    }),
    data: [],
  }));
}

/** The study graph of a Data Package of version 1 or 2. */
export function readDataPackage(document: Json): Imported {
  const graph = emptyGraph();
  const { root, issues } = rootRecord(document, 'data-package', 'it has no object at its root');
  const id = textOf(root.id);
  const doi = readDoi(id ?? '');
  const [licence] = recordsOf(root.licenses);
  const words = [licence?.name, licence?.path, licence?.title].flatMap((one) => textOf(one) ?? []);
  const said =
    words.find((one) => findLicence(one) !== undefined) ?? textOf(licence?.path) ?? textOf(licence?.title) ?? words[0];
  const isDoi = 'doi' in doi;
  graph.study = filled({
    identifier: (isDoi ? undefined : id) ?? textOf(root.name),
    doi: isDoi ? doi.doi : undefined,
    title: textOf(root.title),
    description: textOf(root.description),
    url: textOf(root.homepage),
    version: textOf(root.version),
    releaseDate: /^\d{4}-\d{2}-\d{2}/.exec(textOf(root.created) ?? '')?.[0],
    keywords: textsOf(root.keywords),
    licence: said === undefined ? undefined : (findLicence(said)?.spdx ?? said),
  });
  readPeople(graph, root);
  const key = keyMaker('p');
  for (const one of recordsOf(root.sources)) {
    const address = textOf(one.path);
    const paper = readDoi(address ?? '');
    const node = filled({
      title: textOf(one.title),
      doi: 'doi' in paper ? paper.doi : undefined,
      url: 'doi' in paper ? undefined : address,
    });
    if (Object.keys(node).length > 0) graph.publications.push({ ...node, key: key() });
  }
  readResources(graph, recordsOf(root.resources));
  return { graph, issues };
}

function readPeople(graph: StudyGraph, root: JsonRecord): void {
  const key = keyMaker('c');
  const organisations = new Map<string, string>();
  for (const one of recordsOf(root.contributors)) {
    const home = textOf(one.organization);
    if (home !== undefined && !organisations.has(home)) organisations.set(home, `o-${organisations.size + 1}`);
    const family = textOf(one.familyName);
    const name = textOf(one.title) ?? '';
    const [, given, last] = /^(.+)\s+(\S+)$/.exec(name.trim()) ?? [];
    graph.contributors.push({
      ...filled({
        firstName: textOf(one.givenName) ?? (family === undefined ? given : undefined),
        lastName: family ?? last ?? (name === '' ? undefined : name),
        email: textOf(one.email),
        orcid: readOrcid(textOf(one.path) ?? ''),
        organisations: home === undefined ? [] : [organisations.get(home)!],
        // Version 1 has one role.
        roles: [...textsOf(one.roles), ...textsOf(one.role)],
      }),
      key: key(),
    });
  }
  graph.organisations = [...organisations].map(([name, id]) => ({ key: id, name }));
}

function readResources(graph: StudyGraph, resources: readonly JsonRecord[]): void {
  const titles = new Set(resources.map(({ title }) => textOf(title) ?? ''));
  // Where every resource has a title of its own, these are titles of files.
  const areSets =
    titles.size === 1 || titles.size < resources.length || resources.every((one) => one.path === undefined);
  const datasets = new Map<string, string>();
  resources.forEach((one) => {
    const own = areSets ? textOf(one.title) : undefined;
    const title = own ?? graph.study.title ?? graph.study.identifier ?? 'data';
    if (!datasets.has(title)) {
      datasets.set(title, `d-${datasets.size + 1}`);
      graph.datasets.push({
        ...filled({ description: own === undefined ? undefined : textOf(one.description) }),
        key: datasets.get(title)!,
        title,
      });
    }
    const digest = /^sha256:([0-9a-f]{64})$/i.exec(textOf(one.hash) ?? '')?.[1];
    for (const path of textsOf(one.path))
      graph.files.push({
        ...filled({
          size: typeof one.bytes === 'number' && textsOf(one.path).length === 1 ? one.bytes : undefined,
          sha256: digest,
          mediaType: textOf(one.mediatype),
        }),
        path,
        dataset: datasets.get(title)!,
      });
  });
}

/** Is the document a Data Package? */
export function isDataPackage(document: JsonRecord): boolean {
  const resources = recordsOf(document.resources);
  return (
    Array.isArray(document.resources) &&
    resources.length > 0 &&
    resources.every((one) => 'path' in one || 'data' in one || 'url' in one)
  );
}

/** Data Packages, read and written. */
export const dataPackage: JsonStandard = { standard: 'data-package', read: readDataPackage, write: dataPackageOf };
