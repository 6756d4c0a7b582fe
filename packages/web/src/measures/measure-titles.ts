import { pathMeasureIds } from '@micrarium/model';
import type { MessageKey } from '../messages/text.ts';

/** Name of a measure of paths in the catalogue. A test of the catalogue holds it and the definitions together. */
export function measureTitle(id: string): MessageKey {
  return (pathMeasureIds.includes(id) ? `measure.${id}` : 'measures.measure') as MessageKey;
}
