import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ComponentTape } from './component-tape.ts';
import type { BdmlComponent } from './document.ts';

const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 12 });
const number = fc.double();
const vertex = fc.array(number, { minLength: 3, maxLength: 3 });
const component: fc.Arbitrary<BdmlComponent> = fc.record({
  id: ascii,
  name: fc.option(fc.string({ maxLength: 4 }), { nil: undefined }),
  time: number,
  previous: fc.array(ascii, { maxLength: 3 }),
  measurements: fc.array(
    fc.record({
      objectRef: fc.constantFrom('nucleus', '細胞', ''),
      entity: fc.constantFrom(undefined, 'point', 'line', 'circle', 'sphere', 'face'),
      radius: fc.option(number, { nil: undefined }),
      parts: fc.oneof(
        fc.array(vertex, { maxLength: 3 }),
        fc.array(fc.array(number, { maxLength: 9 }), { maxLength: 3 }),
      ),
      properties: fc.array(fc.record({ ref: fc.constantFrom('area', 'mean'), value: number }), { maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
});

async function replayed(tape: ComponentTape, isLast = false): Promise<BdmlComponent[]> {
  const all: BdmlComponent[] = [];
  await tape.replay((one) => void all.push(structuredClone(one)), isLast);
  return all;
}

test('a tape gives back every component as it was, as often as it is asked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(component, { maxLength: 20 }), async (all) => {
      const tape = new ComponentTape();
      for (const one of all) tape.record(one);
      expect(tape.isWhole).toBe(true);
      expect(await replayed(tape)).toEqual(all);
      expect(await replayed(tape, true)).toEqual(all);
      expect(tape.isWhole).toBe(false);
    }),
    { numRuns: 60 },
  );
});

const bare: BdmlComponent = { id: 'a', name: undefined, time: 0, previous: [], measurements: [] };

test('blocks follow each other, and a component lies in one of them', async () => {
  const tape = new ComponentTape();
  const parts = [Array.from({ length: 900 }, (_, at) => at / 3)];
  const measured = { objectRef: 'c', entity: 'line', radius: undefined, parts, properties: [] } as const;
  const count = 300;
  for (let i = 0; i < count; i++)
    tape.record({ ...bare, id: `c${i}`, time: i, measurements: [{ ...measured, parts, properties: [] }] });
  let seen = 0;
  await tape.replay(({ id, measurements }) => {
    expect([id, measurements[0]!.parts]).toEqual([`c${seen++}`, parts]);
  }, true);
  expect(seen).toBe(count);
});

test.each([
  ['an id beyond ASCII', { ...bare, id: 'é' }],
  ['an id of 300 letters', { ...bare, id: 'x'.repeat(300) }],
  ['300 links', { ...bare, previous: Array.from({ length: 300 }, () => 'a') }],
  [
    'a mesh of 40,000 numbers',
    {
      ...bare,
      measurements: [
        {
          objectRef: 'm',
          entity: 'face' as const,
          radius: undefined,
          parts: [Array.from({ length: 40_000 }, () => 1)],
          properties: [],
        },
      ],
    },
  ],
])('a document with %s is not remembered', async (_name, rare) => {
  const tape = new ComponentTape();
  tape.record(bare);
  tape.record(rare);
  tape.record(bare);
  expect(tape.isWhole).toBe(false);
  expect(await replayed(tape)).toEqual([]);
});
