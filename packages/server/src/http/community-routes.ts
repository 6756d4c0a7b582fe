import { routes, translator } from '@micrarium/api';
import { can } from '@micrarium/repository';
import { html } from 'hono/html';
import { leads, teamOf } from '../auth/sharing.ts';
import {
  type Community,
  decideStudy,
  findCommunity,
  keepCommunity,
  listCommunities,
  studiesOf,
  studiesOfAuthor,
  submitStudy,
  takeOut,
} from '../communities/communities.ts';
import { authoredStudy } from '../questions/authors.ts';
import { StateRefused } from '../states/state-refused.ts';
import { isHidden } from '../states/study-states.ts';
import { signedIn } from './account-routes.ts';
import type { Application } from './app.ts';
import { plainPage } from './collection-routes.ts';
import type { HttpContext } from './context.ts';
import { chosenLanguage } from './frame/page-frame.ts';
import type { Kernel, Services } from './kernel.ts';
import { dayText } from './landing/landing-data.ts';
import { inPerson, limiter } from './people-routes.ts';
import { Problem } from './problems.ts';
import { mounted } from './route.ts';
import { versionFor } from './study-access.ts';

const unstored = { 'cache-control': 'private, no-store' };
/** Small letters, digits and hyphens: it stands in addresses and in names of sets. */
const slugForm = /^[a-z][a-z0-9-]{2,39}$/;

/** Groups that show themselves: for programs, and as pages. */
export function communityRoutes(app: Application, kernel: Kernel, services: () => Services): void {
  const limitMaking = limiter(10);
  const limitSending = limiter(20);

  const found = async (slug: string): Promise<Community> => {
    const community = slugForm.test(slug) ? await findCommunity(services().db, slug) : undefined;
    if (!community) throw new Problem('not-found');
    return community;
  };
  /** Is the sender one who leads the group, or a curator of the installation? */
  const mayEdit = async (c: HttpContext, { group }: Community): Promise<boolean> => {
    const { subject } = c.var;
    if (subject.kind !== 'user') return can(subject, 'collection.edit', { kind: 'collection' });
    const isLeader = await leads(services().db, group, subject.userId);
    // Who leads curates, and that counts with a second factor where one is required.
    if (isLeader && subject.withoutFactor) {
      subject.withoutFactor();
      return false;
    }
    return can(subject, 'collection.edit', {
      kind: 'collection',
      ...(isLeader ? { ownerId: subject.userId } : {}),
    });
  };
  const demandEditor = async (c: HttpContext, slug: string): Promise<string> => {
    const id = inPerson(c);
    if (!(await mayEdit(c, await found(slug))))
      throw new Problem('not-allowed', 'Only who leads the group, and curators, may do this.');
    return id;
  };
  const isAuthor = async (c: HttpContext, accession: string) =>
    can(c.var.subject, 'study.answer', await authoredStudy(services().db, accession, c.var.subject));

  const answer = async (c: HttpContext, slug: string) => {
    const { group, studies: count, ...shown } = await found(slug);
    const canEdit = await mayEdit(c, { ...shown, group, studies: count });
    const studies = await studiesOf(
      services().db,
      slug,
      canEdit ? ['submitted', 'accepted', 'declined'] : ['accepted'],
    );
    const team = canEdit ? await teamOf(services().db, group) : undefined;
    const { subject } = c.var;
    const own = subject.kind === 'user' ? await studiesOfAuthor(services().db, slug, subject.userId) : [];
    return { ...shown, studies, ...(own.length > 0 ? { own } : {}), canEdit, ...(team ? { team } : {}) };
  };

  app.openapi(mounted(routes.listCommunities), async (c) => {
    const all = await listCommunities(services().db, c.req.valid('query').study);
    const communities = all.map(({ slug, title, studies, changedAt }) => ({ slug, title, studies, changedAt }));
    return c.json({ communities }, 200, unstored);
  });
  app.openapi(mounted(routes.getCommunity), async (c) =>
    c.json(await answer(c, c.req.valid('param').slug), 200, unstored),
  );
  app.openapi(mounted(routes.saveCommunity), async (c) => {
    const { slug } = c.req.valid('param');
    const id = inPerson(c);
    limitMaking(id);
    const { group, ...input } = c.req.valid('json');
    const { db } = services();
    if (group === undefined) await demandEditor(c, slug);
    else if (!(await leads(db, group, id))) throw new Problem('not-found', 'You lead no such group.');
    if (!slugForm.test(slug))
      throw new Problem(
        'request-invalid',
        'The name in the address: small letters, digits and hyphens, 3 to 40 of them.',
      );
    await keepCommunity(db, slug, input, group);
    await services().keepNotes();
    return c.json(await answer(c, slug), 200, unstored);
  });
  app.openapi(mounted(routes.submitToCommunity), async (c) => {
    const { slug, accession } = c.req.valid('param');
    const id = inPerson(c);
    limitSending(id);
    await found(slug);
    await versionFor(c, services(), accession, 'newest');
    if (!(await isAuthor(c, accession)))
      throw new Problem('not-allowed', 'Only those who answer for a study send it to a community.');
    // Its curators would be told of what nobody may know of, and led to a desk on which it does not stand.
    if (isHidden(await services().states.of(accession)))
      throw new StateRefused('Nobody is to know of this study yet. Send it when its embargo has ended.');
    await submitStudy(services(), { slug, accession }, { id, name: signedIn(c).caller.user.name });
    return c.body(null, 204);
  });
  app.openapi(mounted(routes.decideForCommunity), async (c) => {
    const { slug, accession } = c.req.valid('param');
    const id = await demandEditor(c, slug);
    if (!(await decideStudy(services(), { slug, accession }, c.req.valid('json'), id))) throw new Problem('not-found');
    await services().keepNotes();
    return c.body(null, 204);
  });
  app.openapi(mounted(routes.takeOutOfCommunity), async (c) => {
    const { slug, accession } = c.req.valid('param');
    const id = inPerson(c);
    const community = await found(slug);
    const curates = await mayEdit(c, community);
    if (!curates && !(await isAuthor(c, accession)))
      throw new Problem('not-allowed', 'Only its authors, and who curates the community, may do this.');
    if (!(await takeOut(services(), { slug, accession }, { id, curates }))) throw new Problem('not-found');
    await services().keepNotes();
    return c.body(null, 204);
  });

  communityPages(app, kernel, services);
}

/** `/communities` and `/communities/NAME`: they work without scripts. */
function communityPages(app: Application, kernel: Kernel, services: () => Services): void {
  app.get('/communities', async (c, next) => {
    if (!kernel.services()) return await next();
    const language = chosenLanguage(c);
    const text = translator(language);
    const all = await listCommunities(services().db);
    const line = (one: Community) =>
      html`<li><a class="l b" href="/communities/${one.slug}">${one.title}</a><p class="s m2">${text('communities.line', { count: one.studies })}</p></li>`;
    const content = html`<main class="wrap plain"><div class="dh"><h1>${text('communities.title')}</h1><div class="end noprint"><a class="btn" href="/community-desk/new">${text('communities.make')}</a></div></div>
<p class="prose m2">${text('communities.about')}</p>${all.length === 0 ? html`<p class="m2">${text('communities.none')}</p>` : html`<ul class="readers">${all.map(line)}</ul>`}</main>`;
    return await plainPage(c, kernel, text('communities.title'), content);
  });

  app.get('/communities/:slug{[a-z][a-z0-9-]{2,39}}', async (c, next) => {
    if (!kernel.services()) return await next();
    const { db } = services();
    const slug = c.req.param('slug');
    const found = await findCommunity(db, slug);
    if (!found) return await next();
    const language = chosenLanguage(c);
    const text = translator(language);
    const studies = await studiesOf(db, slug, ['accepted']);
    const query = new URLSearchParams({ community: found.title }).toString();
    const study = (one: (typeof studies)[number]) =>
      html`<li><a class="l b" href="/studies/${one.accession}">${one.title}</a> <span class="mono m3 s">${one.accession}</span><p class="s m2"><span>${one.authors}</span>${one.authors ? ' · ' : ''}${dayText(one.publishedAt, language)}</p></li>`;
    const website = found.website
      ? html`<p><a class="l" href="${found.website}" rel="noopener">${found.website.replace(/^https:\/\//, '')}</a></p>`
      : '';
    const content = html`<main class="wrap plain community ${found.colour}"><div class="dh"><h1>${found.title}</h1><div class="end noprint"><a class="btn" href="/search?${query}">${text('communities.search')}</a><a class="btn" href="/community-desk/${slug}">${text('communities.desk')}</a></div></div>
<div class="prose">${found.text
      .split(/\n{2,}/)
      .filter(Boolean)
      .map((part) => html`<p>${part}</p>`)}${website}</div>
<section class="sec" id="studies"><div class="hd"><h2>${text('communities.studies')}</h2><span class="s m3 num">${studies.length}</span><span class="end s noprint"><a class="l" href="/feed.atom?${query}">Atom</a> <a class="l" href="/feed.json?${query}">JSON Feed</a> <a class="l" href="/oai?verb=ListRecords&amp;metadataPrefix=oai_dc&amp;set=community:${slug}">OAI-PMH</a></span></div>${studies.length === 0 ? html`<p class="m2">${text('communities.empty')}</p>` : html`<ul class="readers">${studies.map(study)}</ul>`}</section></main>`;
    const head = html`<link rel="alternate" type="application/atom+xml" href="/feed.atom?${query}" title="${found.title}">`;
    return await plainPage(c, kernel, found.title, content, head);
  });
}
