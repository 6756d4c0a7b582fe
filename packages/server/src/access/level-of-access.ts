import { type AccessLevel, narrowerLevel } from '@micrarium/repository';
import type { StateOfStudy } from '../states/study-states.ts';

/**
 * Who reads the files of a study that are not open; `undefined` for a study in another state. What a curator closed is at least as narrow as
 * its depositor declared.
 */
export function levelOfAccess({
  state,
  declaration,
  isWhole,
  level = 'controlled',
}: StateOfStudy): AccessLevel | undefined {
  if (state !== 'controlled') return undefined;
  const declared = declaration?.access === 'controlled' ? (declaration.level ?? 'controlled') : undefined;
  if (declared === undefined) return level;
  return isWhole === true ? narrowerLevel(declared, level) : declared;
}
