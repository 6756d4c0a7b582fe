import { apiBase } from '@micrarium/api';
import type { Contributor, StudyFile } from '@micrarium/model';
import { metadataFormById } from '@micrarium/standards';
import type { FoundVersion } from '../study-access.ts';
import { apiPath, filePath, labelBefore, minorQuery, pagePath } from './landing-data.ts';

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

/** All links of a version's page: how it is cited, described and licensed, who wrote it, what it holds, and where the rest stands. */
export function signposts(found: FoundVersion, files: readonly StudyFile[], origin: string): Signpost[] {
  const anchor = `${origin}${pagePath(found)}`;
  const { values } = found.metadata;
  const people = (Array.isArray(values.contributors) ? values.contributors : []) as Contributor[];
  const orcids = [values.contactOrcid, ...people.map(({ orcid }) => orcid)]
    .filter((one): one is string => typeof one === 'string' && one !== '')
    .map((one) => (one.startsWith('http') ? one : `https://orcid.org/${one}`));
  const licence = typeof values.licence === 'string' ? values.licence.trim() : '';
  const doi = typeof values.doi === 'string' ? values.doi.trim() : '';
  const before = labelBefore(found);
  const cite = `${origin}${apiPath(found)}/citation`;
  const links: Omit<Signpost, 'anchor'>[] = [
    { rel: 'cite-as', href: doi === '' ? anchor : `https://doi.org/${doi}` },
    { rel: 'type', href: 'https://schema.org/Dataset' },
    { rel: 'type', href: 'https://schema.org/AboutPage' },
    {
      rel: 'describedby',
      href: `${origin}${apiBase}/studies/${found.accession}/versions/${found.version}${minorQuery(found)}`,
      type: 'application/json',
    },
    ...(['datacite-xml', 'ro-crate', 'schema-org', 'ssbd-turtle'] as const).map((form) => ({
      rel: 'describedby',
      href: `${anchor}/metadata/${form}`,
      type: metadataFormById(form)!.mediaType,
      ...(profiles[form] ? { profile: profiles[form] } : {}),
    })),
    { rel: 'describedby', href: `${cite}?format=bibtex${minorQuery(found, '&')}`, type: 'application/x-bibtex' },
    {
      rel: 'describedby',
      href: `${cite}?format=ris${minorQuery(found, '&')}`,
      type: 'application/x-research-info-systems',
    },
    ...[...new Set(orcids)].map((href) => ({ rel: 'author', href })),
    ...(/^[A-Za-z0-9.+-]+$/.test(licence) ? [{ rel: 'license', href: `https://spdx.org/licenses/${licence}` }] : []),
    { rel: 'linkset', href: `${anchor}/linkset`, type: 'application/linkset+json' },
    { rel: 'latest-version', href: `${origin}/studies/${found.accession}` },
    ...(before === undefined
      ? []
      : [{ rel: 'predecessor-version', href: `${origin}/studies/${found.accession}/v/${before}` }]),
    ...files.map(({ path, mediaType }) => ({
      rel: 'item',
      href: `${origin}${filePath(found, path)}`,
      type: mediaType,
    })),
  ];
  return links.map((link) => ({ ...link, anchor }));
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

/** Links of a file: to the page it belongs to, and to all links of that. @param page address of the version's page */
export const linksOfFile = (page: string): string =>
  `<${page}>; rel="collection"; type="text/html", <${page}/linkset>; rel="linkset"; type="application/linkset+json"`;

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
