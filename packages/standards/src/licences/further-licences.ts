import type { Licence } from './licences.ts';

/** Versions of Creative Commons made for a country or for organisations of states that the SPDX list has, with their address. */
const ports: readonly (readonly [spdx: string, path: string])[] = [
  ['CC-BY-2.1-JP', 'by/2.1/jp'],
  ['CC-BY-SA-2.1-JP', 'by-sa/2.1/jp'],
  ['CC-BY-2.5-AU', 'by/2.5/au'],
  ['CC-BY-3.0-AT', 'by/3.0/at'],
  ['CC-BY-3.0-AU', 'by/3.0/au'],
  ['CC-BY-3.0-DE', 'by/3.0/de'],
  ['CC-BY-3.0-IGO', 'by/3.0/igo'],
  ['CC-BY-3.0-NL', 'by/3.0/nl'],
  ['CC-BY-3.0-US', 'by/3.0/us'],
  ['CC-BY-SA-2.0-UK', 'by-sa/2.0/uk'],
  ['CC-BY-SA-3.0-AT', 'by-sa/3.0/at'],
  ['CC-BY-SA-3.0-DE', 'by-sa/3.0/de'],
  ['CC-BY-SA-3.0-IGO', 'by-sa/3.0/igo'],
  ['CC-BY-NC-3.0-DE', 'by-nc/3.0/de'],
  ['CC-BY-NC-SA-2.0-DE', 'by-nc-sa/2.0/de'],
  ['CC-BY-NC-SA-2.0-FR', 'by-nc-sa/2.0/fr'],
  ['CC-BY-NC-SA-2.0-UK', 'by-nc-sa/2.0/uk'],
  ['CC-BY-NC-SA-3.0-DE', 'by-nc-sa/3.0/de'],
  ['CC-BY-NC-SA-3.0-IGO', 'by-nc-sa/3.0/igo'],
  ['CC-BY-ND-3.0-DE', 'by-nd/3.0/de'],
  ['CC-BY-NC-ND-3.0-DE', 'by-nc-nd/3.0/de'],
  ['CC-BY-NC-ND-3.0-IGO', 'by-nc-nd/3.0/igo'],
];

/** Licences of data and of software, by the SPDX licence list. */
const others: readonly (readonly [spdx: string, name: string, url: string])[] = [
  ['CC-PDM-1.0', 'Public Domain Mark 1.0', 'https://creativecommons.org/publicdomain/mark/1.0/'],
  ['ODC-By-1.0', 'ODC-By 1.0', 'https://opendatacommons.org/licenses/by/1-0/'],
  ['ODbL-1.0', 'ODbL 1.0', 'https://opendatacommons.org/licenses/odbl/1-0/'],
  ['PDDL-1.0', 'PDDL 1.0', 'https://opendatacommons.org/licenses/pddl/1-0/'],
  ['CDLA-Permissive-1.0', 'CDLA Permissive 1.0', 'https://cdla.dev/permissive-1-0/'],
  ['CDLA-Permissive-2.0', 'CDLA Permissive 2.0', 'https://cdla.dev/permissive-2-0/'],
  ['CDLA-Sharing-1.0', 'CDLA Sharing 1.0', 'https://cdla.dev/sharing-1-0/'],
  [
    'OGL-UK-3.0',
    'Open Government Licence v3.0',
    'https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/',
  ],
  ['etalab-2.0', 'Licence Ouverte 2.0', 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/'],
  ['DL-DE-BY-2.0', 'Datenlizenz Deutschland Namensnennung 2.0', 'https://www.govdata.de/dl-de/by-2-0/'],
  ['NLOD-2.0', 'NLOD 2.0', 'https://data.norge.no/nlod/en/2.0/'],
  ['MIT', 'MIT License', 'https://opensource.org/licenses/MIT'],
  ['BSD-2-Clause', 'BSD 2-Clause', 'https://opensource.org/licenses/BSD-2-Clause'],
  ['BSD-3-Clause', 'BSD 3-Clause', 'https://opensource.org/licenses/BSD-3-Clause'],
  ['ISC', 'ISC License', 'https://opensource.org/licenses/ISC'],
  ['Apache-2.0', 'Apache License 2.0', 'https://www.apache.org/licenses/LICENSE-2.0'],
  ['GPL-2.0-only', 'GPL 2.0 only', 'https://www.gnu.org/licenses/old-licenses/gpl-2.0-standalone.html'],
  ['GPL-2.0-or-later', 'GPL 2.0 or later', 'https://www.gnu.org/licenses/old-licenses/gpl-2.0.html'],
  ['GPL-3.0-only', 'GPL 3.0 only', 'https://www.gnu.org/licenses/gpl-3.0-standalone.html'],
  ['GPL-3.0-or-later', 'GPL 3.0 or later', 'https://www.gnu.org/licenses/gpl-3.0.html'],
  ['LGPL-2.1-only', 'LGPL 2.1 only', 'https://www.gnu.org/licenses/old-licenses/lgpl-2.1-standalone.html'],
  ['LGPL-2.1-or-later', 'LGPL 2.1 or later', 'https://www.gnu.org/licenses/old-licenses/lgpl-2.1.html'],
  ['LGPL-3.0-only', 'LGPL 3.0 only', 'https://www.gnu.org/licenses/lgpl-3.0-standalone.html'],
  ['LGPL-3.0-or-later', 'LGPL 3.0 or later', 'https://www.gnu.org/licenses/lgpl-3.0.html'],
  ['AGPL-3.0-only', 'AGPL 3.0 only', 'https://www.gnu.org/licenses/agpl-3.0-standalone.html'],
  ['AGPL-3.0-or-later', 'AGPL 3.0 or later', 'https://www.gnu.org/licenses/agpl-3.0.html'],
  ['MPL-2.0', 'Mozilla Public License 2.0', 'https://www.mozilla.org/MPL/2.0/'],
  ['EPL-2.0', 'Eclipse Public License 2.0', 'https://www.eclipse.org/legal/epl-2.0'],
  ['EUPL-1.2', 'EUPL 1.2', 'https://eupl.eu/1.2/en/'],
  ['Artistic-2.0', 'Artistic License 2.0', 'https://opensource.org/licenses/Artistic-2.0'],
  ['BSL-1.0', 'Boost Software License 1.0', 'https://www.boost.org/LICENSE_1_0.txt'],
  ['Zlib', 'zlib License', 'https://opensource.org/licenses/Zlib'],
  ['Unlicense', 'The Unlicense', 'https://unlicense.org/'],
  ['WTFPL', 'WTFPL', 'http://www.wtfpl.net/about/'],
  ['GFDL-1.3-or-later', 'GNU Free Documentation License 1.3 or later', 'https://www.gnu.org/licenses/fdl-1.3.html'],
];

/** Licences that imports may name but that are not offered; identifiers of the SPDX licence list. */
export const furtherLicences: readonly Licence[] = [
  ...['1.0', '2.0', '2.5', '3.0'].flatMap((version) =>
    ['BY', 'BY-SA', 'BY-NC', 'BY-NC-SA', 'BY-ND', 'BY-NC-ND'].map((kind) => ({
      spdx: `CC-${kind}-${version}`,
      name: `CC ${kind} ${version}`,
      // In the first version the last two stood the other way round.
      url: `https://creativecommons.org/licenses/${kind === 'BY-NC-ND' && version === '1.0' ? 'by-nd-nc' : kind.toLowerCase()}/${version}/`,
    })),
  ),
  ...ports.map(([spdx, path]) => ({
    spdx,
    name: spdx.replace('CC-', 'CC ').replace(/-(\d\.\d)-/, ' $1 '),
    url: `https://creativecommons.org/licenses/${path}/`,
  })),
  ...others.map(([spdx, name, url]) => ({ spdx, name, url })),
];
