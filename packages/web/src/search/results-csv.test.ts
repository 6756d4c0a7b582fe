import { expect, it } from 'vitest';
import { resultsCsv } from './results-csv.ts';

it('writes results as a table that spreadsheets read and cannot run', () => {
  const csv = resultsCsv(
    [
      {
        accession: 'M1',
        version: 1,
        title: '=cmd("x"), "quoted"',
        description: '',
        authors: ['A', 'B'],
        organisms: ['Homo sapiens'],
        imagingMethods: [],
        kinds: ['tracks'],
        licence: 'CC-BY-4.0',
        publishedAt: '2026-11-20T00:00:00Z',
        imageCount: 0,
        objectCount: 243,
        trackCount: 4,
        fileCount: 1,
        byteCount: 10,
      },
    ],
    'https://example.org',
  );
  const line = csv.split('\r\n')[1];
  expect(line).toBe(
    `M1,1,"'=cmd(""x""), ""quoted""",A; B,Homo sapiens,,tracks,CC-BY-4.0,2026-11-20T00:00:00Z,0,243,4,1,10,https://example.org/studies/M1`,
  );
});
