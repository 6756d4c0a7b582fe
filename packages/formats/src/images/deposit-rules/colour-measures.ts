import type { PixelBlock } from '@micrarium/model';

/** What the rules measure of a colour picture of 8 bits; parts of the plane from 0 to 1. */
export interface ColourMeasures {
  /** Pixels whose largest sample is below 64. */
  dark: number;
  /** Of the others, those whose smallest sample is less than half the largest. */
  strong: number;
  /** Pixels of exactly white. */
  white: number;
  /** Pixels of the one colour that is most frequent, black and white left out. */
  oneColour: number;
  /** Width of the white margin on all four sides, in parts of the shorter side. */
  margin: number;
}

/** Measures a block of three or four samples a pixel. */
export function measureColours({ width, height, samples, data }: PixelBlock): ColourMeasures {
  const values = data as Uint8Array;
  const pixels = width * height;
  let [dark, bright, strong, white] = [0, 0, 0, 0];
  const colours = new Map<number, number>();
  for (let n = 0, at = 0; n < pixels; n++, at += samples) {
    const [r, g, b] = [values[at]!, values[at + 1]!, values[at + 2]!];
    const [high, low] = [Math.max(r, g, b), Math.min(r, g, b)];
    if (high < 64) dark++;
    else {
      bright++;
      if (low * 2 < high) strong++;
    }
    if (low === 255) white++;
    const colour = (r << 16) | (g << 8) | b;
    // Photographs have more colours than this; then none of them covers much.
    if (colour !== 0 && colour !== 0xffffff && (colours.size < 100_000 || colours.has(colour)))
      colours.set(colour, (colours.get(colour) ?? 0) + 1);
  }
  let most = 0;
  for (const count of colours.values()) most = Math.max(most, count);
  return {
    dark: dark / pixels,
    strong: bright === 0 ? 0 : strong / bright,
    white: white / pixels,
    oneColour: most / pixels,
    margin: whiteMargin(values, width, height, samples) / Math.min(width, height),
  };
}

/** Rows and columns of white from every side, the fewest of the four. */
function whiteMargin(values: Uint8Array, width: number, height: number, samples: number): number {
  const isWhite = (x: number, y: number): boolean => {
    const at = (y * width + x) * samples;
    return values[at] === 255 && values[at + 1] === 255 && values[at + 2] === 255;
  };
  const limit = Math.floor(Math.min(width, height) / 2);
  for (let margin = 0; margin < limit; margin++) {
    for (let x = margin; x < width - margin; x++)
      if (!isWhite(x, margin) || !isWhite(x, height - 1 - margin)) return margin;
    for (let y = margin; y < height - margin; y++)
      if (!isWhite(margin, y) || !isWhite(width - 1 - margin, y)) return margin;
  }
  return limit;
}
