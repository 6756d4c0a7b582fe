import type { StudyFile } from '@micrarium/model';
import { expect, test } from 'vitest';
import type { FoundVersion } from '../study-access.ts';
import { headLinks, linkHeader, linkSet, signposts } from './signposts.ts';

const origin = 'https://images.example.org';

/** Links of a version with so many authors and files. */
function linksOf(authors: number, count: number) {
  const contributors = Array.from({ length: authors }, (_, at) => ({
    firstName: 'A',
    lastName: `Name${at}`,
    organisation: 'x',
    role: 'image',
    orcid: `0000-0002-1825-${String(at).padStart(4, '0')}`,
  }));
  const values = { title: 'T', licence: 'CC-BY-4.0', contributors };
  const found = { accession: 'MIC-000001', version: 2, minor: 1, metadata: { values, origins: {} } };
  const files = Array.from({ length: count }, (_, at) => ({
    path: `a folder/その下/plate 7, well ${at}/film ${at}.ome.tiff`,
    size: 1,
    sha256: 'x',
    mediaType: 'image/tiff',
  }));
  return signposts(found as unknown as FoundVersion, { files: files as StudyFile[], origin, newest: 3 });
}

test.each([
  [60, 100],
  [400, 1000],
  [1, 1],
])(
  'the header of %i authors and %i files stays below 8 KB and has what must be there; the link set has all',
  (people, count) => {
    const links = linksOf(people, count);
    const header = linkHeader(links);
    expect(Buffer.byteLength(header)).toBeLessThan(8192);
    // One line, and nothing that is not ASCII.
    expect(header).toMatch(/^[\x20-\x7e]+$/);
    for (const rel of [
      'cite-as',
      'type',
      'license',
      'linkset',
      'describedby',
      'author',
      'latest-version',
      'successor-version',
    ])
      expect(header).toContain(`rel="${rel}"`);
    expect(header.match(/rel="item"/g)?.length ?? 0).toBeLessThanOrEqual(20);
    const [all] = linkSet(links).linkset;
    expect([(all!['author'] as unknown[]).length, (all!['item'] as unknown[]).length]).toEqual([people, count]);
    expect(all!['anchor']).toBe(`${origin}/studies/MIC-000001/v/2.1`);
    expect(headLinks(links).filter(({ rel }) => rel === 'item')).toHaveLength(Math.min(count, 20));
  },
);
