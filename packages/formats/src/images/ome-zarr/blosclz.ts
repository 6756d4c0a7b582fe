/** A match may lie this far back before its distance is written in two further bytes. */
const nearDistance = 8191;
/** A match length of 7 is followed by bytes that are added to it; one below 255 is the last. */
const longMatch = 6;
const shortestMatch = 3;

/**
 * Unpacks a BloscLZ stream, the codec Blosc has of its own. In plain JavaScript, because pages may not start the
 * WebAssembly that other implementations need. Source: c-blosc 1.21, `blosc/blosclz.c`, `blosclz_decompress`.
 * @param length bytes the stream must hold
 * @throws RangeError where the stream is damaged or holds another number of bytes
 */
export function blosclzDecode(stream: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  const damaged = () => new RangeError('a BloscLZ stream is damaged');
  let at = 1;
  let filled = 0;
  let control = (stream[0] ?? 0) & 31;
  for (;;) {
    if (control >= 32) {
      let count = (control >> 5) - 1;
      const high = (control & 31) << 8;
      if (count === longMatch)
        for (let more = 255; more === 255; count += more) {
          if (at + 1 >= stream.length) throw damaged();
          more = stream[at++]!;
        }
      if (at >= stream.length) throw damaged();
      const low = stream[at++]!;
      let distance = high + low;
      if (low === 255 && high === 31 << 8) {
        if (at + 1 >= stream.length) throw damaged();
        distance = stream[at]! * 256 + stream[at + 1]! + nearDistance;
        at += 2;
      }
      count += shortestMatch;
      let from = filled - distance - 1;
      if (from < 0 || filled + count > length) throw damaged();
      // Match and target may overlap: then what was just written is repeated.
      for (const end = filled + count; filled < end; ) out[filled++] = out[from++]!;
    } else {
      const count = control + 1;
      if (at + count > stream.length || filled + count > length) throw damaged();
      out.set(stream.subarray(at, at + count), filled);
      at += count;
      filled += count;
    }
    if (at >= stream.length) break;
    control = stream[at++]!;
  }
  if (filled !== length) throw damaged();
  return out;
}
