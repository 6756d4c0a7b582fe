import { createHash } from 'node:crypto';
import { canonicalJson } from '../audit/audit-log.ts';
import type { HeldDoi } from './datacite.ts';

/** A record, ours or the registrar's, in the words of DataCite's REST interface. */
type DoiRecord = Readonly<Record<string, unknown>>;

/** Something the registrar holds otherwise than it should. */
export interface DoiDifference {
  /**
   * `doi-missing`: the registrar does not know it; `doi-state`: reserved, registered or findable where it should not be; `doi-url`: its record
   * leads elsewhere; `doi-target`: its record is right, and the resolver leads elsewhere; `doi-metadata`: its record says something else.
   */
  code: 'doi-missing' | 'doi-state' | 'doi-url' | 'doi-target' | 'doi-metadata';
  /** What it should be: a state, an address, or the digest of what is compared. */
  wanted: string;
  held: string;
  /** Parts of the record that differ, by DataCite's names. */
  fields?: string[];
}

/** A DOI as the registrar should have it. */
export interface WantedDoi {
  state: 'draft' | 'findable';
  /** Left out of what is only reserved. */
  record?: (DoiRecord & { url: string }) | undefined;
}

const listOf = (value: unknown): DoiRecord[] =>
  Array.isArray(value) ? value.filter((one): one is DoiRecord => typeof one === 'object' && one !== null) : [];

/** A text as it is compared: registrars take marks of HTML out, write `&` as an entity, and care for blanks as they like. */
function plain(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  return String(value)
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/<[^<>]*>/g, '')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim();
}

/** An identifier without the address it may be written as. */
const bare = (value: unknown) =>
  plain(value)
    .replace(/^https?:\/\/(?:dx\.)?(?:doi|orcid|ror)\.org\//i, '')
    .toLowerCase();

const joined = (...parts: string[]) => parts.join(' | ');
const sorted = (list: readonly string[]) => [...list].sort();
const each = (value: unknown, say: (one: DoiRecord) => string) => sorted(listOf(value).map(say));
const texts = (value: unknown) => (Array.isArray(value) ? sorted(value.map(plain)) : []);

const person = (one: DoiRecord) =>
  joined(plain(one['name']), ...sorted(listOf(one['nameIdentifiers']).map((id) => bare(id['nameIdentifier']))));

/** Each part that is compared, as it is said; what the registrar adds of its own (its counts, dates, other forms of the type) is left out. */
const parts: Readonly<Record<string, (record: DoiRecord) => unknown>> = {
  titles: ({ titles }) => listOf(titles).map(({ title }) => plain(title)),
  creators: ({ creators }) => listOf(creators).map(person),
  contributors: ({ contributors }) => each(contributors, (one) => joined(plain(one['contributorType']), person(one))),
  publisher: ({ publisher }) => plain(typeof publisher === 'string' ? publisher : listOf([publisher])[0]?.['name']),
  publicationYear: ({ publicationYear }) => plain(publicationYear),
  version: ({ version }) => plain(version),
  types: ({ types }) => plain(listOf([types])[0]?.['resourceTypeGeneral']),
  subjects: ({ subjects }) => each(subjects, ({ subject }) => plain(subject)),
  // The day of issue is the registrar's own where we tell none.
  dates: ({ dates }) =>
    sorted(
      listOf(dates)
        .filter(({ dateType }) => dateType !== 'Issued')
        .map(({ date, dateType }) => joined(plain(dateType), plain(date))),
    ),
  relatedIdentifiers: ({ relatedIdentifiers }) =>
    each(relatedIdentifiers, (one) => joined(plain(one['relationType']), bare(one['relatedIdentifier']))),
  rightsList: ({ rightsList }) =>
    each(rightsList, (one) => (plain(one['rightsIdentifier']) || plain(one['rights'])).toLowerCase()),
  descriptions: ({ descriptions }) =>
    each(descriptions, (one) => joined(plain(one['descriptionType']), plain(one['description']))),
  fundingReferences: ({ fundingReferences }) =>
    each(fundingReferences, (one) => joined(plain(one['funderName']), plain(one['awardNumber']))),
  sizes: ({ sizes }) => texts(sizes),
  formats: ({ formats }) => texts(formats),
};

const said = (record: DoiRecord) => Object.fromEntries(Object.entries(parts).map(([name, of]) => [name, of(record)]));
const digestOf = (value: unknown) => createHash('sha256').update(canonicalJson(value)).digest('hex');

function sameAddress(one: string, other: string | undefined): boolean {
  if (other === undefined || !URL.canParse(other)) return false;
  return new URL(one).href === new URL(other).href;
}

/**
 * Compares what the registrar holds of a DOI with what it should. Pure.
 * @param held `undefined` where it does not know it
 * @param target where the resolver leads; `undefined` where it was not asked or does not say
 */
export function compareDoi(wanted: WantedDoi, held: HeldDoi | undefined, target?: string): DoiDifference[] {
  if (!held) return [{ code: 'doi-missing', wanted: wanted.state, held: 'unknown' }];
  const found: DoiDifference[] = [];
  if (held.state !== wanted.state) found.push({ code: 'doi-state', wanted: wanted.state, held: held.state });
  const { record } = wanted;
  if (!record) return found;
  if (!sameAddress(record.url, held.url)) found.push({ code: 'doi-url', wanted: record.url, held: held.url ?? 'none' });
  else if (target !== undefined && !sameAddress(record.url, target))
    found.push({ code: 'doi-target', wanted: record.url, held: target });
  const [ours, theirs] = [said(record), said(held.attributes)];
  const fields = Object.keys(parts).filter((name) => canonicalJson(ours[name]) !== canonicalJson(theirs[name]));
  if (fields.length > 0) found.push({ code: 'doi-metadata', wanted: digestOf(ours), held: digestOf(theirs), fields });
  return found;
}
