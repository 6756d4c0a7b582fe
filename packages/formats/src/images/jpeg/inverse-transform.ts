import { type SampleArray, sampleArray } from './spread-samples.ts';
import type { JpegComponent } from './segments.ts';

/**
 * Samples of a component from its coefficients: the integer inverse transform after Loeffler, Ligtenberg and Moschytz,
 * with the rounding of the Independent JPEG Group's "islow", so that values agree with what most programs show.
 * With 12 bits a sample it keeps one bit less between its passes, as that library does. The answer covers whole blocks, `blocksAcross * 8` samples a row.
 */
export function componentSamples(component: JpegComponent, quantisation: Uint16Array, bits: number): SampleArray {
  const { blocksAcross, blocksDown, coefficients } = component;
  const stride = blocksAcross * 8;
  const out = sampleArray(bits, stride * blocksDown * 8);
  const [kept, middle, most] = [bits > 8 ? 1 : 2, 1 << (bits - 1), (1 << bits) - 1];
  const work = new Int32Array(64);
  for (let row = 0; row < blocksDown; row++)
    for (let column = 0; column < blocksAcross; column++) {
      const from = (row * blocksAcross + column) * 64;
      for (let n = 0; n < 64; n++) work[n] = coefficients[from + n]! * quantisation[n]!;
      transform(work, 0, 1, 8, 13 - kept);
      transform(work, 0, 8, 1, 16 + kept);
      let at = row * 8 * stride + column * 8;
      for (let n = 0; n < 64; n += 8, at += stride)
        for (let x = 0; x < 8; x++) {
          const value = work[n + x]! + middle;
          out[at + x] = value < 0 ? 0 : value > most ? most : value;
        }
    }
  return out;
}

/** Eight one-dimensional transforms: `step` from one to the next, `stride` between the values of one. */
function transform(work: Int32Array, start: number, step: number, stride: number, shift: number): void {
  const half = 1 << (shift - 1);
  for (let n = 0, at = start; n < 8; n++, at += step) {
    const [i1, i2, i3] = [at + stride, at + 2 * stride, at + 3 * stride];
    const [i4, i5, i6, i7] = [at + 4 * stride, at + 5 * stride, at + 6 * stride, at + 7 * stride];
    const even = (work[i2]! + work[i6]!) * 4433;
    const low = even - work[i6]! * 15137;
    const high = even + work[i2]! * 6270;
    const sum = (work[at]! + work[i4]!) * 8192;
    const rest = (work[at]! - work[i4]!) * 8192;
    const [e0, e3, e1, e2] = [sum + high, sum - high, rest + low, rest - low];
    const [a, b, c, d] = [work[i7]!, work[i5]!, work[i3]!, work[i1]!];
    const z5 = (a + c + b + d) * 9633;
    const [z1, z2] = [(a + d) * -7373, (b + c) * -20995];
    const [z3, z4] = [(a + c) * -16069 + z5, (b + d) * -3196 + z5];
    const [o0, o1] = [a * 2446 + z1 + z3, b * 16819 + z2 + z4];
    const [o2, o3] = [c * 25172 + z2 + z3, d * 12299 + z1 + z4];
    work[at] = (e0 + o3 + half) >> shift;
    work[i7] = (e0 - o3 + half) >> shift;
    work[i1] = (e1 + o2 + half) >> shift;
    work[i6] = (e1 - o2 + half) >> shift;
    work[i2] = (e2 + o1 + half) >> shift;
    work[i5] = (e2 - o1 + half) >> shift;
    work[i3] = (e3 + o0 + half) >> shift;
    work[i4] = (e3 - o0 + half) >> shift;
  }
}
