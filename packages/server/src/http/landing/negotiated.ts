import { citationStyles, metadataForms } from '@micrarium/standards';
import { Problem } from '../problems.ts';
import { apiPath, minorQuery, pagePath } from './landing-data.ts';
import type { FoundVersion } from '../study-access.ts';

/** Media types the page of a study is also given in, with the address below the version, the page itself first. */
const given: readonly [type: string, address: (found: FoundVersion, accept: string) => string | undefined][] = [
  ['text/html', () => undefined],
  ['application/json', (found) => `${apiPath(found)}${minorQuery(found)}`],
  ['application/xhtml+xml', () => undefined],
  [
    'application/ld+json',
    (found, accept) =>
      `${pagePath(found)}/metadata/${/profile="?https:\/\/w3id\.org\/ro\/crate/i.test(accept) ? 'ro-crate' : 'schema-org'}`,
  ],
  ['application/vnd.datacite.datacite+json', (found) => `${pagePath(found)}/metadata/datacite-json`],
  ['application/vnd.datacite.datacite+xml', (found) => `${pagePath(found)}/metadata/datacite-xml`],
  ['application/vnd.citationstyles.csl+json', (found) => `${pagePath(found)}/metadata/csl-json`],
  ['text/turtle', (found) => `${pagePath(found)}/metadata/ssbd-turtle`],
  ['application/x-bibtex', (found) => `${pagePath(found)}/metadata/bibtex`],
  ['application/x-research-info-systems', (found) => `${pagePath(found)}/metadata/ris`],
  ['text/x-bibliography', (found, accept) => bibliography(found, accept)],
  ['application/x-dc+xml', (found) => `${pagePath(found)}/metadata/dublin-core`],
  ['application/linkset+json', (found) => `${pagePath(found)}/linkset`],
  ['application/linkset', (found) => `${pagePath(found)}/linkset.txt`],
];

/** Short names of forms, for people who cannot set a header, beside those that addresses below `/metadata/` have. */
const named: Readonly<Record<string, (found: FoundVersion) => string | undefined>> = {
  html: () => undefined,
  json: (found) => `${apiPath(found)}${minorQuery(found)}`,
  jsonld: (found) => `${pagePath(found)}/metadata/schema-org`,
  csl: (found) => `${pagePath(found)}/metadata/csl-json`,
  datacite: (found) => `${pagePath(found)}/metadata/datacite-xml`,
  turtle: (found) => `${pagePath(found)}/metadata/ssbd-turtle`,
  text: (found) => `${pagePath(found)}/metadata/citation-apa`,
  ...Object.fromEntries(
    citationStyles.map(({ id }) => [id, (found: FoundVersion) => `${pagePath(found)}/metadata/citation-${id}`]),
  ),
  linkset: (found) => `${pagePath(found)}/linkset`,
  bagit: (found) => `${apiPath(found)}/export.bag.zip`,
  zip: (found) => `${apiPath(found)}/export.zip`,
};

/** All names a form of a study can be asked for by. */
export const formatNames: readonly string[] = [
  ...new Set([...Object.keys(named), 'dublin-core', ...metadataForms.map(({ id }) => id)]),
];

/**
 * Where the form of that name is; `undefined` for the page itself.
 * @throws Problem `not-acceptable` where there is none of that name
 */
export function formatNamed(name: string, found: FoundVersion): string | undefined {
  if (Object.hasOwn(named, name)) return named[name]!(found);
  if (formatNames.includes(name)) return `${pagePath(found)}/metadata/${name}`;
  throw new Problem('not-acceptable', `There is no format of this name. There are: ${formatNames.join(', ')}.`);
}

/** The citation in the style that is asked for (`text/x-bibliography; style=vancouver`), else in that of the APA. */
function bibliography(found: FoundVersion, accept: string): string {
  const style = /x-bibliography\s*;[^,]*\bstyle="?([a-z-]+)/i.exec(accept)?.[1]?.toLowerCase();
  return citationStyles.some(({ id }) => id === style)
    ? `${pagePath(found)}/metadata/citation-${style}`
    : `${pagePath(found)}/metadata/citation-apa`;
}

/** How much a request wants a media type (RFC 9110, section 12.5.1): the closest range decides; 0: not at all. */
function wanted(accept: string, type: string): number {
  const ranges = [type, `${type.slice(0, type.indexOf('/'))}/*`, '*/*'];
  const told = accept.split(',').map((part) => {
    const [range = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase());
    const q = parameters.find((one) => one.startsWith('q='));
    const weight = q === undefined ? 1 : Number(q.slice(2));
    return { range, weight: Number.isFinite(weight) ? weight : 0 };
  });
  for (const range of ranges) {
    const found = told.find((one) => one.range === range);
    if (found) return found.weight;
  }
  return 0;
}

/**
 * Where a request is sent for the form of a study it wants most: `undefined` for the page itself.
 * @param accept header `Accept`; one that names no media type at all is as none
 * @throws Problem `not-acceptable` where it takes nothing that there is
 */
export function negotiated(accept: string | undefined, found: FoundVersion): string | undefined {
  if (accept === undefined || !/[\w*]\/[\w*]/.test(accept)) return undefined;
  const asked = accept.slice(0, 2000);
  let best: { weight: number; address: string | undefined } = { weight: 0, address: undefined };
  for (const [type, address] of given) {
    const weight = wanted(asked, type);
    if (weight > best.weight) best = { weight, address: address(found, asked) };
  }
  if (best.weight <= 0)
    throw new Problem('not-acceptable', `There are: ${given.map(([type]) => type).join(', ')}.`, {
      headers: { vary: 'Accept' },
    });
  return best.address;
}
