import type { Shapes } from '@micrarium/model';
import { decimalScan, parseDecimal, viewOf } from './decimal.ts';

const noBytes = new DataView(new ArrayBuffer(0));

/** Outlines of the objects of a batch: one part each, points relative to the centre in the file, absolute here. */
export class Outlines {
  /** Objects whose outline is not what was announced. */
  unreadable = 0;
  private partOffsets: number[] = [0];
  private vertexOffsets: number[] = [0];
  private xyz = new Float64Array(4096);
  private vertices = 0;

  /** Number of objects so far. */
  get objects(): number {
    return this.partOffsets.length - 1;
  }

  /**
   * Adds the outline of the next object: `x0 y0 x1 y1 ...`.
   * @param announced number of points the file says, where it does
   */
  add(
    bytes: Uint8Array,
    start: number,
    end: number,
    centre: readonly [number, number, number],
    announced?: number,
  ): void {
    const first = this.vertices;
    let at = start;
    let pending = 0;
    let coordinates = 0;
    const view = start < end ? viewOf(bytes) : noBytes;
    for (;;) {
      while (at < end && bytes[at]! <= 32) at++;
      if (at >= end) break;
      const value = parseDecimal(view, at, end);
      if (decimalScan.end < 0) break;
      at = decimalScan.end;
      if (coordinates++ % 2 === 0) pending = value;
      else this.push(centre[0] + pending, centre[1] + value, centre[2]);
    }
    const points = this.vertices - first;
    const whole = at >= end && coordinates % 2 === 0;
    if (!whole || (announced !== undefined && announced !== points)) this.unreadable++;
    if (!whole) this.vertices = first;
    if (this.vertices > first) this.vertexOffsets.push(this.vertices);
    this.partOffsets.push(this.vertexOffsets.length - 1);
  }

  /** The outlines since the last call; `undefined` where no object had one. */
  take(): Shapes | undefined {
    const shapes =
      this.vertices === 0
        ? undefined
        : {
            partOffsets: Uint32Array.from(this.partOffsets),
            vertexOffsets: Uint32Array.from(this.vertexOffsets),
            xyz: this.xyz.slice(0, this.vertices * 3),
          };
    this.partOffsets = [0];
    this.vertexOffsets = [0];
    this.vertices = 0;
    return shapes;
  }

  private push(x: number, y: number, z: number): void {
    const at = this.vertices++ * 3;
    if (at + 3 > this.xyz.length) {
      const grown = new Float64Array(this.xyz.length * 2);
      grown.set(this.xyz);
      this.xyz = grown;
    }
    this.xyz[at] = x;
    this.xyz[at + 1] = y;
    this.xyz[at + 2] = z;
  }
}
