import { defineIssues, type Issue } from '@micrarium/model';
import type { PublicationNode, TermReference } from '../graph/study-graph.ts';
import { readDoi } from '../identifiers/identifiers.ts';
import { parseJsonDocument } from '../exchange/exchange.ts';
import { filled, type Json, type JsonRecord, recordsOf, textOf, textsOf } from '../json/json.ts';
import { childOf, childrenOf, readXml, textWithin, type XmlElement } from '../xml/read-xml.ts';

/** Issues of a reference pasted or dropped to fill a publication. */
export const publicationIssue = defineIssues({
  'publication-unreadable': {
    severity: 'error',
    meaning: 'A reference is in none of the forms that are read: RIS, BibTeX, NBIB, CSL-JSON, PubMed XML.',
    hint: 'Export the reference again from the journal’s page or from the reference manager.',
  },
  'publication-cut': {
    severity: 'warning',
    meaning: 'A reference ends before its form says it does; what was read so far is used.',
  },
});

/** The publications of a reference file; `form` is how it was understood. */
export interface ReadPublications {
  form?: 'ris' | 'bibtex' | 'nbib' | 'csl-json' | 'pubmed-xml';
  publications: Omit<PublicationNode, 'key'>[];
  issues: Issue[];
}

/** Reads references in any of the five forms, told apart by their content. Nothing is looked up. */
export function readPublications(text: string): ReadPublications {
  const start = text.replace(/^\ufeff/, '').trimStart();
  if (/^TY {1,2}- ?/m.test(start)) return readRis(start);
  if (/^PMID- /m.test(start)) return readNbib(start);
  if (start.startsWith('<')) return readPubMedXml(start);
  if (start.startsWith('[') || start.startsWith('{')) return readCsl(start);
  if (/@\w+\s*[{(]/.test(start)) return readBibtex(start);
  return {
    publications: [],
    issues: [publicationIssue('publication-unreadable', 'The text is no reference in a form that is read')],
  };
}

type Publication = Omit<PublicationNode, 'key'>;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** A title without the marks of HTML and JATS that publishers and reference managers keep in it ("<i>C. elegans</i>", "&amp;"). */
export const titleOfWork = (text: string | undefined): string | undefined =>
  text
    ?.replace(/<\/?(?:i|b|em|strong|su[bp]|scp?|u|span|jats:\w+|mml:\w+)(?:\s[^<>]{0,300})?\/?>/gi, '')
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => entities[name]!)
    .replace(/&#(\d{1,6});/g, (whole, code: string) =>
      Number(code) < 0x110000 ? String.fromCodePoint(Number(code)) : whole,
    )
    .replace(/\s+/g, ' ')
    .trim() || undefined;

const doiOf = (text: string | undefined): string | undefined => {
  const read = readDoi(text ?? '');
  return 'doi' in read ? read.doi : undefined;
};
const yearOf = (text: string | undefined) => /\b(1[5-9]|20)\d{2}\b/.exec(text ?? '')?.[0];
/** Keywords of a single value, cut at semicolons, else at commas. */
const keywordsOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split((text ?? '').includes(';') ? ';' : ',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
const mesh = (label: string): TermReference => ({ label: label.replace(/^\*|\*$/g, '').replace(/\/\*?/g, '/') });

/**
 * Lines `XX  - value` of a record, values of repeated tags together; further lines of a value are joined.
 * @param more tells a further line of a value
 */
function taggedRecords(
  text: string,
  tag: RegExp,
  ends: (name: string) => boolean,
  begins: (name: string) => boolean,
  more: RegExp,
): Map<string, string[]>[] {
  const records: Map<string, string[]>[] = [];
  let record: Map<string, string[]> | undefined;
  let last: string[] | undefined;
  for (const line of text.split(/\r\n|\n|\r/)) {
    const match = tag.exec(line);
    if (!match) {
      if (last && more.test(line)) last[last.length - 1] += ` ${line.trim()}`;
      continue;
    }
    const [, name, value] = match as unknown as [string, string, string];
    if (begins(name) || !record) records.push((record = new Map()));
    if (ends(name)) {
      record = undefined;
      last = undefined;
      continue;
    }
    last = record.get(name) ?? [];
    last.push(value.trim());
    record.set(name, last);
  }
  return records.filter(({ size }) => size > 0);
}

/** RIS: `TY` begins a record, `ER` ends it. */
function readRis(text: string): ReadPublications {
  const records = taggedRecords(
    text,
    /^([A-Z][A-Z0-9]) {1,2}- ?(.*)$/,
    (name) => name === 'ER',
    (name) => name === 'TY',
    // Publishers wrap long titles without indenting them.
    /\S/,
  );
  const issues =
    (text.match(/^ER {1,2}-/gm)?.length ?? 0) < records.length
      ? [publicationIssue('publication-cut', 'A RIS record has no ER line')]
      : [];
  const publications = records.map((record): Publication => {
    const one = (...names: string[]) => names.flatMap((name) => record.get(name) ?? [])[0];
    const pages = [one('SP'), one('EP')].filter(Boolean).join('-');
    return filled<Publication>({
      title: titleOfWork(one('TI', 'T1')),
      authors: [...(record.get('AU') ?? []), ...(record.get('A1') ?? [])],
      doi: doiOf(one('DO')) ?? doiOf(one('M3')),
      year: yearOf(one('PY', 'Y1', 'DA')),
      venue: one('JO', 'JF', 'T2', 'JA'),
      volume: one('VL'),
      issue: one('IS'),
      pages,
      url: one('UR', 'L2'),
      pubmedId: /^\d+$/.test(one('AN', 'C2') ?? '') ? one('AN', 'C2') : undefined,
      // The headings of a record that came from PubMed are MeSH; anywhere else they are the authors' words.
      ...(/\b(pubmed|medline)\b/i.test(one('DB', 'DP') ?? '')
        ? { meshHeadings: (record.get('KW') ?? []).map(mesh) }
        : { keywords: (record.get('KW') ?? []).flatMap((words) => (words.includes(';') ? keywordsOf(words) : words)) }),
    });
  });
  return { form: 'ris', publications, issues };
}

/** NBIB, the tagged form of PubMed. */
function readNbib(text: string): ReadPublications {
  const records = taggedRecords(
    text,
    /^([A-Z]{2,4}) *- (.*)$/,
    () => false,
    (name) => name === 'PMID',
    /^\s+\S/,
  );
  const publications = records.map((record): Publication => {
    const one = (...names: string[]) => names.flatMap((name) => record.get(name) ?? [])[0];
    const ids = [...(record.get('LID') ?? []), ...(record.get('AID') ?? [])];
    return filled<Publication>({
      title: titleOfWork(one('TI')?.replace(/\.$/, '')),
      authors: record.get('FAU') ?? record.get('AU'),
      doi: doiOf(ids.find((id) => id.endsWith('[doi]'))?.replace(/\s*\[doi\]$/, '')),
      pubmedId: one('PMID'),
      pmcId: one('PMC'),
      year: yearOf(one('DP', 'DEP')),
      venue: one('JT', 'TA'),
      volume: one('VI'),
      issue: one('IP'),
      pages: one('PG'),
      meshHeadings: (record.get('MH') ?? []).map(mesh),
    });
  });
  return { form: 'nbib', publications, issues: [] };
}

function readPubMedXml(text: string): ReadPublications {
  // The document type of PubMed names a DTD and declares nothing; it is left out, since any other is refused.
  const read = readXml(text.replace(/<!DOCTYPE\s+\w+(\s+(PUBLIC|SYSTEM)(\s+"[^"]*")*|\s*)\s*>/i, ''));
  if ('fault' in read)
    return {
      form: 'pubmed-xml',
      publications: [],
      issues: [
        publicationIssue('publication-unreadable', `This is no XML: ${read.fault.reason}`, {
          where: { line: read.fault.line },
        }),
      ],
    };
  const articles: XmlElement[] = [];
  const find = (element: XmlElement) => {
    if (element.name === 'MedlineCitation') articles.push(element);
    else for (const child of childrenOf(element)) find(child);
  };
  const parents = new Map<XmlElement, XmlElement>();
  const link = (element: XmlElement) => {
    for (const child of childrenOf(element)) {
      parents.set(child, element);
      link(child);
    }
  };
  link(read.root);
  find(read.root);
  if (articles.length === 0)
    return {
      publications: [],
      issues: [publicationIssue('publication-unreadable', 'There is no MedlineCitation in the XML')],
    };
  return {
    form: 'pubmed-xml',
    publications: articles.map((one) => publicationOfCitation(one, parents.get(one))),
    issues: [],
  };
}

function publicationOfCitation(citation: XmlElement, around: XmlElement | undefined): Publication {
  const at = (from: XmlElement | undefined, ...path: string[]): XmlElement | undefined =>
    path.reduce<XmlElement | undefined>((element, name) => (element ? childOf(element, name) : undefined), from);
  const text = (element: XmlElement | undefined) =>
    element ? textWithin(element).replace(/\s+/g, ' ') || undefined : undefined;
  const article = childOf(citation, 'Article');
  const ids = childrenOf(at(around, 'PubmedData', 'ArticleIdList') ?? citation, 'ArticleId');
  const idOf = (kind: string) => text(ids.find((id) => id.attributes.IdType === kind));
  const locations = article ? childrenOf(article, 'ELocationID') : [];
  const authors = childrenOf(at(article, 'AuthorList') ?? citation, 'Author').flatMap((author) => {
    const name = [
      text(childOf(author, 'LastName')),
      text(childOf(author, 'ForeName')) ?? text(childOf(author, 'Initials')),
    ]
      .filter(Boolean)
      .join(', ');
    return name || (text(childOf(author, 'CollectiveName')) ?? []);
  });
  const journal = at(article, 'Journal');
  const date = at(journal, 'JournalIssue', 'PubDate');
  return filled<Publication>({
    title: text(at(article, 'ArticleTitle'))?.replace(/\.$/, ''),
    authors,
    doi: doiOf(text(locations.find((one) => one.attributes.EIdType === 'doi')) ?? idOf('doi')),
    pubmedId: text(childOf(citation, 'PMID')),
    pmcId: idOf('pmc'),
    year: text(at(date, 'Year')) ?? yearOf(text(at(date, 'MedlineDate'))),
    venue: text(at(journal, 'Title')),
    volume: text(at(journal, 'JournalIssue', 'Volume')),
    issue: text(at(journal, 'JournalIssue', 'Issue')),
    pages: text(at(article, 'Pagination', 'MedlinePgn')),
    meshHeadings: childrenOf(at(citation, 'MeshHeadingList') ?? citation, 'MeshHeading').flatMap((heading) => {
      const descriptor = childOf(heading, 'DescriptorName');
      const label = text(descriptor);
      const id = descriptor?.attributes.UI;
      return label === undefined ? [] : [{ label, ...(id === undefined ? {} : { id: `MeSH:${id}` }) }];
    }),
  });
}

/** Members of a CSL entry that our own form and other documents with a `title` do not have. */
const cslMembers = ['DOI', 'PMID', 'issued', 'container-title', 'citation-key', 'URL', 'citation-label'];

/** Has it what only a reference has? A `title` alone may be that of any document. */
const isCslEntry = (one: JsonRecord) =>
  cslMembers.some((member) => one[member] !== undefined) ||
  (one.title !== undefined && (one.type !== undefined || one.author !== undefined || Object.keys(one).length === 1));

/** Entries of a list, of one alone, or within the answer that Crossref gives. */
function entriesOfCsl(document: Json): JsonRecord[] {
  const [record] = Array.isArray(document) ? [] : recordsOf(document);
  const message = recordsOf(record?.message)[0];
  const inner = message?.items ?? message ?? record?.items;
  return recordsOf(inner !== undefined && recordsOf(inner).some(isCslEntry) ? inner : document);
}

function readCsl(text: string): ReadPublications {
  const parsed = parseJsonDocument(text);
  if ('issue' in parsed)
    return {
      form: 'csl-json',
      publications: [],
      issues: [publicationIssue('publication-unreadable', parsed.issue.message)],
    };
  const records = entriesOfCsl(parsed.document);
  const publications = records.filter(isCslEntry).map((one): Publication => {
    const date = recordsOf(one.issued)[0] ?? {};
    const parts = Array.isArray(date['date-parts']) ? (date['date-parts'][0] as Json | undefined) : undefined;
    return filled<Publication>({
      title: titleOfWork(textsOf(one.title)[0]),
      authors: recordsOf(one.author).flatMap(
        (author: JsonRecord) =>
          textOf(author.literal) ??
          ([
            [textOf(author['non-dropping-particle']), textOf(author.family)].filter(Boolean).join(' '),
            textOf(author.given),
          ]
            .filter(Boolean)
            .join(', ') ||
            []),
      ),
      doi: doiOf(textOf(one.DOI)),
      pubmedId: textOf(one.PMID),
      pmcId: textOf(one.PMCID),
      year: yearOf(textOf(Array.isArray(parts) ? parts[0] : undefined) ?? textOf(date.raw) ?? textOf(date.literal)),
      venue: textsOf(one['container-title'])[0],
      volume: textOf(one.volume),
      issue: textOf(one.issue),
      pages: textOf(one.page),
      url: textOf(one.URL),
      keywords: keywordsOf(textOf(one.keyword)),
    });
  });
  const issues =
    publications.length === 0
      ? [publicationIssue('publication-unreadable', 'The JSON has no entry with a title or DOI')]
      : [];
  return { form: 'csl-json', publications, issues };
}

/** Accents of LaTeX as combining characters. */
const accents: Readonly<Record<string, string>> = {
  '`': '\u0300',
  "'": '\u0301',
  '^': '\u0302',
  '~': '\u0303',
  '"': '\u0308',
  '=': '\u0304',
  '.': '\u0307',
  u: '\u0306',
  v: '\u030c',
  H: '\u030b',
  c: '\u0327',
  k: '\u0328',
  r: '\u030a',
  d: '\u0323',
};
const letters: Readonly<Record<string, string>> = {
  ss: 'ß',
  o: 'ø',
  O: 'Ø',
  l: 'ł',
  L: 'Ł',
  ae: 'æ',
  AE: 'Æ',
  oe: 'œ',
  OE: 'Œ',
  aa: 'å',
  AA: 'Å',
  i: 'ı',
  j: 'ȷ',
  textmu: 'µ',
  textbackslash: '\\',
  textasciitilde: '~',
  textasciicircum: '^',
};

/** Text of a LaTeX value: accents composed, escapes and braces gone. */
export function plainLatex(value: string): string {
  return value
    .replace(/\\([`'^~"=.])\s*\{?\\?([A-Za-zıȷ])\}?/g, (_, accent: string, letter: string) => letter + accents[accent])
    .replace(
      /\\([uvHckrd])\s*\{\\?([A-Za-z])\}|\\([uvHckrd])\s+([A-Za-z])/g,
      (_, a: string, b: string, c: string, d: string) => (b ?? d) + accents[a ?? c],
    )
    .replace(
      /\\([A-Za-z]+)(\{\}|\s+|(?![A-Za-z]))/g,
      (whole, name: string) =>
        letters[name] ?? (/^(emph|textit|textbf|textsc|text|mathrm|it|bf)$/.test(name) ? '' : whole),
    )
    .replace(/\\([&%$#_{}])/g, '\ue000$1')
    .replace(/(?<!\ue000)[{}]/g, '')
    .replaceAll('\ue000', '')
    .replace(/(?<!\\)~/g, ' ')
    .replace(/---?/g, '–')
    .replace(/\s+/g, ' ')
    .trim()
    .normalize('NFC');
}

function readBibtex(text: string): ReadPublications {
  const entries: { type: string; fields: Map<string, string> }[] = [];
  const issues: Issue[] = [];
  const strings = new Map<string, string>();
  const start = /@(\w+)\s*[{(]/g;
  for (let match = start.exec(text); match; match = start.exec(text)) {
    const type = match[1]!.toLowerCase();
    if (type === 'comment' || type === 'preamble') continue;
    const body = new BibtexBody(text, start.lastIndex, strings);
    const fields = body.read(type === 'string');
    start.lastIndex = Math.max(body.at, start.lastIndex);
    if (!body.isClosed) issues.push(publicationIssue('publication-cut', `The BibTeX entry @${type} is not closed`));
    if (type === 'string') for (const [name, value] of fields) strings.set(name, value);
    else entries.push({ type, fields });
  }
  const publications = entries.map(({ fields }): Publication => {
    const one = (...names: string[]) => {
      const value = names.map((name) => fields.get(name)).find((text) => text !== undefined);
      return value === undefined ? undefined : plainLatex(value) || undefined;
    };
    return filled<Publication>({
      title: titleOfWork(one('title')),
      authors: (fields.get('author') ?? '')
        .split(/\s+and\s+/i)
        .map(plainLatex)
        .filter((name) => name !== '' && name !== 'others'),
      doi: doiOf(one('doi')),
      pubmedId: /^\d+$/.test(one('pmid') ?? '') ? one('pmid') : undefined,
      pmcId: one('pmcid'),
      year: yearOf(one('year', 'date')),
      venue: one('journal', 'journaltitle', 'booktitle'),
      volume: one('volume'),
      issue: one('number', 'issue'),
      pages: one('pages')?.replace(/\s*–\s*/g, '-'),
      url: fields.get('url')?.replace(/\\([%_#&])/g, '$1'),
      keywords: keywordsOf(one('keywords', 'keyword')),
    });
  });
  if (publications.length === 0)
    issues.push(publicationIssue('publication-unreadable', 'The text has no BibTeX entry'));
  return { form: 'bibtex', publications, issues };
}

/** The inside of a BibTeX entry. */
class BibtexBody {
  at: number;
  isClosed = false;
  private readonly text: string;
  private readonly strings: ReadonlyMap<string, string>;

  constructor(text: string, at: number, strings: ReadonlyMap<string, string>) {
    this.text = text;
    this.at = at;
    this.strings = strings;
  }

  read(isString: boolean): Map<string, string> {
    const fields = new Map<string, string>();
    if (!isString) {
      const key = /[^,}]*,?/y;
      key.lastIndex = this.at;
      this.at += key.exec(this.text)?.[0].length ?? 0;
    }
    for (;;) {
      const field = /[\s,]*([A-Za-z][\w:.-]*)\s*=\s*/y;
      field.lastIndex = this.at;
      const match = field.exec(this.text);
      if (!match) break;
      this.at += match[0].length;
      const value = this.value();
      if (!fields.has(match[1]!.toLowerCase())) fields.set(match[1]!.toLowerCase(), value);
    }
    const end = /[\s,]*[})]/y;
    end.lastIndex = this.at;
    const closed = end.exec(this.text);
    this.isClosed = closed !== null;
    this.at += closed?.[0].length ?? 0;
    return fields;
  }

  private value(): string {
    let whole = '';
    for (;;) {
      whole += this.piece();
      const more = /\s*#\s*/y;
      more.lastIndex = this.at;
      const match = more.exec(this.text);
      if (!match) return whole;
      this.at += match[0].length;
    }
  }

  private piece(): string {
    const open = this.text[this.at];
    if (open !== '{' && open !== '"') {
      const word = /[^\s,}#)]*/y;
      word.lastIndex = this.at;
      const found = word.exec(this.text)![0];
      this.at += found.length;
      return this.strings.get(found.toLowerCase()) ?? found;
    }
    let depth = 0;
    const from = ++this.at;
    for (; this.at < this.text.length; this.at++) {
      const character = this.text[this.at];
      if (character === '\\') this.at++;
      else if (character === '{') depth++;
      else if (character === '}' && depth > 0) depth--;
      else if (depth === 0 && character === (open === '{' ? '}' : '"')) break;
    }
    const value = this.text.slice(from, this.at);
    this.at = Math.min(this.at + 1, this.text.length);
    return value;
  }
}
