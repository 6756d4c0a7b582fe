import { describe, expect, it } from 'vitest';
import { vp8OfWebp, webmFile } from './webm.ts';

const hex = (bytes: Uint8Array) => [...bytes].map((one) => one.toString(16).padStart(2, '0')).join('');

/** Elements of EBML at a place, read by a reader that shares nothing with the writer. */
function elements(bytes: Uint8Array): { id: string; start: number; content: Uint8Array }[] {
  const found: { id: string; start: number; content: Uint8Array }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at;
    const idLength = Math.clz32(bytes[at]!) - 23;
    const id = hex(bytes.subarray(at, at + idLength));
    at += idLength;
    const sizeLength = Math.clz32(bytes[at]!) - 23;
    let size = bytes[at]! & (0xff >> sizeLength);
    for (let i = 1; i < sizeLength; i++) size = size * 256 + bytes[at + i]!;
    at += sizeLength;
    found.push({ id, start, content: bytes.subarray(at, at + size) });
    at += size;
  }
  return found;
}
const only = (bytes: Uint8Array, id: string) => elements(bytes).find((one) => one.id === id)!.content;
const number = (bytes: Uint8Array) => Number(BigInt(`0x${hex(bytes)}`));
const bytesOf = (text: string) => new TextEncoder().encode(text);
const letters = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('films', () => {
  const frames = Array.from({ length: 31 }, (_, index) => Uint8Array.from({ length: index + 3 }, () => index));
  const bytes = Uint8Array.from(
    webmFile(frames, { width: 320, height: 200, perSecond: 5 }).flatMap((part) => [...part]),
  );
  const [head, segment] = elements(bytes);

  it('are WebM with one VP8 track', () => {
    expect(letters(only(head!.content, '4282'))).toBe('webm');
    const track = only(only(segment!.content, '1654ae6b'), 'ae');
    expect(letters(only(track, '86'))).toBe('V_VP8');
    expect([number(only(only(track, 'e0'), 'b0')), number(only(only(track, 'e0'), 'ba'))]).toEqual([320, 200]);
    const info = only(segment!.content, '1549a966');
    expect(new DataView(Uint8Array.from(only(info, '4489')).buffer).getFloat64(0)).toBe(6200);
  });

  it('hold every frame once, at its time, and cues point at clusters', () => {
    const clusters = elements(segment!.content).filter((one) => one.id === '1f43b675');
    expect(clusters).toHaveLength(2);
    const shown = clusters.flatMap(({ content }) =>
      elements(content)
        .filter((one) => one.id === 'a3')
        .map((one) => {
          const view = new DataView(Uint8Array.from(one.content).buffer);
          return [number(only(content, 'e7')) + view.getInt16(1), one.content.length - 4, one.content[4]];
        }),
    );
    expect(shown).toEqual(frames.map((frame, index) => [index * 200, frame.length, index]));
    const cues = elements(only(segment!.content, '1c53bb6b')).map(({ content }) => [
      number(only(content, 'b3')),
      number(only(only(content, 'b7'), 'f1')),
    ]);
    expect(cues).toEqual(clusters.map(({ content, start }) => [number(only(content, 'e7')), start]));
  });

  it('take lossy WebP pictures apart, and nothing else', () => {
    const webp = (chunk: string, body: number[]) =>
      Uint8Array.from([
        ...bytesOf('RIFF'),
        12 + body.length,
        0,
        0,
        0,
        ...bytesOf('WEBP'),
        ...bytesOf(chunk),
        body.length,
        0,
        0,
        0,
        ...body,
      ]);
    expect(vp8OfWebp(webp('VP8 ', [7, 8, 9]))).toEqual(Uint8Array.of(7, 8, 9));
    expect(vp8OfWebp(webp('VP8L', [7, 8, 9]))).toBeUndefined();
    expect(vp8OfWebp(webp('VP8 ', [7, 8, 9]).slice(0, 22))).toBeUndefined();
    expect(() => webmFile([], { width: 1, height: 1, perSecond: 5 })).toThrow(RangeError);
  });
});
