import { okabeIto, type Rgb } from './colour-maps.ts';

/** Colour of a label without one of its own: neighbours in number differ, and the same number has the same colour always. */
export function labelColour(value: number): Rgb {
  return okabeIto[Math.abs(Math.trunc(value) * 5) % okabeIto.length]!;
}

/**
 * Paints a label mask: background clear, every label in its colour, its border opaque so that touching objects are told apart.
 * @param opacity of the inside, 0 to 1
 */
export function paintLabels(
  values: ArrayLike<number | bigint>,
  width: number,
  height: number,
  own: ReadonlyMap<number, readonly [number, number, number, number]>,
  opacity: number,
): Uint8ClampedArray<ArrayBuffer> {
  const painted = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const value = values[at]!;
      const number = Number(value);
      if (number === 0) continue;
      const isBorder =
        (x > 0 && values[at - 1] !== value) ||
        (x < width - 1 && values[at + 1] !== value) ||
        (y > 0 && values[at - width] !== value) ||
        (y < height - 1 && values[at + width] !== value);
      const known = own.get(number);
      const colour = known ?? labelColour(number);
      painted[at * 4] = colour[0];
      painted[at * 4 + 1] = colour[1];
      painted[at * 4 + 2] = colour[2];
      painted[at * 4 + 3] = (known?.[3] ?? 255) * (isBorder ? 1 : opacity);
    }
  return painted;
}
