/** English texts of what a version says of its change. */
export const changesEn = {
  'change.correction': 'Correction',
  'change.addition': 'Addition',
  'change.new-processing': 'New processing',
  'change.withdrawal-of-part': 'Withdrawal of part',
  'change.and': ', ',
  'change.hold': 'results of earlier versions hold',
  'change.some-do-not': 'some results of earlier versions do not hold',
  'change.do-not-hold': 'results of earlier versions do not hold',
  'change.both': '{kinds}; {results}',
  'change.warn.some-do-not': 'Some results computed from this version do not hold: see version {number} ({kinds}).',
  'change.warn.do-not-hold': 'Results computed from this version do not hold: see version {number} ({kinds}).',
} as const;
