import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Severity } from './issue.ts';
import { gradedForTier, severityForTier } from './tier-severity.ts';

test('the archive keeps every weight, the database raises what it computes from', () => {
  const noUnits = { code: 'no-units', severity: 'warning' as const };
  expect([severityForTier(noUnits, 'archive'), severityForTier(noUnits, 'database')]).toEqual(['warning', 'error']);
  expect(severityForTier({ code: 'untracked-objects', severity: 'info' }, 'database')).toBe('info');
  const graded = gradedForTier([{ code: 'no-frame-interval', severity: 'info', message: 'm', where: {} }], 'database');
  expect(graded).toEqual([{ code: 'no-frame-interval', severity: 'warning', message: 'm', where: {} }]);
});

test('no tier makes light of an issue', () => {
  const order: Severity[] = ['info', 'warning', 'error'];
  fc.assert(
    fc.property(
      fc.constantFrom('no-units', 'frame-gap', 'toString', 'x'),
      fc.constantFrom(...order),
      fc.constantFrom('archive' as const, 'database' as const),
      (code, severity, tier) => {
        expect(order.indexOf(severityForTier({ code, severity }, tier))).toBeGreaterThanOrEqual(
          order.indexOf(severity),
        );
      },
    ),
  );
});
