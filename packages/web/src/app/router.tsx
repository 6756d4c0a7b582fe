import type { PagePattern } from '@micrarium/api';
import { type ComponentType, type JSX, useSyncExternalStore } from 'react';
import { type TextPart, wantTexts } from '../messages/text.ts';
import { type PageLocation, type PagePath, locate, ownAddress, pageAddress } from './location.ts';
import { focusPage } from './page-focus.ts';
import { rememberScroll, restoreScroll } from './scroll-memory.ts';

/** Pages by path, each loaded when it is first wanted. Every other address of the site belongs to the server. */
const pages: readonly (readonly [
  pattern: PagePattern,
  load: () => Promise<ComponentType>,
  texts?: readonly TextPart[],
])[] = [
  ['/', async () => (await import('../home/home-page.tsx')).HomePage],
  ['/search', async () => (await import('../search/search-page.tsx')).SearchPage, ['search']],
  [
    '/explore',
    async () => (await import('../explore/explore-page.tsx')).ExplorePage,
    ['explore', 'sql', 'measures', 'viewer'],
  ],
  [
    '/explore/features',
    async () => (await import('../explore/features-page.tsx')).FeaturesPage,
    ['explore', 'sql', 'viewer'],
  ],
  ['/sql', async () => (await import('../sql/sql-page.tsx')).SqlPage, ['sql', 'viewer']],
  ['/queries/$id', async () => (await import('../sql/saved-query-page.tsx')).SavedQueryPage, ['sql', 'viewer']],
  ['/sign-in', async () => (await import('../account/sign-in-page.tsx')).SignInPage],
  [
    '/confirm-address',
    async () => (await import('../account/confirm-address-page.tsx')).ConfirmAddressPage,
    ['account'],
  ],
  ['/welcome', async () => (await import('../account/welcome-page.tsx')).WelcomePage],
  [
    '/account',
    async () => (await import('../account/account-page.tsx')).AccountPage,
    ['account', 'admin', 'quota', 'webhooks'],
  ],
  ['/invitation', async () => (await import('../admin/invitation-page.tsx')).InvitationPage, ['admin']],
  ['/review/$draft', async () => (await import('../admin/review-page.tsx')).ReviewPage, ['admin', 'life', 'deposit']],
  [
    '/study-state/$accession',
    async () => (await import('../life/study-state-page.tsx')).StudyStatePage,
    ['admin', 'life'],
  ],
  ['/promotion/$accession', async () => (await import('../admin/promotion-page.tsx')).PromotionPage, ['admin']],
  ['/sharing/$draft', async () => (await import('../admin/sharing-page.tsx')).SharingPage, ['admin']],
  [
    '/private-links/$accession',
    async () => (await import('../admin/private-links-page.tsx')).PrivateLinksPage,
    ['admin', 'life'],
  ],
  ['/admin', async () => (await import('../admin/admin-page.tsx')).AdminPage, ['admin', 'life', 'quota']],
  ['/notices', async () => (await import('../notices/notices-page.tsx')).NoticesPage, ['notices']],
  ['/new-password', async () => (await import('../notices/new-password-page.tsx')).NewPasswordPage, ['notices']],
  ['/drafts', async () => (await import('../drafts/drafts-page.tsx')).DraftsPage, ['life']],
  ['/plans', async () => (await import('../plans/plans-page.tsx')).PlansPage, ['plans']],
  ['/plans/$plan', async () => (await import('../plans/plan-page.tsx')).PlanPage, ['plans']],
  ['/send-on/$accession/$version', async () => (await import('../plans/send-on-page.tsx')).SendOnPage, ['plans']],
  ['/questions/$accession', async () => (await import('../readers/questions-page.tsx')).QuestionsPage, ['readers']],
  ['/reuse/$accession', async () => (await import('../readers/reuse-page.tsx')).ReusePage, ['readers']],
  ['/access/$accession', async () => (await import('../readers/access-page.tsx')).AccessPage, ['readers']],
  ['/admin/dois', async () => (await import('../admin/registrar-page.tsx')).RegistrarPage, ['admin']],
  ['/dois/$accession', async () => (await import('../admin/dois-page.tsx')).DoisPage, ['admin']],
  ['/requests/$accession', async () => (await import('../admin/requests-page.tsx')).RequestsPage, ['admin']],
  [
    '/next-version/$accession',
    async () => (await import('../admin/next-version-page.tsx')).NextVersionPage,
    ['admin', 'life'],
  ],
  [
    '/community-desk/$slug',
    async () => (await import('../communities/community-desk.tsx')).CommunityDeskPage,
    ['communities', 'admin', 'life'],
  ],
  ['/add-to/$accession', async () => (await import('../additions/additions-page.tsx')).AdditionsPage, ['additions']],
  [
    '/edit-collection/$id',
    async () => (await import('../collections/edit-collection-page.tsx')).EditCollectionPage,
    ['collections'],
  ],
  ['/transfer/$accession', async () => (await import('../transfer/transfer-page.tsx')).TransferPage, ['transfer']],
  ['/people/$id', async () => (await import('../readers/profile-page.tsx')).ProfilePage, ['readers']],
  ['/formats', async () => (await import('../register/formats-page.tsx')).FormatsPage, ['register']],
  ['/self-assessment', async () => (await import('../register/assessment-page.tsx')).AssessmentPage, ['register']],
  ['/terms', async () => (await import('../terms/terms-page.tsx')).TermsPage, ['terms']],
  ['/inside', async () => (await import('../inside/inside-page.tsx')).InsidePage, ['inside']],
  [
    '/studies/$accession/challenge',
    async () => (await import('../challenge/challenge-page.tsx')).ChallengePage,
    ['challenge', 'measures'],
  ],
  ['/gallery/$accession/$version', async () => (await import('../gallery/gallery-page.tsx')).GalleryPage, ['gallery']],
  ['/plate/$accession/$version/$item', async () => (await import('../plate/plate-page.tsx')).PlatePage, ['gallery']],
  [
    '/embed/$accession/$version/$item',
    async () => (await import('../embed/embed-page.tsx')).EmbedPage,
    ['viewer', 'gallery'],
  ],
  [
    '/measures/$accession/$version/$item',
    async () => (await import('../measures/measures-page.tsx')).MeasuresPage,
    ['measures', 'viewer', 'challenge', 'explore'],
  ],
  [
    '/space/$accession/$version/$item',
    async () => (await import('../space/space-page.tsx')).SpacePage,
    ['space', 'viewer'],
  ],
  ['/film/$accession/$version/$item', async () => (await import('../film/film-page.tsx')).FilmPage, ['film', 'viewer']],
  ['/open', async () => (await import('../embed/open-page.tsx')).OpenPage, ['viewer', 'gallery']],
  ['/compare', async () => (await import('../compare/compare-page.tsx')).ComparePage, ['viewer', 'gallery']],
  [
    '/viewer/$accession/$version/$item',
    async () => (await import('../viewer/viewer-page.tsx')).ViewerPage,
    ['viewer', 'gallery'],
  ],
  [
    '/deposit/$draft',
    async () => (await import('../deposit/deposit-page.tsx')).DepositPage,
    ['deposit', 'inside', 'life', 'metadata', 'plans', 'quota', 'terms'],
  ],
];
const patterns = pages.map(([pattern]) => pattern);

/** What is shown now. */
export interface ShownPage {
  location: PageLocation;
  /** The page; `undefined` where the address leads nowhere. */
  page?: ComponentType | undefined;
  /** Why the page could not be loaded. */
  fault?: unknown;
}

let shown: ShownPage = { location: locate(patterns, '/', '').location };
/** Key of the history entry that is shown: pages are scrolled back to where they were left. */
let entry = '';
/** Is a page shown? The first one leaves the focus where the browser put it. */
let isBegun = false;
/** Counts the ways begun: a page that comes late, after another was asked for, is not shown. */
let ways = 0;
let stopScrolling = () => {};
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const entryOf = (state: unknown) => (state as { entry?: string } | null)?.entry ?? '';
const newEntry = () => crypto.getRandomValues(new Uint32Array(2)).join('-');

/** Pages whose program has come, by their place in the list. */
const loaded = new Map<number, ComponentType>();

async function load(at: number): Promise<ComponentType | undefined> {
  const [, program, texts = []] = pages[at] ?? [];
  const [page] = await Promise.all([program?.(), wantTexts(texts)]);
  if (page) loaded.set(at, page);
  return page;
}

function show(next: ShownPage, scroll: 'restore' | 'keep'): void {
  const way = ways;
  const isOther = isBegun && next.location.path !== shown.location.path;
  isBegun = true;
  entry = entryOf(history.state);
  shown = next;
  for (const listener of listeners) listener();
  if (isOther && location.hash === '') focusPage();
  if (scroll === 'restore' && location.hash === '')
    requestAnimationFrame(() => {
      if (way === ways) stopScrolling = restoreScroll(entry);
    });
}

/**
 * Shows the page of the address bar. A page whose program is here is shown at once, so that a box ticked by a click stays
 * ticked when the address says so; else the page before stays until the program has come.
 */
async function arrive(scroll: 'restore' | 'keep'): Promise<void> {
  const way = ++ways;
  stopScrolling();
  const { path, query } = ownAddress(location.href, location.origin)!;
  const { at, location: place } = locate(patterns, path, query);
  const here = loaded.get(at);
  if (here || at < 0) return show({ location: place, page: here }, scroll);
  const next: ShownPage = { location: place };
  try {
    next.page = await load(at);
  } catch (fault) {
    next.fault = fault;
  }
  if (way === ways) show(next, scroll);
}

/** Begins with the address the browser opened; resolves when its page can be drawn. */
export async function startRouter(): Promise<void> {
  history.scrollRestoration = 'manual';
  if (entryOf(history.state) === '') history.replaceState({ entry: newEntry() }, '');
  window.addEventListener('popstate', () => {
    const way = ownAddress(location.href, location.origin)!;
    const isSame = pageAddress(shown.location.path, shown.location.search) === `${way.path}${way.query}`;
    // A jump within the page (`#content`): the browser scrolls, and the entry it made gets its key.
    if (isSame && location.hash !== '' && entryOf(history.state) === '') {
      entry = newEntry();
      history.replaceState({ entry }, '');
      return;
    }
    rememberScroll(entry);
    void arrive('restore');
  });
  window.addEventListener('pagehide', () => rememberScroll(entry));
  await arrive('restore');
}

/** How to go somewhere. */
export interface Way {
  search?: Record<string, unknown>;
  /** Takes the place of the entry in the history, instead of standing after it. */
  replace?: boolean;
  /** Stays scrolled as it is, as for another filter of a list. */
  keepScroll?: boolean;
}

/** Goes to a page; resolves when it is shown. Addresses that no page here draws are asked of the server. */
export async function navigate(to: PagePath | (string & {}), { search, replace, keepScroll }: Way = {}): Promise<void> {
  const address = pageAddress(to, search);
  const own = ownAddress(address, location.origin);
  if (!own || locate(patterns, own.path, own.query).at < 0) return void location.assign(address);
  rememberScroll(entry);
  const state = { entry: newEntry() };
  if (replace) history.replaceState(state, '', address);
  else history.pushState(state, '', address);
  await arrive(keepScroll ? 'keep' : 'restore');
}

/** Asks for the page of the address once more, after it could not be loaded. */
export const arriveAgain = (): Promise<void> => arrive('keep');

/** The page that is shown. */
export function useShownPage(): ShownPage {
  return useSyncExternalStore(subscribe, () => shown);
}

/** The address of the page that is shown. */
export function usePageLocation(): PageLocation {
  return useSyncExternalStore(subscribe, () => shown.location);
}

interface LinkProps extends Omit<JSX.IntrinsicElements['a'], 'href'> {
  to: PagePath;
  search?: Record<string, unknown>;
}

/** A link to a page drawn in the browser: its program is fetched when the pointer comes near. */
export function Link({ to, search, ...rest }: LinkProps): JSX.Element {
  const preload = () => {
    const at = locate(patterns, to, '').at;
    // A page that does not come now is asked for again when the link is followed, and its failure shown then.
    load(at).catch(() => {});
  };
  return (
    <a
      {...rest}
      href={pageAddress(to, search)}
      onPointerEnter={preload}
      onFocus={preload}
      onClick={(event) => {
        const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
        if (!isPlain || event.defaultPrevented) return;
        event.preventDefault();
        void navigate(to, search === undefined ? {} : { search });
      }}
    />
  );
}
