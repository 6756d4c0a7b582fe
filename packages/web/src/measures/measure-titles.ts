import { pathMeasureIds } from '@micrarium/model';
import type { MessageKey } from '../messages/text.ts';

/** Name of a measure of paths in the catalogue. A test of the catalogue holds it and the definitions together. */
export function measureTitle(id: string): MessageKey {
  return (pathMeasureIds.includes(id) ? `measure.${id}` : 'measures.measure') as MessageKey;
}

/** Why a measure has no value, in the catalogue: the `undefinedWhen` of its definition. */
export function reasonKey(reason: string): MessageKey {
  return `reason.${reason.toLowerCase().replace(/[^a-z0-9]+/g, '-')}` as MessageKey;
}

/** How another program defines a measure, in the catalogue: the formula of its definition. */
export function formulaKey(id: string): MessageKey {
  return `how.${id.replace('.', '-')}` as MessageKey;
}
