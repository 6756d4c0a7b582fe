import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonOutline, outlineHas } from './json-outline.ts';
import { tableHeader } from './table-header.ts';
import { firstChild, xmlRoot } from './xml-root.ts';

test('the outline of JSON names key paths and values', () => {
  const outline = jsonOutline('{"a":{"b":[{"c":"x"},{"c":"y"}]},"n":3}')!;
  expect([...outline.paths]).toEqual(['a', 'a.b', 'a.b[]', 'a.b[].c', 'n']);
  expect(outline.values.get('a.b[].c')).toEqual(['x', 'y']);
  expect(outlineHas(outline, 'n', '3')).toBe(true);
  expect(jsonOutline('[TOP_LEVEL]\nauthor = x')).toBeUndefined();
});

test('an outline of JSON cut anywhere holds a part of the whole outline', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (text, cut) => {
      const whole = jsonOutline(text);
      const part = jsonOutline(text.slice(0, cut));
      if (!whole || !part) return;
      for (const path of part.paths) if (!whole.paths.has(path)) expect(text.slice(cut)).not.toBe('');
    }),
  );
});

test('deep nesting and endless quotes cost one pass', () => {
  const started = performance.now();
  expect(jsonOutline('['.repeat(60_000))?.root).toBe('array');
  expect(jsonOutline(`{"a":${'"\\'.repeat(30_000)}`)?.root).toBe('object');
  expect(performance.now() - started).toBeLessThan(2000);
});

test('the root of XML is found behind declaration, comments and a document type', () => {
  const text =
    '<?xml version="1.0"?>\n<!-- <no/> -->\n<!DOCTYPE a [<!ENTITY x ">">]>\n<a:root xmlns="u" v=\'2\'> <kid n="1"/>';
  const root = xmlRoot(text)!;
  expect(root).toMatchObject({ name: 'a:root', localName: 'root', attributes: { xmlns: 'u', v: '2' } });
  expect(firstChild(text, root)?.name).toBe('kid');
  expect(xmlRoot('no xml')).toBeUndefined();
  expect(xmlRoot('<!-- never closed')).toBeUndefined();
});

test('the delimiter is the one that splits the lines evenly', () => {
  expect(tableHeader('a\tb, c\td\n1\t2,3\t4\n')?.delimiter).toBe('\t');
  expect(tableHeader('"x ""y""",b\n1,2\n')?.cells).toEqual(['x "y"', 'b']);
});
