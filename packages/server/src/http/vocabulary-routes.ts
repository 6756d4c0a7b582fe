import { routes } from '@micrarium/api';
import { listVocabularies, matchTerms, searchVocabulary } from '../vocabulary/term-store.ts';
import type { Application } from './app.ts';
import type { Services } from './kernel.ts';
import { mounted } from './route.ts';

const shared = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=60' };
/** Terms offered while typing, unless more are asked for. */
const offered = 12;

/** Vocabularies: which there are, terms by name, several texts at once. */
export function vocabularyRoutes(app: Application, services: () => Services): void {
  app.openapi(mounted(routes.listVocabularies), async (c) =>
    c.json({ vocabularies: await listVocabularies(services().db) }, 200, shared),
  );
  app.openapi(mounted(routes.searchTerms), async (c) => {
    const { q = '', prefix, limit = offered } = c.req.valid('query');
    const asked = { text: q.replaceAll('\0', ''), limit, ...(prefix === undefined ? {} : { prefix }) };
    return c.json({ terms: await searchVocabulary(services().db, asked) }, 200, shared);
  });
  app.openapi(mounted(routes.matchTerms), async (c) => {
    const { texts, prefix } = c.req.valid('json');
    const clean = texts.map((text) => text.replaceAll('\0', ''));
    return c.json({ terms: await matchTerms(services().db, clean, prefix) }, 200);
  });
}
