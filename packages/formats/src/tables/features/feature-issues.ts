import { defineIssues } from '@micrarium/model';

/** What tables of features may have wrong. */
export const featureIssue = defineIssues({
  'column-without-meaning': {
    severity: 'info',
    meaning: 'Nothing says what some columns of the table mean beyond their names, so that others cannot use them.',
    hint: 'Say it in the data dictionary of the table: a sentence, and where there is one a vocabulary term.',
  },
  'column-without-unit': {
    severity: 'warning',
    meaning: 'Some columns hold numbers, and nothing says in which unit.',
    hint: 'Give the unit in the data dictionary of the table; 1 for counts, ratios and scores.',
    example: 'A column “Area” holds 41.2 and 38.9: pixels, or square micrometres?',
  },
  'table-without-key': {
    severity: 'warning',
    meaning: 'No column says what a row is about: no object, image, well, plate, gene or sample.',
    hint: 'Say in the data dictionary which column names it.',
  },
  'key-missing': {
    severity: 'warning',
    meaning: 'Some rows do not name what they are about: the cell of a key column is empty.',
    hint: 'Fill the cells, or leave the rows out.',
  },
  'key-repeated': {
    severity: 'warning',
    meaning: 'Several rows have the same keys, so it is not known what tells them apart.',
    hint: 'Add the column that tells them apart (time, replicate, channel), or correct the rows.',
  },
  'key-unknown': {
    severity: 'warning',
    meaning: 'Some rows name an image or object that is not among the deposited files.',
    hint: 'Compare the spelling with the names of the files, or deposit what is missing.',
  },
  'well-name-invalid': {
    severity: 'warning',
    meaning: 'Some wells are not named as wells of a plate are: a row from A to AF and a column from 1 to 48.',
    hint: 'Write wells as B3 or B03.',
  },
  'dictionary-column-unknown': {
    severity: 'warning',
    meaning: 'The data dictionary describes columns that no table of the file has.',
    hint: 'Compare the names: they must be written as in the header.',
  },
});

/** Codes of the catalogue of feature tables. */
export type FeatureIssueCode = keyof typeof featureIssue.catalogue;
