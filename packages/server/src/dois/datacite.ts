import type { StudyFile } from '@micrarium/model';
import { graphOfStudy, type LinkNode, writeDataCite } from '@micrarium/standards';
import { publicMetadata } from '@micrarium/repository';
import { z } from 'zod';
import type { FoundVersion } from '../http/study-access.ts';

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
}

/** That a study was withdrawn. */
export interface Withdrawal {
  /** YYYY-MM-DD. */
  day: string;
  reason: string;
}

/** State of a DOI at the registrar. */
export type DoiState = 'draft' | 'registered' | 'findable';

const told = z.object({
  data: z.object({ attributes: z.looseObject({ state: z.enum(['draft', 'registered', 'findable']) }) }),
});
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
   * @param place `page`: address the DOI shall lead to; `links`: what it is related to; `withdrawn`: where only the page that says so is left
   * @throws DataCiteRefused also where the answer says that it was done and the DOI is not findable
   */
  async publish(
    doi: string,
    version: FoundVersion,
    files: readonly StudyFile[],
    { page, links, withdrawn }: { page: string; links: readonly LinkNode[]; withdrawn?: Withdrawal },
  ): Promise<DoiState> {
    const metadata = publicMetadata(version.metadata);
    const graph = graphOfStudy(
      { ...version, files: [...files], metadata: { ...metadata, values: { ...metadata.values, doi } } },
      { url: page, publisher: 'Micrarium' },
    );
    graph.links.push(...links);
    const record = writeDataCite(graph) as Record<string, unknown>;
    const attributes = { ...record, doi, url: page, publicationYear: Number(version.publishedAt.slice(0, 4)) };
    if (withdrawn) {
      const date = { date: withdrawn.day, dateType: 'Withdrawn', dateInformation: withdrawn.reason };
      Object.assign(attributes, { dates: [...((record['dates'] as object[] | undefined) ?? []), date] });
    }
    const state = await this.put(doi, { ...attributes, event: 'publish' });
    // An event that does not fit the state is ignored by the registrar with a 200.
    if (state !== 'findable') throw new DataCiteRefused(`The registrar took the record, but the DOI is ${state}.`);
    return state;
  }

  /** PUT makes the DOI where it is unknown, so that it may be sent again after an answer that never came. */
  private async put(doi: string, attributes: object): Promise<DoiState> {
    const { url, repository, password } = this.account;
    const answer = await fetch(`${url}/dois/${encodeURIComponent(doi)}`, {
      method: 'PUT',
      redirect: 'error',
      signal: AbortSignal.timeout(patience),
      headers: {
        authorization: `Basic ${Buffer.from(`${repository}:${password}`).toString('base64')}`,
        'content-type': mediaType,
        accept: mediaType,
      },
      body: JSON.stringify({ data: { type: 'dois', attributes } }),
    }).catch((cause: unknown) => {
      throw new DataCiteRefused('The registrar of DOIs cannot be reached.', { cause });
    });
    const body: unknown = await answer.json().catch(() => undefined);
    if (!answer.ok) {
      const errors = refused.safeParse(body).data?.errors ?? [];
      const why = errors.map(({ source, title }) => [source, title].filter(Boolean).join(': ')).join('; ');
      throw new DataCiteRefused(
        `The registrar answered ${answer.status}${why === '' ? '' : `: ${why.slice(0, 500)}`}.`,
      );
    }
    const read = told.safeParse(body);
    if (!read.success)
      throw new DataCiteRefused('The registrar gave an answer that does not say the state of the DOI.');
    return read.data.data.attributes.state;
  }
}
