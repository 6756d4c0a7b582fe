import { defineIssues } from '@micrarium/model';

/** Issues of filled sheets of metadata. `where` names row and column of the cell. */
export const sheetIssue = defineIssues({
  'sheet-no-template': {
    severity: 'error',
    meaning: 'No sheet of the workbook or table has names of metadata fields in its first rows or columns.',
    hint: 'Download the template of the tier from the deposit page and fill that.',
  },
  'sheet-field-unknown': {
    severity: 'warning',
    meaning: 'A column or row of a filled sheet has a name that no metadata field has. Its values were not read.',
    hint: 'Give it the name of a field as on the help sheet, or put the text into the notes.',
  },
  'sheet-cell-refused': {
    severity: 'error',
    meaning: 'A cell of a filled sheet holds something its field cannot take. The value was not read.',
    hint: 'Correct the cell after the example on the help sheet.',
  },
  'sheet-cell-changed': {
    severity: 'info',
    meaning:
      'A cell of a filled sheet was written otherwise than the field wants it, and was read as what it must mean.',
  },
  'sheet-row-skipped': {
    severity: 'warning',
    meaning: 'The sheet of the study has more than one row of values. Only the first was read.',
    hint: 'Describe one study per file; data sets have a sheet of their own.',
  },
});
