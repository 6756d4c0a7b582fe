import { useSyncExternalStore } from 'react';
import type { en } from './en.ts';

/** Languages of the interface. */
export type Language = 'en' | 'ja';

type PluralBase<Key> = Key extends `${infer Base}_one` ? Base : Key extends `${infer Base}_other` ? Base : Key;

/** Keys of the catalogue; plural forms (`_one`, `_other`) are asked for by their common part, with `count`. */
export type MessageKey = PluralBase<keyof typeof en>;

/** Values put into a message; `count` also chooses the plural form. Numbers are written in the reader's way. */
export type MessageValues = Readonly<Record<string, string | number>>;

/** The catalogue of a language. */
export type Catalogue = Readonly<Record<keyof typeof en, string>>;

const storageKey = 'micrarium.language';
const listeners = new Set<() => void>();
const loaders: Record<Language, () => Promise<Catalogue>> = {
  en: async () => (await import('./en.ts')).en,
  ja: async () => (await import('./ja.ts')).ja,
};
let current: Language = 'en';
let catalogue: Catalogue | undefined;

/** The language in use. */
export function language(): Language {
  return current;
}

function remembered(): Language {
  try {
    const stored = localStorage.getItem(storageKey);
    if (stored === 'en' || stored === 'ja') return stored;
  } catch {
    // Storage may be closed to us: the browser's language decides.
  }
  return navigator.language.startsWith('ja') ? 'ja' : 'en';
}

async function use(wanted: Language): Promise<void> {
  catalogue = await loaders[wanted]();
  current = wanted;
  document.documentElement.lang = wanted;
}

/** Starts with the remembered language, else the browser's. Call once before the first render. */
export async function startTexts(): Promise<void> {
  await use(remembered());
}

/** Changes the language and remembers it: here for the pages, in a cookie for pages made on the server. */
export async function chooseLanguage(wanted: Language): Promise<void> {
  await use(wanted);
  document.cookie = `micrarium.language=${wanted}; path=/; max-age=31536000; samesite=lax`;
  try {
    localStorage.setItem(storageKey, wanted);
  } catch {
    // Kept by the cookie alone.
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
export function fillMessage(from: Catalogue, language: Language, key: MessageKey, values: MessageValues): string {
  const written = (value: string | number) => (typeof value === 'number' ? numbers[language].format(value) : value);
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
  return catalogue ? fillMessage(catalogue, current, key, values) : key;
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
