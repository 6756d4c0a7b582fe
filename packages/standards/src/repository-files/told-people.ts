import type { Remainder } from '../json/remainder.ts';
import {
  type ContributorNode,
  displayName,
  keyMaker,
  type OrganisationNode,
  splitName,
  type StudyGraph,
} from '../graph/study-graph.ts';
import { readDoi } from '../identifiers/identifiers.ts';
import { filled, type JsonRecord } from '../json/json.ts';

/** A person or group as a document of any kind tells of them. */
export interface ToldPerson {
  /** The whole name in one text. */
  name?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  isGroup?: boolean;
  email?: string | undefined;
  orcid?: string | undefined;
  affiliations?: readonly { name: string; ror?: string | undefined }[];
  roles?: string[];
  /** Credited, but not an author. */
  isNoAuthor?: boolean;
  isContact?: boolean;
}

/** Takes the people of a document into a graph: each name once, and each place of work once. */
export class ToldPeople {
  private readonly graph: StudyGraph;
  private readonly key = keyMaker('c');
  private readonly places = new Map<string, OrganisationNode>();
  private readonly known = new Map<string, ContributorNode>();

  constructor(graph: StudyGraph) {
    this.graph = graph;
  }

  add(told: ToldPerson): void {
    const name = told.name?.trim() ?? '';
    const parts =
      told.firstName !== undefined || told.lastName !== undefined
        ? { firstName: told.firstName, lastName: told.lastName }
        : told.isGroup === true
          ? { name }
          : name === ''
            ? {}
            : splitName(name);
    const one: ContributorNode = {
      ...filled<Omit<ContributorNode, 'key'>>({
        ...parts,
        email: told.email,
        orcid: told.orcid,
        organisations: (told.affiliations ?? []).map((place) => this.place(place)),
        roles: told.roles,
      }),
      ...(told.isNoAuthor === true ? { isNoAuthor: true } : {}),
      ...(told.isContact === true ? { isContact: true } : {}),
      key: '',
    };
    const called = displayName(one).toLowerCase();
    if (called === '') return;
    const before = this.known.get(called);
    if (before) {
      // Lists of authors, maintainers and contacts name the same people again.
      if (before.email === undefined && one.email !== undefined) before.email = one.email;
      if (told.isContact === true) before.isContact = true;
      return;
    }
    one.key = this.key();
    this.known.set(called, one);
    this.graph.contributors.push(one);
  }

  private place({ name, ror }: { name: string; ror?: string | undefined }): string {
    const known = this.places.get(name);
    if (known) return known.key;
    const place = { key: `o-${this.places.size + 1}`, name, ...(ror === undefined ? {} : { ror }) };
    this.places.set(name, place);
    this.graph.organisations.push(place);
    return place.key;
  }
}

/** A DOI in any spelling, bare; `undefined` where the text is none. */
export function doiOf(text: string | undefined): string | undefined {
  const read = text === undefined ? undefined : readDoi(text);
  return read && 'doi' in read ? read.doi : undefined;
}

/** Members of a document that were not taken, for the list of what was not read. */
export function leftOf(document: JsonRecord, taken: readonly string[]): Remainder {
  return Object.entries(document)
    .filter(([name]) => !taken.includes(name) && !name.startsWith('@') && !name.startsWith('$'))
    .map(([name, now]) => ({ path: [name], now }));
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Text of a description in HTML: paragraphs, lines and entries of lists on lines of their own, other tags left out. */
export function plainOfHtml(html: string | undefined): string | undefined {
  if (html === undefined || !/[<&]/.test(html)) return html;
  const text = html
    .replace(/<(script|style)\b[^>]*>[^]*?<\/\1\s*>/gi, '')
    .replace(/\s+/g, ' ')
    .replace(/<li\b[^>]*>/gi, '\n- ')
    .replace(/<(br|\/p|\/div|\/h[1-6]|\/ul|\/ol|\/tr)\b[^>]*>/gi, '\n')
    .replace(/<\/?[a-z][^>]*>/gi, '')
    .replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,6}));/gi, (whole, hex, decimal, name) => {
      if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 31 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    });
  return text
    .split('\n')
    .map((line) => line.replace(/ +/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}
