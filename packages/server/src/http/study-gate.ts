import { apiBase, translator } from '@micrarium/api';
import { type AccessLevel, can, leadsToOpenPart, leadsToSafeRendering } from '@micrarium/repository';
import { html } from 'hono/html';
import { agreedTerms } from '../access/access-requests.ts';
import { levelOfAccess } from '../access/level-of-access.ts';
import { mayHaveOpenParts, openPartsOf, partLevelsOf, partsUpTo } from '../access/open-parts-of.ts';
import { whomToAsk } from '../access/stated-access.ts';
import { studyResource } from '../access/study-resource.ts';
import { isHidden, type StateOfStudy } from '../states/study-states.ts';
import type { Application } from './app.ts';
import { type HttpContext, subjectOf } from './context.ts';
import { isLookedAt } from './files-origin.ts';
import { chosenLanguage, framedPage } from './frame/page-frame.ts';
import { bundleSheets } from './frame/page-sheets.ts';
import type { Kernel, Services } from './kernel.ts';
import { dayText } from './landing/landing-data.ts';
import { closedWords } from './landing/landing-page.ts';
import { tombstone, withdrawnProblem } from './landing/tombstone.ts';
import { hasLinkTo, previewLink, readsPrivately, servicesOfReading } from './private-reading.ts';
import { Problem } from './problems.ts';
import { readsClosed, versionFor } from './study-access.ts';

/** What is shown of a version whose files are closed: everything else below it is data, new routes too. */
const metadataOnly = /^\/(?:files|changes|citation|metadata(?:\/.*)?)?$/;

/** Changes of a study that somebody asks for and somebody confirms: the purge of one that is withdrawn is among them. */
const isOfAsks = /^\/api\/v1\/studies\/[^/]+\/asks(?:\/|$)/;

/** Stands before everything of a study: answers for those that are withdrawn, and closes the data of those under embargo. */
export function studyGate(app: Application, kernel: Kernel): void {
  const stateOf = async (c: HttpContext): Promise<StateOfStudy | undefined> => {
    const accession = c.req.param('accession') ?? '';
    return accession === '' ? undefined : await ofReading(kernel)?.states.of(accession);
  };
  for (const path of [`${apiBase}/studies/:accession`, `${apiBase}/studies/:accession/*`])
    app.use(path, async (c, next) => {
      const state = await stateOf(c);
      if (state && isHidden(state) && !(await isInside(c, kernel.services()!))) return await asIfNotThere(app, c);
      if (state && isHidden(state)) c.set('knowsOf', c.req.param('accession') ?? '');
      // What is asked for a study that is withdrawn is asked where it is asked for others.
      if (state?.state === 'withdrawn' && !isOfAsks.test(c.req.path)) throw await withdrawnProblem(c, kernel, state);
      const isControlled = state?.state === 'controlled';
      const isClosed = (isControlled || state?.state === 'embargoed') && isData(c.req.path);
      if (isClosed) {
        const refusal = await refusalOf(c, ofReading(kernel)!, state);
        if (refusal && isLookedAt(c)) return await closedPage(c, kernel, state, levelOfRefusal[refusal.code]);
        if (refusal) throw refusal;
      }
      await next();
      if (state && isHidden(state)) c.res.headers.set('cache-control', 'private, no-store');
      // A cache that others share must not keep what only some may read.
      if (isClosed) c.res.headers.set('cache-control', 'private, no-store');
    });
  for (const path of ['/studies/:accession', '/studies/:accession/*'])
    app.use(path, async (c, next) => {
      const state = await stateOf(c);
      if (state && isHidden(state)) {
        // Pages are asked for in nobody's name; here it matters who asks.
        c.set('subject', subjectOf(await kernel.services()!.accounts.whoAsks(c.req.raw.headers)));
        if (!(await isInside(c, kernel.services()!))) return await next();
        c.set('knowsOf', c.req.param('accession') ?? '');
        await next();
        c.res.headers.set('cache-control', 'private, no-store');
        return;
      }
      if (state?.state !== 'withdrawn') return await next();
      return await tombstone(c, kernel, state);
    });
}

/** What the request of just now works with: by a private link, with a draft as one more version, closed as it is declared. */
function ofReading(kernel: Kernel): Services | undefined {
  const ready = kernel.services();
  return ready && servicesOfReading(ready);
}

/** Does the sender know of a study that only those inside know of? A private link to one of its versions tells of it. */
async function isInside(c: HttpContext, services: Services): Promise<boolean> {
  const accession = c.req.param('accession') ?? '';
  return hasLinkTo(accession) || (await readsClosed(c, services, accession));
}

/** An accession that no study gets. */
const nobodys = 'MIC-0';

/**
 * The answer that a study that is not there gets at the same address, of whatever kind it is: one that differed in status or words would tell
 * that there is something.
 */
async function asIfNotThere(app: Application, c: HttpContext): Promise<Response> {
  const { raw } = c.req;
  const address = new URL(raw.url);
  const accession = c.req.param('accession') ?? '';
  address.pathname = address.pathname.replace(accession, nobodys);
  const isRead = raw.method === 'GET' || raw.method === 'HEAD';
  const init = { method: raw.method, headers: raw.headers, ...(isRead ? {} : { body: await c.req.text() }) };
  const answer = await app.fetch(new Request(address, init), c.env);
  // A refusal says at which address it was.
  const said = (await answer.text()).replaceAll(`/studies/${nobodys}`, `/studies/${accession}`);
  const headers = new Headers(answer.headers);
  headers.delete('content-length');
  return new Response(raw.method === 'HEAD' || said === '' ? null : said, { status: answer.status, headers });
}

/** Why the sender does not get closed files; `undefined` for who may have them. */
async function refusalOf(c: HttpContext, services: Services, state: StateOfStudy): Promise<Problem | undefined> {
  if (state.state === 'embargoed')
    return (await mayRead(c, services))
      ? undefined
      : new Problem('embargoed', `The files are open from ${state.until}.`);
  const level = await levelOfReading(c, services, state);
  if (level === 'open') return undefined;
  try {
    await demandAccess(c, services, state, level);
    return undefined;
  } catch (fault) {
    if (!(fault instanceof Problem)) throw fault;
    // There is nothing to be asked for before it is published.
    return previewLink() === undefined
      ? fault
      : new Problem('access-on-request', 'No private link opens files that are not open to everybody.');
  }
}

/** Of what level a file is that was refused; of one under embargo there is none. */
const levelOfRefusal: Readonly<Record<string, AccessLevel>> = {
  'terms-not-accepted': 'registered',
  'access-on-request': 'controlled',
  'files-closed': 'closed',
};

/** What somebody sees who follows a link to a file that is not open to them: why, and the way to it. */
async function closedPage(
  c: HttpContext,
  kernel: Kernel,
  state: StateOfStudy,
  level: AccessLevel | undefined,
): Promise<Response> {
  const accession = c.req.param('accession') ?? '';
  const language = chosenLanguage(c);
  const text = translator(language);
  const [why, next] = closedWords[level ?? 'controlled'];
  const contact = state.declaration?.contact ?? '';
  const words =
    level === undefined ? text('care.closedUntil', { date: dayText(state.until ?? '', language) }) : text(why);
  const content = html`<main class="wrap plain"><p class="mono m2">${accession}</p><h1>${text('care.closedFile')}</h1>
<div class="prose"><p>${words}${level === 'closed' && contact !== '' ? ` ${text('care.contact', { contact })}` : ''}</p></div>
<p class="row w">${level === undefined || next === undefined ? '' : html`<a class="btn primary" href="/access/${accession}">${text(next)}</a> `}<a class="btn" href="/studies/${accession}">${text('care.toStudy')}</a></p></main>`;
  const sheets = await bundleSheets(kernel.webBundle());
  const inOtherLanguage = `${c.req.path}?lang=${language === 'en' ? 'ja' : 'en'}`;
  const head = html`<meta name="robots" content="noindex">`;
  const page = { language, text, sheets, title: `${text('care.closedFile')} · ${accession}`, inOtherLanguage, head };
  c.header('cache-control', 'private, no-store');
  return await c.html(framedPage(page, content), 403);
}

/** Is the address below a version, and not one that tells of metadata only? */
function isData(path: string): boolean {
  const below = /^\/api\/v1\/studies\/[^/]+\/versions\/[^/]+(\/.*)?$/.exec(path)?.[1];
  return below !== undefined && !metadataOnly.test(below);
}

/**
 * Level of what is asked for: that of the study, but for parts to which their depositor gave a wider one, and renderings that a curator declared
 * safe. Only what is named in `leadsToOpenPart` and `leadsToSafeRendering`: every other route, and everything that leads to a study past this
 * gate, takes the study as closed as a whole.
 */
async function levelOfReading(c: HttpContext, services: Services, state: StateOfStudy): Promise<AccessLevel | 'open'> {
  const whole = levelOfAccess(state) ?? 'controlled';
  const levels = partLevelsOf(state);
  const hasParts = mayHaveOpenParts(state) || levels.length > 0 || state.safe !== undefined;
  if (!['GET', 'HEAD', 'OPTIONS'].includes(c.req.method) || !hasParts) return whole;
  const [, version, below] = /^\/api\/v1\/studies\/[^/]+\/versions\/([1-9]\d{0,8})(\/.*)$/.exec(c.req.path) ?? [];
  if (version === undefined || below === undefined) return whole;
  const accession = c.req.param('accession') ?? '';
  const { items } = await versionFor(c, services, accession, Number(version));
  if (leadsToSafeRendering(below, items, state.safe ?? [])) return 'open';
  const isFile = async (path: string) =>
    (await services.studies.getVersionFile(accession, Number(version), path)) !== undefined;
  if (await leadsToOpenPart(below, openPartsOf(state, items), isFile)) return 'open';
  for (const level of levels) if (await leadsToOpenPart(below, partsUpTo(state, items, level), isFile)) return level;
  return whole;
}

/**
 * Goes on for whoever the level of the files is for, and notes what they read; no private link opens these files, and what is given on
 * request no role does. @throws Problem
 */
async function demandAccess(
  c: HttpContext,
  services: Services,
  state: StateOfStudy,
  level: AccessLevel,
): Promise<void> {
  const { access, acceptedTerms } = services;
  const { subject } = c.var;
  const accession = c.req.param('accession') ?? '';
  if (level === 'closed') throw new Problem('files-closed', whomToAsk(state, accession));
  const userId = subject.kind === 'user' || subject.kind === 'token' ? subject.userId : undefined;
  const study = await studyResource(services, subject, accession);
  const path = /\/versions\/(.*)$/.exec(c.req.path)?.[1] ?? '';
  if (level === 'registered') {
    const terms = agreedTerms(state.declaration).version;
    const hasAccepted =
      userId !== undefined && (await acceptedTerms.acceptedAt(accession, userId, terms)) !== undefined;
    if (!can(subject, 'study.read-registered', { ...study, hasAccepted }))
      throw new Problem('terms-not-accepted', `Accept the terms at /access/${accession}.`);
  } else {
    const isGranted = userId !== undefined && (await access.isGranted(accession, userId));
    if (!can(subject, 'study.read-controlled', { ...study, isGranted }))
      throw new Problem('access-on-request', `Ask for access at /access/${accession}.`);
  }
  if (userId !== undefined && userId !== study.ownerId)
    await access.noteReading(accession, userId, path, await sizeOf(c, services));
}

/** Bytes of the file that is asked for, where it is one file of the version. */
async function sizeOf(c: HttpContext, { studies }: Services): Promise<number | undefined> {
  const [, version, path] = /\/versions\/([1-9]\d{0,8})\/files\/(.+)$/.exec(c.req.path) ?? [];
  if (version === undefined || path === undefined) return undefined;
  const file = await studies.getVersionFile(c.req.param('accession') ?? '', Number(version), decoded(path) ?? '');
  return file?.size;
}

/** May the sender read a study under embargo: by standing, or by a private link to the version? */
async function mayRead(c: HttpContext, services: Services): Promise<boolean> {
  const accession = c.req.param('accession') ?? '';
  const version = /\/versions\/(\d+)/.exec(c.req.path)?.[1];
  if (version !== undefined && readsPrivately(accession, Number(version))) return true;
  return await readsClosed(c, services, accession);
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
