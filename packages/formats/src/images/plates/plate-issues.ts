import { defineIssues } from '@micrarium/model';

/** What is worth saying about a plate whose planes are files of their own. */
export const plateIssue = defineIssues({
  'plate-images-missing': {
    severity: 'warning',
    meaning:
      'Images that the other wells of the plate have, or that the settings of the microscope speak of, are not there. Planes that are missing within a stack or film are shown as 0.',
    hint: 'If they were recorded, deposit the whole folder of the plate. If they were not, nothing is to be done.',
    example: '9987.HTD speaks of 6 times, 2 of them are there.',
  },
});
