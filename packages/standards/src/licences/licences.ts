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
