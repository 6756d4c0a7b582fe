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
import { sql } from 'kysely';
import { stateAccess } from '../access/stated-access.ts';
import { linksTo, namedByDoi } from '../additions/study-relations.ts';
import { sessionSecret } from '../auth/secrets.ts';
import { listCollections } from '../collections/collections.ts';
import { setsOf } from '../collections/memberships.ts';
import { listCommunities } from '../communities/communities.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import type { Kernel, Services } from './kernel.ts';
import { dublinCore } from './landing/dublin-core.ts';
import { type HarvestSet, isSetName } from '../search/harvest-sets.ts';
import { OaiError, signedTokens, stamp, type Tokens } from './oai-tokens.ts';
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
/** A date that there is: the 30th of February is read as the 2nd of March by who is not asked back, and no database knows the year 0. */
const isDate = (text: string) =>
  !text.startsWith('0000') &&
  (day.test(text) || second.test(text)) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text.replace('Z', ''));

/** What is listed, with where the next answer goes on. */
interface Listing extends HarvestQuery {
  prefix: Form;
  cursor: number;
}

/** @throws OaiError `badArgument`, `cannotDisseminateFormat`, `badResumptionToken` */
function listingOf(args: Arguments, tokens: Tokens): Listing {
  if (args.resumptionToken !== undefined) return listingOfToken(tokens.read(args.resumptionToken));
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

/** Families of sets: a colon means that the family is a set too, of all that are in one of its sets. */
const families: Readonly<Record<string, (value: string | undefined) => HarvestSet | undefined>> = {
  // Every study has one, if only that of the others, and is of one tier.
  licence: (value) => (value === undefined ? {} : isSetName(value) ? { licence: value } : undefined),
  tier: (value) =>
    value === undefined ? {} : value === 'archive' || value === 'database' ? { tier: value } : undefined,
  type: (value) =>
    value === undefined ? { kind: '*' } : (kinds as readonly string[]).includes(value) ? { kind: value } : undefined,
  collection: (value) =>
    value === undefined ? { collection: '*' } : /^COL-\d{6,12}$/.test(value) ? { collection: value } : undefined,
  community: (value) =>
    value === undefined ? { community: '*' } : /^[a-z][a-z0-9-]{2,39}$/.test(value) ? { community: value } : undefined,
};

/** @throws OaiError `noRecordsMatch` */
function setOf(set: string | undefined): HarvestSet {
  if (set === undefined) return {};
  const [family = '', ...rest] = set.split(':');
  const found = Object.hasOwn(families, family)
    ? families[family]!(rest.length > 0 ? rest.join(':') : undefined)
    : undefined;
  if (!found) throw new OaiError('noRecordsMatch', 'There is no such set.');
  return found;
}

/** What a token of ours says; its shape may be that of a version before. @throws OaiError `badResumptionToken` */
function listingOfToken(question: Record<string, unknown>): Listing {
  const { expires: _expires, ...listing } = question;
  const { prefix, cursor, after } = listing as Partial<Listing>;
  if (prefix === undefined || cursor === undefined || after === undefined || !Object.hasOwn(forms, prefix))
    throw new OaiError('badResumptionToken', 'This resumptionToken is not one of a list of records.');
  return { ...(listing as unknown as Listing), limit: perAnswer + 1 };
}

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
  private readonly tokens: Tokens;

  constructor(c: HttpContext, origin: string, contact: string, services: Services, tokens: Tokens) {
    this.c = c;
    this.origin = origin;
    this.contact = contact;
    this.services = services;
    this.tokens = tokens;
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
    return await this.list(verb, listingOf(args, this.tokens));
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
      this.services.states.withdrawn(query),
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
    const withdrawn = found && (await this.services.states.withdrawn({ accession, limit: 1 }));
    const study = page?.studies[0] ?? withdrawn?.studies.map((one) => ({ ...one, isWithdrawn: true }))[0];
    if (!study) throw new OaiError('idDoesNotExist', 'There is no record with this identifier.');
    return study;
  }

  private async identify(): Promise<XmlNode> {
    // Deletions count: no datestamp may lie before it.
    const { studies } = await this.changed({ limit: 1 });
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
    const question = args.resumptionToken === undefined ? {} : this.tokens.read(args.resumptionToken);
    const after = question['set'] ?? '';
    if (typeof after !== 'string' || 'prefix' in question)
      throw new OaiError('badResumptionToken', 'This resumptionToken is not one of a list of sets.');
    const all = (await this.allSets()).sort((a, b) => (a[0] < b[0] ? -1 : 1));
    const rest = all.filter(([spec]) => spec > after);
    const shown = rest.slice(0, perAnswer);
    const about = { completeListSize: String(all.length), cursor: String(all.length - rest.length) };
    const last = shown.at(-1);
    const [token = '', expirationDate = ''] =
      rest.length > perAnswer && last ? this.tokens.write({ set: last[0] }) : [];
    return [
      'ListSets',
      {},
      ...shown.map(([spec, name]): XmlNode => ['set', {}, ['setSpec', {}, spec], ['setName', {}, name]]),
      ...(token !== ''
        ? [['resumptionToken', { expirationDate, ...about }, token] as XmlNode]
        : after === ''
          ? []
          : [['resumptionToken', about] as XmlNode]),
    ];
  }

  /** Every set with its name; a family stands before its sets. */
  private async allSets(): Promise<[spec: string, name: string][]> {
    const { db } = this.services;
    const [licences, collections, communities] = await Promise.all([
      sql<{ licence: string }>`select distinct licence from search_document
        union select distinct summary->>'licence' from study_state where summary is not null`.execute(db),
      listCollections(db),
      listCommunities(db),
    ]);
    const named = licences.rows.flatMap(({ licence }) => (licence !== null && isSetName(licence) ? [licence] : []));
    return [
      ['licence', 'By licence'],
      ['licence:other', 'Other licences'],
      ...named.map((one): [string, string] => [`licence:${one}`, one]),
      ['tier', 'By tier'],
      ['tier:archive', 'Archive tier'],
      ['tier:database', 'Database tier'],
      ['type', 'By kind of data'],
      ...kinds.map((kind): [string, string] => [`type:${kind}`, `Studies with ${kind}`]),
      ['collection', 'In a collection'],
      ...collections.map(({ id, title }): [string, string] => [`collection:${id}`, title]),
      ['community', 'Of a community'],
      ...communities.map(({ slug, title }): [string, string] => [`community:${slug}`, title]),
    ];
  }

  private async list(verb: 'ListIdentifiers' | 'ListRecords', listing: Listing): Promise<XmlNode> {
    const { studies, total } = await this.changed(listing);
    const shown = await this.inSets(studies.slice(0, perAnswer));
    if (shown.length === 0 && listing.after === undefined) throw new OaiError('noRecordsMatch', 'Nothing matches.');
    const last = studies.length > perAnswer ? shown.at(-1)! : undefined;
    const about = { completeListSize: String(total), cursor: String(listing.cursor) };
    let next: XmlNode[] = listing.after ? [['resumptionToken', about]] : [];
    if (last) {
      const { limit: _limit, ...question } = listing;
      const after = { publishedAt: last.changedAt, accession: last.accession };
      const [token, expirationDate] = this.tokens.write({ ...question, cursor: listing.cursor + shown.length, after });
      next = [['resumptionToken', { expirationDate, ...about }, token]];
    }
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
    const sets = [
      `licence:${isSetName(study.licence) ? study.licence : 'other'}`,
      `tier:${study.tier ?? 'archive'}`,
      ...study.kinds.map((kind) => `type:${kind}`),
      ...(study.sets ?? []),
    ];
    return [
      'header',
      study.isWithdrawn ? { status: 'deleted' } : {},
      ['identifier', {}, this.identifier(study)],
      ['datestamp', {}, stamp(study.changedAt)],
      ...sets.map((spec): XmlNode => ['setSpec', {}, spec]),
    ];
  }

  /** What everybody may know of a study. */
  private async graphOf({ accession, version }: Harvested): Promise<StudyGraph> {
    const found = await versionFor(this.c, this.services, accession, version);
    const url = `${this.origin}/studies/${accession}`;
    const graph: StudyGraph = graphOfStudy({ ...found, files: [] }, { url, publisher: 'Micrarium' });
    stateAccess(graph, await this.services.states.of(accession));
    graph.contributors = graph.contributors.map(({ email: _email, ...one }) => one);
    graph.links.push(...(await linksTo(this.services.db, accession, url)));
    graph.links.push(...((await this.services.dois?.linksOf(found)) ?? []));
    graph.links = await namedByDoi(this.services.db, graph.links, url);
    return graph;
  }

  private async record(study: Harvested, form: Form): Promise<XmlNode> {
    if (study.isWithdrawn) return ['record', {}, this.header(study)];
    const graph = await this.graphOf(study);
    return ['record', {}, this.header(study), ['metadata', {}, contentOf(graph, form)]];
  }
}

/** A study in one of the forms; DataCite's own elements stand within the answer as they are. */
function contentOf(graph: StudyGraph, form: Form): XmlNode {
  if (form === 'oai_dc') return dublinCore(graph);
  const read = readXml(exportDataCiteXml(graph).document);
  if (!('root' in read)) throw new Error(`The DataCite record is no XML: ${read.fault.reason}`);
  const resource = nodeOf(read.root);
  if (form === 'datacite') return resource;
  return ['oai_datacite', { xmlns: forms.oai_datacite[1] }, ['schemaVersion', {}, '4.6'], ['payload', {}, resource]];
}

/** `/oai`: OAI-PMH 2.0, by GET and by POST of a form. */
export function oaiRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  let tokens: Tokens | undefined;
  const answer = async (c: HttpContext, given: URLSearchParams): Promise<Response> => {
    // Harvesters get what everybody reads.
    c.set('subject', { kind: 'anonymous' });
    const origin = originOf(c, kernel.config.publicUrl);
    const contact = kernel.config.contactEmail ?? `postmaster@${new URL(origin).hostname}`;
    const ready = services();
    // Before anything is looked up: who asks next for what changed since then misses nothing.
    const askedAt = stamp(new Date().toISOString());
    tokens ??= signedTokens(sessionSecret(kernel.config));
    let body: XmlNode;
    let attributes: Record<string, string> = Object.fromEntries(given);
    try {
      const { verb, args } = readArguments(given);
      body = await new Harvest(c, origin, contact, ready, tokens).answer(verb, args);
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
      ['responseDate', {}, askedAt],
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
