import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { digestInTurns, parseJsonInTurns } from './parse-in-turns.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
/** A map whose text has some megabytes. */
const long = (count: number, key = 'k') =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`${key}${at}`, [`フ/"\\\n${at}\\`, at, null, { a: {} }]]),
  );
const padding = 'x'.repeat(2 ** 21);

it('reads what JSON.parse reads', async () => {
  const documents: unknown[] = [
    { a: 1 },
    [],
    {
      small: 1,
      manifest: long(30_000),
      between: 'x',
      versions: { v1: { state: long(30_000, 's') }, v2: {} },
      end: [true],
    },
    Array.from({ length: 25_000 }, (_, at) => ({ at, path: `folder/${at}`, no: false, x: -1.5e3 })),
    { list: [1, long(40_000), 2, [padding], 3], padding },
    { ['__proto__']: { own: padding }, after: JSON.parse('{"__proto__": 1}') as unknown },
    padding,
  ];
  for (const document of documents)
    for (const indent of [undefined, 1]) {
      const text = JSON.stringify(document, null, indent);
      const read = await parseJsonInTurns(bytesOf(` ${text}\n`));
      expect(JSON.stringify(read, null, indent) === text).toBe(true);
    }
  const owned = (await parseJsonInTurns(bytesOf(`{"__proto__": {"a": 1}, "padding": "${padding}"}`))) as object;
  expect(Object.getPrototypeOf(owned)).toBe(Object.prototype);
  expect(await parseJsonInTurns(bytesOf(`{${' '.repeat(2 ** 21)}}`))).toEqual({});
});

it('refuses what JSON.parse refuses', async () => {
  const whole = `{"a": "${padding}", "b": [1, "${padding}"]}`;
  const texts = [
    `${whole}x`,
    `${whole}{}`,
    whole.slice(0, -1),
    whole.slice(0, 2 ** 20),
    whole.replace('", "b"', '" "b"'),
    whole.replace('"b":', '"b"'),
    whole.replace('"b":', '1:'),
    whole.replace('[1, ', '[1,, '),
    whole.replace(']}', ',]}'),
    whole.replace(']}', '],}'),
    whole.replace(']}', '}]'),
    `{"a": ${' '.repeat(2 ** 21)}}`,
  ];
  for (const text of texts) {
    const read = parseJsonInTurns(bytesOf(text)).then(
      () => 'read',
      (fault: Error) => fault.name,
    );
    expect(await read).toBe('SyntaxError');
  }
});

it('lets others have their turn', async () => {
  const bytes = bytesOf(JSON.stringify({ manifest: long(250_000) }));
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await parseJsonInTurns(bytes);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
  const expected = createHash('sha512').update(bytes).digest('hex');
  expect(await digestInTurns('sha512', bytes)).toBe(expected);
});
