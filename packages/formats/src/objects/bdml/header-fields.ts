import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { attributeText } from '../../tracks/trackmate-xml/features.ts';
import type { BdmlVersion } from './vocabulary.ts';

/** An element of a header. */
interface Element {
  name: string;
  text: string;
  ontologyRef: string | undefined;
  children: Element[];
}

/** A header that was read, as a tree; `undefined` where the text is none. */
export interface ParsedHeader {
  version: string;
  root: Element;
}

/** Reads a header that the reader kept; any other text gives `undefined`. */
export function parseHeader(text: string | undefined): ParsedHeader | undefined {
  if (text === undefined || !text.startsWith('<bdml ') || text.length > 1 << 21) return undefined;
  const parser = new SaxesParser();
  const root: Element = { name: '', text: '', ontologyRef: undefined, children: [] };
  const open: Element[] = [root];
  let version = '';
  let faulty = false;
  parser.on('error', () => (faulty = true));
  parser.on('doctype', () => (faulty = true));
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    if (name === 'bdml') version = attributes['version'] ?? '';
    const element: Element = { name, text: '', ontologyRef: attributes['ontologyRef'], children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (piece) => {
    const last = open.at(-1);
    if (last) last.text += piece;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  const [bdml] = root.children;
  return faulty || bdml?.name !== 'bdml' ? undefined : { version, root: bdml };
}

/** What is written where a required field is not known. */
const unknown = 'unknown';

/** A header as text in the order of the schema, with the names of the required fields that had to be invented. */
export interface WrittenHeader {
  text: string;
  invented: string[];
  lost: string[];
}

/** Writes a header, from the one that was read as far as there is one. */
export function writtenHeader(
  parsed: ParsedHeader | undefined,
  version: BdmlVersion,
  known: { id: string; title: string | undefined; today: string },
): WrittenHeader {
  const fields = new Fields(parsed?.root);
  const isNew = version === '3.0';
  const info = [
    fields.required('info', 'bdmlID', known.id, /^[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$/, false),
    fields.required('info', 'title', known.title ?? unknown),
    isNew ? '' : fields.required('info', 'version', '1', /^\+?0*[1-9]\d*$/, false),
    fields.required('info', 'release', known.today, /^\d{4}-\d\d-\d\d$/, false),
    fields.required('info', 'license', unknown),
  ];
  const summary = [
    fields.required('summary', 'description', unknown),
    fields.required('summary', 'datatype', unknown, /./, true, isNew),
    isNew ? fields.organisms() : fields.organism(unknown),
    fields.optional('summary', 'localID'),
    fields.required('summary', 'basedon', 'Experiment', /^(Experiment|Simulation)$/),
    isNew ? fields.people('summary', 'contributors') : fields.contributors(unknown),
    fields.optional('summary', 'citation'),
    fields.optional('summary', 'PMID', /^\+?0*[1-9]\d*$/),
    fields.optional('summary', 'dblink'),
  ];
  const contact = isNew ? fields.people('', 'contact') : element('contact', fields.oldContact(unknown));
  const guide = fields.value('methods', 'protocol') ?? fields.value('methods', 'pdpml');
  const methods = [
    fields.required('methods', 'summary', unknown),
    fields.optional('methods', 'source'),
    guide === undefined ? '' : element(isNew ? 'protocol' : 'pdpml', attributeText(guide)),
  ];
  const text = [
    element('info', info.join('')),
    isNew ? fields.ontology() : '',
    element('summary', summary.join('')),
    contact,
    element('methods', methods.join('')),
  ].join('\n');
  return { text, invented: [...new Set(fields.invented)], lost: parsed ? fields.lost(isNew) : [] };
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

const oldAddress = ['phone', 'URL', 'organization', 'department', 'laboratory', 'address'] as const;

/** Fields of a header, by the names of either version. */
class Fields {
  readonly invented: string[] = [];
  private readonly root: Element | undefined;

  constructor(root: Element | undefined) {
    this.root = root;
  }

  value(section: string, name: string): string | undefined {
    return child(child(this.root, section), name)?.text;
  }

  required(
    section: string,
    name: string,
    otherwise: string,
    pattern = /./,
    isReported = true,
    withRef = false,
  ): string {
    const found = child(child(this.root, section), name);
    const isGood = found !== undefined && pattern.test(found.text);
    if (!isGood && isReported) this.invented.push(`${section}/${name}`);
    const ref = withRef && isGood && found.ontologyRef ? ` ontologyRef="${attributeText(found.ontologyRef)}"` : '';
    return `<${name}${ref}>${attributeText(isGood ? found.text : otherwise)}</${name}>`;
  }

  optional(section: string, name: string, pattern = /./): string {
    const text = this.value(section, name);
    return text !== undefined && pattern.test(text) ? element(name, attributeText(text)) : '';
  }

  organisms(): string {
    return children(child(this.root, 'summary'), 'organism')
      .map(({ text, ontologyRef }) => {
        const ref = ontologyRef ? ` ontologyRef="${attributeText(ontologyRef)}"` : '';
        return `<organism${ref}>${attributeText(text)}</organism>`;
      })
      .join('');
  }

  organism(otherwise: string): string {
    const all = children(child(this.root, 'summary'), 'organism').map(({ text }) => text);
    if (all.length === 0) this.invented.push('summary/organism');
    return element('organism', attributeText(all.join('; ') || otherwise));
  }

  contributors(otherwise: string): string {
    const found = child(child(this.root, 'summary'), 'contributors');
    const people = children(found, 'person').map(fullName);
    const text = people.length > 0 ? people.join(', ') : (found?.text ?? '');
    if (text === '') this.invented.push('summary/contributors');
    return element('contributors', attributeText(text || otherwise));
  }

  /** People in the form of 3.0: as they are, or made of the one text or the one contact of 0.18. */
  people(section: string, name: string): string {
    const found = child(section === '' ? this.root : child(this.root, section), name);
    const people = children(found, 'person');
    if (people.length > 0) return element(name, people.map(person).join(''));
    const whole = name === 'contact' ? child(found, 'name')?.text : found?.text;
    if (!whole) this.invented.push(section === '' ? name : `${section}/${name}`);
    const mail = child(found, 'E-mail')?.text;
    const place =
      mail === undefined ? '' : element('affiliation', element('E-mail', attributeText(mail)) + address(found));
    const names = `<first-name></first-name>${element('last-name', attributeText(whole || 'unknown'))}`;
    return element(name, element('person', names + place));
  }

  /** The one contact of 0.18, or the first person of 3.0. */
  oldContact(otherwise: string): string {
    const contact = child(this.root, 'contact');
    const first = child(contact, 'person');
    const place = first ? child(first, 'affiliation') : contact;
    const name = first ? fullName(first) : child(contact, 'name')?.text;
    const mail = child(place, 'E-mail')?.text;
    const organization = child(place, 'organization')?.text;
    if (!name) this.invented.push('contact/name');
    if (!mail) this.invented.push('contact/E-mail');
    if (!organization) this.invented.push('contact/organization');
    const [before, after] = [oldAddress.slice(0, 2), oldAddress.slice(3)];
    return [
      element('name', attributeText(name || otherwise)),
      element('E-mail', attributeText(mail || otherwise)),
      address(place, before),
      element('organization', attributeText(organization || otherwise)),
      address(place, after),
    ].join('');
  }

  ontology(): string {
    const terms = children(child(this.root, 'ontology'), 'ontologyTerm').map((term) =>
      element(
        'ontologyTerm',
        ['id', 'term', 'ontologyID', 'ontologyURI']
          .map((name) => element(name, attributeText(child(term, name)?.text ?? '')))
          .join(''),
      ),
    );
    return terms.length > 0 ? element('ontology', terms.join('')) : '';
  }

  /** What of the header the other version has no place for. */
  lost(isNew: boolean): string[] {
    if (isNew) return this.value('info', 'version') === undefined ? [] : ['info/version'];
    const contact = child(this.root, 'contact');
    const people = children(contact, 'person');
    const contributors = children(child(child(this.root, 'summary'), 'contributors'), 'person');
    return [
      ...(child(this.root, 'ontology') ? ['ontology'] : []),
      ...(people.length > 1 ? [`${people.length - 1} further contacts`] : []),
      ...(people.some((one) => child(one, 'ORCID') || children(one, 'affiliation').length > 1)
        ? ['ORCID and further affiliations of contacts']
        : []),
      ...(contributors.some((one) => child(one, 'ORCID') || child(one, 'affiliation'))
        ? ['ORCID and affiliations of contributors']
        : []),
    ];
  }
}

function child(parent: Element | undefined, name: string): Element | undefined {
  return parent?.children.find((one) => one.name === name);
}

function children(parent: Element | undefined, name: string): Element[] {
  return parent?.children.filter((one) => one.name === name) ?? [];
}

function fullName(one: Element): string {
  return ['first-name', 'middle-name', 'last-name']
    .map((name) => child(one, name)?.text ?? '')
    .filter((part) => part !== '')
    .join(' ');
}

function address(place: Element | undefined, names: readonly string[] = oldAddress): string {
  return names
    .map((name) => {
      const text = child(place, name)?.text;
      return text ? element(name, attributeText(text)) : '';
    })
    .join('');
}

function person(one: Element): string {
  const name = (key: string) => element(key, attributeText(child(one, key)?.text ?? ''));
  const maybe = (key: string) => (child(one, key) ? name(key) : '');
  const places = children(one, 'affiliation').map((place) =>
    element('affiliation', element('E-mail', attributeText(child(place, 'E-mail')?.text ?? '')) + address(place)),
  );
  return element(
    'person',
    name('first-name') + name('last-name') + maybe('middle-name') + maybe('ORCID') + places.join(''),
  );
}
