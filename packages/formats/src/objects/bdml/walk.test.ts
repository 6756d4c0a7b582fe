import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import type { BdmlComponent, TakeComponent } from './document.ts';
import { type WalkOptions, type WalkedBdml, walkBdmlByElements } from './saxes-walk.ts';
import { walkBdml } from './walk.ts';

type Walk = (
  source: ReturnType<typeof memorySource>,
  take: TakeComponent,
  options?: WalkOptions,
) => Promise<WalkedBdml>;

async function walked(walk: Walk, bytes: Uint8Array) {
  const components: BdmlComponent[] = [];
  const { document, fault } = await walk(
    memorySource('a.xml', bytes),
    (one) => void components.push(structuredClone(one)),
  );
  return { components, document, fault: fault && { code: fault.code, line: fault.line } };
}

const number = fc.oneof(
  fc.double().map((value) => (Number.isFinite(value) ? String(value) : 'NaN')),
  fc.integer().map(String),
  fc.constantFrom(
    'INF',
    '-INF',
    ' 12 ',
    '+5',
    '.5',
    '7.',
    '1E+3',
    '',
    'x',
    '0x10',
    '1&#48;',
    '-0',
    '1e400',
    '<!-- 3 -->4',
  ),
);
const name = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_. -]{0,40}$/),
  fc.constantFrom(
    '核',
    'a&amp;b',
    '&lt;',
    '<![CDATA[<c>]]>',
    'é',
    'a\nb',
    'a>b',
    ' x ',
    '\u{1f52c}',
    '&#x41;',
    'tab\tbed',
    'a\r\nb',
  ),
);
const gap = fc.constantFrom('', '', '', '\n', '\r\n  ', ' ', '<!-- note -->', '\t', '<?pi x?>', '<!-- <component> -->');
const junk = fc.constantFrom(
  '<notes><p xmlns="x">text <b>more</b></p></notes>',
  '<annotation><component><time>1</time></component></annotation>',
  '<other a="1>2">text</other>',
  '<groupID/>',
);

const leaf = (tag: string, text: fc.Arbitrary<string>) => text.map((value) => `<${tag}>${value}</${tag}>`);
const joined = (...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts.flatMap((part) => [part, gap])).map((all) => all.join(''));
const many = (part: fc.Arbitrary<string>, minLength = 0, maxLength = 3) =>
  fc.array(fc.tuple(part, gap), { minLength, maxLength }).map((all) => all.flat().join(''));
const within = (tag: string, content: fc.Arbitrary<string>) =>
  fc
    .tuple(gap, content, fc.constantFrom('', '', '', ' metaid="m1"', " a='<'"))
    .map(([before, inner, attribute]) => `<${tag}${attribute.replace('<', '')}>${before}${inner}</${tag}>`);

const xyz = within('xyz', joined(leaf('x', number), leaf('y', number), leaf('z', number)));
const geometry = fc.oneof(
  within('sphere', joined(xyz, leaf('radius', number))),
  within('circle', joined(xyz, leaf('radius', number))),
  within('point', many(xyz, 1)),
  within('line', many(within('xyzSequence', many(xyz, 1, 4)), 1)),
  within('face', many(within('xyzTriplet', many(xyz, 3, 3)), 1)),
  fc.constant(''),
);
const property = within('property', joined(leaf('featureRef', name), leaf('featureVal', number)));
const measurement = within('measurement', joined(leaf('objectRef', name), geometry, many(property)));
const component = within(
  'component',
  joined(
    leaf('componentID', name),
    fc.oneof(leaf('componentName', name), fc.constant(''), fc.constant('')),
    leaf('time', number),
    many(leaf('prevID', name), 0, 2),
    many(measurement, 1, 2),
    fc.oneof({ weight: 6, arbitrary: fc.constant('') }, { weight: 1, arbitrary: junk }),
  ),
);
const head =
  '<?xml version="1.0" encoding="UTF-8"?>\n<bdml version="0.18" xmlns="http://ssbd.qbic.riken.jp/bdml"><info><title>t &amp; u</title></info>';
const definitions =
  '<scaleUnit><xScale>0.5</xScale><tUnit>minute</tUnit></scaleUnit><object><objectName>a</objectName></object><feature><featureName>f</featureName><featureScale>2</featureScale><featureUnit>volt</featureUnit></feature>';
const document = fc
  .tuple(gap, many(component, 0, 6), gap)
  .map(([before, components, after]) => `${head}${before}<data>\n${definitions}${components}</data>${after}</bdml>\n`);

describe('walking BDML by bytes and by elements', () => {
  it('gives the same components and the same document', async () => {
    await fc.assert(
      fc.asyncProperty(document, async (text) => {
        const bytes = new TextEncoder().encode(text);
        expect(await walked(walkBdml, bytes)).toEqual(await walked(walkBdmlByElements, bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('finds fault with the same damaged documents, at the same line', async () => {
    const damage = fc.tuple(
      fc.nat(),
      fc.nat(3),
      fc.constantFrom('<', '>', '&', '</x>', '<component>', '\u0000', ']]>', '<!DOCTYPE a>', 'z'),
    );
    await fc.assert(
      fc.asyncProperty(document, damage, async (text, [where, removed, put]) => {
        const at = head.length + (where % (text.length - head.length));
        const bytes = new TextEncoder().encode(text.slice(0, at) + put + text.slice(at + removed));
        const [ours, theirs] = [await walked(walkBdml, bytes), await walked(walkBdmlByElements, bytes)];
        expect(ours.fault?.code).toEqual(theirs.fault?.code);
        expect(Math.abs((ours.fault?.line ?? 0) - (theirs.fault?.line ?? 0))).toBeLessThanOrEqual(1);
        if (!ours.fault) expect(ours).toEqual(theirs);
      }),
      { numRuns: 300 },
    );
  });

  it('reads across windows: documents larger than one, components larger than any', async () => {
    const one = (id: number, size: number, name = 'n') => {
      const vertex = '<xyz><x>1.25</x><y>2</y><z>3</z></xyz>';
      return `<component><componentID>c${id}</componentID><componentName>${name}</componentName><time>${id % 7}</time><measurement><objectRef>a</objectRef><line><xyzSequence>${vertex.repeat(size)}</xyzSequence></line></measurement></component>\n`;
    };
    const components = Array.from({ length: 4000 }, (_, id) =>
      one(id, 1 + (id % 23), id === 1000 ? 'n'.repeat(9e6) : 'n'),
    );
    const bytes = new TextEncoder().encode(`${head}<data>${definitions}${components.join('')}</data></bdml>`);
    const [ours, theirs] = [await walked(walkBdml, bytes), await walked(walkBdmlByElements, bytes)];
    expect(ours.components.length).toBe(4000);
    expect(ours.fault).toBeUndefined();
    expect(ours.components.map(({ id, measurements }) => [id, measurements[0]!.parts[0]!.length])).toEqual(
      theirs.components.map(({ id, measurements }) => [id, measurements[0]!.parts[0]!.length]),
    );
    expect(ours.document).toEqual(theirs.document);
  });
});
