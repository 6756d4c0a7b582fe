import { defineIssues } from '@micrarium/model';

/** What can be wrong with the files microscopes write, whatever the maker. */
export const microscopeIssue = defineIssues({
  'microscope-file-broken': {
    severity: 'error',
    meaning: 'The file begins like one of this maker, but the index that says where its images lie cannot be read.',
    hint: 'The file is damaged or its copy was cut off. Copy it again from the microscope.',
  },
  'microscope-image-unusable': {
    severity: 'error',
    meaning:
      'The sizes the file states for an image are impossible, or do not fit into the file. The image is left out.',
    hint: 'The file is damaged or its copy was cut off. Copy it again from the microscope.',
  },
  'microscope-metadata-broken': {
    severity: 'warning',
    meaning: 'The description inside the file is damaged or missing. What could be read of it is used.',
    hint: 'Write pixel size, time step and channels into the method summary; the file stays as it is.',
  },
  'image-in-other-file': {
    severity: 'warning',
    meaning: 'The pixels of an image lie in another file, or were never saved. The image is left out.',
    hint: 'Deposit the other files of the recording beside this one.',
  },
});
