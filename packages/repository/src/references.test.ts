import { expect, test } from 'vitest';
import { checkReferences, parseVersion, readReferenceTable, referencesFile } from './references.ts';

const sha256 = 'AB'.repeat(32);
const row = { path: 'raw/a.nd2', url: 'https://data.example.org/a.nd2', size: 12, sha256 };
const good = () => undefined;
const codes = (issues: readonly { code: string }[]) => issues.map(({ code }) => code);

test('a table with commas or tabs names files with what else it says of them', () => {
  const comma = `sha256,Path,note,url,size\n${sha256},raw/a.nd2,"first, of two",https://data.example.org/a.nd2,12\n\n`;
  const read = readReferenceTable(comma);
  expect(read.issues).toEqual([]);
  const checked = checkReferences(read.references, good);
  expect(checked).toMatchObject({ issues: [], references: [{ ...row, sha256: sha256.toLowerCase() }] });
  const tabs = readReferenceTable(
    `path\turl\tsize\tsha256\tmd5\r\nb\thttps://data.example.org/b\t0\t${sha256}\t${'0'.repeat(32)}\r\n`,
  );
  expect(tabs.references).toMatchObject([{ path: 'b', size: 0, md5: '0'.repeat(32), line: 2 }]);
});

test('without size or digest, with a table that lacks a column, or an address that will not do, nothing is taken', () => {
  expect(codes(readReferenceTable('name,link\na,b\n').issues)).toEqual(['reference-table']);
  expect(codes(readReferenceTable('path,url,size,sha256\n').issues)).toEqual(['reference-table']);
  expect(codes(readReferenceTable('').issues)).toEqual(['reference-table']);
  const noDigest = readReferenceTable('path,url,size,sha256\na,https://data.example.org/a,12,\n');
  expect(checkReferences(noDigest.references, good)).toMatchObject({
    references: [],
    issues: [{ code: 'reference-incomplete', where: { file: 'a', line: 2 } }],
  });
  for (const wrong of [{ size: undefined }, { size: -1 }, { size: 1.5 }, { sha256: 'abc' }, { sha512: sha256 }])
    expect(codes(checkReferences([{ ...row, ...wrong }], good).issues)).toEqual(['reference-incomplete']);
  expect(codes(checkReferences([{ ...row, path: '../a' }], good).issues)).toEqual(['path-leaves-study']);
  expect(codes(checkReferences([row], () => 'it is closed').issues)).toEqual(['reference-address']);
});

test('two files of a list under one path: neither takes the place of the other', () => {
  const elsewhere = { ...row, url: 'https://data.example.org/other.nd2' };
  expect(checkReferences([row, elsewhere], good).issues).toMatchObject([
    { code: 'reference-twice', where: { file: row.path } },
  ]);
  const changed = { ...row, sha256: 'cd'.repeat(32) };
  expect(codes(checkReferences([row, { ...row, path: 'b' }, changed], good).issues)).toEqual(['reference-twice']);
  // In a table, accents in one sign and apart from their letters are one path.
  const apart = ['cafe\u0301', 'caf\u00e9'].map((path, at) => `${path},https://data.example.org/${at},12,${sha256}`);
  const { references } = readReferenceTable(`path,url,size,sha256\n${apart.join('\n')}\n`);
  expect(checkReferences(references, good).issues).toMatchObject([{ code: 'reference-twice', where: { line: 3 } }]);
  // The same file said twice is one file.
  expect(checkReferences([row, row], good)).toMatchObject({ issues: [], references: [{ path: row.path }] });
  expect(checkReferences([row, row], good).references).toHaveLength(1);
});

test('the archive holds the document and the list apart, and reads them as one', async () => {
  const [reference] = checkReferences([row], good).references;
  const document = new TextEncoder().encode('{"accession":"MIC-000001","version":2}');
  const list = referencesFile({ accession: 'MIC-000001', version: 2, references: [reference!] });
  expect(await parseVersion(document, list)).toEqual({ accession: 'MIC-000001', version: 2, references: [reference] });
  expect(await parseVersion(document, undefined)).not.toHaveProperty('references');
  expect(referencesFile({ accession: 'MIC-000001', version: 2 })).toBeUndefined();
});
