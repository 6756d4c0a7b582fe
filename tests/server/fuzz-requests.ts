import { apiBase, type routes } from '@micrarium/api';
import type { Harness } from './harness.ts';

/** A request that the server does as it asks: what is made wrong is made wrong in one of these, so that it comes past the door. */
export interface GoodRequest {
  /** Parameters of the path. */
  ids?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  /** Bytes that are no JSON. */
  bytes?: { type: string; data: Uint8Array };
  /** Who may ask; left out, the owner of the installation. */
  as?: string | undefined;
}

/** Name of a route. */
export type RouteName = keyof typeof routes;

/** What there is, for requests to be about. */
export interface Things {
  harness: Harness;
  ask: Ask;
  people: People;
  accession: string;
  item: string;
  truth: { accession: string; item: string; dataset: string };
  training: { accession: string; item: string; dataset: string };
  result: { accession: string; item: string; dataset: string };
  closed: string;
  fresh(word: string): string;
  newDraft(title?: string): Promise<{ draft: string; item: string; revision: string }>;
  current(): { draft: string; item: string };
}

/** By the route's name. */
export type GoodRequests = Partial<Record<RouteName, () => Promise<GoodRequest> | GoodRequest>>;

/** A day that is neither past nor far away. */
export const soon = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
/** A password. */
export const longWord = 'long enough to be one';

/** Sessions of people by what they may, and tokens of theirs. */
export interface People {
  owner: string;
  curator: string;
  dora: { cookie: string; token: string; id: string };
  max: { cookie: string; token: string; id: string };
  reader: string;
}

/** Asks, and says the answer's JSON. @throws where it is refused, for then the world is not what the requests suppose */
export type Ask = (as: string, method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;

/** Asks the server of a harness. */
export function asking(harness: Harness): Ask {
  return async (as, method, path, body) => {
    const sent =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const answer = await harness.request(`${apiBase}${path}`, { method, as, ...sent });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
}

/** The id that an answer tells first, at whatever depth: of what was made just now. */
export function idIn(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null) return '';
  const { id } = answer as { id?: string | number };
  if (id !== undefined) return String(id);
  return (
    Object.values(answer)
      .map(idIn)
      .find((found) => found !== '') ?? ''
  );
}

/** A new group of dora's. */
export async function team({ ask, people, fresh }: Things): Promise<string> {
  return idIn(await ask(people.dora.cookie, 'POST', '/groups', { name: fresh('Lab') }));
}
