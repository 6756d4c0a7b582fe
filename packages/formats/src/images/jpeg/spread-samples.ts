/** Samples of up to 8 bits, or of more. */
export type SampleArray = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** Room for samples of some bits. */
export function sampleArray(bits: number, length: number): SampleArray {
  return bits > 8 ? new Uint16Array(length) : new Uint8Array(length);
}

/** A component as decoded: rows of `stride` samples, of which `width` x `height` belong to the picture. */
export interface SampledComponent {
  samples: SampleArray;
  stride: number;
  width: number;
  height: number;
}

/**
 * Brings a component that was stored smaller to the size of the picture. Halved ones are spread with the triangle filter
 * of the Independent JPEG Group's library ("fancy upsampling"), others by repeating samples, as that library does.
 * @param across picture samples for one stored sample in x, `down` in y
 */
export function spreadSamples(
  from: SampledComponent,
  across: number,
  down: number,
  width: number,
  height: number,
): SampleArray {
  const smooth = across === 2 && (down === 1 || down === 2) && from.width > 2;
  const bits = from.samples instanceof Uint16Array ? 16 : 8;
  const out = sampleArray(bits, width * height);
  const line = sampleArray(bits, from.width * 2 + 2);
  for (let y = 0; y < height; y++) {
    const row = Math.min(from.height - 1, Math.floor(y / down));
    if (!smooth) {
      const base = row * from.stride;
      for (let x = 0; x < width; x++) out[y * width + x] = from.samples[base + Math.floor(x / across)]!;
      continue;
    }
    if (down === 1) spreadRow(from, row, line);
    else spreadRows(from, row, Math.max(0, Math.min(from.height - 1, (y & 1) === 0 ? row - 1 : row + 1)), line);
    out.set(line.subarray(0, width), y * width);
  }
  return out;
}

function spreadRow({ samples, stride, width }: SampledComponent, row: number, line: SampleArray): void {
  const at = row * stride;
  const last = width - 1;
  for (let x = 0; x < width; x++) {
    const value = samples[at + x]! * 3;
    line[2 * x] = x === 0 ? samples[at]! : (value + samples[at + x - 1]! + 1) >> 2;
    line[2 * x + 1] = x === last ? samples[at + last]! : (value + samples[at + x + 1]! + 2) >> 2;
  }
}

function spreadRows({ samples, stride, width }: SampledComponent, row: number, other: number, line: SampleArray): void {
  const sum = (x: number): number => samples[row * stride + x]! * 3 + samples[other * stride + x]!;
  const last = width - 1;
  for (let x = 0; x < width; x++) {
    const here = sum(x);
    line[2 * x] = x === 0 ? (here * 4 + 8) >> 4 : (here * 3 + sum(x - 1) + 8) >> 4;
    line[2 * x + 1] = x === last ? (here * 4 + 7) >> 4 : (here * 3 + sum(x + 1) + 7) >> 4;
  }
}
