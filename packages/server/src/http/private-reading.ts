import { AsyncLocalStorage } from 'node:async_hooks';
import { apiBase, translator } from '@micrarium/api';
import type { StudyVersion } from '@micrarium/model';
import { previewVersion, storeWithPreview } from '@micrarium/repository';
import { getCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { notePrivateLinkOpened, type PrivateLink, privateLinkOf, privateLinkPrefix } from '../auth/private-links.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { chosenLanguage, framedPage } from './frame/page-frame.ts';
import { bundleSheets } from './frame/page-sheets.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { Remembered } from './remembered.ts';

/** A request that is made with a private link. */
interface Reading {
  link: PrivateLink;
  /** The version as it would be published, where it is not yet; without, the link opens the files of a published version. */
  preview?: StudyVersion;
}

const current = new AsyncLocalStorage<Reading>();
const cookieName = 'micrarium-reading';
/** Milliseconds for which a preview is not made again: a viewer asks for hundreds of its chunks a second. */
const rememberedFor = 2_000;
const previews = new WeakMap<Services['studies'], Remembered<StudyVersion>>();

/** Does the request of just now read this version by a private link, before it is open to all? */
export function readsPrivately(accession: string, version: number): boolean {
  const link = current.getStore()?.link;
  return link?.accession === accession && link.version === version;
}

/** The link by which the request of just now reads a version that is not published; `undefined` where it does not. */
export function previewLink(): PrivateLink | undefined {
  const reading = current.getStore();
  return reading?.preview && reading.link;
}

/**
 * What the request of just now works with: with a link to a draft, a store that has the draft as one more version. Reading a draft starts
 * no work: its forms are made while it is edited.
 */
export function servicesOfReading(ready: Services): Services {
  const preview = current.getStore()?.preview;
  if (!preview) return ready;
  const nothing = async () => {};
  const jobs = { send: nothing, sendAll: nothing, work: nothing, workInBatches: nothing };
  return { ...ready, studies: storeWithPreview(ready.studies, preview), jobs };
}

/** Secret of a private link in `Authorization: Bearer`, as programs send it. */
export function bearerOfLink(headers: Headers): string | undefined {
  const token = /^Bearer +([\w-]{20,200})$/i.exec(headers.get('authorization') ?? '')?.[1];
  return token?.startsWith(privateLinkPrefix) ? token : undefined;
}

/** What a link opens now; `undefined` where it counts no more, or what it hides is public. */
async function readingOf(services: Services, secret: string): Promise<Reading | undefined> {
  const link = await privateLinkOf(services.db, secret);
  if (!link) return undefined;
  const { accession, version, hidesNames } = link;
  const draft = await services.db
    .selectFrom('draft')
    .select(['id', 'revision', 'updated_at'])
    .where('accession', '=', accession)
    .where('version', '=', version)
    .where('state', 'in', ['editing', 'publishing'])
    // A revision is of a version that is published: who may read that does not read what it may become.
    .where('minor', 'is', null)
    .executeTakeFirst();
  if (!draft) {
    // Once it is published the names are public too; to lead there would tell what the link hid.
    return !hidesNames && (await services.studies.getVersion(accession, version)) ? { link } : undefined;
  }
  let known = previews.get(services.studies);
  if (!known) previews.set(services.studies, (known = new Remembered(rememberedFor)));
  const preview = await known.get(`${draft.id} ${draft.revision} ${hidesNames}`, async () => {
    const row = await services.studies.getDraft(draft.id);
    return row && (await previewVersion(services, row, hidesNames));
  });
  return preview && { link, preview };
}

/** Lets requests with a private link read its study, and marks every answer to them as nothing for others. */
export function privateReading(app: Application, kernel: Kernel): void {
  for (const base of [apiBase, ''])
    for (const path of [`${base}/studies/:accession`, `${base}/studies/:accession/*`])
      app.use(path, async (c, next) => {
        const bearer = bearerOfLink(c.req.raw.headers);
        const secret = bearer ?? getCookie(c, cookieName);
        const ready = kernel.services();
        const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
        if (!ready || secret === undefined || !isRead) return await next();
        const reading = await readingOf(ready, secret);
        const isOfStudy = reading?.link.accession === c.req.param('accession');
        if (bearer !== undefined && !isOfStudy)
          throw new Problem('not-signed-in', 'This link was revoked, has expired, or is for another study.');
        if (!reading || !isOfStudy) return await next();
        await current.run(reading, next);
        markPrivate(c);
      });
}

function markPrivate(c: HttpContext): void {
  const { headers } = c.res;
  headers.set('cache-control', 'private, no-cache');
  headers.set('x-robots-tag', 'noindex, nofollow');
  headers.set('referrer-policy', 'no-referrer');
  headers.delete('access-control-allow-origin');
  headers.append('vary', 'Cookie, Authorization');
}

/** `/private/SECRET`: puts the secret into cookies for this study alone and leads to an address that does not have it. */
export function privateLinkPage(app: Application, kernel: Kernel, services: () => Services): void {
  app.get('/private/:secret', async (c, next) => {
    if (!kernel.services()) return await next();
    const secret = c.req.param('secret');
    const reading = await readingOf(services(), secret);
    c.header('x-robots-tag', 'noindex, nofollow');
    c.header('referrer-policy', 'no-referrer');
    if (!reading) return await linkGone(c, kernel);
    const { link } = reading;
    await notePrivateLinkOpened(services().db, link, services().notices);
    const seconds = Math.max(1, Math.floor((Date.parse(link.expiresAt) - Date.now()) / 1000));
    const isSecure = kernel.config.publicUrl?.startsWith('https:') ?? false;
    for (const base of [apiBase, ''])
      c.header(
        'set-cookie',
        `${cookieName}=${secret}; Path=${base}/studies/${link.accession}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`,
        { append: true },
      );
    c.header('cache-control', 'no-store');
    return c.redirect(`/studies/${link.accession}/v/${link.version}`, 303);
  });
}

async function linkGone(c: HttpContext, kernel: Kernel): Promise<Response> {
  const language = chosenLanguage(c);
  const text = translator(language);
  const content = html`<main class="wrap plain"><h1>${text('care.linkGone')}</h1><p class="prose">${text('care.linkGoneText')}</p></main>`;
  const sheets = await bundleSheets(kernel.webBundle());
  const inOtherLanguage = `?lang=${language === 'en' ? 'ja' : 'en'}`;
  const title = `${text('care.linkGone')} · Micrarium`;
  return await c.html(framedPage({ language, text, sheets, title, inOtherLanguage }, content), 410);
}
