import { statementsOfSources, sourcesOf } from './fair-sources.ts';
import type { FairContent } from './fair-statements.ts';
import { doiResolver, type PersistentIdentifier, readPersistent } from './persistent.ts';
import { readPage } from './read-page.ts';
import { readLinkHeader, readLinkSet, type TypedLink } from './typed-links.ts';

/** What is asked of a server. */
export interface FairRequest {
  method: 'GET' | 'HEAD';
  accept?: string;
  /** `bytes=0-0`: no more of a file is needed. */
  range?: string;
}

/** One answer; redirects are answers too. */
export interface FairReply {
  /** 0 where nothing answered; `text` then says why. */
  status: number;
  /** By their names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** Text of the answer, cut at `mostText` characters; `''` for HEAD and for ranges. */
  text: string;
}

/** Asks once, without following redirects. It never throws for what the network or the server does. */
export type FairAsk = (address: string, request: FairRequest) => Promise<FairReply>;

/** Characters of an answer that are looked at. */
export const mostText = 8_000_000;

/** What came of an address, at the end of its redirects. */
export interface FairAnswer {
  address: string;
  status: number;
  mediaType: string;
  headers: Readonly<Record<string, string>>;
  text: string;
  /** Redirects on the way. */
  hops: number;
}

/** Metadata that the page leads to. */
export interface FairDocument extends FairAnswer {
  way: 'typed link' | 'content negotiation';
}

/** A file that was asked for. */
export interface FairFile {
  content: FairContent;
  address: string;
  status: number;
  mediaType: string;
  /** Bytes as the server says; left out where it does not. */
  size?: number;
}

/** A persistent identifier that was asked of its authority. */
export interface FairIdentifier extends PersistentIdentifier {
  /** Does the authority lead anywhere for it? */
  isRegistered: boolean;
  /** Where it ends. */
  leadsTo: string;
}

/** All that a harvester saw of a study, by nothing but HTTP from one address on. */
export interface FairHarvest {
  asked: string;
  page: FairAnswer;
  links: TypedLink[];
  documents: FairDocument[];
  identifiers: FairIdentifier[];
  files: FairFile[];
}

const mostHops = 10;
const mostDocuments = 12;
const mostIdentifiers = 3;
const mostFiles = 3;
/** Forms asked for at the address of the page. */
const negotiatedForms = ['application/ld+json', 'text/turtle', 'application/vnd.datacite.datacite+json'] as const;
const isWeb = (address: string) => /^https?:\/\//i.test(address);

/** Asks and follows redirects, on the web only. */
async function follow(ask: FairAsk, from: string, request: FairRequest): Promise<FairAnswer> {
  let address = from.replace(/#.*$/s, '');
  for (let hops = 0; ; hops++) {
    const reply: FairReply = isWeb(address)
      ? await ask(address, request)
      : { status: 0, headers: {}, text: 'it is no address of the web' };
    const { location } = reply.headers;
    const isRedirect = reply.status >= 300 && reply.status < 400 && location !== undefined;
    const next = isRedirect && URL.canParse(location, address) ? new URL(location, address).href : undefined;
    if (next === undefined || hops >= mostHops) {
      const mediaType = (reply.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
      return { address, status: reply.status, mediaType, headers: reply.headers, text: reply.text, hops };
    }
    address = next.replace(/#.*$/s, '');
  }
}

/** Links of the page: header, HTML, and the link sets they name. */
async function linksOf(ask: FairAsk, page: FairAnswer): Promise<TypedLink[]> {
  const links: TypedLink[] = [
    ...readLinkHeader(page.headers.link ?? '', page.address),
    ...readPage(page.text, page.address).links,
  ].filter(({ anchor }) => anchor === page.address);
  const sets = links.filter(
    ({ rel, type }) => rel === 'linkset' && (type ?? 'application/linkset+json').endsWith('json'),
  );
  // The page of a study and that of its newest version are one: the link set names the latter.
  const homes = new Set([page.address, ...links.filter(({ rel }) => rel === 'canonical').map(({ href }) => href)]);
  for (const { href } of sets.slice(0, 2)) {
    const set = await follow(ask, href, { method: 'GET', accept: 'application/linkset+json' });
    if (set.status === 200)
      for (const link of readLinkSet(set.text, set.address)) if (homes.has(link.anchor)) links.push(link);
  }
  return [...new Map(links.map((link) => [`${link.rel} ${link.href}`, link])).values()];
}

async function documentsOf(ask: FairAsk, page: FairAnswer, links: readonly TypedLink[]): Promise<FairDocument[]> {
  const documents: FairDocument[] = [];
  for (const { href, type } of links.filter(({ rel }) => rel === 'describedby').slice(0, mostDocuments))
    documents.push({
      ...(await follow(ask, href, { method: 'GET', ...(type ? { accept: type } : {}) })),
      way: 'typed link',
    });
  for (const accept of negotiatedForms) {
    const answer = await follow(ask, page.address, { method: 'GET', accept });
    // A server that gives its page whatever it is asked for does not negotiate.
    if (answer.mediaType === accept) documents.push({ ...answer, way: 'content negotiation' });
  }
  return documents.filter(({ status }) => status === 200);
}

/** Files to try: of different types first. */
function chosenFiles(contents: readonly FairContent[], base: string): { content: FairContent; address: string }[] {
  const all = contents.flatMap((content) => {
    const address = URL.canParse(content.address, base) ? new URL(content.address, base).href : '';
    return isWeb(address) ? [{ content, address }] : [];
  });
  const one = new Map(all.map((file) => [file.address, file]));
  const types = new Map([...one.values()].map((file) => [file.content.mediaType ?? file.address, file]));
  return [...new Set([...types.values(), ...one.values()])].slice(0, mostFiles);
}

async function tried(ask: FairAsk, content: FairContent, address: string): Promise<FairFile> {
  let answer = await follow(ask, address, { method: 'HEAD' });
  // Signed addresses of object storages take the one method they were signed for.
  if (answer.status >= 400) answer = await follow(ask, address, { method: 'GET', range: 'bytes=0-0' });
  const { status, mediaType, headers } = answer;
  const whole =
    /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1] ?? (status === 200 ? headers['content-length'] : undefined);
  const isPlain = headers['content-encoding'] === undefined && whole !== undefined && /^\d+$/.test(whole);
  return { content, address, status, mediaType, ...(isPlain ? { size: Number(whole) } : {}) };
}

/**
 * Looks at a study as a program that knows nothing of it: from an address (of its page, or of its DOI at the resolver) over its links to
 * metadata, identifiers and files. Nothing is written anywhere, and of files not more than a byte is read.
 * @param ask the network: one request, one answer
 * @param resolver where DOIs are resolved, without a slash at the end
 */
export async function harvestForFair(address: string, ask: FairAsk, resolver = doiResolver): Promise<FairHarvest> {
  const page = await follow(ask, address, { method: 'GET', accept: 'text/html,application/xhtml+xml;q=0.9' });
  const harvest: FairHarvest = { asked: address, page, links: [], documents: [], identifiers: [], files: [] };
  if (page.status !== 200) return harvest;
  harvest.links = await linksOf(ask, page);
  harvest.documents = await documentsOf(ask, page, harvest.links);
  const said = statementsOfSources(sourcesOf(harvest));
  const persistent = said.identifiers.flatMap((text) => readPersistent(text, resolver) ?? []);
  for (const one of [...new Map(persistent.map((found) => [found.address, found])).values()].slice(
    0,
    mostIdentifiers,
  )) {
    const { status, hops, address: leadsTo } = await follow(ask, one.address, { method: 'GET', accept: 'text/html' });
    // An authority that only sends to another spelling of its own address says nothing yet.
    const isAway = new URL(leadsTo).host !== new URL(one.address).host;
    harvest.identifiers.push({ ...one, isRegistered: hops > 0 && (isAway || status === 200), leadsTo });
  }
  for (const { content, address: file } of chosenFiles(said.contents, page.address))
    harvest.files.push(await tried(ask, content, file));
  return harvest;
}
