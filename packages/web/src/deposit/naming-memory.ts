import { type NamingTemplate, readTemplate, templateText } from '@micrarium/formats';

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
