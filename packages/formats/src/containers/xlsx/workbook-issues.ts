import { defineIssues } from '@micrarium/model';

/** What can be wrong with a workbook. */
export const workbookIssue = defineIssues({
  'workbook-damaged': {
    severity: 'error',
    meaning: 'The workbook breaks off, or is not laid out as Excel workbooks are. What was read until there counts.',
    hint: 'Open it in a spreadsheet program and save it again, or copy it anew.',
  },
  'workbook-encrypted': {
    severity: 'error',
    meaning: 'The workbook is protected by a password and cannot be read.',
    hint: 'Save it without a password.',
  },
  'workbook-too-large': {
    severity: 'error',
    meaning: 'The workbook, or the texts in it, are larger than a workbook can sensibly be. It is not read.',
    hint: 'Save its sheets as CSV.',
  },
  'workbook-binary': {
    severity: 'error',
    meaning:
      'The workbook is saved in a binary form that only Excel reads: .xlsb, or .xls of a version before Excel 97.',
    hint: 'Save it as .xlsx or CSV.',
  },
  'workbook-xml-refused': {
    severity: 'error',
    meaning:
      'A part of the workbook declares a document type or entities, which can name other files or grow without end. It is not read.',
    hint: 'No spreadsheet program writes such declarations: open it in one and save it again.',
  },
  'cell-error': {
    severity: 'warning',
    meaning: 'Some cells hold an error of the spreadsheet (#N/A, #DIV/0!, #REF!). They count as empty.',
    hint: 'Correct the formulas, or replace the cells by values.',
  },
  'formula-without-value': {
    severity: 'warning',
    meaning:
      'Some cells hold a formula whose result was never stored. Formulas are not computed here, so the cells count as empty.',
    hint: 'Open the workbook in a spreadsheet program and save it, or replace formulas by their values.',
  },
  'cells-merged': {
    severity: 'info',
    meaning: 'Some cells of the sheet are merged. The value of the first counts for every cell of the range.',
    hint: 'Where it is meant for one cell only, undo the merging in a spreadsheet program.',
  },
  'cell-outside-sheet': {
    severity: 'warning',
    meaning: 'Some cells claim a place that no sheet has (beyond column XFD or row 1,048,576). They are left out.',
    hint: 'The workbook was probably written by a faulty program: export it anew.',
  },
  'cells-repeated': {
    severity: 'warning',
    meaning:
      'Some cells or rows of an OpenDocument spreadsheet claim to be repeated so often that all of them would fill the memory. They are read less often.',
    hint: 'Delete the rows and columns behind the table in a spreadsheet program, or save it as .xlsx or CSV.',
  },
  'shared-text-missing': {
    severity: 'warning',
    meaning: 'Some cells refer to a shared text that the workbook does not have. They count as empty.',
    hint: 'The workbook is damaged: export it anew.',
  },
});

/** Codes of the catalogue of workbooks. */
export type WorkbookIssueCode = keyof typeof workbookIssue.catalogue;

/** What is so of cells, told of one and of several. */
export const saidOfCells: Readonly<Partial<Record<WorkbookIssueCode, readonly [one: string, several: string]>>> = {
  'cell-error': ['cell holds an error of the spreadsheet', 'cells hold an error of the spreadsheet'],
  'formula-without-value': [
    'cell holds a formula without a stored result',
    'cells hold a formula without a stored result',
  ],
  'cells-merged': ['range of cells is merged', 'ranges of cells are merged'],
  'cells-repeated': ['cell or row is repeated too often', 'cells or rows are repeated too often'],
  'cell-outside-sheet': ['cell claims a place that no sheet has', 'cells claim a place that no sheet has'],
  'shared-text-missing': ['cell refers to a text that is not there', 'cells refer to a text that is not there'],
};
