import { expect, test } from 'vitest';
import { contentPolicy, exceptionFor } from './content-policy.ts';

const partOf = (policy: string, name: string) => policy.split('; ').find((part) => part.startsWith(`${name} `));

test('pages are framed by nobody and fetch from us alone', () => {
  expect(partOf(contentPolicy(), 'frame-ancestors')).toBe("frame-ancestors 'none'");
  expect(partOf(contentPolicy(), 'connect-src')).toBe("connect-src 'self' blob: data:");
});

test('only the page for frames may be framed, and it may fetch no more', () => {
  const policy = contentPolicy(exceptionFor('/embed/MIC-000001/1/abcd', 'https://elsewhere.example/x'));
  expect(partOf(policy, 'frame-ancestors')).toBe('frame-ancestors *');
  expect(partOf(policy, 'connect-src')).toBe("connect-src 'self' blob: data:");
  expect(exceptionFor('/embedded', undefined)).toBeUndefined();
  expect(exceptionFor('/viewer/MIC-000001/1/abcd', 'https://elsewhere.example/x')).toBeUndefined();
});

test('the page that opens addresses may fetch from the server its address names, and no other', () => {
  const connect = (url: string) => partOf(contentPolicy(exceptionFor('/open', url)), 'connect-src');
  expect(connect('https://data.example:8443/a/b.zarr?x=1')).toBe(
    "connect-src 'self' blob: data: https://data.example:8443",
  );
  for (const url of [
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:text/plain,x',
    "https://a;script-src 'unsafe-inline'",
    'x',
  ])
    expect(connect(url), url).toBe("connect-src 'self' blob: data:");
  expect(connect('https://*.example/x')).toBe("connect-src 'self' blob: data:");
  expect(partOf(contentPolicy(exceptionFor('/open', 'https://data.example/')), 'frame-ancestors')).toBe(
    "frame-ancestors 'none'",
  );
});
