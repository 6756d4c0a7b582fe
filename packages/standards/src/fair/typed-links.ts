import { deepestJson, depthOfJson, isRecord, type Json, listOf, textOf } from '../json/json.ts';

/** A typed link as a harvester sees it: FAIR Signposting, RFC 8288 and RFC 9264. Addresses are absolute. */
export interface TypedLink {
  rel: string;
  href: string;
  /** Media type of what it leads to, as stated. */
  type?: string;
  /** Where it starts. */
  anchor: string;
}

/** Links taken of one header, page or link set. */
const mostLinks = 10_000;

const absolute = (href: string, base: string) => (URL.canParse(href, base) ? new URL(href, base).href : undefined);

/**
 * Reads a `Link` header (RFC 8288). What cannot be read is passed over.
 * @param base address of the answer it came with
 */
export function readLinkHeader(header: string, base: string): TypedLink[] {
  const links: TypedLink[] = [];
  const start = /[\s,]*<([^<>]*)>/y;
  const parameter = /\s*;\s*([\w!#$&+.^`|~*-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s;,"]*)))?/y;
  let at = 0;
  for (;;) {
    start.lastIndex = at;
    const target = start.exec(header);
    if (!target || links.length >= mostLinks) return links;
    at = start.lastIndex;
    const parameters = new Map<string, string>();
    for (;;) {
      parameter.lastIndex = at;
      const found = parameter.exec(header);
      if (!found) break;
      at = parameter.lastIndex;
      // The first of each name counts.
      if (!parameters.has(found[1]!.toLowerCase())) parameters.set(found[1]!.toLowerCase(), found[2] ?? found[3] ?? '');
    }
    addLinks(links, target[1]!, parameters, base);
  }
}

/** Adds a link for each relation that is named. */
export function addLinks(
  links: TypedLink[],
  target: string,
  parameters: ReadonlyMap<string, string>,
  base: string,
): void {
  const href = absolute(target, base);
  const anchor = absolute(parameters.get('anchor') ?? '', base);
  if (href === undefined || anchor === undefined) return;
  const type = parameters.get('type');
  for (const rel of (parameters.get('rel') ?? '').split(/\s+/).filter(Boolean))
    links.push({ rel: rel.toLowerCase(), href, ...(type ? { type } : {}), anchor });
}

/** Reads a link set in its JSON form (RFC 9264); nothing where it is none. */
export function readLinkSet(text: string, base: string): TypedLink[] {
  const document = parsedJson(text);
  const links: TypedLink[] = [];
  if (!isRecord(document)) return links;
  for (const set of listOf(document.linkset)) {
    if (!isRecord(set)) continue;
    const anchor = absolute(textOf(set.anchor) ?? '', base);
    if (anchor === undefined) continue;
    for (const [rel, targets] of Object.entries(set))
      for (const target of rel === 'anchor' ? [] : listOf(targets)) {
        const href = isRecord(target) ? absolute(textOf(target.href) ?? '', base) : undefined;
        if (!isRecord(target) || href === undefined || links.length >= mostLinks) continue;
        const type = textOf(target.type);
        links.push({ rel, href, ...(type ? { type } : {}), anchor });
      }
  }
  return links;
}

/** A JSON document out of the hands of others; `undefined` where it is none, or nests too deep to be walked. */
export function parsedJson(text: string): Json | undefined {
  if (depthOfJson(text) > deepestJson) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
