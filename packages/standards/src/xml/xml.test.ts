import fc from 'fast-check';
import { expect, test } from 'vitest';
import { childOf, readXml, textWithin } from './read-xml.ts';
import { writeXml } from './write-xml.ts';

const faultOf = (text: string) => {
  const read = readXml(text);
  return 'fault' in read ? read.fault : undefined;
};

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (value, text) => {
      const read = readXml(writeXml(['a', { b: value }, ['c', {}, 'x', text, 'x']]));
      if ('fault' in read) throw new Error(read.fault.reason);
      expect(read.root.attributes.b).toBe(value);
      expect(textWithin(childOf(read.root, 'c')!)).toBe(`x${text}x`);
    }),
  );
});

test('namespaces, CDATA, comments and references are understood', () => {
  const read = readXml(
    '\ufeff<?xml version="1.0"?><!-- c --><o:a xmlns:o="http://o/" x=\'1\'>\n <b xmlns="http://b/"><![CDATA[<&]]>&#x41;</b><b/></o:a>',
  );
  if ('fault' in read) throw new Error(read.fault.reason);
  expect(read.root).toMatchObject({ name: 'a', namespace: 'http://o/', attributes: { x: '1' } });
  const inner = childOf(read.root, 'b')!;
  expect([inner.namespace, textWithin(inner), inner.line]).toEqual(['http://b/', '<&A', 2]);
});

test.each([
  ['<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', 'document type'],
  ['<a>&e;</a>', 'not known'],
  ['<a>\n\n<b></a>', 'closed by'],
  ['<a x="1" x="2"/>', 'twice'],
  ['<a x=1/>', 'quoted'],
  ['<p:a/>', 'not declared'],
  ['<a/>b', 'follows'],
  ['<a>', 'not closed'],
  ['', 'no XML'],
  [`${'<a>'.repeat(300)}`, 'nested'],
  ['<a>b & c</a>', 'ampersand'],
])('%s is refused', (text, reason) => {
  expect(faultOf(text)?.reason).toContain(reason);
});

test('the line of a fault is given', () => {
  expect(faultOf('<a>\n\n<b></a>')?.line).toBe(3);
});
