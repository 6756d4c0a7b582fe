import { describe, expect, test } from 'vitest';
import { memorySource } from '../bytes/byte-source.ts';
import { findPrivateDetails, findPrivateInFile } from './private-details.ts';

const found = (text: string): string[] =>
  findPrivateDetails(text, { place: 'raw text' }).map(({ kind, value }) => `${kind}: ${value}`);

describe('private details', () => {
  test.each([
    ['Contact jane.doe@uni-example.ac.jp for more', ['e-mail address: jane.doe@uni-example.ac.jp']],
    [
      '<Experimenter ID="E:0" FirstName="Jane" LastName="Doe" Email="j@example.org" Institution="X"/>',
      ['user name: Jane', 'user name: Doe', 'e-mail address: j@example.org'],
    ],
    ['UserName="jdoe" SystemTypeName="TCS"', ['user name: jdoe']],
    ['<UserName>jdoe</UserName>', ['user name: jdoe']],
    ['"ComputerName": "LAB-PC-7",', ['user name: LAB-PC-7']],
    ['[Acquisition]\nUser Name=Jane Doe\nFluoView=1', ['user name: Jane Doe']],
    ['"Directory": "D:\\\\Data\\\\Jane Doe\\\\2024"', ['path: D:\\Data\\Jane Doe\\2024']],
    ['folder="/Users/tinevez/Desktop/x"', ['path: /Users/tinevez/Desktop/x', 'user name: tinevez']],
    ['C:\\Users\\jdoe\\Documents\\run.lif', ['path: C:\\Users\\jdoe\\Documents\\run.lif', 'user name: jdoe']],
    ['Saved to \\\\nas01\\imaging\\smith\\a.tif', ['path: \\\\nas01\\imaging\\smith\\a.tif']],
    ["Patient's Birth Date: 1970-01-31", ['date of birth: 1970-01-31']],
    ['DateOfBirth="31.01.1970"', ['date of birth: 31.01.1970']],
  ])('in %s', (text, wanted) => {
    expect(found(text).sort()).toEqual([...wanted].sort());
  });

  test.each([
    'xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"',
    'ImageJ=1.54f\nimages=6\nunit=micron\n',
    '<Channel Name="GFP" Fluor="EGFP"/> 10:20:30 C:W',
    'UserName="" User=true; Operator: none',
    'the user should press OK; hostile input; owner of the cell',
    'a@b is no address, nor is @micrarium/formats or x@y',
    '/usr/lib/python3 /opt/fiji /tmp/x',
    '<UserDefined>1.5</UserDefined> <Users>3</Users>',
  ])('none in %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  test('in the bytes of a file, in letters of one and of two bytes, across the edges of pieces', async () => {
    const bytes = new Uint8Array(3 << 20).fill(200);
    const put = (text: string, at: number, wide = false): void => {
      [...text].forEach((letter, n) => (bytes[at + n * (wide ? 2 : 1)] = letter.charCodeAt(0)));
      if (wide) for (let n = 0; n < text.length; n++) bytes[at + 2 * n + 1] = 0;
    };
    put(' mail: jane@example.org ', (1 << 20) - 10);
    put('UserName=hiroshi.kato;', 2_500_000, true);
    const details = await findPrivateInFile(memorySource('a.oib', bytes), 'd/a.oib');
    expect(details).toEqual([
      { kind: 'e-mail address', value: 'jane@example.org', place: 'original', file: 'd/a.oib' },
      { kind: 'user name', value: 'hiroshi.kato', place: 'original', file: 'd/a.oib', field: 'UserName' },
    ]);
  });

  test('noise holds none, and long texts take no long time', async () => {
    let seed = 1;
    const noise = Uint8Array.from({ length: 4 << 20 }, () => (seed = (seed * 48_271) % 2_147_483_647) & 255);
    expect(await findPrivateInFile(memorySource('n', noise), 'n')).toEqual([]);
    // Pixels of 8 and of 16 bits whose values are those of letters and signs.
    const letters = noise.map((byte) => 32 + (byte % 95));
    expect(await findPrivateInFile(memorySource('n', letters), 'n')).toEqual([]);
    const wide = letters.map((byte, n) => (n % 2 === 0 ? byte : 0));
    expect(await findPrivateInFile(memorySource('n', wide), 'n')).toEqual([]);
    const started = performance.now();
    for (const text of [
      'C:\\'.repeat(100_000),
      'a'.repeat(500_000),
      'user='.repeat(100_000),
      '\\\\'.repeat(200_000),
      `${'a.'.repeat(200_000)}@`,
    ])
      findPrivateDetails(text, { place: 'raw text' });
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
