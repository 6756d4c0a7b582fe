import { routes } from '@micrarium/api';
import { matchTerms, searchVocabulary, termById, termsBelow, wayTo } from '../vocabulary/term-search.ts';
import { countStudiesOf } from '../vocabulary/study-terms.ts';
import { listPrefixes, listVocabularies } from '../vocabulary/term-store.ts';
import { OlsLookup } from '../outside/ols.ts';
import { lookUpPublication, readPublicationId } from '../outside/publications.ts';
import type { Application } from './app.ts';
import { demandService } from './draft-access.ts';
import type { Kernel, Services } from './kernel.ts';
import { readCursor, writeCursor } from './cursors.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';

const shared = { 'access-control-allow-origin': '*', 'cache-control': 'public, max-age=60' };
/** Terms offered while typing, unless more are asked for. */
const offered = 12;
/** Terms below another that are listed at a time. */
const belowAtOnce = 200;
/** Fewer terms than this, and a lookup service is asked too, where one is named. */
const few = 4;

/** Vocabularies: which there are, terms by name, several texts at once. */
export function vocabularyRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const ols = kernel.config.ols === undefined ? undefined : new OlsLookup(kernel.config.ols);
  app.openapi(mounted(routes.listVocabularies), async (c) =>
    c.json(
      { vocabularies: await listVocabularies(services().db), prefixes: await listPrefixes(services().db) },
      200,
      shared,
    ),
  );
  app.openapi(mounted(routes.searchTerms), async (c) => {
    const { q = '', prefix, limit = offered } = c.req.valid('query');
    const asked = { text: q.replaceAll('\0', ''), limit, ...(prefix === undefined ? {} : { prefix }) };
    const terms = await searchVocabulary(services().db, asked);
    // What is installed comes first; elsewhere is asked only where that knows little.
    const more = ols && terms.length < few ? await ols.search(asked.text, prefix, limit) : [];
    const known = new Set(terms.map(({ id }) => id));
    return c.json({ terms: [...terms, ...more.filter(({ id }) => !known.has(id))].slice(0, limit) }, 200, shared);
  });
  app.openapi(mounted(routes.listTermsBelow), async (c) => {
    const { of, prefix, cursor } = c.req.valid('query');
    if (of?.includes('\0') || cursor?.includes('\0')) throw new Problem('request-invalid', 'An id holds no zero.');
    if (of === undefined && prefix === undefined) throw new Problem('request-invalid', 'Name a term, or a vocabulary.');
    const place = readCursor(cursor);
    const after = place === undefined ? undefined : readAfter(place);
    const terms = await termsBelow(services().db, of === undefined ? { roots: prefix! } : { of }, {
      limit: belowAtOnce + 1,
      ...(after ? { after } : {}),
    });
    const shown = terms.slice(0, belowAtOnce);
    const last = terms.length > belowAtOnce ? shown.at(-1) : undefined;
    const nextCursor = last ? writeCursor(JSON.stringify([last.label, last.id])) : null;
    return c.json({ terms: shown, nextCursor }, 200, shared);
  });
  app.openapi(mounted(routes.getTerm), async (c) => {
    const { id } = c.req.valid('param');
    const term = id.includes('\0') ? undefined : await termById(services().db, id);
    if (!term) throw new Problem('not-found');
    const [way, studies] = await Promise.all([wayTo(services().db, term.id), countStudiesOf(services().db, term.id)]);
    return c.json({ term, way, studies }, 200, shared);
  });
  app.openapi(mounted(routes.matchTerms), async (c) => {
    const { texts, prefix } = c.req.valid('json');
    const clean = texts.map((text) => text.replaceAll('\0', ''));
    return c.json({ terms: await matchTerms(services().db, clean, prefix) }, 200);
  });

  app.openapi(mounted(routes.lookUpPublication), async (c) => {
    // Not for everybody: it makes this server ask others.
    demandService(c, 'draft.create');
    const sources = kernel.config.publications;
    const isOffered = sources.crossref !== undefined || sources.pubmed !== undefined;
    const id = readPublicationId(c.req.valid('query').id);
    const found = isOffered && id ? await lookUpPublication(sources, id) : undefined;
    return c.json({ isOffered, ...(found ? { found } : {}) }, 200, { 'cache-control': 'private, no-store' });
  });
}

/** Label and id of the last term of the page before. @throws Problem `cursor-invalid` */
function readAfter(place: string): readonly [string, string] {
  try {
    const [label, id] = JSON.parse(place) as unknown[];
    if (typeof label === 'string' && typeof id === 'string' && !`${label}${id}`.includes('\0')) return [label, id];
  } catch {
    // Told below.
  }
  throw new Problem('cursor-invalid');
}
