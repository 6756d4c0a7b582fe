import { changeKinds, earlierResults } from '@micrarium/model';
import { language, type text as Text } from '../messages/text.ts';

/** Kinds of change, or whether earlier results hold, as people read them; `undefined` of anything else. */
export function changeInWords(field: string, value: unknown, text: typeof Text): string | undefined {
  if (field === 'earlierResults') {
    const known = earlierResults.find((one) => one === value);
    return known && text(`change.${known}`);
  }
  if (field !== 'changeKinds' || !Array.isArray(value)) return undefined;
  const chosen = changeKinds.filter((kind) => value.includes(kind));
  return chosen.map((kind) => text(`change.${kind}`)).join(language() === 'ja' ? '、' : ', ');
}
