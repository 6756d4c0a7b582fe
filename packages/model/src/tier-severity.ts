import type { Issue, Severity } from './issue.ts';

/**
 * What a study aims at: the archive takes data as they are and says what is missing; the added-value database wants
 * what others need to compute with the data.
 */
export type StudyTier = 'archive' | 'database';

/**
 * Codes whose weight depends on the tier, in the database. Units, times, positions and the meaning of columns are what
 * measures and searches are computed from there (SSBD:database curates them by hand); the archive only reports them.
 */
const inDatabase: Readonly<Record<string, Severity>> = {
  'no-units': 'error',
  'unknown-unit': 'error',
  'axis-units-differ': 'error',
  'no-absolute-position': 'error',
  'disagreeing-duplicate': 'error',
  'axis-order-suspect': 'error',
  'pixel-units-only': 'warning',
  'no-pixel-size': 'warning',
  'no-frame-interval': 'warning',
  'frame-base-unknown': 'warning',
  'frame-gap': 'warning',
  'column-without-meaning': 'warning',
  'native-without-export': 'warning',
  'mapping-guessed': 'warning',
  'format-possible': 'error',
  'tracking-method-missing': 'warning',
};

/**
 * How much an issue matters to a study of a tier. Pure: draft checks, pages and the command line ask it. Never less
 * than what the issue says itself.
 */
export function severityForTier({ code, severity }: Pick<Issue, 'code' | 'severity'>, tier: StudyTier): Severity {
  const graded = tier === 'database' && Object.hasOwn(inDatabase, code) ? inDatabase[code]! : severity;
  return rank[graded] > rank[severity] ? graded : severity;
}

const rank: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

/** Issues with the weight they have in a tier. */
export function gradedForTier(issues: readonly Issue[], tier: StudyTier): Issue[] {
  return issues.map((issue) => {
    const severity = severityForTier(issue, tier);
    return severity === issue.severity ? issue : { ...issue, severity };
  });
}
