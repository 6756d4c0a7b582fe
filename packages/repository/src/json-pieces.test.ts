import { expect, it } from 'vitest';
import { jsonPieces } from './json-pieces.ts';

async function written(document: Readonly<Record<string, unknown>>): Promise<{ text: string; pieces: number }> {
  const decoder = new TextDecoder();
  let [text, pieces] = ['', 0];
  for await (const piece of jsonPieces(document)) {
    text += decoder.decode(piece, { stream: true });
    pieces++;
  }
  return { text, pieces };
}

const item = (at: number) => ({
  id: `item${at}`,
  path: `フォルダ/a "quoted"\n${at}`,
  files: at % 7 === 0 ? Array.from({ length: 70 }, (_, file) => `f/${file}`) : [],
  counts: at % 2 === 0 ? { objects: at, none: undefined } : undefined,
  issues: [{ code: 'x', where: {} }],
});

it('writes what JSON.stringify writes, byte for byte, in pieces', async () => {
  const many = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`digest${at}`, [`files/${at}`]]));
  const documents: Record<string, unknown>[] = [
    {},
    { none: undefined },
    { schema: 1, text: 'a\nb', nothing: null, list: [], map: {}, left: undefined, yes: true },
    { items: Array.from({ length: 2500 }, (_, at) => item(at)), pairs: [], metadata: { values: { title: 'A' } } },
    { manifest: many, versions: { v1: { created: 'now', state: many }, v2: { state: {} } }, fixity: { sha256: many } },
    { deep: { deeper: { deepest: [many, [many], { many }] } }, holes: [undefined, null, 1] },
  ];
  for (const document of documents) {
    const { text } = await written(document);
    expect(text === `${JSON.stringify(document, null, 1)}\n`).toBe(true);
  }
  expect((await written(documents[3]!)).pieces).toBeGreaterThan(5);
});

it('takes lists that are read as they are written', async () => {
  async function* read(count: number) {
    for (let at = 0; at < count; at++) yield item(at);
  }
  for (const count of [0, 1, 500]) {
    const list = Array.from({ length: count }, (_, at) => item(at));
    const { text } = await written({ before: 1, items: read(count), after: [2] });
    expect(text === `${JSON.stringify({ before: 1, items: list, after: [2] }, null, 1)}\n`).toBe(true);
  }
});
