import { expect, test } from 'vitest';
import { decodeMetadataText } from './decode-text.ts';

const read = (...bytes: number[]) => decodeMetadataText(Uint8Array.from(bytes), 'a.csv');
const ascii = (text: string) => [...text].map((letter) => letter.charCodeAt(0));

test('UTF-8 and marked UTF-16 are read without a word', () => {
  expect(decodeMetadataText(new TextEncoder().encode('Zürich 細胞'), 'a')).toEqual({ text: 'Zürich 細胞', issues: [] });
  expect(read(0xff, 0xfe, 0x41, 0x00, 0x2c, 0x67)).toEqual({ text: 'A本', issues: [] });
  expect(read(0xfe, 0xff, 0x00, 0x41)).toEqual({ text: 'A', issues: [] });
  expect(read()).toEqual({ text: '', issues: [] });
});

test('what a spreadsheet saved otherwise is read, and said with its line', () => {
  const western = read(...ascii('Title\nZ'), 0xfc, ...ascii('rich, 5 '), 0xb5, ...ascii('m'));
  expect(western.text).toBe('Title\nZürich, 5 µm');
  expect(western.issues).toMatchObject([
    { code: 'metadata-encoding', severity: 'warning', where: { file: 'a.csv', line: 2 } },
  ]);
  // 細胞の in Shift JIS.
  const japanese = read(...ascii('Title,'), 0x8d, 0xd7, 0x96, 0x45, 0x82, 0xcc);
  expect(japanese.text).toBe('Title,細胞の');
  expect(japanese.issues[0]?.message).toContain('shift_jis');
});
