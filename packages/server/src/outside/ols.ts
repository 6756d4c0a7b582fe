import { z } from 'zod';
import { tracedCall } from '../tracing/tracing.ts';
import type { FoundTerm } from '../vocabulary/term-search.ts';

const found = z.looseObject({
  response: z.looseObject({
    docs: z.array(
      z.looseObject({
        obo_id: z.string().optional(),
        label: z.string().optional(),
        ontology_name: z.string().optional(),
        is_obsolete: z.boolean().optional(),
        exact_synonyms: z.array(z.string()).optional(),
      }),
    ),
  }),
});

/** Milliseconds that somebody who types waits at most for terms that are not here. */
const patience = 1_200;
/** After a failure the service is left alone for so many milliseconds: typing is never slow because it is away. */
const rest = 60_000;

/** A lookup service with the interface of OLS4, asked only where the installed vocabularies know little. */
export class OlsLookup {
  private readonly url: string;
  private readonly now: () => number;
  private silentUntil = 0;

  /** @param url of the service, without a trailing slash: `…/ols4` */
  constructor(url: string, now: () => number = Date.now) {
    this.url = url;
    this.now = now;
  }

  /** Terms by their label or synonyms. Empty where the service fails in any way: that is never felt. */
  async search(text: string, prefix: string | undefined, limit: number): Promise<FoundTerm[]> {
    if (this.now() < this.silentUntil || text.trim().length < 3) return [];
    const query = new URLSearchParams({ q: text.trim(), rows: String(limit), queryFields: 'label,synonym' });
    if (prefix !== undefined) query.set('ontology', prefix.toLowerCase());
    try {
      const answer = await tracedCall('vocabularies', 'GET', async (headers, span) => {
        const answer = await fetch(`${this.url}/api/search?${query}`, {
          signal: AbortSignal.timeout(patience),
          redirect: 'error',
          headers: { ...headers, accept: 'application/json' },
        });
        span.add({ 'http.response.status_code': answer.status });
        return answer;
      });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const { response } = found.parse(await answer.json());
      return response.docs.flatMap(
        ({ obo_id: id, label, ontology_name: name, is_obsolete: obsolete, exact_synonyms: synonyms }) =>
          id === undefined || label === undefined || !/^[A-Za-z][\w-]*:\w+$/.test(id)
            ? []
            : [
                {
                  id,
                  label,
                  synonyms: synonyms ?? [],
                  vocabulary: `OLS ${name ?? ''}`.trim(),
                  parents: [],
                  obsolete: obsolete ?? false,
                  replacedBy: null,
                },
              ],
      );
    } catch {
      this.silentUntil = this.now() + rest;
      return [];
    }
  }
}
