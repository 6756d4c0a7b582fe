import { defineIssues } from '@micrarium/model';
import { lossNames } from '../loss/report.ts';

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
    meaning:
      'Values change: characters that XML cannot hold (control characters) are replaced, and a track or its visibility that was not said is said.',
  },
  'trackmate-track-features-lost': {
    severity: 'warning',
    meaning:
      'Features of tracks have no place: the table of source tracks does not say which edges belong to which track, or no track has a value.',
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

/** Codes for what TrackMate XML loses. */
export const trackmateLosses = lossNames(trackmateLossIssue, {
  sets: 'trackmate-one-set-only',
  outlines: 'trackmate-outlines-lost',
  'feature-units': 'trackmate-units-lost',
  'feature-types': 'trackmate-types-changed',
  'feature-names': 'trackmate-names-changed',
  'feature-values': 'trackmate-characters-lost',
  'track-features': 'trackmate-track-features-lost',
  ids: 'trackmate-ids-renumbered',
  depth: 'trackmate-flat-z',
  entity: 'trackmate-provenance-lost',
  provenance: 'trackmate-provenance-lost',
});
