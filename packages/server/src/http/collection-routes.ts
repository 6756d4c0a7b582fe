import { routes, translator } from '@micrarium/api';
import { can } from '@micrarium/repository';
import { html, raw } from 'hono/html';
import {
  citeCollection,
  type Collection,
  type CollectionLine,
  findCollection,
  keepCollection,
  listCollections,
  removeCollection,
} from '../collections/collections.ts';
import { collectionFilter } from '../collections/memberships.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { chosenLanguage, framedPage } from './frame/page-frame.ts';
import { bundleSheets } from './frame/page-sheets.ts';
import type { Kernel, Services } from './kernel.ts';
import { dayText } from './landing/landing-data.ts';
import { inPerson, limiter } from './people-routes.ts';
import { Problem } from './problems.ts';
import { mounted, originOf } from './route.ts';

const unstored = { 'cache-control': 'private, no-store' };
const form = /^COL-\d{6,12}$/;

/** Curated lists of studies: for programs, and as pages. */
export function collectionRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const limitMaking = limiter(10);
  const addressOf = (c: HttpContext, id: string) => `${originOf(c, kernel.config.publicUrl)}/collections/${id}`;

  const found = async (id: string): Promise<Collection> => {
    const collection = form.test(id) ? await findCollection(services().db, id) : undefined;
    if (!collection) throw new Problem('not-found');
    return collection;
  };
  const mayEdit = (c: HttpContext, { ownerId }: Collection) =>
    can(c.var.subject, 'collection.edit', { kind: 'collection', ownerId });
  /** Goes on for the curator of the collection, and the curators of the installation. @throws Problem */
  const demandEditor = async (c: HttpContext, id: string): Promise<void> => {
    inPerson(c);
    if (!mayEdit(c, await found(id)))
      throw new Problem('not-allowed', 'Only who made a collection, and curators, may change it.');
  };
  const answer = async (c: HttpContext, id: string) => {
    const collection = await found(id);
    const { ownerId: _ownerId, ...shown } = collection;
    return { ...shown, citation: citeCollection(collection, addressOf(c, id)), canEdit: mayEdit(c, collection) };
  };

  app.openapi(mounted(routes.listCollections), async (c) => {
    const { study } = c.req.valid('query');
    return c.json({ collections: await listCollections(services().db, study) }, 200, unstored);
  });
  app.openapi(mounted(routes.getCollection), async (c) =>
    c.json(await answer(c, c.req.valid('param').id), 200, unstored),
  );
  app.openapi(mounted(routes.createCollection), async (c) => {
    const ownerId = inPerson(c);
    limitMaking(ownerId);
    const id = await keepCollection(services().db, c.req.valid('json'), { ownerId });
    await services().keepNotes();
    return c.json(await answer(c, id), 201, unstored);
  });
  app.openapi(mounted(routes.saveCollection), async (c) => {
    const { id } = c.req.valid('param');
    await demandEditor(c, id);
    await keepCollection(services().db, c.req.valid('json'), { id });
    await services().keepNotes();
    return c.json(await answer(c, id), 200, unstored);
  });
  app.openapi(mounted(routes.removeCollection), async (c) => {
    const { id } = c.req.valid('param');
    await demandEditor(c, id);
    if (!(await removeCollection(services().db, id))) throw new Problem('not-found');
    await services().keepNotes();
    return c.body(null, 204);
  });

  collectionPages(app, kernel, services);
}

/** How many studies a collection has, whose it is where that account is open, and when it was changed. */
function lineOf(
  text: ReturnType<typeof translator>,
  language: ReturnType<typeof chosenLanguage>,
  { studies, curator, changedAt }: Pick<CollectionLine, 'studies' | 'curator' | 'changedAt'>,
): string {
  const key = curator === '' ? 'collections.nameless' : 'collections.line';
  return text(key, { count: studies, name: curator, date: dayText(changedAt, language) });
}

/** `/collections` and `/collections/COL-000001`: they work without scripts. */
function collectionPages(app: Application, kernel: Kernel, services: () => Services): void {
  app.get('/collections', async (c, next) => {
    if (!kernel.services()) return await next();
    const language = chosenLanguage(c);
    const text = translator(language);
    const all = await listCollections(services().db);
    const line = (one: (typeof all)[number]) =>
      html`<li><a class="l b" href="/collections/${one.id}">${one.title}</a> <span class="mono m3 s">${one.id}</span><p class="s m2">${lineOf(text, language, one)}</p></li>`;
    const content = html`<main class="wrap plain"><div class="dh"><h1>${text('collections.title')}</h1><div class="end noprint"><a class="btn" href="/edit-collection/new">${text('collections.make')}</a></div></div>
<p class="prose m2">${text('collections.about')}</p>${all.length === 0 ? html`<p class="m2">${text('collections.none')}</p>` : html`<ul class="readers">${all.map(line)}</ul>`}</main>`;
    return await plainPage(c, kernel, text('collections.title'), content);
  });

  app.get('/collections/:id{COL-[0-9]{6,12}}', async (c, next) => {
    if (!kernel.services()) return await next();
    const id = c.req.param('id');
    const found = await findCollection(services().db, id);
    if (!found) return await next();
    const language = chosenLanguage(c);
    const text = translator(language);
    const address = `${originOf(c, kernel.config.publicUrl)}/collections/${id}`;
    const cited = citeCollection(found, address);
    const query = new URLSearchParams({ collection: collectionFilter(found) }).toString();
    const study = (one: Collection['studies'][number]) =>
      html`<li><a class="l b" href="/studies/${one.accession}">${one.title}</a> <span class="mono m3 s">${one.accession}</span><p class="s m2"><span>${one.authors}</span>${one.authors ? ' · ' : ''}${dayText(one.publishedAt, language)}</p>${one.remark ? html`<p>${one.remark}</p>` : ''}</li>`;
    const owned = found.ownerId === undefined ? '' : html` data-account="${found.ownerId}"`;
    const content = html`<main class="wrap plain"><p class="mono m2">${id}</p><div class="dh"><h1>${found.title}</h1><div class="end noprint"><a class="btn" href="/edit-collection/${id}"${owned} data-curators hidden>${text('collections.edit')}</a></div></div>
<p class="s m2">${lineOf(text, language, { ...found, studies: found.studies.length })}</p><div class="prose">${found.text
      .split(/\n{2,}/)
      .filter(Boolean)
      .map((part) => html`<p>${part}</p>`)}</div>
<section class="sec" id="studies"><div class="hd"><h2>${text('collections.studies')}</h2><span class="s m3 num">${found.studies.length}</span><span class="end s noprint"><a class="l" href="/search?${query}">${text('communities.search')}</a> <a class="l" href="/api/v1/collections/${id}">JSON</a> <a class="l" href="/feed.atom?${query}">Atom</a> <a class="l" href="/oai?verb=ListRecords&amp;metadataPrefix=oai_dc&amp;set=collection:${id}">OAI-PMH</a></span></div><ul class="readers">${found.studies.map(study)}</ul></section>
<section class="sec" id="cite"><div class="hd"><h2>${text('study.cite')}</h2></div><div class="cite"><blockquote>${cited.text}</blockquote></div><details><summary>${text('study.bibtex')}</summary><code class="code">${cited.bibtex}</code></details></section></main>`;
    const described = raw(JSON.stringify(schemaOrgCollection(found, address)).replaceAll('<', '\\u003c'));
    const head = html`<link rel="canonical" href="${address}"><script type="application/ld+json">${described}</script>`;
    return await plainPage(c, kernel, `${found.title} · ${id}`, content, head);
  });
}

function schemaOrgCollection({ id, title, text, curator, createdAt, changedAt, studies }: Collection, address: string) {
  return {
    '@context': 'https://schema.org/',
    '@type': 'Collection',
    '@id': address,
    url: address,
    identifier: id,
    name: title,
    description: text,
    dateCreated: createdAt.slice(0, 10),
    dateModified: changedAt.slice(0, 10),
    ...(curator === '' ? {} : { editor: { '@type': 'Person', name: curator } }),
    hasPart: studies.map((study) => ({
      '@type': 'Dataset',
      '@id': new URL(`/studies/${study.accession}`, address).href,
      identifier: study.accession,
      name: study.title,
    })),
  };
}

/** A page of the server's own between top bar and foot. */
export async function plainPage(
  c: HttpContext,
  kernel: Kernel,
  title: string,
  content: ReturnType<typeof html>,
  head?: ReturnType<typeof html>,
): Promise<Response> {
  const language = chosenLanguage(c);
  const text = translator(language);
  const sheets = await bundleSheets(kernel.webBundle());
  const inOtherLanguage = `${c.req.path}?lang=${language === 'en' ? 'ja' : 'en'}`;
  const frame = { language, text, sheets, title: `${title} · Micrarium`, inOtherLanguage, ...(head ? { head } : {}) };
  return await c.html(framedPage(frame, content));
}
