import { defineIssues } from '@micrarium/model';

/** Issues of BD5 files, read and written. */
export const bd5Issue = defineIssues({
  'hdf5-unreadable': {
    severity: 'error',
    meaning: 'The HDF5 file, or a part of it, cannot be read: it is damaged or cut off.',
    hint: 'Copy the file again from where it was made.',
  },
  'hdf5-too-large': {
    severity: 'error',
    meaning: 'The HDF5 file is larger than can be read in one piece.',
    hint: 'Split it into several files.',
  },
  'hdf5-absurd-size': {
    severity: 'error',
    meaning: 'A table promises more rows than its file can hold. It is not read.',
    hint: 'The file is damaged; copy it again from where it was made.',
  },
  'bd5-scale-missing': {
    severity: 'error',
    meaning:
      'There is no readable /data/scaleUnit, so coordinates have neither scale nor unit. They are read as stored.',
    hint: 'Add the dataset scaleUnit with dimension, scales and unit.',
  },
  'bd5-definition-missing': {
    severity: 'error',
    meaning: 'There is no readable /data/objectDef, so the kinds of object have no names.',
    hint: 'Add the dataset objectDef with oID and name.',
  },
  'bd5-time-groups': {
    severity: 'error',
    meaning: 'The time groups below /data are not named "0" to "N-1" without gaps and leading zeros.',
    hint: 'Rename the groups named.',
  },
  'bd5-unknown-member': {
    severity: 'error',
    meaning:
      'A time group has members other than "object" and "feature", or lacks "object". What lies under other names is not read.',
    hint: 'Rename the member named.',
  },
  'bd5-kind-undefined': {
    severity: 'error',
    meaning: 'Objects are stored under a number that objectDef does not define. They are read under that number.',
    hint: 'Define the number in objectDef.',
  },
  'bd5-column-missing': {
    severity: 'error',
    meaning: 'A table lacks a column that its kind of object requires. The rows are read without it.',
    hint: 'Add the column named.',
  },
  'bd5-column-type': {
    severity: 'error',
    meaning: 'A table has another layout than rows of named columns, or a column of a type that BD5 does not know.',
  },
  'bd5-mixed-entity': {
    severity: 'error',
    meaning:
      'The rows of one kind of object have several entities (point, line, circle, sphere, face). All are read as the first.',
    hint: 'Give each entity its own kind of object.',
  },
  'bd5-entity-not-allowed': {
    severity: 'warning',
    meaning: 'The entity is not allowed in this dimension, such as a sphere in a planar set.',
    hint: 'Use a circle, or give the z coordinates.',
  },
  'bd5-unused-radius': {
    severity: 'info',
    meaning: 'Points carry a radius, which points do not have. It is kept as a column.',
  },
  'bd5-duplicate-id': {
    severity: 'error',
    meaning: 'An ID names several objects, although it must be unique in the file. Links that name it go to the first.',
    hint: 'Give every object of every time its own ID.',
  },
  'bd5-dangling-link': {
    severity: 'error',
    meaning: 'trackInfo names an object that is not in the file. The link is left out.',
  },
  'bd5-link-between-kinds': {
    severity: 'warning',
    meaning: 'trackInfo links objects of different kinds, which stand in different sets here. The link is left out.',
  },
  'bd5-feature-unjoined': {
    severity: 'warning',
    meaning: 'A feature value names an object or a feature that is not defined at its time. It is left out.',
  },
  'bd5-face-incomplete': {
    severity: 'warning',
    meaning: 'A triangle of a mesh does not have three vertices.',
  },
  'bd5-foreign-member': {
    severity: 'info',
    meaning:
      'The file has members that BD5 does not know, such as the group that HDF Compass leaves. They are passed over.',
    hint: 'Remove them if they are no longer needed.',
  },
  'bd5-table-shape': {
    severity: 'warning',
    meaning:
      'Tables have two axes, the second of length 1, as numpy scripts write them. Programs that want one axis refuse them.',
    hint: 'Write them with one axis; `validate --fix OUT` does.',
  },
  'bd5-number-as-text': {
    severity: 'warning',
    meaning: 'Numbers are stored as text. They are read, but other programs may refuse them.',
    hint: 'Store them as numbers; `validate --fix OUT` does.',
  },
  'bd5-dimension-label': {
    severity: 'error',
    meaning:
      'The label `dimension` in scaleUnit is none of 0D to 3D with or without +T, or the scales and columns beside it are those of another.',
    hint: 'Correct the label; `validate --fix OUT` does where the columns say it.',
  },
  'bd5-column-not-allowed': {
    severity: 'warning',
    meaning: 'A table has a column that its dimension and entity do not have.',
    hint: 'Remove the column, or correct the dimension.',
  },
  'bd5-entity-unknown': {
    severity: 'error',
    meaning: 'The entity of a row is none of point, line, circle, sphere and face.',
  },
  'bd5-unit-unknown': {
    severity: 'warning',
    meaning: 'A unit is not in the vocabulary of BDML, so programs may not know it.',
    hint: 'Use a unit of the vocabulary, such as micrometer or minute.',
  },
  'bd5-definition-repeated': {
    severity: 'error',
    meaning: 'A number is defined twice in objectDef or featureDef, so it is not known which name it means.',
  },
  'bd5-id-empty': {
    severity: 'error',
    meaning: 'A row has no ID, so nothing can refer to it.',
  },
  'bd5-value-impossible': {
    severity: 'warning',
    meaning: 'A coordinate, time or radius is not a finite number, or a radius is negative.',
  },
  'bd5-rows-out-of-order': {
    severity: 'error',
    meaning:
      'The rows of one line or mesh do not stand together, or the numbers of its parts go backwards. The vertices cannot be joined for certain.',
    hint: 'Sort the rows by ID and sID.',
  },
  'bd5-time-disagrees': {
    severity: 'warning',
    meaning: 'The times of one time group differ, or do not grow from group to group.',
  },
  'bd5-link-direction': {
    severity: 'error',
    meaning: 'trackInfo links an object to itself, or to one that is not later.',
  },
  'bd5-link-repeated': {
    severity: 'warning',
    meaning: 'trackInfo has a link twice.',
    hint: 'Remove the second; `validate --fix OUT` does.',
  },
  'bd5-feature-repeated': {
    severity: 'warning',
    meaning: 'A feature of an object is given twice at one time. The last value counts.',
  },
  'bd5-label-missing': {
    severity: 'info',
    meaning: 'Some time groups have labels and others have none.',
  },
  'bd5-fixed': {
    severity: 'info',
    meaning: 'What was changed in a file that was mended.',
  },
  'bd5-loss': {
    severity: 'warning',
    meaning: 'BD5 has no place for this part of the data; it is not written.',
    hint: 'Keep the original beside the BD5 file, or export a format that holds it.',
  },
  'bd5-value-changed': {
    severity: 'info',
    meaning: 'BD5 can hold this part of the data only in another form.',
  },
});

/** Codes of the catalogue of BD5 files. */
export type Bd5IssueCode = keyof typeof bd5Issue.catalogue;
