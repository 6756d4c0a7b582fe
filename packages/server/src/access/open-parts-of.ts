import type { StudyItem } from '@micrarium/model';
import { itemsUpTo, openItems, type PartOfStudy } from '@micrarium/repository';
import type { StateOfStudy } from '../states/study-states.ts';

/** May anything of a study be open although its files are given on request? */
export const mayHaveOpenParts = ({ state, isWhole, declaration }: StateOfStudy): boolean =>
  state === 'controlled' && isWhole !== true && (declaration?.openItems ?? []).length > 0;

/** May parts of a study have a level of their own? */
const mayHaveParts = ({ state, isWhole, declaration }: StateOfStudy): boolean =>
  state === 'controlled' && isWhole !== true && (declaration?.parts ?? []).length > 0;

/** Levels of their own that parts of a study have, the widest first. */
export const partLevelsOf = (state: StateOfStudy): PartOfStudy['level'][] =>
  mayHaveParts(state)
    ? (['registered', 'controlled'] as const).filter((level) =>
        state.declaration!.parts!.some((part) => part.level === level),
      )
    : [];

/** Items of a version that a level of their own, or a wider one, lets read; none of a study whose parts all have its own. */
export const partsUpTo = (
  state: StateOfStudy,
  items: readonly StudyItem[],
  level: PartOfStudy['level'],
): StudyItem[] => (mayHaveParts(state) ? itemsUpTo(state.declaration, items, level) : []);

/** Items of a version that everybody may read although the files of the study are given on request; none of any other study. */
export const openPartsOf = (state: StateOfStudy, items: readonly StudyItem[]): StudyItem[] =>
  mayHaveOpenParts(state) ? openItems(state.declaration, items) : [];
