import { en, type MessageKey } from './en.ts';
import { ja } from './ja.ts';
import { setApart } from './set-apart.ts';

/** Languages of the interface. */
export const languages = ['en', 'ja'] as const;

/** A language of the interface. */
export type Language = (typeof languages)[number];

/** Fills `{name}` in the text of a key; numbers are written as the language writes them. */
export type Translate = (key: MessageKey, values?: Readonly<Record<string, string | number>>) => string;

const catalogues: Readonly<Record<Language, Record<MessageKey, string>>> = { en, ja };

/** The texts of a language. */
export function translator(language: Language): Translate {
  const numbers = new Intl.NumberFormat(language);
  return (key, values = {}) =>
    catalogues[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === 'number' ? numbers.format(value) : setApart(value);
    });
}
