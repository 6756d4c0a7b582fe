import { type NamingTemplate, readTemplate, templateText } from '@micrarium/formats';

/** Slot of a draft that holds its rules for names: the value `naming`, a template as text. Published with the study. */
export const templateSlot = 'value:naming';

/** The rules kept with a study, of the value of `templateSlot`; `undefined` where it keeps none, or they cannot be read. */
export function studyTemplate(value: unknown): NamingTemplate | undefined {
  const template = typeof value === 'string' ? readTemplate(value) : undefined;
  return typeof template === 'object' ? template : undefined;
}

/** Rules as they are kept with a study; `undefined` while they could not be read again (a pattern that is half typed). */
export function writtenTemplate(template: NamingTemplate): string | undefined {
  const { pattern, ...rest } = template;
  const text = templateText(pattern ? template : (rest as NamingTemplate));
  return typeof readTemplate(text) === 'object' ? text : undefined;
}

const key = 'micrarium.naming-template';

/** The template used last in this browser; `undefined` where there is none, or it cannot be read any more. */
export function keptTemplate(storage: Pick<Storage, 'getItem'> = localStorage): NamingTemplate | undefined {
  try {
    const text = storage.getItem(key);
    const template = text === null ? undefined : readTemplate(text);
    return typeof template === 'object' ? template : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a template for the next deposit. A browser that keeps nothing is no fault. */
export function keepTemplate(template: NamingTemplate, storage: Pick<Storage, 'setItem'> = localStorage): void {
  try {
    storage.setItem(key, templateText(template));
  } catch {
    // Full, or forbidden: then the next deposit begins with a guess.
  }
}
