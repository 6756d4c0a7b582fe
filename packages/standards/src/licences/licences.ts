import { furtherLicences } from './further-licences.ts';
import { creativeCommonsId } from './creative-commons.ts';

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

/** A licence by its SPDX identifier, also one that is not offered: what an import says of it goes out with name and address. */
export function knownLicence(spdx: string): Licence | undefined {
  return licenceById(spdx) ?? furtherLicences.find((licence) => licence.spdx === spdx);
}

/**
 * A licence as a study states it, for exports: a known one with identifier, name and address; of any other text the name,
 * or the address where the text is one.
 */
export function statedLicence(text: string): Partial<Licence> & { name: string } {
  const known = knownLicence(text) ?? findLicence(text);
  if (known) return known;
  const isAddress = /^https?:\/\/\S+$/i.test(text.trim()) && URL.canParse(text.trim());
  return isAddress ? { name: text.trim(), url: text.trim() } : { name: text.trim() };
}

/** Does the text only say that there is no licence yet ("TBD", "pending", "未定")? */
export function saysNoLicence(text: string): boolean {
  return /^(tb[acd]|to be (announced|confirmed|decided|defined|determined|added)|pending|none|no licen[cs]e|n\.?\/?a\.?|not applicable|(yet )?unknown|undefined|unspecified|not (yet )?(decided|specified|stated|known)|other|[-–—?.\s]*|未定|不明|なし|検討中|該当なし)$/i.test(
    text.trim(),
  );
}

const folded = (text: string) =>
  text
    .toLowerCase()
    .replace(/\s*\([^)]*\)\s*$/, '')
    .replace(/[^a-z0-9.+]+/g, '');

/** The part of an address that says which text it is: no scheme, no `www.`, no form or language of the page. */
const addressed = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\/(www\.)?/, '')
    .replace(/[?#].*$/, '')
    .replace(/\/(legalcode|deed)(\.[a-z_-]+)*\/?$/, '')
    .replace(/\.(html?|txt|php|json)$/, '')
    .replace(/^(opensource\.org\/licenses\/.+)-licen[cs]e$/, '$1')
    .replace(/\/+$/, '');

const all = [...licences, ...furtherLicences];
const byAddress = new Map(all.map((one) => [addressed(one.url), one]));
const bySpdx = new Map<string, Licence>();
for (const one of all) for (const name of [one.spdx, one.name]) bySpdx.set(folded(name), one);

/**
 * The licence meant by a text: SPDX identifier in any case, "CC BY 4.0", "CC-BY 4.0 International", "cc-by" (which means
 * 4.0, the current one), the full name in English or Japanese, or an address of its text, with or without `legalcode`.
 * A text that says more than the name of a licence is none of them.
 */
export function findLicence(text: string): Licence | undefined {
  if (text.length > 300) return undefined;
  const trimmed = text.trim();
  const spdx =
    /^https?:\/\/(?:www\.)?spdx\.org\/licenses\/([^/]+?)(?:\.html|\.json)?\/?$/i.exec(trimmed)?.[1] ?? trimmed;
  const known =
    byAddress.get(addressed(trimmed)) ??
    bySpdx.get(folded(spdx)) ??
    bySpdx.get(folded(spdx).replace(/(the|license|licence|version)/g, ''));
  if (known) return known;
  const short = creativeCommonsId(trimmed);
  return short === undefined ? undefined : bySpdx.get(folded(short));
}
