import type { Json } from '../json/json.ts';
import { addLinks, parsedJson, type TypedLink } from './typed-links.ts';

/** What a page of HTML says to programs. */
export interface PageParts {
  links: TypedLink[];
  /** Meta tags: name or property, lower case. */
  meta: { name: string; content: string }[];
  /** JSON-LD documents embedded in it. */
  embedded: Json[];
}

/** Tags looked at; a page that has more is not read to its end. */
const mostTags = 20_000;
/** Elements whose content is text and nothing else. */
const rawElements = new Set(['script', 'style', 'textarea', 'title']);
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (text: string) =>
  text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi,
    (whole, decimal?: string, hex?: string, name = '') => {
      const code = decimal === undefined ? (hex === undefined ? undefined : Number.parseInt(hex, 16)) : Number(decimal);
      if (code !== undefined) return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      return entities[name.toLowerCase()] ?? whole;
    },
  );

/** Where the end tag of an element begins; -1 where there is none. */
function closeOf(html: string, name: string, from: number): number {
  const close = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
  close.lastIndex = from;
  return close.exec(html)?.index ?? -1;
}

/** Attributes of a tag from a place on, and where they end. */
function attributesAt(html: string, from: number): { attributes: Map<string, string>; end: number } {
  const attributes = new Map<string, string>();
  const one = /[\s/]*([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/y;
  let end = from;
  for (;;) {
    one.lastIndex = end;
    const found = one.exec(html);
    if (!found) return { attributes, end };
    end = one.lastIndex;
    const name = found[1]!.toLowerCase();
    if (!attributes.has(name)) attributes.set(name, unescaped(found[2] ?? found[3] ?? found[4] ?? ''));
  }
}

/**
 * Reads the links, meta tags and JSON-LD of a page, in one pass over its text: enough for what programs look for, and nothing is run.
 * @param address address of the page, which relative links start from
 */
export function readPage(html: string, address: string): PageParts {
  const parts: PageParts = { links: [], meta: [], embedded: [] };
  const tag = /<!--|<(link|meta|script|style|textarea|title)(?=[\s/>])/gi;
  for (let count = 0; count < mostTags; count++) {
    const found = tag.exec(html);
    if (!found) return parts;
    const name = found[1]?.toLowerCase();
    if (name === undefined) {
      const close = html.indexOf('-->', tag.lastIndex);
      if (close < 0) return parts;
      tag.lastIndex = close + 3;
      continue;
    }
    const { attributes, end } = attributesAt(html, tag.lastIndex);
    tag.lastIndex = end;
    if (name === 'link' && attributes.has('href')) addLinks(parts.links, attributes.get('href')!, attributes, address);
    if (name === 'meta') addMeta(parts, attributes);
    if (!rawElements.has(name)) continue;
    const open = html.indexOf('>', end);
    const close = open < 0 ? -1 : closeOf(html, name, open);
    if (close < 0) return parts;
    tag.lastIndex = close;
    if (name === 'script' && attributes.get('type')?.trim().toLowerCase() === 'application/ld+json') {
      const document = parsedJson(html.slice(open + 1, close));
      if (document !== undefined) parts.embedded.push(document);
    }
  }
  return parts;
}

function addMeta({ meta }: PageParts, attributes: ReadonlyMap<string, string>): void {
  const name = (attributes.get('name') ?? attributes.get('property') ?? '').trim().toLowerCase();
  const content = attributes.get('content')?.trim() ?? '';
  if (name !== '' && content !== '') meta.push({ name, content });
}
