import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { HttpEnvironment } from './context.ts';
import { addressesOf, type Deprecation, deprecatedOperations, deprecations, withDeprecations } from './deprecations.ts';

const made: Deprecation = {
  operation: 'getVersion',
  since: '2026-01-01',
  sunset: '2027-06-30',
  instead: 'getStudy',
};

test('an operation that will go says since when, until when and what takes its place; others say nothing', async () => {
  const app = new Hono<HttpEnvironment>();
  app.use(deprecations([made]));
  app.get('/api/v1/*', (c) => c.text('x', 200, { link: '<https://example.org/>; rel="license"' }));
  app.delete('/api/v1/*', (c) => c.text('x'));
  const { headers } = await app.request('/api/v1/studies/MIC-000001/versions/1');
  expect(headers.get('deprecation')).toBe('@1767225600');
  expect(headers.get('sunset')).toBe('Wed, 30 Jun 2027 00:00:00 GMT');
  expect(headers.get('link')).toBe(
    '<https://example.org/>; rel="license", </api>; rel="deprecation"; type="text/html", </api/v1/studies/{accession}>; rel="successor-version"',
  );
  for (const [path, method] of [
    ['/api/v1/studies/MIC-000001', 'GET'],
    ['/api/v1/studies/MIC-000001/versions/1/files', 'GET'],
    ['/api/v1/studies/MIC-000001/versions/1', 'DELETE'],
  ] as const)
    expect((await app.request(path, { method })).headers.get('deprecation'), path).toBeNull();
});

test('nothing goes with less than a year of notice', () => {
  for (const [since, sunset] of [
    ['2026-01-01', '2026-12-31'],
    ['2026-01-01', '2025-01-01'],
    ['2026-01-01', 'soon'],
  ] as const)
    expect(() => deprecations([{ ...made, since, sunset }])).toThrow('less than a year');
  // Of those announced by this program too.
  expect(() => deprecations(deprecatedOperations)).not.toThrow();
});

test('the document marks it', () => {
  const paths = { '/studies/{accession}/versions/{version}': { get: { description: 'One version.' } } };
  expect(withDeprecations({ paths }, [made]).paths['/studies/{accession}/versions/{version}'].get).toEqual({
    deprecated: true,
    description:
      'One version. Deprecated since 2026-01-01, gone from 2027-06-30 on at the earliest. Instead: GET /studies/{accession}.',
  });
  expect(addressesOf('/a.b/{one}/c').test('/api/v1/a.b/x/c')).toBe(true);
  expect(addressesOf('/a.b/{one}/c').test('/api/v1/axb/x/c')).toBe(false);
});
