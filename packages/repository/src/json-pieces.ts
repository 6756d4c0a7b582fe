import { setImmediate } from 'node:timers/promises';

/** Characters a piece has at least, the last one aside. */
const leastCharacters = 2 ** 16;
/** Bytes after which others get their turn: what a hundred thousand files are told with takes seconds to write down. */
const bytesInOneGo = 2 ** 21;
/** A member with more entries than this is written entry by entry. */
const fewEntries = 64;

/**
 * A document as `JSON.stringify(document, null, 1)` writes it, with a line end, piece by piece: that of a study of a hundred thousand files
 * is never in memory as one text. Asked for again with the same document it gives the same bytes.
 * @param document plain data; a list that is read as it is written is given as an async iterable
 */
export async function* jsonPieces(
  document: Readonly<Record<string, unknown>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let text = '';
  let sinceTurn = 0;
  const piece = async () => {
    const bytes = new TextEncoder().encode(text);
    text = '';
    sinceTurn += bytes.length;
    if (sinceTurn >= bytesInOneGo) {
      sinceTurn = 0;
      await setImmediate();
    }
    return bytes;
  };
  let before = '{';
  for (const [key, value] of Object.entries(document)) {
    if (value === undefined) continue;
    text += `${before}\n ${JSON.stringify(key)}: `;
    before = ',';
    if (isRead(value))
      for await (const part of readList(value)) {
        text += part;
        if (text.length >= leastCharacters) yield await piece();
      }
    else
      for (const part of valueText(value, ' ', false)) {
        text += part;
        if (text.length >= leastCharacters) yield await piece();
      }
  }
  text += before === '{' ? '{}\n' : '\n}\n';
  yield await piece();
}

const isRead = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

async function* readList(ones: AsyncIterable<unknown>): AsyncGenerator<string> {
  let before = '[';
  for await (const one of ones) {
    yield `${before}\n  ${indented(one, '  ')}`;
    before = ',';
  }
  yield before === '[' ? '[]' : '\n ]';
}

/** The text of a value at an indentation. What is small, and what stands in a list, is written in one go. */
function* valueText(value: unknown, indent: string, isInList: boolean): Generator<string> {
  if (typeof value !== 'object' || value === null) return yield indented(value, indent);
  const isList = Array.isArray(value);
  // Keys alone: pairs of key and value would be a hundred thousand lists.
  const object = value as Readonly<Record<string, unknown>>;
  const keys = isList ? undefined : Object.keys(object).filter((key) => object[key] !== undefined);
  const count = keys?.length ?? (value as unknown[]).length;
  if (count === 0 || (count <= fewEntries && (isList || isInList))) return yield indented(value, indent);
  const within = `${indent} `;
  let before = isList ? '[' : '{';
  if (isList)
    for (const one of value as unknown[]) {
      yield `${before}\n${within}`;
      yield* valueText(one, within, true);
      before = ',';
    }
  else
    for (const key of keys!) {
      yield `${before}\n${within}${JSON.stringify(key)}: `;
      yield* valueText(object[key], within, false);
      before = ',';
    }
  yield `\n${indent}${isList ? ']' : '}'}`;
}

/** Line ends stand only between members: within texts they are written as two signs. */
const indented = (value: unknown, indent: string) =>
  (JSON.stringify(value, null, 1) ?? 'null').replaceAll('\n', `\n${indent}`);
