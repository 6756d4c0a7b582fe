import { defineIssues } from '@micrarium/model';

/** Issues of BDML documents, read and written. */
export const bdmlIssue = defineIssues({
  'bdml-version-unknown': {
    severity: 'warning',
    meaning:
      'The document has another version than 0.18 and 3.0, or none. Drafts before 0.18 (0.15 among them) are read by the words of both, as far as they are known; none has been seen as a real file yet.',
    hint: 'Check the numbers; older drafts of BDML are laid out differently.',
  },
  'bdml-without-data': {
    severity: 'error',
    meaning: 'The document has none of the parts data, series, set and extfile, so it holds no objects.',
  },
  'bdml-refers-elsewhere': {
    severity: 'warning',
    meaning: 'The document is a series or a set: it only names other BDML documents, which hold the objects.',
    hint: 'Add the documents with the ids named to the same folder; they are read in its place.',
  },
  'bdml-series-differs': {
    severity: 'warning',
    meaning:
      'The parts of a series have different scales or features, or are no data themselves. Each is read by itself, so links between them are lost.',
    hint: 'Give all parts the same scaleUnit and features.',
  },
  'bdml-external-missing': {
    severity: 'error',
    meaning: 'The document points to a BD5 file beside it that holds the objects, and that file is not there.',
    hint: 'Add the file named to the same folder.',
  },
  'bdml-external-apart': {
    severity: 'info',
    meaning: 'The objects are in a BD5 file that is an item of its own; this document only describes it.',
  },
  'bdml-scale-missing': {
    severity: 'error',
    meaning: 'There is no readable scaleUnit, so coordinates have neither scale nor unit. They are read as stored.',
    hint: 'Add scaleUnit with scales and units.',
  },
  'bdml-scale-impossible': {
    severity: 'error',
    meaning:
      'The scales name dimensions that cannot be: one that is missing (scale 0) comes before one that is there, or a scale is not a number. Nothing is read.',
    hint: 'Correct xScale, yScale and zScale.',
  },
  'bdml-time-scale-zero': {
    severity: 'warning',
    meaning:
      'tScale is 0, which says that there is no physical time, but there are several times. They are kept as stored.',
    hint: 'Give tScale and tUnit.',
  },
  'bdml-depth-dropped': {
    severity: 'warning',
    meaning: 'zScale is 0, which says that the data are planar, but some z are not 0. They are left out.',
    hint: 'Give a zScale if the data have depth.',
  },
  'bdml-sphere-in-plane': {
    severity: 'warning',
    meaning: 'Spheres in planar data are read as circles.',
  },
  'bdml-mixed-entity': {
    severity: 'warning',
    meaning:
      'Objects of one name have several entities (point, line, circle, sphere, face). Each entity is a set of its own.',
    hint: 'Give each entity its own object name.',
  },
  'bdml-unknown-object': {
    severity: 'error',
    meaning: 'A measurement names a kind of object that is not declared. It is left out.',
    hint: 'Declare the name as object, or correct objectRef.',
  },
  'bdml-unknown-feature': {
    severity: 'error',
    meaning: 'A property names a feature that is not declared. It is left out.',
    hint: 'Declare the name as feature, or correct featureRef.',
  },
  'bdml-too-many-definitions': {
    severity: 'error',
    meaning: 'The document declares more kinds of object or features than can be held. The further ones are left out.',
  },
  'bdml-declared-twice': {
    severity: 'warning',
    meaning: 'An object or a feature is declared twice under one name. The first declaration counts.',
  },
  'bdml-feature-scale': {
    severity: 'warning',
    meaning: 'The scale of a feature is 0 or not a number. Its values are kept as stored.',
    hint: 'Correct featureScale.',
  },
  'bdml-no-geometry': {
    severity: 'info',
    meaning: 'Some measurements carry features only, without a position. They are kept as objects without a place.',
  },
  'bdml-several-measurements': {
    severity: 'warning',
    meaning:
      'A component has several circles or spheres of one kind, or several values of one feature. Each circle and sphere is an object; links go to the first, and the last value counts.',
  },
  'bdml-value-unreadable': {
    severity: 'error',
    meaning: 'A number is missing or cannot be read. A component without a time or an id is left out.',
    hint: 'Correct the value named.',
  },
  'bdml-face-incomplete': {
    severity: 'warning',
    meaning: 'A triangle of a mesh does not have three vertices.',
  },
  'bdml-duplicate-id': {
    severity: 'error',
    meaning: 'Several components have one componentID. All are kept; links that name it go to the first.',
    hint: 'Give every component its own id.',
  },
  'bdml-dangling-link': {
    severity: 'error',
    meaning: 'A prevID names a component that is not in the document. The link is left out.',
    hint: 'Add the component, or remove the prevID.',
  },
  'bdml-link-between-kinds': {
    severity: 'warning',
    meaning: 'A prevID joins components that have no kind of object in common. The link is left out.',
  },
  'bdml-link-direction': {
    severity: 'error',
    meaning: 'A prevID names the component itself, or one that is not earlier.',
    hint: 'Correct the prevID, or the times.',
  },
  'bdml-link-repeated': {
    severity: 'warning',
    meaning: 'A component names the same predecessor twice.',
  },
  'bdml-component-empty': {
    severity: 'error',
    meaning: 'A component has no measurement, although one is required.',
  },
  'bdml-shape-incomplete': {
    severity: 'error',
    meaning:
      'A shape lacks what it must have: a circle or sphere its centre and a radius of 0 or more, a line two vertices, others one at least.',
  },
  'bdml-unit-unknown': {
    severity: 'error',
    meaning: 'A unit is not in the vocabulary of the version of the document, so the schema refuses it.',
    hint: 'Use a unit of the vocabulary. BDML has no nanometer and no millimeter; 3.0 has a.u. in the place of intensity.',
  },
  'bdml-header-incomplete': {
    severity: 'error',
    meaning: 'A part that the schema requires before the data is missing.',
    hint: 'Fill in info, summary, contact and methods.',
  },
  'bdml-fixed': {
    severity: 'info',
    meaning: 'What was changed in a document that was mended.',
  },
  'bdml-loss': {
    severity: 'warning',
    meaning: 'BDML has no place for this part of the data; it is not written.',
    hint: 'Keep the original beside the BDML file, or export a format that holds it.',
  },
  'bdml-value-changed': {
    severity: 'info',
    meaning: 'BDML can hold this part of the data only in another form.',
  },
  'bdml-header-invented': {
    severity: 'info',
    meaning:
      'BDML requires a title, a licence, an organism, a contact and more. What is not known is written as "unknown".',
    hint: 'Fill in the header before publishing the file.',
  },
});

/** Codes of the catalogue of BDML documents. */
export type BdmlIssueCode = keyof typeof bdmlIssue.catalogue;
