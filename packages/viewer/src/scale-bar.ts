/** A scale bar: a round length and how long it is on the screen. */
export interface ScaleBar {
  value: number;
  unit: string;
  /** Screen pixels. */
  width: number;
}

/**
 * The longest bar of 1, 2 or 5 times a power of ten that is at most `mostPixels` wide.
 * @param pixelSize size of an image pixel in `unit`
 * @param zoom screen pixels per image pixel
 * @returns `undefined` where the pixel size is not known
 */
export function scaleBar(
  pixelSize: { value: number; unit: string } | undefined,
  zoom: number,
  mostPixels = 160,
): ScaleBar | undefined {
  if (!pixelSize || !(pixelSize.value > 0) || !(zoom > 0)) return undefined;
  const longest = (mostPixels / zoom) * pixelSize.value;
  const power = 10 ** Math.floor(Math.log10(longest));
  const value = [5, 2, 1].map((digit) => digit * power).find((one) => one <= longest * (1 + 1e-9))!;
  return { value, unit: pixelSize.unit, width: (value / pixelSize.value) * zoom };
}
