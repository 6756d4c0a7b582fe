import { setApart } from '@micrarium/api';
import { useSyncExternalStore } from 'react';
import type { en } from './en.ts';

/** Languages of the interface. */
export type Language = 'en' | 'ja';

type PluralBase<Key> = Key extends `${infer Base}_one` ? Base : Key extends `${infer Base}_other` ? Base : Key;

/** Keys of the catalogue; plural forms (`_one`, `_other`) are asked for by their common part, with `count`. */
export type MessageKey = PluralBase<keyof typeof en>;

/** Values put into a message; `count` also chooses the plural form. Numbers are written in the reader's way. */
export type MessageValues = Readonly<Record<string, string | number>>;

const storageKey = 'micrarium.language';
const listeners = new Set<() => void>();
/** Texts that are loaded together: those of the shell with the first page, others with the page that needs them. */
export type TextPart =
  | 'shell'
  | 'account'
  | 'admin'
  | 'challenge'
  | 'additions'
  | 'collections'
  | 'communities'
  | 'deposit'
  | 'explore'
  | 'film'
  | 'inside'
  | 'life'
  | 'measures'
  | 'metadata'
  | 'notices'
  | 'plans'
  | 'quota'
  | 'webhooks'
  | 'readers'
  | 'register'
  | 'search'
  | 'sql'
  | 'space'
  | 'terms'
  | 'transfer'
  | 'viewer'
  | 'gallery';

type Texts = Readonly<Partial<Record<keyof typeof en, string>>>;
const loaders: Record<Language, Record<TextPart, () => Promise<Texts>>> = {
  en: {
    shell: async () => (await import('./en-shell.ts')).shellEn,
    admin: async () => (await import('./en-admin.ts')).adminEn,
    life: async () => (await import('./en-life.ts')).lifeEn,
    challenge: async () => (await import('./en-challenge.ts')).challengeEn,
    additions: async () => (await import('./en-additions.ts')).additionsEn,
    collections: async () => (await import('./en-collections.ts')).collectionsEn,
    communities: async () => (await import('./en-communities.ts')).communitiesEn,
    deposit: async () => ({
      ...(await import('./en-deposit.ts')).depositEn,
      ...(await import('./en-figures.ts')).figuresEn,
      ...(await import('./en-references.ts')).referencesEn,
      ...(await import('./en-import.ts')).importEn,
    }),
    explore: async () => (await import('./en-explore.ts')).exploreEn,
    film: async () => (await import('./en-film.ts')).filmEn,
    inside: async () => (await import('./en-inside.ts')).insideEn,
    measures: async () => (await import('./en-measures.ts')).measuresEn,
    metadata: async () => (await import('./en-metadata.ts')).metadataEn,
    notices: async () => (await import('./en-notices.ts')).noticesEn,
    plans: async () => (await import('./en-plans.ts')).plansEn,
    quota: async () => (await import('./en-quota.ts')).quotaEn,
    account: async () => (await import('./en-account.ts')).accountEn,
    webhooks: async () => (await import('./en-webhooks.ts')).webhooksEn,
    readers: async () => (await import('./en-readers.ts')).readersEn,
    register: async () => (await import('./en-register.ts')).registerEn,
    search: async () => (await import('./en-search.ts')).searchEn,
    sql: async () => (await import('./en-sql.ts')).sqlEn,
    viewer: async () => ({
      ...(await import('./en-viewer.ts')).viewerEn,
      ...(await import('./en-losses.ts')).lossesEn,
      ...(await import('./en-volume.ts')).volumeEn,
    }),
    gallery: async () => (await import('./en-gallery.ts')).galleryEn,
    space: async () => (await import('./en-space.ts')).spaceEn,
    terms: async () => (await import('./en-terms.ts')).termsEn,
    transfer: async () => (await import('./en-transfer.ts')).transferEn,
  },
  ja: {
    shell: async () => (await import('./ja-shell.ts')).shellJa,
    admin: async () => (await import('./ja-admin.ts')).adminJa,
    life: async () => (await import('./ja-life.ts')).lifeJa,
    challenge: async () => (await import('./ja-challenge.ts')).challengeJa,
    additions: async () => (await import('./ja-additions.ts')).additionsJa,
    collections: async () => (await import('./ja-collections.ts')).collectionsJa,
    communities: async () => (await import('./ja-communities.ts')).communitiesJa,
    deposit: async () => ({
      ...(await import('./ja-deposit.ts')).depositJa,
      ...(await import('./ja-figures.ts')).figuresJa,
      ...(await import('./ja-references.ts')).referencesJa,
      ...(await import('./ja-import.ts')).importJa,
    }),
    explore: async () => (await import('./ja-explore.ts')).exploreJa,
    film: async () => (await import('./ja-film.ts')).filmJa,
    inside: async () => (await import('./ja-inside.ts')).insideJa,
    measures: async () => (await import('./ja-measures.ts')).measuresJa,
    metadata: async () => (await import('./ja-metadata.ts')).metadataJa,
    notices: async () => (await import('./ja-notices.ts')).noticesJa,
    plans: async () => (await import('./ja-plans.ts')).plansJa,
    quota: async () => (await import('./ja-quota.ts')).quotaJa,
    account: async () => (await import('./ja-account.ts')).accountJa,
    webhooks: async () => (await import('./ja-webhooks.ts')).webhooksJa,
    readers: async () => (await import('./ja-readers.ts')).readersJa,
    register: async () => (await import('./ja-register.ts')).registerJa,
    search: async () => (await import('./ja-search.ts')).searchJa,
    sql: async () => (await import('./ja-sql.ts')).sqlJa,
    viewer: async () => ({
      ...(await import('./ja-viewer.ts')).viewerJa,
      ...(await import('./ja-losses.ts')).lossesJa,
      ...(await import('./ja-volume.ts')).volumeJa,
    }),
    gallery: async () => (await import('./ja-gallery.ts')).galleryJa,
    space: async () => (await import('./ja-space.ts')).spaceJa,
    terms: async () => (await import('./ja-terms.ts')).termsJa,
    transfer: async () => (await import('./ja-transfer.ts')).transferJa,
  },
};
const wanted = new Set<TextPart>(['shell']);
let current: Language = 'en';
let catalogue: Texts = {};
let underWay: Promise<void> = Promise.resolve();

/** The language in use. */
export function language(): Language {
  return current;
}

/** Language that the address asks for. */
function asked(): Language | undefined {
  const wanted = new URLSearchParams(location.search).get('lang');
  return wanted === 'en' || wanted === 'ja' ? wanted : undefined;
}

function remembered(): Language {
  const wanted = asked();
  if (wanted !== undefined) return wanted;
  // Written wherever a language is chosen, on pages made here and on the server; the other place outlives a browser that keeps no cookies.
  const kept = /(?:^|;\s*)micrarium\.language=(en|ja)/.exec(document.cookie)?.[1];
  if (kept === 'en' || kept === 'ja') return kept;
  try {
    const stored = localStorage.getItem(storageKey);
    if (stored === 'en' || stored === 'ja') return stored;
  } catch {
    // Storage may be closed to us: the browser's language decides.
  }
  return navigator.language.startsWith('ja') ? 'ja' : 'en';
}

async function use(next: Language): Promise<void> {
  for (;;) {
    const parts = [...wanted];
    const texts = await Promise.all(parts.map((part) => loaders[next][part]()));
    // A page may have asked for its texts meanwhile.
    if (parts.length !== wanted.size) continue;
    catalogue = Object.assign({}, ...texts) as Texts;
    current = next;
    document.documentElement.lang = next;
    return;
  }
}

/** Loads further texts, in the language in use and in any chosen later. To be awaited before a page that shows them. */
export function wantTexts(parts: readonly TextPart[]): Promise<void> {
  // One after the other: a part that is under way for somebody else must have come before it counts as there.
  const come = underWay.then(() => loadParts(parts));
  underWay = come.catch(() => {});
  return come;
}

async function loadParts(parts: readonly TextPart[]): Promise<void> {
  const missing = parts.filter((part) => !wanted.has(part));
  if (missing.length === 0) return;
  const asked = current;
  for (const part of missing) wanted.add(part);
  try {
    const texts = await Promise.all(missing.map((part) => loaders[asked][part]()));
    // Where the language was changed meanwhile, these are of the old one.
    if (asked === current) catalogue = Object.assign({}, catalogue, ...texts) as Texts;
    else await use(current);
  } catch (fault) {
    for (const part of missing) wanted.delete(part);
    throw fault;
  }
}

/** Starts with the language of the address, else the remembered one, else the browser's. Call once before the first render. */
export async function startTexts(): Promise<void> {
  current = remembered();
  await use(current);
  // What is shown within pages of others is nobody's choice for the rest.
  if (asked() !== undefined && !location.pathname.startsWith('/embed')) remember(current);
}

/** Remembers a language: here for the pages, in a cookie for pages made on the server. */
function remember(wanted: Language): void {
  document.cookie = `micrarium.language=${wanted}; path=/; max-age=31536000; samesite=lax`;
  try {
    localStorage.setItem(storageKey, wanted);
  } catch {
    // Kept by the cookie alone.
  }
}

/** Changes the language and remembers it. */
export async function chooseLanguage(wanted: Language): Promise<void> {
  await use(wanted);
  remember(wanted);
  // An address that asks for the other one would bring it back with the next reload.
  if (asked() !== undefined) {
    const address = new URL(location.href);
    address.searchParams.delete('lang');
    history.replaceState(history.state, '', address);
  }
  for (const listener of listeners) listener();
}

// Made once: each costs a tenth of a millisecond, and a page draws hundreds of messages at a time.
const numbers: Record<Language, Intl.NumberFormat> = {
  en: new Intl.NumberFormat('en'),
  ja: new Intl.NumberFormat('ja'),
};
const plurals: Record<Language, Intl.PluralRules> = { en: new Intl.PluralRules('en'), ja: new Intl.PluralRules('ja') };

/**
 * A message of a catalogue: `{{name}}` takes a value, `{{n}}` the count as written; `count` chooses between the
 * plural forms `_one` and `_other` by the rules of the language. An own function because i18next is 20 kB compressed
 * of what the shell may weigh, and we need none of the rest of it.
 */
export function fillMessage(from: Texts, language: Language, key: MessageKey, values: MessageValues): string {
  const written = (value: string | number) =>
    typeof value === 'number' ? numbers[language].format(value) : setApart(value);
  const count = values.count;
  const form = typeof count === 'number' && plurals[language].select(count) === 'one' ? '_one' : '_other';
  const messages = from as Readonly<Record<string, string>>;
  const message = messages[count === undefined ? key : `${key}${form}`] ?? messages[key] ?? key;
  return message.replace(/\{\{(\w+)\}\}/g, (all, name: string) => {
    const value = name === 'n' ? count : values[name];
    return value === undefined ? all : written(value);
  });
}

/** A message in the language in use. */
export function text(key: MessageKey, values: MessageValues = {}): string {
  return fillMessage(catalogue, current, key, values);
}

/** Messages for a component, which is drawn again when the language changes. */
export function useText(): typeof text {
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    language,
    language,
  );
  return text;
}
