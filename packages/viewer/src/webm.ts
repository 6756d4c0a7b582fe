/** One picture of a film: a VP8 key frame. */
export type Vp8Frame = Uint8Array<ArrayBuffer>;

/**
 * The VP8 key frame inside a lossy WebP picture. Sources: RFC 9649 (WebP container), RFC 6386 (VP8).
 * @returns `undefined` for anything else: no WebP, a lossless one, a damaged one
 */
export function vp8OfWebp(bytes: Uint8Array<ArrayBuffer>): Vp8Frame | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 20 || name(0) !== 'RIFF' || name(8) !== 'WEBP') return undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > bytes.length) return undefined;
    if (name(at) === 'VP8 ') return bytes.subarray(at + 8, at + 8 + length);
    at += 8 + length + (length % 2);
  }
  return undefined;
}

type Element = Uint8Array<ArrayBuffer>[];

const sizeOf = (parts: Element) => parts.reduce((sum, part) => sum + part.length, 0);

/** An element of EBML: id, length in eight bytes, content. Its size does not depend on its content's values. */
function element(id: number, content: Element): Element {
  const idBytes = Math.ceil((32 - Math.clz32(id)) / 8);
  const head = new Uint8Array(idBytes + 8);
  for (let at = 0; at < idBytes; at++) head[at] = (id >>> (8 * (idBytes - 1 - at))) & 0xff;
  const view = new DataView(head.buffer);
  const length = sizeOf(content);
  view.setUint32(idBytes, Math.floor(length / 2 ** 32) | 0x01000000);
  view.setUint32(idBytes + 4, length % 2 ** 32);
  return [head, ...content];
}

function whole(id: number, value: number): Element {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return element(id, [bytes]);
}

function real(id: number, value: number): Element {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return element(id, [bytes]);
}

function text(id: number, value: string): Element {
  return element(id, [new TextEncoder().encode(value)]);
}

/** Milliseconds of film in one cluster; times in it are 16-bit numbers. */
const clusterMilliseconds = 5000;

/**
 * A WebM file of VP8 key frames, each shown equally long; every frame can be sought. Nothing in it depends on when it was
 * made, so that the same frames give the same bytes. Sources: RFC 8794 (EBML), RFC 9559 (Matroska), the WebM guidelines.
 * @returns the parts of the file, for a `Blob`
 * @throws RangeError for no frames, or a speed that is not positive
 */
export function webmFile(
  frames: readonly Vp8Frame[],
  { width, height, perSecond }: { width: number; height: number; perSecond: number },
): Uint8Array<ArrayBuffer>[] {
  if (frames.length === 0 || !(perSecond > 0)) throw new RangeError('a film needs frames and a speed');
  const timeOf = (frame: number) => Math.round((frame * 1000) / perSecond);
  const clusters: { time: number; parts: Element }[] = [];
  for (let first = 0; first < frames.length; ) {
    const time = timeOf(first);
    const blocks: Element = [];
    let next = first;
    for (; next < frames.length && (next === first || timeOf(next) - time < clusterMilliseconds); next++)
      blocks.push(...block(frames[next]!, timeOf(next) - time));
    clusters.push({ time, parts: element(0x1f43b675, [...whole(0xe7, time), ...blocks]) });
    first = next;
  }
  const info = element(0x1549a966, [
    ...whole(0x2ad7b1, 1_000_000),
    ...real(0x4489, timeOf(frames.length)),
    ...text(0x4d80, 'Micrarium'),
    ...text(0x5741, 'Micrarium'),
  ]);
  const tracks = element(0x1654ae6b, [
    ...element(0xae, [
      ...whole(0xd7, 1),
      ...whole(0x73c5, 1),
      ...whole(0x9c, 0),
      ...whole(0x83, 1),
      ...text(0x86, 'V_VP8'),
      ...whole(0x23e383, Math.round(1e9 / perSecond)),
      ...element(0xe0, [...whole(0xb0, width), ...whole(0xba, height)]),
    ]),
  ]);
  const head = [...info, ...tracks];
  const segment = element(0x18538067, [
    ...head,
    ...cues(clusters, sizeOf(head)),
    ...clusters.flatMap((one) => one.parts),
  ]);
  return [...ebmlHead(), ...segment];
}

function ebmlHead(): Element {
  return element(0x1a45dfa3, [
    ...whole(0x4286, 1),
    ...whole(0x42f7, 1),
    ...whole(0x42f2, 4),
    ...whole(0x42f3, 8),
    ...text(0x4282, 'webm'),
    ...whole(0x4287, 2),
    ...whole(0x4285, 2),
  ]);
}

function block(frame: Vp8Frame, time: number): Element {
  const head = new Uint8Array(4);
  head[0] = 0x81;
  new DataView(head.buffer).setInt16(1, time);
  // A key frame.
  head[3] = 0x80;
  return element(0xa3, [head, frame]);
}

/** Where clusters lie, counted from the first byte of the segment's content. @param before bytes before the cues */
function cues(clusters: readonly { time: number; parts: Element }[], before: number): Element {
  const written = (positions: readonly number[]) =>
    element(
      0x1c53bb6b,
      clusters.flatMap(({ time }, index) =>
        element(0xbb, [
          ...whole(0xb3, time),
          ...element(0xb7, [...whole(0xf7, 1), ...whole(0xf1, positions[index] ?? 0)]),
        ]),
      ),
    );
  // Numbers take eight bytes each, so the size is known before the positions are.
  let at = before + sizeOf(written([]));
  const positions = clusters.map(({ parts }) => {
    const position = at;
    at += sizeOf(parts);
    return position;
  });
  return written(positions);
}
