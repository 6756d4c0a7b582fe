import { apiBase } from '@micrarium/api';
import type { Contributor, StudyFile } from '@micrarium/model';
import { metadataFormById } from '@micrarium/standards';
import type { FoundVersion } from '../study-access.ts';
import { apiPath, filePath, pagePath } from './landing-data.ts';

/** A typed link from the page of a version: FAIR Signposting profile of 2023-10-02. Addresses are absolute. */
export interface Signpost {
  rel: string;
  href: string;
  type?: string;
  /** Address the link starts from. */
  anchor: string;
}

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
  const cite = `${origin}${apiPath(found)}/citation`;
  const links: Omit<Signpost, 'anchor'>[] = [
    { rel: 'cite-as', href: doi === '' ? anchor : `https://doi.org/${doi}` },
    { rel: 'type', href: 'https://schema.org/Dataset' },
    { rel: 'type', href: 'https://schema.org/AboutPage' },
    {
      rel: 'describedby',
      href: `${origin}${apiBase}/studies/${found.accession}/versions/${found.version}`,
      type: 'application/json',
    },
    ...(['datacite-xml', 'ro-crate', 'schema-org', 'ssbd-turtle'] as const).map((form) => ({
      rel: 'describedby',
      href: `${anchor}/metadata/${form}`,
      type: metadataFormById(form)!.mediaType,
    })),
    { rel: 'describedby', href: `${cite}?format=bibtex`, type: 'application/x-bibtex' },
    { rel: 'describedby', href: `${cite}?format=ris`, type: 'application/x-research-info-systems' },
    ...[...new Set(orcids)].map((href) => ({ rel: 'author', href })),
    ...(/^[A-Za-z0-9.+-]+$/.test(licence) ? [{ rel: 'license', href: `https://spdx.org/licenses/${licence}` }] : []),
    { rel: 'linkset', href: `${anchor}/linkset`, type: 'application/linkset+json' },
    { rel: 'latest-version', href: `${origin}/studies/${found.accession}` },
    ...(found.version > 1
      ? [{ rel: 'predecessor-version', href: `${origin}/studies/${found.accession}/v/${found.version - 1}` }]
      : []),
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
  for (const { rel, href, type } of links) {
    if (rel === 'item' && ++items > filesInHeader) continue;
    const safe = type !== undefined && /^[\w.+-]+\/[\w.+-]+$/.test(type) ? `; type="${type}"` : '';
    const one = `${header === '' ? '' : ', '}<${href}>; rel="${rel}"${safe}`;
    if (header.length + one.length > longestHeader) break;
    header += one;
  }
  return header;
}

/** The links as a link set (RFC 9264, JSON). */
export function linkSet(links: readonly Signpost[]): { linkset: Record<string, unknown>[] } {
  const sets = new Map<string, Record<string, unknown>>();
  for (const { anchor, rel, href, type } of links) {
    const set = sets.get(anchor) ?? { anchor };
    sets.set(anchor, set);
    const targets = (set[rel] ??= []) as object[];
    targets.push({ href, ...(type ? { type } : {}) });
  }
  return { linkset: [...sets.values()] };
}
