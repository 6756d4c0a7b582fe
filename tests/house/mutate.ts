/** A small seeded generator (mulberry32): the same seed gives the same mutants on every machine. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

type Random = (below: number) => number;

function truncate(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.slice(0, random(bytes.length));
}

function flip(bytes: Uint8Array, random: Random): Uint8Array {
  const mutant = bytes.slice();
  for (let n = 1 + random(16); n > 0; n--) mutant[random(mutant.length)]! ^= 1 << random(8);
  return mutant;
}

/** A piece of the file, or of another one, is put somewhere else. */
function splice(bytes: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  const from = random(2) === 0 ? bytes : other;
  const start = random(from.length);
  const piece = from.subarray(start, start + 1 + random(Math.min(4096, from.length)));
  const at = random(bytes.length);
  const kept = random(2) === 0 ? at : Math.min(bytes.length, at + piece.length);
  return join([bytes.subarray(0, at), piece, bytes.subarray(kept)]);
}

function remove(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random(bytes.length);
  return join([bytes.subarray(0, at), bytes.subarray(at + 1 + random(1024))]);
}

function repeat(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random(bytes.length);
  const piece = bytes.subarray(at, at + 1 + random(512));
  return join([bytes.subarray(0, at), ...Array.from({ length: 2 + random(60) }, () => piece), bytes.subarray(at)]);
}

const hugeWords = ['99999999999999999999', '-1', 'NaN', '1e309', '4294967295', '2147483648', '0', '1e-400', ''];
const hugeBytes = [
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0x7f, 0xff, 0xff, 0xff],
  [0, 0, 0, 0],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0, 0, 0, 0x80],
];

/** A number in the text, or four to eight bytes, become what no reader expects. */
function huge(bytes: Uint8Array, random: Random): Uint8Array {
  const start = random(bytes.length);
  for (let at = start; at < Math.min(bytes.length, start + 2000) && random(4) > 0; at++) {
    let end = at;
    while (end < bytes.length && bytes[end]! >= 48 && bytes[end]! <= 57) end++;
    if (end === at) continue;
    const word = new TextEncoder().encode(hugeWords[random(hugeWords.length)]!);
    return join([bytes.subarray(0, at), word, bytes.subarray(end)]);
  }
  const mutant = bytes.slice();
  // Counts and offsets mostly stand near the beginning.
  const at = random(2) === 0 ? random(Math.min(512, mutant.length)) : random(mutant.length);
  for (const [i, byte] of hugeBytes[random(hugeBytes.length)]!.entries())
    if (at + i < mutant.length) mutant[at + i] = byte;
  return mutant;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const kinds = { truncate, flip, splice, remove, repeat, huge } as const;

/** One mutant of a file, and how it was made. `other` lends pieces. */
export function mutate(bytes: Uint8Array, random: Random, other: Uint8Array): { kind: string; bytes: Uint8Array } {
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const kind = names[random(names.length)]!;
  return { kind, bytes: bytes.length === 0 ? bytes : kinds[kind](bytes, random, other) };
}
