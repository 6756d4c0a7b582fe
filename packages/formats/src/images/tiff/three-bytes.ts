/**
 * Unsigned integers of three bytes.
 * @param littleEndian which of the three comes first
 */
export function threeByteIntegers(bytes: Uint8Array, littleEndian: boolean): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(Math.floor(bytes.length / 3));
  const [high, low] = littleEndian ? [2, 0] : [0, 2];
  for (let n = 0, at = 0; n < out.length; n++, at += 3)
    out[n] = (bytes[at + high]! << 16) | (bytes[at + 1]! << 8) | bytes[at + low]!;
  return out;
}

/**
 * Floating-point numbers of 24 bits (Adobe, TIFF Technical Note 3): a sign, 7 bits of exponent with a bias of 63, 16 bits of
 * fraction. Each is a float of 32 bits exactly.
 */
export function threeByteFloats(bytes: Uint8Array, littleEndian: boolean): Float32Array {
  const words = threeByteIntegers(bytes, littleEndian);
  const values = new Float32Array(words.buffer);
  for (let n = 0; n < words.length; n++) {
    const word = words[n]!;
    const [sign, exponent, fraction] = [(word >>> 23) << 31, (word >>> 16) & 127, word & 0xffff];
    // Without an exponent the fraction has no leading one: its unit is 2^-62 / 2^16.
    if (exponent === 0) values[n] = (sign === 0 ? fraction : -fraction) * 2 ** -78;
    else words[n] = sign | ((exponent === 127 ? 255 : exponent + 64) << 23) | (fraction << 7);
  }
  return values;
}
