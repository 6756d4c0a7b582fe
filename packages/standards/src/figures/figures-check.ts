import type { FieldValue, Issue } from '@micrarium/model';
import { metadataIssue } from '../ssbd/check.ts';
import { type FigureFault, figureFaults, type FigureItem, figuresKey, readFigures } from './figures.ts';

const said: Readonly<Record<FigureFault, string>> = {
  label: 'it has no label',
  doi: 'the DOI of its paper is none',
  link: 'it leads to no image, table or analysis',
  gone: 'what it leads to is not in the study',
};

/** What is wrong with the figures of a study; `where.row` counts them from 1. */
export function checkFigures(value: FieldValue | undefined, items: readonly FigureItem[]): Issue[] {
  if (value === undefined || value.length === 0) return [];
  const figures = readFigures(value);
  const where = { field: figuresKey };
  if (figures.length === 0 && value !== '[]')
    return [metadataIssue('field-malformed', 'Figures: the value is no list of figures', { where })];
  return figures.flatMap((figure, index) =>
    figureFaults(figure, items).map((fault) =>
      metadataIssue('field-malformed', `Figure ${index + 1} (“${figure.label.slice(0, 80)}”): ${said[fault]}`, {
        where: { ...where, row: index + 1 },
        hint: 'Mend the figure on the deposit page, or remove it.',
      }),
    ),
  );
}
