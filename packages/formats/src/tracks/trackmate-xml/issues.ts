import { defineIssues } from '@micrarium/model';

/** What TrackMate XML cannot hold. */
export const trackmateLossIssue = defineIssues({
  'trackmate-one-set-only': {
    severity: 'warning',
    meaning: 'A TrackMate file holds one set; the others are left out.',
    hint: 'Choose GEFF or Parquet, or convert the sets one by one.',
  },
  'trackmate-outlines-lost': {
    severity: 'warning',
    meaning:
      'A spot can have one outline in its plane. Objects with several parts, or whose outline leaves the plane, are written without it.',
    hint: 'Choose GEFF or Parquet to keep them.',
  },
  'trackmate-units-lost': {
    severity: 'warning',
    meaning:
      'A feature has a unit that is no length, area, time, speed, rate or angle in the units of the set. It is written without a unit.',
  },
  'trackmate-types-changed': {
    severity: 'info',
    meaning: 'Features are numbers or text; truth values are written as 0 and 1.',
  },
  'trackmate-names-changed': {
    severity: 'info',
    meaning: 'Feature names are written in capitals, digits and underscores, so some names change.',
  },
  'trackmate-characters-lost': {
    severity: 'warning',
    meaning: 'Text has characters that XML cannot hold (control characters). They are replaced.',
  },
  'trackmate-track-features-lost': {
    severity: 'warning',
    meaning: 'The table of source tracks does not say which edges belong to which track, so its columns have no place.',
    hint: 'Choose GEFF or Parquet to keep them.',
  },
  'trackmate-ids-renumbered': {
    severity: 'info',
    meaning: 'TrackMate knows object ids from 0 to 2,147,483,647 only. Objects are numbered anew.',
  },
  'trackmate-flat-z': {
    severity: 'info',
    meaning: 'A set in which every z is 0 is read back as planar.',
  },
  'trackmate-provenance-lost': {
    severity: 'info',
    meaning: 'Settings of another tracking program, its name and version, and the kind of object have no place.',
  },
});

/** Codes of the catalogue. */
export type TrackmateLossCode = keyof typeof trackmateLossIssue.catalogue;
