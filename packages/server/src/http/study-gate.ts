import { apiBase, translator } from '@micrarium/api';
import { can, leadsToOpenPart } from '@micrarium/repository';
import { html } from 'hono/html';
import { mayHaveOpenParts, openPartsOf } from '../access/open-parts-of.ts';
import { studyResource } from '../access/study-resource.ts';
import type { StateOfStudy } from '../states/study-states.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { chosenLanguage, framedPage } from './frame/page-frame.ts';
import { bundleSheets } from './frame/page-sheets.ts';
import type { Kernel, Services } from './kernel.ts';
import { dayText } from './landing/landing-data.ts';
import { readsPrivately } from './private-reading.ts';
import { Problem } from './problems.ts';
import { versionFor } from './study-access.ts';

/** What is shown of a version whose files are closed: everything else below it is data, new routes too. */
const metadataOnly = /^\/(?:files|changes|citation|metadata(?:\/.*)?)?$/;

/** Stands before everything of a study: answers for those that are withdrawn, and closes the data of those under embargo. */
export function studyGate(app: Application, kernel: Kernel): void {
  const stateOf = async (c: HttpContext): Promise<StateOfStudy | undefined> => {
    const accession = c.req.param('accession') ?? '';
    return accession === '' ? undefined : await kernel.services()?.states.of(accession);
  };
  for (const path of [`${apiBase}/studies/:accession`, `${apiBase}/studies/:accession/*`])
    app.use(path, async (c, next) => {
      const state = await stateOf(c);
      if (state?.state === 'withdrawn') throw new Problem('withdrawn', `${state.reason} (${state.at.slice(0, 10)})`);
      const isControlled = state?.state === 'controlled';
      const isClosed = (isControlled || state?.state === 'embargoed') && isData(c.req.path);
      if (isClosed && isControlled) {
        if (!(await readsOpenPart(c, kernel.services()!, state))) await demandGrant(c, kernel.services()!);
      }
      if (isClosed && !isControlled && !(await mayRead(c, kernel.services()!)))
        throw new Problem('embargoed', `The files are open from ${state?.until}.`);
      await next();
      // A cache that others share must not keep what only some may read.
      if (isClosed) c.res.headers.set('cache-control', 'private, no-store');
    });
  for (const path of ['/studies/:accession', '/studies/:accession/*'])
    app.use(path, async (c, next) => {
      const state = await stateOf(c);
      if (state?.state !== 'withdrawn') return await next();
      return await tombstone(c, kernel, state);
    });
}

/** Is the address below a version, and not one that tells of metadata only? */
function isData(path: string): boolean {
  const below = /^\/api\/v1\/studies\/[^/]+\/versions\/[^/]+(\/.*)?$/.exec(path)?.[1];
  return below !== undefined && !metadataOnly.test(below);
}

/**
 * Is a part of a study read that its depositor declared open, though the files are given on request? Only what is named in `leadsToOpenPart`:
 * every other route, and everything that leads to a study past this gate, takes the study as closed as a whole.
 */
async function readsOpenPart(c: HttpContext, services: Services, state: StateOfStudy): Promise<boolean> {
  if (!['GET', 'HEAD', 'OPTIONS'].includes(c.req.method) || !mayHaveOpenParts(state)) return false;
  const [, version, below] = /^\/api\/v1\/studies\/[^/]+\/versions\/([1-9]\d{0,8})(\/.*)$/.exec(c.req.path) ?? [];
  if (version === undefined || below === undefined) return false;
  const accession = c.req.param('accession') ?? '';
  const { items } = await versionFor(c, services, accession, Number(version));
  return await leadsToOpenPart(
    below,
    openPartsOf(state, items),
    async (path) => (await services.studies.getVersionFile(accession, Number(version), path)) !== undefined,
  );
}

/** Goes on for the owner and for whom access was granted, and notes what they read; no role and no private link opens these files. @throws Problem */
async function demandGrant(c: HttpContext, services: Services): Promise<void> {
  const { access } = services;
  const { subject } = c.var;
  const accession = c.req.param('accession') ?? '';
  const userId = subject.kind === 'user' || subject.kind === 'token' ? subject.userId : undefined;
  const study = await studyResource(services, subject, accession);
  const isGranted = userId !== undefined && (await access.isGranted(accession, userId));
  if (!can(subject, 'study.read-controlled', { ...study, isGranted }))
    throw new Problem('access-on-request', `Ask for access at /access/${accession}.`);
  const path = /\/versions\/(.*)$/.exec(c.req.path)?.[1] ?? '';
  if (userId !== undefined && userId !== study.ownerId) await access.noteReading(accession, userId, path);
}

async function mayRead(c: HttpContext, services: Services): Promise<boolean> {
  const { subject } = c.var;
  const accession = c.req.param('accession') ?? '';
  const version = /\/versions\/(\d+)/.exec(c.req.path)?.[1];
  if (version !== undefined && readsPrivately(accession, Number(version))) return true;
  if (subject.kind === 'anonymous') return false;
  return can(subject, 'study.read-closed', await studyResource(services, subject, accession));
}

/** What stays of a withdrawn study: that it was, when and why it went, and what takes its place. */
async function tombstone(c: HttpContext, kernel: Kernel, state: StateOfStudy): Promise<Response> {
  const accession = c.req.param('accession') ?? '';
  const found = await kernel.services()!.studies.getVersion(accession, 'newest');
  const language = chosenLanguage(c);
  const text = translator(language);
  const title = found?.metadata.values['title'];
  const content = html`<main class="wrap plain"><p class="mono m2">${accession}</p><h1>${text('care.withdrawn')}</h1>
${typeof title === 'string' ? html`<p class="b">${title}</p>` : ''}
<div class="prose"><p>${text('care.withdrawnOn', { date: dayText(state.at, language) })} ${text('care.withdrawnFiles')}</p><p>${text('care.withdrawnWhy', { reason: state.reason })}</p>
${state.replacedBy ? html`<p>${text('care.replacedBy')} <a class="l" href="/studies/${state.replacedBy}">${state.replacedBy}</a></p>` : ''}</div></main>`;
  const sheets = await bundleSheets(kernel.webBundle());
  const inOtherLanguage = `${c.req.path}?lang=${language === 'en' ? 'ja' : 'en'}`;
  const head = html`<meta name="robots" content="noindex">`;
  const page = { language, text, sheets, title: `${text('care.withdrawn')} · ${accession}`, inOtherLanguage, head };
  return await c.html(framedPage(page, content), 410);
}
