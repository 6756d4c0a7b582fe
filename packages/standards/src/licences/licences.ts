/** A licence a study can have: SPDX identifier, name as people know it, and address of its text. */
export interface Licence {
  spdx: string;
  name: string;
  url: string;
}

/** Licences offered (the list of SSBD's template, CC0 and CC BY first because reuse is easiest under them). Identifiers: SPDX licence list. */
export const licences: readonly Licence[] = [
  { spdx: 'CC-BY-4.0', name: 'CC BY 4.0', url: 'https://creativecommons.org/licenses/by/4.0/' },
  { spdx: 'CC0-1.0', name: 'CC0 1.0 Universal', url: 'https://creativecommons.org/publicdomain/zero/1.0/' },
  { spdx: 'CC-BY-SA-4.0', name: 'CC BY-SA 4.0', url: 'https://creativecommons.org/licenses/by-sa/4.0/' },
  { spdx: 'CC-BY-NC-4.0', name: 'CC BY-NC 4.0', url: 'https://creativecommons.org/licenses/by-nc/4.0/' },
  { spdx: 'CC-BY-NC-SA-4.0', name: 'CC BY-NC-SA 4.0', url: 'https://creativecommons.org/licenses/by-nc-sa/4.0/' },
  { spdx: 'CC-BY-ND-4.0', name: 'CC BY-ND 4.0', url: 'https://creativecommons.org/licenses/by-nd/4.0/' },
  { spdx: 'CC-BY-NC-ND-4.0', name: 'CC BY-NC-ND 4.0', url: 'https://creativecommons.org/licenses/by-nc-nd/4.0/' },
];

/** A licence by its SPDX identifier. */
export function licenceById(spdx: string): Licence | undefined {
  return licences.find((licence) => licence.spdx === spdx);
}

/** Licences that imports may name but that are not offered. */
const furtherLicences: readonly Licence[] = [
  ...['1.0', '2.0', '2.5', '3.0'].map((version) => ({
    spdx: `CC-BY-${version}`,
    name: `CC BY ${version}`,
    url: `https://creativecommons.org/licenses/by/${version}/`,
  })),
  ...['2.0', '2.5', '3.0'].flatMap((version) =>
    ['BY-SA', 'BY-NC', 'BY-NC-SA', 'BY-ND', 'BY-NC-ND'].map((kind) => ({
      spdx: `CC-${kind}-${version}`,
      name: `CC ${kind} ${version}`,
      url: `https://creativecommons.org/licenses/${kind.toLowerCase()}/${version}/`,
    })),
  ),
  { spdx: 'ODC-By-1.0', name: 'ODC-By 1.0', url: 'https://opendatacommons.org/licenses/by/1-0/' },
  { spdx: 'ODbL-1.0', name: 'ODbL 1.0', url: 'https://opendatacommons.org/licenses/odbl/1-0/' },
  { spdx: 'PDDL-1.0', name: 'PDDL 1.0', url: 'https://opendatacommons.org/licenses/pddl/1-0/' },
  { spdx: 'MIT', name: 'MIT License', url: 'https://opensource.org/licenses/MIT' },
  { spdx: 'BSD-3-Clause', name: 'BSD 3-Clause', url: 'https://opensource.org/licenses/BSD-3-Clause' },
  { spdx: 'Apache-2.0', name: 'Apache License 2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
  { spdx: 'GPL-3.0-or-later', name: 'GPL 3.0 or later', url: 'https://www.gnu.org/licenses/gpl-3.0.html' },
];

/** A licence by its SPDX identifier, also one that is not offered: what an import says of it goes out with name and address. */
export function knownLicence(spdx: string): Licence | undefined {
  return licenceById(spdx) ?? furtherLicences.find((licence) => licence.spdx === spdx);
}

const folded = (text: string) =>
  text
    .toLowerCase()
    .replace(/\s*\([^)]*\)\s*$/, '')
    .replace(/[^a-z0-9.]+/g, '');

/** Names written out in full, folded, and what Creative Commons calls them for short. */
const longNames: readonly (readonly [string, string])[] = [
  ['creativecommonsattributionnoncommercialsharealike', 'ccbyncsa'],
  ['creativecommonsattributionnoncommercialnoderivatives', 'ccbyncnd'],
  ['creativecommonsattributionnoncommercialnoderivs', 'ccbyncnd'],
  ['creativecommonsattributionnoncommercial', 'ccbync'],
  ['creativecommonsattributionsharealike', 'ccbysa'],
  ['creativecommonsattributionnoderivatives', 'ccbynd'],
  ['creativecommonsattribution', 'ccby'],
  ['creativecommonszero', 'cc0'],
];

/**
 * The licence meant by a text: SPDX identifier in any case, "CC BY 4.0", "CC-BY 4.0", "cc-by" (which means 4.0, the
 * current one), the full name, or an address of its text, with or without `legalcode`.
 */
export function findLicence(text: string): Licence | undefined {
  const all = [...licences, ...furtherLicences];
  const address = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\/(www\.)?/, '')
    .replace(/^spdx\.org\/licenses\/([^/]+?)(\.html|\.json)?\/?$/, '$1')
    .replace(/\/(legalcode|deed)(\.[a-z-]+)?\/?$/, '/')
    .replace(/([^/])$/, (whole) => (text.includes('/') && !text.includes('spdx.org') ? `${whole}/` : whole));
  const byAddress = all.find(
    ({ url }) => address === `${url.replace(/^https:\/\/(www\.)?/, '').replace(/\/$/, '')}/`.toLowerCase(),
  );
  if (byAddress) return byAddress;
  let name = folded(address);
  for (const [long, short] of longNames)
    if (name.startsWith(long))
      name = short + name.slice(long.length).replace(/^(international|publiclicense|license|licence|universal)+/, '');
  name = name.replace(
    /(international|publiclicense|license|licence|universal|publicdomaindedication|generic|unported)+$/,
    '',
  );
  return (
    all.find(({ spdx, name: shown }) => folded(spdx) === name || folded(shown.replace(' Universal', '')) === name) ??
    all.find(
      ({ spdx }) => !/\d/.test(name.replace('cc0', '')) && folded(spdx) === `${name}${name === 'cc0' ? '1.0' : '4.0'}`,
    )
  );
}
