import type { HarvestQuery, SearchDocument } from '@micrarium/repository';
import {
  exportDataCiteXml,
  graphOfStudy,
  readXml,
  type StudyGraph,
  type XmlElement,
  type XmlNode,
  writeXml,
} from '@micrarium/standards';
import { stateAccess } from '../access/stated-access.ts';
import { linksTo } from '../additions/study-relations.ts';
import { listCollections } from '../collections/collections.ts';
import { setsOf } from '../collections/memberships.ts';
import { listCommunities } from '../communities/communities.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { originOf } from './route.ts';
import { versionFor } from './study-access.ts';

/** Records of one answer. */
const perAnswer = 100;
const kinds = ['images', 'tracks', 'objects', 'tables'] as const;
/** Forms of a record, by prefix: with schema and namespace. */
const forms = {
  oai_dc: ['http://www.openarchives.org/OAI/2.0/oai_dc.xsd', 'http://www.openarchives.org/OAI/2.0/oai_dc/'],
  datacite: ['http://schema.datacite.org/meta/kernel-4.6/metadata.xsd', 'http://datacite.org/schema/kernel-4'],
  oai_datacite: ['http://schema.datacite.org/oai/oai-1.1/oai.xsd', 'http://schema.datacite.org/oai/oai-1.1/'],
} as const;
type Form = keyof typeof forms;
const verbs = ['Identify', 'ListMetadataFormats', 'ListSets', 'ListIdentifiers', 'ListRecords', 'GetRecord'] as const;
type Verb = (typeof verbs)[number];

/** A mistake of the harvester, said with HTTP 200 as the protocol wants it (OAI-PMH 2.0, section 3.6). */
class OaiError extends Error {
  override readonly name = 'OaiError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const wanted: Readonly<Record<Verb, { needed: readonly string[]; allowed: readonly string[] }>> = {
  Identify: { needed: [], allowed: [] },
  ListMetadataFormats: { needed: [], allowed: ['identifier'] },
  ListSets: { needed: [], allowed: ['resumptionToken'] },
  ListIdentifiers: { needed: ['metadataPrefix'], allowed: ['from', 'until', 'set', 'resumptionToken'] },
  ListRecords: { needed: ['metadataPrefix'], allowed: ['from', 'until', 'set', 'resumptionToken'] },
  GetRecord: { needed: ['identifier', 'metadataPrefix'], allowed: [] },
};

type Arguments = Readonly<Record<string, string>>;

/** @throws OaiError `badVerb`, `badArgument` */
function readArguments(given: URLSearchParams): { verb: Verb; args: Arguments } {
  const named = given.getAll('verb');
  const verb = verbs.find((one) => one === named[0]);
  if (!verb || named.length !== 1)
    throw new OaiError('badVerb', 'The verb is missing, repeated or not one of the six.');
  const args: Record<string, string> = {};
  for (const [name, value] of given) {
    if (name === 'verb') continue;
    const { needed, allowed } = wanted[verb];
    if (!needed.includes(name) && !allowed.includes(name))
      throw new OaiError('badArgument', `${verb} takes no argument ${name.slice(0, 60)}.`);
    if (Object.hasOwn(args, name)) throw new OaiError('badArgument', `The argument ${name} is repeated.`);
    args[name] = value;
  }
  if (args.resumptionToken !== undefined) {
    if (Object.keys(args).length > 1) throw new OaiError('badArgument', 'A resumptionToken stands alone.');
    return { verb, args };
  }
  for (const name of wanted[verb].needed)
    if (args[name] === undefined) throw new OaiError('badArgument', `${verb} needs the argument ${name}.`);
  return { verb, args };
}

const day = /^\d{4}-\d\d-\d\d$/;
const second = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const isDate = (text: string) => (day.test(text) || second.test(text)) && !Number.isNaN(Date.parse(text));

/** What is listed, with where the next answer goes on. */
interface Listing extends HarvestQuery {
  prefix: Form;
  cursor: number;
}

/** @throws OaiError `badArgument`, `cannotDisseminateFormat`, `badResumptionToken` */
function listingOf(args: Arguments): Listing {
  if (args.resumptionToken !== undefined) return readToken(args.resumptionToken);
  const prefix = formOf(args.metadataPrefix);
  const { from, until } = args;
  for (const date of [from, until])
    if (date !== undefined && !isDate(date))
      throw new OaiError(
        'badArgument',
        `"${date.slice(0, 40)}" is no date of the form YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.`,
      );
  if (from !== undefined && until !== undefined && (day.test(from) !== day.test(until) || from > until))
    throw new OaiError('badArgument', 'from and until are of one form, and from is not after until.');
  return {
    prefix,
    cursor: 0,
    limit: perAnswer + 1,
    ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
    // Both bounds are inclusive: to the end of the day or of the second.
    ...(until === undefined ? {} : { until: day.test(until) ? `${until}T23:59:59.999Z` : until.replace('Z', '.999Z') }),
    ...setOf(args.set),
  };
}

/** @throws OaiError `cannotDisseminateFormat` */
function formOf(prefix: string | undefined): Form {
  if (prefix === undefined || !Object.hasOwn(forms, prefix))
    throw new OaiError('cannotDisseminateFormat', `Records are given as ${Object.keys(forms).join(', ')}.`);
  return prefix as Form;
}

type SetQuery = Pick<HarvestQuery, 'licence' | 'kind' | 'collection' | 'community'>;

function setOf(set: string | undefined): SetQuery {
  if (set === undefined || set === 'licence' || set === 'type') return {};
  const [family, ...rest] = set.split(':');
  const value = rest.join(':');
  if (family === 'licence' && value !== '') return { licence: value };
  if (family === 'type' && (kinds as readonly string[]).includes(value)) return { kind: value };
  if (family === 'collection' && /^COL-\d{6,12}$/.test(value)) return { collection: value };
  if (family === 'community' && /^[a-z][a-z0-9-]{2,39}$/.test(value)) return { community: value };
  throw new OaiError('noRecordsMatch', 'There is no such set.');
}

/** The token is the question itself: harvests go on after a restart, on any server. What it holds is checked like any question. */
function tokenOf({ limit: _limit, ...listing }: Listing): string {
  return Buffer.from(JSON.stringify(listing)).toString('base64url');
}

function readToken(token: string): Listing {
  try {
    const read = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Record<string, unknown>;
    const { prefix, cursor, from, until, licence, kind, collection, community } = read;
    const after = read.after as { publishedAt: string; accession: string };
    const isInstant = (value: unknown): value is string =>
      typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value));
    const isText = (value: unknown) =>
      value === undefined || (typeof value === 'string' && value.length < 100 && !value.includes('\0'));
    if (
      typeof prefix !== 'string' ||
      !Object.hasOwn(forms, prefix) ||
      typeof cursor !== 'number' ||
      !Number.isSafeInteger(cursor) ||
      cursor < 0
    )
      throw new Error('shape');
    if (!isInstant(after.publishedAt) || typeof after.accession !== 'string' || after.accession.includes('\0'))
      throw new Error('key');
    if (
      ![from, until].every((one) => one === undefined || isInstant(one)) ||
      ![licence, kind, collection, community].every(isText)
    )
      throw new Error('bounds');
    const bounds = { from, until, licence, kind, collection, community } as Partial<HarvestQuery>;
    const known = Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== undefined));
    return {
      ...known,
      prefix: prefix as Form,
      cursor,
      limit: perAnswer + 1,
      after: { publishedAt: after.publishedAt, accession: after.accession },
    };
  } catch {
    throw new OaiError('badResumptionToken', 'This resumptionToken was not given by this repository.');
  }
}

const stamp = (iso: string) => `${new Date(iso).toISOString().slice(0, 19)}Z`;

/** A study, or what is told of a withdrawn one: its change is the withdrawal. */
type Harvested = SearchDocument & { changedAt: string; isWithdrawn?: boolean; sets?: readonly string[] };

/** An element that was read, to be written again; names without prefix, with the namespace they had where it changes. */
function nodeOf({ name, namespace, attributes, children }: XmlElement, within = ''): XmlNode {
  const told = Object.fromEntries(
    Object.entries(attributes).filter(([key]) => !key.startsWith('xmlns') || key === 'xmlns:xsi'),
  );
  // Blanks between elements are the layout of the text it was read from.
  const content = children.filter((one) => typeof one !== 'string' || one.trim() !== '' || children.length === 1);
  return [
    name,
    { ...(namespace === within ? {} : { xmlns: namespace }), ...told },
    ...content.map((one) => (typeof one === 'string' ? one : nodeOf(one, namespace))),
  ];
}

/** Answers one harvester. */
class Harvest {
  private readonly c: HttpContext;
  private readonly origin: string;
  private readonly contact: string;
  private readonly services: Services;

  constructor(c: HttpContext, origin: string, contact: string, services: Services) {
    this.c = c;
    this.origin = origin;
    this.contact = contact;
    this.services = services;
  }

  async answer(verb: Verb, args: Arguments): Promise<XmlNode> {
    if (verb === 'Identify') return await this.identify();
    if (verb === 'ListSets') return await this.sets(args);
    if (verb === 'ListMetadataFormats') return await this.formats(args);
    if (verb === 'GetRecord') {
      const form = formOf(args.metadataPrefix);
      const [study] = await this.inSets([await this.find(args.identifier!)]);
      return ['GetRecord', {}, await this.record(study!, form)];
    }
    return await this.list(verb, listingOf(args));
  }

  /** Studies with the collections and communities they are in. */
  private async inSets(studies: readonly Harvested[]): Promise<Harvested[]> {
    const sets = await setsOf(
      this.services.db,
      studies.map(({ accession }) => accession),
    );
    return studies.map((one) => ({ ...one, sets: sets.get(one.accession) ?? [] }));
  }

  private identifier({ accession }: Pick<SearchDocument, 'accession'>): string {
    return `oai:${new URL(this.origin).hostname}:${accession}`;
  }

  /** Studies by their last change, those that were withdrawn among them: deletions are told for ever. */
  private async changed(query: HarvestQuery): Promise<{ studies: Harvested[]; total: number }> {
    const [open, gone] = await Promise.all([
      this.services.search.changed(query),
      [query.licence, query.kind, query.collection, query.community].every((one) => one === undefined)
        ? this.services.states.withdrawn(query)
        : { studies: [], total: 0 },
    ]);
    const key = (one: Harvested) => `${one.changedAt} ${one.accession}`;
    const studies: Harvested[] = [...open.studies, ...gone.studies.map((one) => ({ ...one, isWithdrawn: true }))]
      .sort((a, b) => (key(a) < key(b) ? -1 : 1))
      .slice(0, query.limit);
    return { studies, total: open.total + gone.total };
  }

  private async find(identifier: string): Promise<Harvested> {
    const accession = identifier.slice(identifier.lastIndexOf(':') + 1);
    const found =
      identifier === this.identifier({ accession }) && /^[A-Z]+-\d{1,12}$/.test(accession)
        ? await this.services.studies.getVersion(accession, 'newest')
        : undefined;
    const page = found && (await this.services.search.changed({ accession, limit: 1 }));
    const withdrawn = found && (await this.services.states.withdrawn({ limit: 100_000 }));
    const study =
      page?.studies[0] ??
      withdrawn?.studies.filter((one) => one.accession === accession).map((one) => ({ ...one, isWithdrawn: true }))[0];
    if (!study) throw new OaiError('idDoesNotExist', 'There is no record with this identifier.');
    return study;
  }

  private async identify(): Promise<XmlNode> {
    const { studies } = await this.services.search.changed({ limit: 1 });
    return [
      'Identify',
      {},
      ['repositoryName', {}, 'Micrarium'],
      ['baseURL', {}, `${this.origin}/oai`],
      ['protocolVersion', {}, '2.0'],
      ['adminEmail', {}, this.contact],
      ['earliestDatestamp', {}, stamp(studies[0]?.changedAt ?? '2026-01-01T00:00:00.000Z')],
      ['deletedRecord', {}, 'persistent'],
      ['granularity', {}, 'YYYY-MM-DDThh:mm:ssZ'],
    ];
  }

  private async formats(args: Arguments): Promise<XmlNode> {
    if (args.identifier !== undefined) await this.find(args.identifier);
    return [
      'ListMetadataFormats',
      {},
      ...Object.entries(forms).map(
        ([prefix, [schema, namespace]]): XmlNode => [
          'metadataFormat',
          {},
          ['metadataPrefix', {}, prefix],
          ['schema', {}, schema],
          ['metadataNamespace', {}, namespace],
        ],
      ),
    ];
  }

  private async sets(args: Arguments): Promise<XmlNode> {
    if (args.resumptionToken !== undefined)
      throw new OaiError('badResumptionToken', 'The list of sets is never split.');
    const { facets } = await this.services.search.search({ filters: {}, sort: 'newest', limit: 1 });
    const [collections, communities] = await Promise.all([
      listCollections(this.services.db),
      listCommunities(this.services.db),
    ]);
    const set = (spec: string, name: string): XmlNode => ['set', {}, ['setSpec', {}, spec], ['setName', {}, name]];
    return [
      'ListSets',
      {},
      set('licence', 'By licence'),
      ...facets.licence.map(({ value }) => set(`licence:${value}`, value)),
      set('type', 'By kind of data'),
      ...kinds.map((kind) => set(`type:${kind}`, `Studies with ${kind}`)),
      ...collections.map(({ id, title }) => set(`collection:${id}`, title)),
      ...communities.map(({ slug, title }) => set(`community:${slug}`, title)),
    ];
  }

  private async list(verb: 'ListIdentifiers' | 'ListRecords', listing: Listing): Promise<XmlNode> {
    const { studies, total } = await this.changed(listing);
    const shown = await this.inSets(studies.slice(0, perAnswer));
    if (shown.length === 0 && listing.after === undefined) throw new OaiError('noRecordsMatch', 'Nothing matches.');
    const last = studies.length > perAnswer ? shown.at(-1)! : undefined;
    const about = { completeListSize: String(total), cursor: String(listing.cursor) };
    const next: XmlNode[] = last
      ? [
          [
            'resumptionToken',
            about,
            tokenOf({
              ...listing,
              cursor: listing.cursor + shown.length,
              after: { publishedAt: last.changedAt, accession: last.accession },
            }),
          ],
        ]
      : listing.after
        ? [['resumptionToken', about]]
        : [];
    return [
      verb,
      {},
      ...(await Promise.all(
        shown.map(async (study) =>
          verb === 'ListRecords' ? await this.record(study, listing.prefix) : this.header(study),
        ),
      )),
      ...next,
    ];
  }

  private header(study: Harvested): XmlNode {
    const sets = [`licence:${study.licence}`, ...study.kinds.map((kind) => `type:${kind}`), ...(study.sets ?? [])];
    return [
      'header',
      study.isWithdrawn ? { status: 'deleted' } : {},
      ['identifier', {}, this.identifier(study)],
      ['datestamp', {}, stamp(study.changedAt)],
      ...sets.map((spec): XmlNode => ['setSpec', {}, spec]),
    ];
  }

  /** The DataCite record of a study, as an element. */
  private async datacite({ accession, version }: Harvested): Promise<XmlNode> {
    const found = await versionFor(this.c, this.services, accession, version);
    const url = `${this.origin}/studies/${accession}`;
    const graph: StudyGraph = graphOfStudy({ ...found, files: [] }, { url, publisher: 'Micrarium' });
    stateAccess(graph, await this.services.states.of(accession));
    graph.contributors = graph.contributors.map(({ email: _email, ...one }) => one);
    graph.links.push(...(await linksTo(this.services.db, accession, url)));
    graph.links.push(...((await this.services.dois?.linksOf(found)) ?? []));
    const read = readXml(exportDataCiteXml(graph).document);
    if (!('root' in read)) throw new Error(`The DataCite record of ${accession} is no XML: ${read.fault.reason}`);
    return nodeOf(read.root);
  }

  private async record(study: Harvested, form: Form): Promise<XmlNode> {
    if (study.isWithdrawn) return ['record', {}, this.header(study)];
    if (form !== 'oai_dc') {
      const resource = await this.datacite(study);
      const wrapped: XmlNode = [
        'oai_datacite',
        { xmlns: forms.oai_datacite[1] },
        ['schemaVersion', {}, '4.6'],
        ['payload', {}, resource],
      ];
      return ['record', {}, this.header(study), ['metadata', {}, form === 'datacite' ? resource : wrapped]];
    }
    const many = (name: string, values: readonly string[]) =>
      values.filter(Boolean).map((value): XmlNode => [`dc:${name}`, {}, value]);
    return [
      'record',
      {},
      this.header(study),
      [
        'metadata',
        {},
        [
          'oai_dc:dc',
          {
            'xmlns:oai_dc': 'http://www.openarchives.org/OAI/2.0/oai_dc/',
            'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
            'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
            'xsi:schemaLocation':
              'http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd',
          },
          ...many('title', [study.title]),
          ...many('creator', study.authors),
          ...many('subject', [...study.organisms, ...study.imagingMethods]),
          ...many('description', [study.description]),
          ...many('publisher', ['Micrarium']),
          ...many('date', [study.publishedAt.slice(0, 10)]),
          ...many('type', ['Dataset']),
          ...many('identifier', [`${this.origin}/studies/${study.accession}`, study.accession]),
          ...many('rights', [study.licence]),
        ],
      ],
    ];
  }
}

/** `/oai`: OAI-PMH 2.0, by GET and by POST of a form. */
export function oaiRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const answer = async (c: HttpContext, given: URLSearchParams): Promise<Response> => {
    // Harvesters get what everybody reads.
    c.set('subject', { kind: 'anonymous' });
    const origin = originOf(c, kernel.config.publicUrl);
    const contact = kernel.config.contactEmail ?? `postmaster@${new URL(origin).hostname}`;
    let body: XmlNode;
    let attributes: Record<string, string> = Object.fromEntries(given);
    try {
      const { verb, args } = readArguments(given);
      body = await new Harvest(c, origin, contact, services()).answer(verb, args);
    } catch (fault) {
      if (!(fault instanceof OaiError)) throw fault;
      if (fault.code === 'badVerb' || fault.code === 'badArgument') attributes = {};
      body = ['error', { code: fault.code }, fault.message];
    }
    const document = writeXml([
      'OAI-PMH',
      {
        xmlns: 'http://www.openarchives.org/OAI/2.0/',
        'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
        'xsi:schemaLocation': 'http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd',
      },
      ['responseDate', {}, stamp(new Date().toISOString())],
      ['request', attributes, `${origin}/oai`],
      body,
    ]);
    return c.body(document, 200, { 'content-type': 'text/xml; charset=utf-8', 'access-control-allow-origin': '*' });
  };
  app.get('/oai', (c) => answer(c, new URL(c.req.url).searchParams));
  app.post('/oai', async (c) => {
    const text = await c.req.text();
    return await answer(c, new URLSearchParams(text.slice(0, 16_384)));
  });
}
