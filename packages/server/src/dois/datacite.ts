import { z } from 'zod';
import { tracedCall } from '../tracing/tracing.ts';

/** Account at DataCite by which DOIs are registered. */
export interface DataCiteAccount {
  /** Address of the REST interface, without a trailing slash. */
  url: string;
  repository: string;
  password: string;
  /** Prefix of the account, such as `10.5072`. */
  prefix: string;
}

/** The registrar refused, did something else, or was not there. The message is for operator and depositor and holds no secret. */
export class DataCiteRefused extends Error {
  override readonly name = 'DataCiteRefused';
  /** Was it the registrar as a whole, which would have refused any other DOI too? */
  readonly isAway: boolean;

  constructor(message: string, options: ErrorOptions & { isAway?: boolean } = {}) {
    super(message, options);
    this.isAway = options.isAway ?? false;
  }
}

/** State of a DOI at the registrar. */
export type DoiState = 'draft' | 'registered' | 'findable';

/** What the registrar holds of a DOI. */
export interface HeldDoi {
  state: DoiState;
  /** Address it leads to, by the registrar's own record; the resolver may say another. */
  url: string | undefined;
  /** The whole record. */
  attributes: Readonly<Record<string, unknown>>;
}

const told = z.object({
  data: z.object({
    attributes: z.looseObject({
      state: z.enum(['draft', 'registered', 'findable']),
      url: z.string().nullish(),
    }),
  }),
});
const resolved = z.object({ url: z.string() });
const refused = z.object({
  errors: z.array(z.looseObject({ title: z.string().optional(), source: z.string().optional() })),
});
const mediaType = 'application/vnd.api+json';
/** Milliseconds after which the registrar counts as not there; it answers only after the resolver did, which may take ten seconds. */
const patience = 30_000;

/** The REST interface of DataCite, as far as DOIs of ours need it. */
export class DataCite {
  private readonly account: DataCiteAccount;

  constructor(account: DataCiteAccount) {
    this.account = account;
  }

  /** Makes the DOI known to the registrar without anything of the study: it is ours, and leads nowhere yet. @throws DataCiteRefused */
  async reserve(doi: string): Promise<DoiState> {
    return await this.put(doi, { doi });
  }

  /**
   * Registers the DOI, or brings its record and its target up to date.
   * @param record with the address it shall lead to as `url`
   * @throws DataCiteRefused also where the answer says that it was done and the DOI is not findable
   */
  async publish(doi: string, record: Readonly<Record<string, unknown>>): Promise<DoiState> {
    const state = await this.put(doi, { ...record, event: 'publish' });
    // An event that does not fit the state is ignored by the registrar with a 200.
    if (state !== 'findable') throw new DataCiteRefused(`The registrar took the record, but the DOI is ${state}.`);
    await this.readBack(doi, record['url']);
    return state;
  }

  /**
   * Asks what the registrar and the resolver hold after a call: an answer of success says neither that the event was taken nor that the resolver
   * was told.
   * @throws DataCiteRefused where one of them says otherwise
   */
  private async readBack(doi: string, url: unknown): Promise<void> {
    const held = await this.read(doi);
    if (held?.state !== 'findable')
      throw new DataCiteRefused(
        `The registrar took the record, but says afterwards that the DOI is ${held?.state ?? 'unknown'}.`,
      );
    const target = await this.target(doi);
    const isSame = (one: string | undefined) =>
      one === url || (one !== undefined && URL.canParse(one) && new URL(one).href === new URL(String(url)).href);
    if (!isSame(held.url))
      throw new DataCiteRefused(`The registrar took the record, but leads to ${held.url ?? 'nothing'}.`);
    if (target !== undefined && !isSame(target))
      throw new DataCiteRefused(
        target === 'unknown'
          ? 'The registrar took the record, but the resolver does not know the DOI.'
          : `The registrar took the record, but the resolver leads to ${target.slice(0, 200)}.`,
      );
  }

  /** What the registrar holds of a DOI of ours; `undefined` where it does not know it. @throws DataCiteRefused */
  async read(doi: string): Promise<HeldDoi | undefined> {
    // Publisher and affiliations come as they were told only where that is asked for.
    const { status, body } = await this.ask(`${place(doi)}?affiliation=true&publisher=true`, 'GET');
    if (status === 404) return undefined;
    const { attributes } = stated(status, body);
    return { state: attributes.state, url: attributes.url ?? undefined, attributes };
  }

  /**
   * Where the resolver leads from a DOI that is registered: the registrar writes there after its own record, and says nothing where that failed.
   * @returns `unknown` where the resolver does not know it, `undefined` where it does not say (as for prefixes of test systems)
   * @throws DataCiteRefused
   */
  async target(doi: string): Promise<string | undefined> {
    const { status, body } = await this.ask(`${place(doi)}/get-url`, 'GET');
    if (status === 400 || status === 404) return 'unknown';
    if (status >= 429) throw refusal(status, body);
    return resolved.safeParse(body).data?.url;
  }

  /** PUT makes the DOI where it is unknown, so that it may be sent again after an answer that never came. */
  private async put(doi: string, attributes: object): Promise<DoiState> {
    const { status, body } = await this.ask(place(doi), 'PUT', { data: { type: 'dois', attributes } });
    return stated(status, body).attributes.state;
  }

  private async ask(path: string, method: 'GET' | 'PUT', sent?: object): Promise<{ status: number; body: unknown }> {
    const { url, repository, password } = this.account;
    return await tracedCall('registrar of DOIs', method, async (headers, span) => {
      const answer = await fetch(`${url}${path}`, {
        method,
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
        headers: {
          ...headers,
          authorization: `Basic ${Buffer.from(`${repository}:${password}`).toString('base64')}`,
          ...(sent === undefined ? {} : { 'content-type': mediaType }),
          accept: mediaType,
        },
        ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
      }).catch((cause: unknown) => {
        throw new DataCiteRefused('The registrar of DOIs cannot be reached.', { cause, isAway: true });
      });
      span.add({ 'http.response.status_code': answer.status });
      return { status: answer.status, body: await answer.json().catch(() => undefined) };
    });
  }
}

const place = (doi: string) => `/dois/${encodeURIComponent(doi)}`;

function stated(status: number, body: unknown): z.output<typeof told>['data'] {
  if (status < 200 || status > 299) throw refusal(status, body);
  const read = told.safeParse(body);
  if (!read.success) throw new DataCiteRefused('The registrar gave an answer that does not say the state of the DOI.');
  return read.data.data;
}

function refusal(status: number, body: unknown): DataCiteRefused {
  const errors = refused.safeParse(body).data?.errors ?? [];
  const why = errors.map(({ source, title }) => [source, title].filter(Boolean).join(': ')).join('; ');
  const isAway = status >= 500 || status === 429 || status === 401;
  return new DataCiteRefused(`The registrar answered ${status}${why === '' ? '' : `: ${why.slice(0, 500)}`}.`, {
    isAway,
  });
}
