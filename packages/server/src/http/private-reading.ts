import { AsyncLocalStorage } from 'node:async_hooks';
import { apiBase, translator } from '@micrarium/api';
import { type Preview, previewVersion, storeWithPreview } from '@micrarium/repository';
import { getCookie } from 'hono/cookie';
import { html } from 'hono/html';
import {
  notePrivateLinkOpened,
  passphraseProof,
  type PrivateLink,
  privateLinkOf,
  privateLinkPrefix,
} from '../auth/private-links.ts';
import { RateLimit } from '../auth/rate-limit.ts';
import type { StateOfStudy } from '../states/study-states.ts';
import { declarationOfDraft, isOnRequest } from '../access/draft-declaration.ts';
import type { Application } from './app.ts';
import type { HttpContext } from './context.ts';
import { chosenLanguage, framedPage } from './frame/page-frame.ts';
import { bundleSheets } from './frame/page-sheets.ts';
import { derivedWithout } from './hidden-texts.ts';
import type { Kernel, Services } from './kernel.ts';
import { Problem } from './problems.ts';
import { Remembered } from './remembered.ts';
import { filesGoAt } from '../states/without-consent.ts';

/** What a link opens, or that its passphrase is missing. */
interface Opened extends Reading {
  isLocked: boolean;
}

/** A request that is made with a private link. */
interface Reading {
  link: PrivateLink;
  /** The version as it would be published, where it is not yet; without, the link opens the files of a published version. */
  preview?: Preview;
  /** That its files are given on request, where they are declared so: no link opens them. */
  closed?: StateOfStudy;
}

const current = new AsyncLocalStorage<Reading>();
const cookieName = 'micrarium-reading';
/** Milliseconds for which a preview is not made again: a viewer asks for hundreds of its chunks a second. */
const rememberedFor = 2_000;
const previews = new WeakMap<Services['studies'], Remembered<Preview>>();

/** Does the request of just now read this version by a private link, before it is open to all? */
export function readsPrivately(accession: string, version: number): boolean {
  const link = current.getStore()?.link;
  return link?.accession === accession && link.version === version;
}

/** Is the request of just now made with a private link to a version of this study? */
export function hasLinkTo(accession: string): boolean {
  return current.getStore()?.link.accession === accession;
}

/** The link by which the request of just now reads a version that is not published; `undefined` where it does not. */
export function previewLink(): PrivateLink | undefined {
  const reading = current.getStore();
  return reading?.preview && reading.link;
}

/** Files that the version read just now leaves out, for persons are named inside them and the link hides names. */
export function leftOutOfPreview(): ReadonlySet<string> {
  return current.getStore()?.preview?.leftOut ?? new Set();
}

/** The private link the request of just now is made with, if any. */
export function linkOfReading(): PrivateLink | undefined {
  return current.getStore()?.link;
}

/**
 * What the request of just now works with: with a link to a draft, a store that has the draft as one more version. Reading a draft starts
 * no work: its forms are made while it is edited.
 */
export function servicesOfReading(ready: Services): Services {
  const { preview, closed } = current.getStore() ?? {};
  if (!preview) return ready;
  const nothing = async () => {};
  const jobs = { send: nothing, sendAll: nothing, work: nothing, workInBatches: nothing };
  const { version, hidden } = preview;
  return {
    ...ready,
    ...(hidden.length > 0 ? { derived: derivedWithout(ready.derived, hidden) } : {}),
    studies: storeWithPreview(ready.studies, preview),
    jobs,
    ...(closed ? { states: statesWith(ready.states, version.accession, closed) } : {}),
  };
}

/** States of studies, with that which a draft will have. Of a study that is closed or withdrawn already, its own stays. */
function statesWith(states: Services['states'], accession: string, closed: StateOfStudy): Services['states'] {
  const of: Services['states']['of'] = async (asked) => {
    const now = await states.of(asked);
    return asked === accession && (now.state === 'published' || now.state === 'embargoed') ? closed : now;
  };
  return Object.assign(Object.create(states) as Services['states'], { of });
}

/** How the files of a draft are closed by what was declared of it; without what names who answers for it, where a link hides names. */
async function closedByDeclaration(
  { db }: Services,
  draftId: string,
  hidesNames: boolean,
): Promise<StateOfStudy | undefined> {
  const declared = await declarationOfDraft(db, draftId);
  if (!declared || !isOnRequest(declared)) return undefined;
  const { contact: _contact, controller: _controller, jurisdiction: _jurisdiction, ...rest } = declared;
  const declaration = hidesNames ? { ...rest, ethics: '', terms: '' } : declared;
  return { state: 'controlled', reason: '', at: '', declaration };
}

/** Secret of a private link in `Authorization: Bearer`, as programs send it. */
export function bearerOfLink(headers: Headers): string | undefined {
  const token = /^Bearer +([\w-]{20,200})$/i.exec(headers.get('authorization') ?? '')?.[1];
  return token?.startsWith(privateLinkPrefix) ? token : undefined;
}

/** What a link opens now; `undefined` where it counts no more, or what it hides is public. */
async function readingOf(services: Services, secret: string, proof?: string): Promise<Opened | undefined> {
  const found = await privateLinkOf(services.db, secret, proof);
  if (!found) return undefined;
  const { link } = found;
  const { isLocked } = found;
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
    return !hidesNames && (await services.studies.getVersion(accession, version))
      ? { link, isLocked: false }
      : undefined;
  }
  // What persons did not consent to goes within a day, and is shown to nobody until then.
  if ((await filesGoAt(services.db, draft.id)) !== undefined) return undefined;
  // Only now: a link that counts no more asks for no passphrase.
  if (isLocked) return { link, isLocked };
  let known = previews.get(services.studies);
  if (!known) previews.set(services.studies, (known = new Remembered(rememberedFor)));
  const preview = await known.get(`${draft.id} ${draft.revision} ${hidesNames}`, async () => {
    const row = await services.studies.getDraft(draft.id);
    return row && (await previewVersion(services, row, hidesNames));
  });
  const closed = await closedByDeclaration(services, draft.id, hidesNames);
  return preview && { link, preview, isLocked, ...(closed ? { closed } : {}) };
}

/** Files as they were deposited, and everything that is packed of them: what a link that is for looking only does not give out. */
const takenAway =
  /^(?:\/api\/v1)?\/studies\/[^/]+\/(?:versions|v)\/[^/]+\/(?:files\/.|export|items\/[^/]+\/export|training|croissant|coco)/;

/** Wrong passphrases of one link within a minute, and a day. */
const guesses = new RateLimit([
  { milliseconds: 60_000, tries: 10 },
  { milliseconds: 86_400_000, tries: 200 },
]);

/** Notes a wrong passphrase. @throws Problem where there were too many */
function noteGuess({ id }: PrivateLink): void {
  const wait = guesses.take(id);
  if (wait > 0)
    throw new Problem('too-many-tries', `Try again in ${wait} seconds.`, { headers: { 'retry-after': String(wait) } });
}

/** Secret and proof of the passphrase as the cookie holds them. */
const inCookie = (value: string | undefined): [secret: string | undefined, proof: string | undefined] => {
  const [secret, proof] = (value ?? '').split('.');
  return [secret === '' ? undefined : secret, proof];
};

/** Lets requests with a private link read its study, and marks every answer to them as nothing for others. */
export function privateReading(app: Application, kernel: Kernel): void {
  for (const base of [apiBase, ''])
    for (const path of [`${base}/studies/:accession`, `${base}/studies/:accession/*`])
      app.use(path, async (c, next) => {
        const bearer = bearerOfLink(c.req.raw.headers);
        const [ofCookie, proofOfCookie] = inCookie(getCookie(c, cookieName));
        const secret = bearer ?? ofCookie;
        const ready = kernel.services();
        const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
        if (!ready || secret === undefined || !isRead) return await next();
        const passphrase = bearer === undefined ? undefined : c.req.header('micrarium-passphrase');
        const proof = passphrase === undefined ? proofOfCookie : passphraseProof(secret, passphrase);
        const reading = await readingOf(ready, secret, bearer === undefined ? proofOfCookie : proof);
        const isOfStudy = reading?.link.accession === c.req.param('accession');
        if (bearer !== undefined && !isOfStudy)
          throw new Problem('not-signed-in', 'This link was revoked, has expired, or is for another study.');
        if (reading?.isLocked && bearer !== undefined) {
          if (passphrase !== undefined) noteGuess(reading.link);
          throw new Problem('not-signed-in', 'This link has a passphrase: send it as Micrarium-Passphrase.');
        }
        if (!reading || !isOfStudy || reading.isLocked) return await next();
        if (!reading.link.letsDownload && takenAway.test(c.req.path))
          throw new Problem('not-allowed', 'This link is for looking: it gives out no files.');
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
  const open = async (c: HttpContext, secret: string, passphrase?: string): Promise<Response> => {
    const proof = passphrase === undefined ? undefined : passphraseProof(secret, passphrase);
    const opened = await readingOf(services(), secret, proof);
    c.header('x-robots-tag', 'noindex, nofollow');
    c.header('referrer-policy', 'no-referrer');
    c.header('cache-control', 'no-store');
    if (!opened) return await linkGone(c, kernel);
    const { link, isLocked } = opened;
    if (isLocked && passphrase !== undefined) noteGuess(link);
    if (isLocked) return await askPassphrase(c, kernel, passphrase !== undefined);
    await notePrivateLinkOpened(services().db, link, services().notices);
    const seconds = Math.max(1, Math.floor((Date.parse(link.expiresAt) - Date.now()) / 1000));
    const isSecure = kernel.config.publicUrl?.startsWith('https:') ?? false;
    const value = proof === undefined ? secret : `${secret}.${proof}`;
    for (const base of [apiBase, ''])
      c.header(
        'set-cookie',
        `${cookieName}=${value}; Path=${base}/studies/${link.accession}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`,
        { append: true },
      );
    return c.redirect(`/studies/${link.accession}/v/${link.version}`, 303);
  };
  app.get('/private/:secret', async (c, next) =>
    kernel.services() ? await open(c, c.req.param('secret')) : await next(),
  );
  app.post('/private/:secret', async (c, next) => {
    if (!kernel.services()) return await next();
    // A form of a few hundred bytes; anything longer is none of ours.
    if (Number(c.req.header('content-length') ?? Infinity) > 4_000) throw new Problem('body-too-large');
    const passphrase = new URLSearchParams(await c.req.text()).get('passphrase') ?? '';
    return await open(c, c.req.param('secret'), passphrase.slice(0, 200));
  });
}

/** Asks for the passphrase of a link; the address stays the one with the secret until it is said. */
async function askPassphrase(c: HttpContext, kernel: Kernel, wasWrong: boolean): Promise<Response> {
  const language = chosenLanguage(c);
  const text = translator(language);
  const wrong = wasWrong ? html`<p class="st warn" role="alert">${text('care.passphraseWrong')}</p>` : '';
  const content = html`<main class="wrap plain"><h1>${text('care.passphrase')}</h1><p class="prose">${text('care.passphraseText')}</p>${wrong}
<form method="post" class="row w"><label class="row">${text('care.passphraseLabel')} <input class="field-in" type="password" name="passphrase" required autocomplete="off" autofocus></label><button class="btn primary" type="submit">${text('care.passphraseOpen')}</button></form></main>`;
  const sheets = await bundleSheets(kernel.webBundle());
  const inOtherLanguage = `?lang=${language === 'en' ? 'ja' : 'en'}`;
  const title = `${text('care.passphrase')} · Micrarium`;
  return await c.html(framedPage({ language, text, sheets, title, inOtherLanguage }, content), wasWrong ? 403 : 200);
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
