import { defineIssues } from '@micrarium/model';

/** What nuclei of StarryNite and AceTree can have wrong. */
export const acetreeIssue = defineIssues({
  'acetree-nuclei-missing': {
    severity: 'warning',
    meaning: 'The settings of AceTree name an archive of nuclei, and none is beside them: there is nothing to read.',
    hint: 'Put the zip archive (or its folder `nuclei`) beside the settings and deposit both.',
    example: '`embryo.xml` names `embryo-edit.zip`, which is not in its folder.',
  },
  'acetree-removed-nuclei': {
    severity: 'info',
    meaning: 'Nuclei that a person marked as removed (status 0 or below) are left out, as AceTree does.',
  },
  'acetree-links-disagree': {
    severity: 'warning',
    meaning:
      'A nucleus names other successors than the nuclei of the next time point that name it as their predecessor. The predecessors count.',
    hint: 'Open the lineage in AceTree and save it again.',
    example: 'Nucleus 3 of t012 names nucleus 5 as its successor, and nucleus 5 of t013 has the predecessor 4.',
  },
  'acetree-line-left-out': {
    severity: 'warning',
    meaning:
      'A line of a file of nuclei has fewer than ten cells or no position, or a file is too large or the second of its time point. It is left out.',
    example: 'The last line of t120-nuclei breaks off after its fourth cell.',
  },
});

/** Codes of the catalogue. */
export type AcetreeIssueCode = keyof typeof acetreeIssue.catalogue;
