import { defineIssues } from '@micrarium/model';

/** Issues of the scene of an Imaris file. */
export const imarisIssue = defineIssues({
  'imaris-meshes-left': {
    severity: 'info',
    meaning:
      'Surfaces are read as their centres of mass with their statistics. The meshes themselves are in a form only Imaris reads; they stay in the deposited file.',
    hint: 'Where the outlines matter, export the surfaces as a label image and deposit it beside the file.',
  },
});
