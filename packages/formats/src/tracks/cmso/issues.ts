import { defineIssues } from '@micrarium/model';

/** Issues of CMSO data packages. */
export const cmsoIssue = defineIssues({
  'descriptor-nonconforming': {
    severity: 'warning',
    meaning:
      'The descriptor of the data package does not follow CMSO Tracks or the Data Package standard at the place named. It is read as far as it can be understood.',
    hint: 'Write the package again with a program that follows the standard, or correct the place named.',
    example:
      '`resources[0].schema.fields` of datapackage.json names a column “Frame”, and objects.csv calls it “frame”.',
  },
  'descriptor-unreadable': {
    severity: 'error',
    meaning: 'No descriptor (JSON with the resources cmso_objects_table and cmso_links_table) could be read.',
    hint: 'Add the descriptor (dp.json or datapackage.json) to the folder.',
  },
  'resource-missing': {
    severity: 'error',
    meaning: 'The descriptor names a file that is not there.',
    hint: 'Add the file beside the descriptor.',
  },
  'resource-path-unsafe': {
    severity: 'error',
    meaning: 'The descriptor names a file outside its folder or on another computer. Such paths are not followed.',
    hint: 'Put the file beside the descriptor and name it by its relative path.',
  },
  'column-missing': {
    severity: 'error',
    meaning: 'A table lacks a column that CMSO Tracks requires.',
    hint: 'Add the column or correct its name.',
  },
  'nan-coordinate': {
    severity: 'warning',
    meaning:
      'Rows of the objects table have no finite frame or position (NaN). Some programs write them where a track has no object; they are left out.',
    hint: 'Leave such rows out when the package is written again.',
    example: 'A row of objects.csv reads “4,12,NaN,NaN”: link 4 has no object in frame 12.',
  },
  'dangling-link': {
    severity: 'error',
    meaning: 'The links table names an object that the objects table does not have. The entry is left out.',
    hint: 'Export the package again; the two tables do not belong together.',
    example: 'links.csv has the row “3,118”, and objects.csv has no object 118.',
  },
  'link-same-frame': {
    severity: 'warning',
    meaning:
      'A link has several objects in one frame, so their order is unknown. Nothing is linked to, from or across that frame.',
  },
  'track-id-disagrees-with-graph': {
    severity: 'warning',
    meaning: 'The tracks table groups links other than the edges connect them. The edges count.',
    hint: 'Compare the tables of the source; where its tracks are right, an edge is missing.',
    example: 'Links 1 and 2 are one track in tracks.csv, and no edge joins them: they are read as two tracks.',
  },
  'undeclared-tracks-table': {
    severity: 'info',
    meaning: 'A table of tracks lies in the folder that the descriptor does not declare. It is used for checking only.',
  },
  'cell-not-as-declared': {
    severity: 'warning',
    meaning: 'A cell does not hold the type its column is declared with. It counts as absent.',
  },
  'bytes-not-as-declared': {
    severity: 'warning',
    meaning:
      'A file has another size than the descriptor says, so it was changed or cut off after the descriptor was written.',
  },
  'cmso-no-shapes': {
    severity: 'warning',
    meaning: 'A CMSO package has no place for outlines and meshes; only the positions of the objects are written.',
  },
  'edge-features-unjoined': {
    severity: 'warning',
    meaning: 'A row of the table of edge features names an edge that the links do not give. It is left out.',
  },
});

/** Codes of the catalogue of CMSO packages. */
export type CmsoIssueCode = keyof typeof cmsoIssue.catalogue;
