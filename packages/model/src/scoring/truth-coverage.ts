/**
 * How much of a film its ground truth covers: every object of every frame; only some of the objects; or every object, but only of the
 * frames in which it names any. What lies outside of it is unknown, so that nothing found there is held against a result.
 */
export const truthCoverages = ['all objects', 'some objects', 'some frames'] as const;

/** How much of a film its ground truth covers. */
export type TruthCoverage = (typeof truthCoverages)[number];

/** Why measures that count what lies beside the truth are undefined. */
export const partialTruthReason = (coverage: Exclude<TruthCoverage, 'all objects'>, measures: string): string =>
  coverage === 'some objects'
    ? `Only some objects are annotated: what was found beside them is not held against the result, and ${measures}, which would count it, is undefined.`
    : `Only some frames are annotated: the others are not looked at, and ${measures}, which needs whole tracks, is undefined.`;
