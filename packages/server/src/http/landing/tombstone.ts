import { translator } from '@micrarium/api';
import { citationText, citedVersion, graphOfStudy, metadataFormById, writeXml } from '@micrarium/standards';
import { html } from 'hono/html';
import { stateAccess } from '../../access/stated-access.ts';
import { namedByDoi } from '../../additions/study-relations.ts';
import type { RegisteredDois } from '../../dois/study-dois.ts';
import type { StateOfStudy } from '../../states/study-states.ts';
import type { HttpContext } from '../context.ts';
import { chosenLanguage, framedPage } from '../frame/page-frame.ts';
import { bundleSheets } from '../frame/page-sheets.ts';
import type { Kernel, Services } from '../kernel.ts';
import { Problem, problemResponse } from '../problems.ts';
import { Remembered } from '../remembered.ts';
import { originOf } from '../route.ts';
import { type FoundVersion, publicVersion, versionOfLabel } from '../study-access.ts';
import { dublinCore } from './dublin-core.ts';
import { dayText, pagePath } from './landing-data.ts';
import { titleHtml } from './landing-title.ts';
import { publicGraph } from './metadata-routes.ts';
import { formatNamed, negotiated } from './negotiated.ts';
import { linkHeader, linksOfDescription, linkSet, linkSetText, type Signpost, signposts } from './signposts.ts';

type Html = ReturnType<typeof html>;

/** Forms of the metadata that stay: those that describe the study as a whole, and none of its files. */
const stays = /^(?:datacite-json|datacite-xml|schema-org|csl-json|bibtex|ris|dublin-core|citation-[a-z]+)$/;

/** A withdrawn study as it is told of: a version without its data. */
interface Remains {
  found: FoundVersion;
  state: StateOfStudy;
  origin: string;
  dois: RegisteredDois | undefined;
  /** How it is cited; `''` where nothing is known of its authors any more. */
  citation: string;
}

/**
 * What stays of a withdrawn study: a page (status 410) that says that it was, when and why it went, what takes its place, how it is cited and
 * which identifiers it has, with the links and forms for programs that pages of studies have; of a study that was withdrawn before anybody
 * was to know of it, that alone.
 */
export async function tombstone(c: HttpContext, kernel: Kernel, state: StateOfStudy): Promise<Response> {
  const label = /^\/studies\/[^/]+\/v\/([\d.]+)/.exec(c.req.path)?.[1];
  const remains = state.isPrivate === true ? undefined : await remainsOf(c, kernel, state, label);
  if (!remains) return await tombstonePage(c, kernel, state, undefined);
  const { found } = remains;
  const below = c.req.path.slice(`/studies/${found.accession}`.length).replace(/^\/v\/[\d.]+/, '');
  const links = signpostsOf(remains);
  const shared = { 'access-control-allow-origin': '*' };
  if (below === '/linkset')
    return c.body(JSON.stringify(linkSet(links)), 200, { ...shared, 'content-type': 'application/linkset+json' });
  if (below === '/linkset.txt')
    return c.body(linkSetText(links), 200, { ...shared, 'content-type': 'application/linkset' });
  const form = /^\/metadata\/([a-z-]+)$/.exec(below)?.[1];
  if (form !== undefined && stays.test(form)) return await described(c, kernel.services()!, remains, form);
  if (below !== '') return await tombstonePage(c, kernel, state, undefined);
  c.header('vary', 'Accept', { append: true });
  c.header('link', linkHeader(links));
  const format = c.req.query('format');
  const other = format === undefined ? negotiated(c.req.header('accept'), found) : formatNamed(format, found);
  if (other?.startsWith('/api/') === true && !other.includes('/export')) {
    const told = problemResponse(problemOf(state, remains), c.req.path);
    return c.body(await told.text(), 410, { ...shared, 'content-type': 'application/json' });
  }
  const inForm = other === undefined ? undefined : /\/(?:metadata\/([a-z-]+)|linkset(?:\.txt)?)$/.exec(other);
  if (other !== undefined && inForm && stays.test(inForm[1] ?? 'ris')) return c.redirect(other, 303);
  return await tombstonePage(c, kernel, state, remains);
}

const remembered = new WeakMap<Services['studies'], Remembered<Remains>>();

/** The answer of the interface at every address of a withdrawn study: what its tombstone tells, as members of a problem. */
export async function withdrawnProblem(c: HttpContext, kernel: Kernel, state: StateOfStudy): Promise<Problem> {
  if (state.isPrivate === true) return problemOf(state, undefined);
  const { studies } = kernel.services()!;
  let memory = remembered.get(studies);
  if (!memory) remembered.set(studies, (memory = new Remembered(2_000)));
  const accession = c.req.param('accession') ?? '';
  const label = /\/versions\/([1-9]\d{0,8})(?:\/|$)/.exec(c.req.path)?.[1];
  const of = (asked: string | undefined) => remainsOf(c, kernel, state, asked);
  // A viewer that is open asks for hundreds of chunks a second, and each is refused.
  const remains = await memory.get(
    `${accession} ${label} ${state.at}`,
    async () => (await of(label)) ?? (await of(undefined)),
  );
  return problemOf(state, remains);
}

/** @param remains left out where nothing of the study is told but that it is gone */
function problemOf(state: StateOfStudy, remains: Remains | undefined): Problem {
  const detail = `${state.reason} (${state.at.slice(0, 10)})`;
  if (!remains) return new Problem('withdrawn', detail);
  const headers = { link: linkHeader(signpostsOf(remains)) };
  return new Problem('withdrawn', detail, { members: toldInJson(remains), headers });
}

/**
 * The version that is asked for, else the newest; `undefined` where there is none of that number.
 * @param label as in the addresses of pages: `2`, or `2.1` of a revision
 */
async function remainsOf(
  c: HttpContext,
  kernel: Kernel,
  state: StateOfStudy,
  label: string | undefined,
): Promise<Remains | undefined> {
  const services = kernel.services()!;
  const accession = c.req.param('accession') ?? '';
  const { version, minor } = label === undefined ? { version: 'newest' as const } : versionOfLabel(label);
  const asked = await services.studies.getVersion(accession, version, minor);
  if (!asked) return undefined;
  const found = await publicVersion(services, { ...asked, items: [], pairs: [], datasets: [] });
  const origin = originOf(c, kernel.config.publicUrl);
  const cited = citedVersion(found, `${origin}${pagePath(found)}`);
  const isNamed = cited.authors.some(({ firstName, lastName }) => `${firstName}${lastName}` !== '');
  return {
    found,
    state,
    origin,
    dois: await services.dois?.registered(accession),
    citation: isNamed ? `${citationText(cited)} [withdrawn ${state.at.slice(0, 10)}]` : '',
  };
}

/** The links of its page: those of a study, without what is gone. */
function signpostsOf({ found, state, origin, dois }: Remains): Signpost[] {
  const links = signposts(found, { files: [], origin, dois, newest: found.version });
  const anchor = `${origin}${pagePath(found)}`;
  return [
    ...links.flatMap((link): Signpost[] => {
      if (link.rel !== 'describedby') return [link];
      if (link.type === 'application/json') return [{ ...link, href: `${anchor}?format=json` }];
      return stays.test(link.href.slice(link.href.lastIndexOf('/') + 1)) ? [link] : [];
    }),
    ...(state.replacedBy === undefined
      ? []
      : [{ rel: 'related', href: `${origin}/studies/${state.replacedBy}`, type: 'text/html', anchor }]),
  ];
}

/** The day (YYYY-MM-DD) on which what was left of it was purged, as the note of what took its place says. */
const purgedOn = ({ note }: FoundVersion): string | undefined =>
  /^Purged on (\d{4}-\d\d-\d\d)\.$/.exec(note ?? '')?.[1];

/** The same for programs, in words of this interface. */
function toldInJson({ found, state, origin, dois, citation }: Remains) {
  const { title } = found.metadata.values;
  const address = `${origin}${pagePath(found)}`;
  return {
    accession: found.accession,
    version: found.version,
    ...(found.minor === undefined ? {} : { minor: found.minor }),
    state: 'withdrawn',
    withdrawnAt: state.at,
    reason: state.reason,
    ...(purgedOn(found) === undefined ? {} : { purgedOn: purgedOn(found) }),
    ...(state.replacedBy === undefined
      ? {}
      : { replacedBy: state.replacedBy, replacement: `${origin}/studies/${state.replacedBy}` }),
    ...(typeof title === 'string' ? { studyTitle: title } : {}),
    publishedAt: found.publishedAt,
    ...(citation === '' ? {} : { citation }),
    ...(dois?.concept === undefined ? {} : { doi: dois.concept }),
    ...(dois?.versions.has(found.version) ? { versionDoi: dois.versions.get(found.version) } : {}),
    url: address,
    metadata: ['datacite-json', 'datacite-xml', 'schema-org', 'csl-json'].map((form) => `${address}/metadata/${form}`),
    linkset: `${address}/linkset`,
  };
}

/** What is known of the study in one of the forms that stay. */
async function described(
  c: HttpContext,
  services: Services,
  { found, state, origin }: Remains,
  name: string,
): Promise<Response> {
  const address = `${origin}${pagePath(found)}`;
  const graph = publicGraph(graphOfStudy({ ...found, files: [] }, { url: address, publisher: 'Micrarium' }));
  stateAccess(graph, state);
  graph.links.push(...((await services.dois?.linksOf(found)) ?? []));
  graph.links = await namedByDoi(services.db, graph.links, origin);
  const headers = { 'access-control-allow-origin': '*', link: linksOfDescription(address) };
  const xml = 'application/x-dc+xml; charset=utf-8';
  if (name === 'dublin-core') return c.body(writeXml(dublinCore(graph)), 200, { ...headers, 'content-type': xml });
  const form = metadataFormById(name);
  if (!form) return c.body(null, 410);
  const type = form.mediaType.startsWith('text/') ? `${form.mediaType}; charset=utf-8` : form.mediaType;
  return c.body(form.write(graph).text, 200, { ...headers, 'content-type': type });
}

/** @param remains left out where nothing of the study is told */
async function tombstonePage(
  c: HttpContext,
  kernel: Kernel,
  state: StateOfStudy,
  remains: Remains | undefined,
): Promise<Response> {
  const accession = c.req.param('accession') ?? '';
  const language = chosenLanguage(c);
  const text = translator(language);
  const title = remains?.found.metadata.values['title'];
  const purged = remains && purgedOn(remains.found);
  const content = html`<main class="wrap plain"><p class="mono m2">${accession}</p><h1>${text('care.withdrawn')}</h1>
${typeof title === 'string' ? html`<p class="b">${titleHtml(title)}</p>` : ''}
<div class="prose"><p>${text('care.withdrawnOn', { date: dayText(state.at, language) })} ${purged === undefined ? text('care.withdrawnFiles') : text('care.purged', { date: dayText(purged, language) })}</p><p>${text('care.withdrawnWhy', { reason: state.reason })}</p>
${state.replacedBy ? html`<p>${text('care.replacedBy')} <a class="l" href="/studies/${state.replacedBy}">${state.replacedBy}</a></p>` : ''}</div>
${remains ? toldOf(remains, c) : ''}</main>`;
  const sheets = await bundleSheets(kernel.webBundle());
  const inOtherLanguage = `${c.req.path}?lang=${language === 'en' ? 'ja' : 'en'}`;
  const head = html`<meta name="robots" content="noindex">`;
  const page = { language, text, sheets, title: `${text('care.withdrawn')} · ${accession}`, inOtherLanguage, head };
  return await c.html(framedPage(page, content), 410);
}

/** How it is cited, its identifiers, its days and its metadata. */
function toldOf({ found, state, dois, citation }: Remains, c: HttpContext): Html {
  const language = chosenLanguage(c);
  const text = translator(language);
  const path = pagePath(found);
  const doi = (one: string) => html`<a class="l mono" href="https://doi.org/${one}">https://doi.org/${one}</a>`;
  const forms = [
    ['datacite-json', 'DataCite JSON'],
    ['datacite-xml', 'DataCite XML'],
    ['schema-org', 'schema.org'],
    ['csl-json', 'CSL JSON'],
  ] as const;
  const versionDoi = dois?.versions.get(found.version);
  const cited = found.metadata.values['doi'];
  const named = [dois?.concept, versionDoi, typeof cited === 'string' && cited !== '' ? cited : undefined];
  const all = [...new Set(named.filter((one) => one !== undefined))];
  const rows: [string, Html | string][] = [
    [text('study.accession'), html`<span class="mono">${found.accession}</span>`],
    ['DOI', all.length === 0 ? '' : html`${all.map((one, at) => html`${at > 0 ? html`<br>` : ''}${doi(one)}`)}`],
    [text('study.published'), dayText(found.publishedAt, language)],
    [text('care.withdrawnDay'), dayText(state.at, language)],
    [
      text('study.metadata'),
      html`${forms.map(([id, name], at) => html`${at > 0 ? ' · ' : ''}<a class="l" href="${path}/metadata/${id}">${name}</a>`)} · <a class="l" href="${path}?format=json">JSON</a>`,
    ],
  ];
  const cite =
    citation === ''
      ? ''
      : html`<section class="sec" id="cite"><div class="hd"><h2>${text('study.cite')}</h2></div><div class="cite"><blockquote>${citation}</blockquote><div class="row w noprint"><a class="btn" href="${path}/metadata/bibtex">${text('study.bibtex')}</a><a class="btn" href="${path}/metadata/ris">${text('study.ris')}</a></div></div></section>`;
  return html`${cite}<dl class="kv">${rows.filter(([, value]) => value !== '').map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}
