import { apiBase } from '@micrarium/api';
import type { Contributor, StudyFile } from '@micrarium/model';
import { metadataFormById } from '@micrarium/standards';
import type { RegisteredDois } from '../../dois/study-dois.ts';
import type { FoundVersion } from '../study-access.ts';
import { filePath, labelBefore, minorQuery, pagePath } from './landing-data.ts';

/** A typed link from the page of a version: FAIR Signposting profile of 2023-10-02. Addresses are absolute. */
export interface Signpost {
  rel: string;
  href: string;
  type?: string;
  /** What the document keeps to, beyond its media type. */
  profile?: string;
  /** Address the link starts from. */
  anchor: string;
}

/** Profiles of the forms that have one. */
const profiles: Readonly<Record<string, string>> = {
  'datacite-xml': 'http://datacite.org/schema/kernel-4',
  'ro-crate': 'https://w3id.org/ro/crate',
};

/** Files named in the header itself; more stand in the link set. */
const filesInHeader = 20;
/** A header longer than this is refused by some proxies. */
const longestHeader = 8000;

/** What the links of a version's page are made of, beside the version itself. */
export interface SignpostSources {
  files: readonly StudyFile[];
  /** Origin of this server, without a trailing slash. */
  origin: string;
  /** DOIs of ours that lead to the study. */
  dois?: RegisteredDois | undefined;
  /** Newest version of the study. */
  newest: number;
  /** Collections it is in, by id. */
  collections?: readonly string[];
}

/**
 * Where a version is cited by, and other identifiers that have to do with it. The profile wants `cite-as` to lead back to the very page it stands
 * on: a DOI from elsewhere that the metadata name, that of the study in all versions, and the paper are related.
 */
function identifiersOf({ version, metadata }: FoundVersion, { dois }: SignpostSources) {
  const ownDoi = dois?.versions.get(version);
  const named = [metadata.values['doi'], dois?.concept, metadata.values['paperDoi']]
    .filter((one): one is string => typeof one === 'string' && /^10\.\S+$/.test(one.trim()))
    .map((one) => one.trim());
  return { ownDoi, related: [...new Set(named)].filter((one) => one !== ownDoi) };
}

/** All links of a version's page: how it is cited, described and licensed, who wrote it, what it holds, and where the rest stands. */
export function signposts(found: FoundVersion, sources: SignpostSources): Signpost[] {
  const { files, origin, newest, collections = [] } = sources;
  const anchor = `${origin}${pagePath(found)}`;
  const { values } = found.metadata;
  const people = (Array.isArray(values.contributors) ? values.contributors : []) as Contributor[];
  const orcids = [values.contactOrcid, ...people.map(({ orcid }) => orcid)]
    .filter((one): one is string => typeof one === 'string' && one !== '')
    .map((one) => (one.startsWith('http') ? one : `https://orcid.org/${one}`));
  const licence = typeof values.licence === 'string' ? values.licence.trim() : '';
  const { ownDoi, related } = identifiersOf(found, sources);
  const before = labelBefore(found);
  const links: Omit<Signpost, 'anchor'>[] = [
    { rel: 'cite-as', href: ownDoi === undefined ? anchor : `https://doi.org/${ownDoi}` },
    { rel: 'type', href: 'https://schema.org/Dataset' },
    { rel: 'type', href: 'https://schema.org/AboutPage' },
    // What there is one of, and where the rest stands, comes before what a header may be too short for.
    ...(/^[A-Za-z0-9.+-]+$/.test(licence) ? [{ rel: 'license', href: `https://spdx.org/licenses/${licence}` }] : []),
    { rel: 'linkset', href: `${anchor}/linkset`, type: 'application/linkset+json' },
    { rel: 'linkset', href: `${anchor}/linkset.txt`, type: 'application/linkset' },
    {
      rel: 'describedby',
      href: `${origin}${apiBase}/studies/${found.accession}/versions/${found.version}${minorQuery(found)}`,
      type: 'application/json',
    },
    ...(['datacite-xml', 'datacite-json', 'ro-crate', 'schema-org', 'ssbd-turtle', 'bibtex', 'ris'] as const).map(
      (form) => ({
        rel: 'describedby',
        href: `${anchor}/metadata/${form}`,
        type: metadataFormById(form)!.mediaType,
        ...(profiles[form] ? { profile: profiles[form] } : {}),
      }),
    ),
    ...related.map((one) => ({ rel: 'related', href: `https://doi.org/${one}` })),
    ...collections.map((id) => ({ rel: 'collection', href: `${origin}/collections/${id}`, type: 'text/html' })),
    { rel: 'latest-version', href: `${origin}/studies/${found.accession}` },
    ...(found.version < newest
      ? [{ rel: 'successor-version', href: `${origin}/studies/${found.accession}/v/${found.version + 1}` }]
      : []),
    ...(before === undefined
      ? []
      : [{ rel: 'predecessor-version', href: `${origin}/studies/${found.accession}/v/${before}` }]),
    ...[...new Set(orcids)].map((href) => ({ rel: 'author', href })),
  ];
  return [...links.map((link) => ({ ...link, anchor })), ...linksToFiles(found, files, origin)];
}

/** Links from a version's page to files of it. @param origin of this server, without a trailing slash */
export function linksToFiles(found: FoundVersion, files: readonly StudyFile[], origin: string): Signpost[] {
  const anchor = `${origin}${pagePath(found)}`;
  return files.map(({ path, mediaType }) => ({
    rel: 'item',
    href: `${origin}${filePath(found, path)}`,
    type: mediaType,
    anchor,
  }));
}

/** The links as one `Link` header under 8 KB; what does not fit stands in the link set alone. */
export function linkHeader(links: readonly Signpost[]): string {
  let [items, header] = [0, ''];
  for (const { rel, href, type, profile } of links) {
    if (rel === 'item' && ++items > filesInHeader) continue;
    const safe = type !== undefined && /^[\w.+-]+\/[\w.+-]+$/.test(type) ? `; type="${type}"` : '';
    const kept = profile === undefined ? '' : `; profile="${profile}"`;
    const one = `${header === '' ? '' : ', '}<${href}>; rel="${rel}"${safe}${kept}`;
    if (header.length + one.length > longestHeader) break;
    header += one;
  }
  return header;
}

/** The links as elements of the page's head, for who reads the page and not its header. */
export const headLinks = (links: readonly Signpost[]): { rel: string; href: string; type?: string }[] => {
  const items = new Set(links.filter(({ rel }) => rel === 'item').slice(filesInHeader));
  return links
    .filter((link) => !items.has(link))
    .map(({ rel, href, type }) => ({ rel, href, ...(type === undefined ? {} : { type }) }));
};

/** Links of a file: to the page it belongs to, and to all links of that. @param page address of the version's page */
export const linksOfFile = (page: string): string =>
  `<${page}>; rel="collection"; type="text/html", <${page}/linkset>; rel="linkset"; type="application/linkset+json"`;

/** Links of a description: to the page it describes, and to all links of that. @param page address of the version's page */
export const linksOfDescription = (page: string): string =>
  `<${page}>; rel="describes"; type="text/html", <${page}/linkset>; rel="linkset"; type="application/linkset+json"`;

/** The links as a link set (RFC 9264, the form of the `Link` header): one a line, each with its origin. */
export const linkSetText = (links: readonly Signpost[]): string => `${linesOf(links)}\n`;

function linesOf(links: readonly Signpost[]): string {
  const one = ({ rel, href, type, profile, anchor }: Signpost) =>
    [`<${href}>`, `rel="${rel}"`, type && `type="${type}"`, profile && `profile="${profile}"`, `anchor="${anchor}"`]
      .filter(Boolean)
      .join('; ');
  return [...links, ...linksBack(links)].map(one).join(',\n');
}

/** `linkSetText` with links to any number of files, piece by piece. @param items walks the links to the files, some at a time */
export async function* linkSetTextPieces(
  links: readonly Signpost[],
  items: () => AsyncIterable<readonly Signpost[]>,
): AsyncGenerator<string> {
  yield linesOf(links);
  for await (const some of items()) if (some.length > 0) yield `,\n${linesOf(some)}`;
  yield '\n';
}

/** Links back to the page, from each of its files and each description of it: level 2 of the profile asks for both ways. */
function linksBack(links: readonly Signpost[]): Signpost[] {
  const back: Readonly<Record<string, string>> = { item: 'collection', describedby: 'describes' };
  return links.flatMap(({ rel, href, anchor }) =>
    back[rel] ? [{ rel: back[rel], href: anchor, type: 'text/html', anchor: href }] : [],
  );
}

/** The links as a link set (RFC 9264, JSON), with those back to the page. */
export function linkSet(links: readonly Signpost[]): { linkset: Record<string, unknown>[] } {
  const sets = new Map<string, Record<string, unknown>>();
  for (const { anchor, rel, href, type, profile } of [...links, ...linksBack(links)]) {
    const set = sets.get(anchor) ?? { anchor };
    sets.set(anchor, set);
    const targets = (set[rel] ??= []) as object[];
    targets.push({ href, ...(type ? { type } : {}), ...(profile ? { profile } : {}) });
  }
  return { linkset: [...sets.values()] };
}

/** `linkSet` with links to any number of files, as text, piece by piece. @param items walks the links to the files, some at a time, each time anew */
export async function* linkSetPieces(
  links: readonly Signpost[],
  items: () => AsyncIterable<readonly Signpost[]>,
): AsyncGenerator<string> {
  const [page, ...described] = linkSet(links).linkset;
  // The members of the page's own set are left open for its files.
  yield `{"linkset":[${JSON.stringify(page).slice(0, -1)}`;
  let before = ',"item":[';
  for await (const some of items()) {
    if (some.length === 0) continue;
    yield before + some.map(({ href, type }) => JSON.stringify({ href, type })).join(',');
    before = ',';
  }
  yield before === ',' ? ']}' : '}';
  if (described.length > 0) yield `,${described.map((set) => JSON.stringify(set)).join(',')}`;
  for await (const some of items())
    if (some.length > 0)
      yield `,${linkSet(linksBack(some))
        .linkset.map((set) => JSON.stringify(set))
        .join(',')}`;
  yield ']}';
}
