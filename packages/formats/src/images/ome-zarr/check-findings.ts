import type { Issue } from '@micrarium/model';
import { omeZarrIssue } from './ome-zarr-issues.ts';

/** Gathers what a check finds; every finding names its field. */
export interface Findings {
  /** Breaks a rule that must be kept. */
  must(holds: boolean, field: string, rule: string): void;
  /** Breaks a rule that should be kept. */
  should(holds: boolean, field: string, rule: string): void;
  /** Worth knowing, no rule broken for certain. */
  note(holds: boolean, field: string, text: string): void;
  readonly issues: Issue[];
}

/** Starts an empty list for one metadata file. */
export function findings(file: string): Findings {
  const issues: Issue[] = [];
  return {
    issues,
    must(holds, field, rule) {
      if (!holds) issues.push(omeZarrIssue('ome-zarr-invalid', `${field}: ${rule}.`, { where: { file, field } }));
    },
    note(holds, field, text) {
      const details = { where: { file, field }, severity: 'info' as const };
      if (!holds) issues.push(omeZarrIssue('ome-zarr-not-recommended', `${field}: ${text}.`, details));
    },
    should(holds, field, rule) {
      if (!holds)
        issues.push(omeZarrIssue('ome-zarr-not-recommended', `${field}: ${rule}.`, { where: { file, field } }));
    },
  };
}

/** A whole number of at least `least`. */
export function isWhole(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least;
}

/** No two alike. */
export function areUnique(values: readonly unknown[]): boolean {
  return new Set(values.map((value) => JSON.stringify(value))).size === values.length;
}
