import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { checkDataCite, dataCiteXmlOfJson, type Json, type JsonRecord } from '@micrarium/standards';

/** The schema of kernel 4.6, where the folder of real files is there and `xmllint` is installed. */
export const kernel46 = join(import.meta.dirname, '../../../shared/data/metadata/datacite/kernel-4.6/metadata.xsd');
export const hasSchema = existsSync(kernel46) && spawnSync('xmllint', ['--version']).status === 0;

/** A record in the words of DataCite's REST interface. */
export type Attributes = Record<string, unknown>;

/**
 * What goes wrong with a request that writes: an answer of this status; the connection is cut before anything is done (`cut`), or after all of it
 * is done (`cut after`); no answer before `letGo` (`silence`); an answer that is no JSON (`nonsense`); or the record is kept and the resolver
 * is not told, which is answered as success (`resolver`).
 */
export type RegistrarFault = number | 'cut' | 'cut after' | 'silence' | 'nonsense' | 'resolver';

/** A registrar on this machine. */
export interface LocalRegistrar {
  /** Address of its REST interface; `URL/DOI` is the resolver. */
  url: string;
  /** What it holds. */
  dois: Map<string, Attributes>;
  /** Where the resolver leads, which it writes after its own record. */
  targets: Map<string, unknown>;
  /** Faults of the next requests that write, one after another; `undefined`: none. */
  faults: (RegistrarFault | undefined)[];
  /** Statuses that the next requests that read are refused with, one after another. */
  refusals: number[];
  /** Requests that write, in the order they came, refused ones too: method and DOI. */
  written: string[];
  /** All requests so far. */
  asked: number;
  /** Ends the silence of those that were given none. */
  letGo(): void;
  close(): Promise<void>;
}

const registeredWhere = /^(https?|ftp):\/\/./;
const doiForm = /^10\.\d{4,5}\/[-._;()/:*~$=a-z0-9]+$/;
const mostBody = 1_000_000;

/** The states an event leads to, by the state before it; what is not here is ignored without a word. */
const ways: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  draft: { register: 'registered', publish: 'findable' },
  registered: { publish: 'findable', show: 'findable' },
  findable: { hide: 'registered' },
};

/** What keeps a record from being registered; only the first of each attribute is told. */
function faultsOf(attributes: Attributes, domain: string | undefined): { source: string; title: string }[] {
  const { url } = attributes;
  if (typeof url !== 'string' || !registeredWhere.test(url)) return [{ source: 'url', title: "Can't be blank" }];
  if (domain !== undefined && new URL(url).hostname !== domain)
    return [{ source: 'url', title: 'URL is not allowed by repository domain settings.' }];
  const missing = checkDataCite(attributes as Json).find(({ severity }) => severity === 'error');
  if (missing) return [{ source: missing.where?.field ?? 'xml', title: missing.message }];
  if (!hasSchema) return [];
  const xml = dataCiteXmlOfJson(attributes as JsonRecord);
  const found = spawnSync('xmllint', ['--nonet', '--noout', '--schema', kernel46, '-'], {
    input: xml,
    encoding: 'utf8',
  });
  return found.status === 0 ? [] : [{ source: 'xml', title: found.stderr.split('\n')[0]! }];
}

/** A record as it is answered: with things of the registrar's own, and licences by their names in small letters. */
function asAnswered(held: Attributes, query: URLSearchParams): Attributes {
  const rights = (held['rightsList'] as { rightsIdentifier?: string }[] | undefined) ?? [];
  const publisher = held['publisher'] as { name?: string } | undefined;
  const people = (name: string) =>
    ((held[name] as { affiliation?: { name: string }[] }[] | undefined) ?? []).map((one) => ({
      nameIdentifiers: [],
      ...one,
      affiliation:
        query.get('affiliation') === 'true'
          ? (one.affiliation ?? [])
          : (one.affiliation ?? []).map(({ name: of }) => of),
    }));
  return {
    container: {},
    viewCount: 0,
    ...held,
    creators: people('creators'),
    contributors: people('contributors'),
    publisher: query.get('publisher') === 'true' ? publisher : publisher?.name,
    types: { ...(held['types'] as object), ris: 'DATA', schemaOrg: 'Dataset' },
    dates: [
      ...((held['dates'] as object[] | undefined) ?? []),
      ...(held['publicationYear'] === undefined ? [] : [{ date: String(held['publicationYear']), dateType: 'Issued' }]),
    ],
    rightsList: rights.map((one) =>
      one.rightsIdentifier === undefined ? one : { ...one, rightsIdentifier: one.rightsIdentifier.toLowerCase() },
    ),
  };
}

const saying = (status: number, title: string) => [status, { errors: [{ status: String(status), title }] }] as const;
type Answer = readonly [status: number, body: object | undefined, headers?: Record<string, string>];

/**
 * DataCite's REST interface for one repository account, as far as DOIs go: the table of states and what it ignores, forms of DOIs, the whole record
 * validated with each save of one that is registered, the 4.6 schema, drafts and registered ones shown to their account alone, the resolver
 * written after the record, and faults that are asked for (metadata-standards, 10.2; checked there in the registrar's source). It is not DataCite.
 * @param account `domain`: the one that addresses must have
 */
export async function openLocalRegistrar(account: {
  repository: string;
  password: string;
  prefix: string;
  domain?: string;
}): Promise<LocalRegistrar> {
  const dois = new Map<string, Attributes>();
  const targets = new Map<string, unknown>();
  const silent = new Set<() => void>();
  const registrar = {
    faults: [] as (RegistrarFault | undefined)[],
    refusals: [] as number[],
    written: [] as string[],
    asked: 0,
  };
  const credentials = `Basic ${Buffer.from(`${account.repository}:${account.password}`).toString('base64')}`;

  function save(method: string, named: string | undefined, sent: Attributes, isResolverDown: boolean): Answer {
    const { event, ...given } = sent;
    const asked = named ?? (typeof given['doi'] === 'string' ? given['doi'] : undefined);
    const random = () => Math.random().toString(36).slice(2, 6);
    const doi = (asked ?? `${account.prefix}/${random()}-${random()}`).toLowerCase();
    const before = dois.get(doi);
    if (method === 'POST' && before)
      return [422, { errors: [{ source: 'doi', title: 'This DOI has already been taken', uid: doi }] }];
    if (!doiForm.test(doi))
      return named
        ? saying(404, "The resource you are looking for doesn't exist.")
        : [422, { errors: [{ source: 'doi', title: 'is invalid' }] }];
    if (!doi.startsWith(`${account.prefix}/`)) return saying(403, 'You are not authorized to perform this action.');
    for (const [name, value] of Object.entries(given))
      if (
        /^(creators|titles|subjects|contributors|dates|relatedIdentifiers|rightsList|descriptions|fundingReferences|sizes|formats)$/.test(
          name,
        ) &&
        !Array.isArray(value)
      )
        return [422, { errors: [{ source: name, title: `${name} should be an array` }] }];
    const state = (before?.['state'] as string | undefined) ?? 'draft';
    // An event that is unknown, or does not fit the state, is ignored.
    const next = ways[state]?.[String(event)] ?? state;
    // What is not named stays as it was.
    const after: Attributes = { ...before, ...given, doi, state: next };
    if (after['url'] !== undefined && !registeredWhere.test(String(after['url'])))
      return [422, { errors: [{ source: 'url', title: 'URL is not valid' }] }];
    if (next !== 'draft') {
      const errors = faultsOf(after, account.domain);
      if (errors.length > 0) return [422, { errors: errors.map((one) => ({ ...one, uid: doi })) }];
    }
    dois.set(doi, after);
    // After its own record, and without a word where that fails.
    if (next !== 'draft' && !isResolverDown) targets.set(doi, after['url']);
    return [
      before ? 200 : 201,
      { data: { id: doi, type: 'dois', attributes: asAnswered(after, new URLSearchParams()) } },
    ];
  }

  async function answer(request: IncomingMessage, isResolverDown: boolean): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://registrar.invalid');
    const [, name, isTarget] = /^\/dois(?:\/([^/]+)(\/get-url)?)?$/.exec(pathname) ?? [];
    const doi = name === undefined ? undefined : decodeURIComponent(name).toLowerCase();
    const { method = '' } = request;
    if (pathname.startsWith('/10.')) {
      // The resolver, at the same address.
      const location = targets.get(decodeURIComponent(pathname.slice(1)).toLowerCase());
      return typeof location === 'string' ? [302, undefined, { location }] : [404, undefined];
    }
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const isKnown = request.headers.authorization === credentials;
    if (request.headers.authorization !== undefined && !isKnown) return saying(401, 'Bad credentials.');
    if (method === 'GET') {
      const held = doi === undefined ? undefined : dois.get(doi);
      if (!held || (!isKnown && held['state'] !== 'findable'))
        return saying(404, "The resource you are looking for doesn't exist.");
      if (!isTarget) return [200, { data: { id: doi, type: 'dois', attributes: asAnswered(held, searchParams) } }];
      if (held['state'] === 'draft') return held['url'] === undefined ? [204, undefined] : [200, { url: held['url'] }];
      return targets.has(doi!) ? [200, { url: targets.get(doi!) }] : saying(404, 'Handle not found');
    }
    if (!isKnown) return saying(401, 'Bad credentials.');
    if (method === 'DELETE') {
      const held = doi === undefined ? undefined : dois.get(doi);
      if (!held) return saying(404, "The resource you are looking for doesn't exist.");
      if (held['state'] !== 'draft')
        return [...saying(405, 'Method not allowed'), { allow: 'HEAD, GET, POST, PATCH, PUT, OPTIONS' }];
      dois.delete(doi!);
      return [204, undefined];
    }
    const body = Buffer.concat(parts);
    if (body.length > mostBody) return saying(413, 'Too large');
    if (!/^application\/(vnd\.api\+)?json/.test(request.headers['content-type'] ?? ''))
      return saying(415, 'Unsupported media type');
    let sent: unknown;
    try {
      sent = JSON.parse(body.toString());
    } catch {
      return saying(400, 'You need to provide a payload following the JSONAPI spec');
    }
    const attributes = (sent as { data?: { attributes?: Attributes } }).data?.attributes;
    if (!attributes) return saying(400, 'You need to provide a payload following the JSONAPI spec');
    if (doi === undefined ? method === 'POST' : method === 'PUT' || method === 'PATCH')
      return save(method, doi, attributes, isResolverDown);
    return saying(404, "The resource you are looking for doesn't exist.");
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    registrar.asked++;
    const isWriting = !['GET', 'HEAD'].includes(request.method ?? '');
    if (request.method !== 'GET')
      registrar.written.push(`${request.method} ${decodeURIComponent(request.url ?? '').slice('/dois/'.length)}`);
    const fault = isWriting ? registrar.faults.shift() : registrar.refusals.shift();
    if (fault === 'cut') return void request.socket.destroy();
    if (fault === 'silence') await new Promise<void>((go) => silent.add(go));
    const [status, body, headers] =
      typeof fault === 'number' ? saying(fault, 'Not now') : await answer(request, fault === 'resolver');
    if (fault === 'cut after') return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'application/vnd.api+json', ...headers });
    response.end(fault === 'nonsense' ? '<html>Bad gateway' : body === undefined ? undefined : JSON.stringify(body));
  }

  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const letGo = () => {
    for (const go of silent) go();
    silent.clear();
  };
  return Object.assign(registrar, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dois,
    targets,
    letGo,
    close: async () => {
      letGo();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}
