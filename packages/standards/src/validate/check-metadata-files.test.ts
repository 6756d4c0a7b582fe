import { expect, test } from 'vitest';
import { checkMetadataFiles } from './check-metadata-files.ts';

const crate = JSON.stringify({ dmp: { title: 'é' } });
const bytesOf = {
  'utf-8': new TextEncoder().encode(crate),
  'utf-16le': Uint8Array.from([0xff, 0xfe, ...[...crate].flatMap((one) => [one.charCodeAt(0), 0])]),
  'windows-1252': Uint8Array.from([...crate].map((one) => one.charCodeAt(0))),
};

test('a document in another encoding is judged all the same, and its encoding said', () => {
  const codesOf = (bytes: Uint8Array) =>
    checkMetadataFiles('madmp', { files: new Map([['plan.json', bytes]]) }).map(({ code }) => code);
  const plain = codesOf(bytesOf['utf-8']);
  expect(plain).not.toContain('metadata-encoding');
  expect(codesOf(bytesOf['utf-16le'])).toEqual(['metadata-encoding', ...plain]);
  expect(codesOf(bytesOf['windows-1252'])).toEqual(['metadata-encoding', ...plain]);
});

/** An ISA-Tab of one assay that names these files, with those lying beside it. */
function isaTab(named: string[], beside: string[]) {
  const texts = {
    'i_a.txt':
      'ONTOLOGY SOURCE REFERENCE\nTerm Source Name\nINVESTIGATION\nSTUDY\nStudy File Name\ts_a.txt\nSTUDY ASSAYS\nStudy Assay File Name\ta_a.txt\nSTUDY PROTOCOLS\nStudy Protocol Name\timaging\n',
    's_a.txt': 'Source Name\tProtocol REF\tSample Name\tComment[x]\nsource\timaging\tsample\n',
    'a_a.txt': `Sample Name\tProtocol REF\tImage File\n${named.map((name) => `sample\timaging\t${name}\n`).join('')}`,
  };
  const files = new Map(Object.entries(texts).map(([name, text]) => [name, new TextEncoder().encode(text)]));
  return checkMetadataFiles('isa-tab', { files, paths: new Set([...Object.keys(texts), ...beside]) });
}

test('a file missing among many is a fault; where most lie elsewhere it is a remark; short rows lack values only', () => {
  const missing = (named: string[], beside: string[]) =>
    isaTab(named, beside)
      .filter(({ code }) => code === 'isa-missing')
      .map(({ severity }) => severity);
  expect(missing(['a.tif', 'b.tif', 'c.tif'], ['a.tif', 'b.tif'])).toEqual(['error']);
  expect(missing(['a.tif', 'b.tif', 'c.tif'], ['a.tif'])).toEqual(['warning', 'warning']);
  expect(isaTab(['a.tif'], ['a.tif']).map(({ code, severity }) => [code, severity])).toEqual([
    ['isa-malformed', 'warning'],
  ]);
});
