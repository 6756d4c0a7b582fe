import type { StudyItem } from '@micrarium/model';
import { openItems } from '@micrarium/repository';
import type { StateOfStudy } from '../states/study-states.ts';

/** May anything of a study be open although its files are given on request? */
export const mayHaveOpenParts = ({ state, isWhole, declaration }: StateOfStudy): boolean =>
  state === 'controlled' && isWhole !== true && (declaration?.openItems ?? []).length > 0;

/** Items of a version that everybody may read although the files of the study are given on request; none of any other study. */
export const openPartsOf = (state: StateOfStudy, items: readonly StudyItem[]): StudyItem[] =>
  mayHaveOpenParts(state) ? openItems(state.declaration, items) : [];
