import type { StudyFile } from '@micrarium/model';
import { expect, test } from 'vitest';
import type { FoundVersion } from '../study-access.ts';
import {
  headLinks,
  linkHeader,
  linkSet,
  linkSetPieces,
  linkSetText,
  linkSetTextPieces,
  signposts,
} from './signposts.ts';

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

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

test.each([0, 1, 5, 7])(
  'a link set that is made in pieces has all of %i files, as the one in one piece',
  async (count) => {
    const links = linksOf(2, count);
    const isItem = ({ rel }: { rel: string }) => rel === 'item';
    const items = links.filter(isItem);
    const others = links.filter((link) => !isItem(link));
    async function* inThrees() {
      for (let at = 0; at <= items.length; at += 3) yield items.slice(at, at + 3);
    }
    const json = await joined(linkSetPieces(others, inThrees));
    const bySet = (set: { linkset: Record<string, unknown>[] }) =>
      new Map(set.linkset.map((one) => [one['anchor'], one]));
    expect(bySet(JSON.parse(json))).toEqual(bySet(linkSet(links)));
    const text = await joined(linkSetTextPieces(others, inThrees));
    const lines = (one: string) => new Set(one.trimEnd().split(',\n'));
    expect(lines(text)).toEqual(lines(linkSetText(links)));
    expect(text.endsWith('"\n')).toBe(true);
  },
);
