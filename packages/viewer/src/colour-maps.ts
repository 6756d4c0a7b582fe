/** Red, green and blue, 0..255. */
export type Rgb = readonly [number, number, number];

/** Categorical colours safe for colour-blind readers (Okabe and Ito 2008), in order of use over dark images. */
export const okabeIto: readonly Rgb[] = [
  [86, 180, 233],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [240, 228, 66],
  [213, 94, 0],
  [0, 114, 178],
  [200, 206, 211],
];

/** Viridis (Smith and van der Walt 2015) at nine evenly spaced points; between them colours are interpolated. */
const viridisStops: readonly Rgb[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

/** Colour of a value between 0 and 1; values outside are clamped, NaN is grey. */
export function viridis(fraction: number): Rgb {
  if (Number.isNaN(fraction)) return [138, 143, 148];
  const at = Math.min(1, Math.max(0, fraction)) * (viridisStops.length - 1);
  const lower = Math.min(viridisStops.length - 2, Math.floor(at));
  const share = at - lower;
  const [from, to] = [viridisStops[lower]!, viridisStops[lower + 1]!];
  return [0, 1, 2].map((i) => Math.round(from[i]! + (to[i]! - from[i]!) * share)) as unknown as Rgb;
}

/** Six hex digits, with or without `#`, as a colour; `undefined` for anything else. */
export function parseHexColour(text: string): Rgb | undefined {
  const match = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  return match
    ? [Number.parseInt(match[1]!, 16), Number.parseInt(match[2]!, 16), Number.parseInt(match[3]!, 16)]
    : undefined;
}

/** A colour as six hex digits, no `#`. */
export function formatHexColour(colour: Rgb): string {
  return colour.map((part) => part.toString(16).padStart(2, '0')).join('');
}

/** Colours of channels nobody gave one: by emission wavelength where known, else the order of the field. Rule: section 2.3 of our image notes. */
export function defaultChannelColours(channels: readonly { color?: string; emissionNanometers?: number }[]): Rgb[] {
  const order: Rgb[] =
    channels.length === 1
      ? [[255, 255, 255]]
      : channels.length === 2
        ? [
            [47, 224, 90],
            [255, 61, 219],
          ]
        : [
            [34, 211, 238],
            [255, 61, 219],
            [245, 211, 59],
            [47, 224, 90],
            [255, 77, 77],
            [75, 125, 255],
          ];
  return channels.map(
    (channel, index) =>
      (channel.color ? parseHexColour(channel.color) : undefined) ??
      byWavelength(channel.emissionNanometers) ??
      order[index % order.length]!,
  );
}

function byWavelength(nanometers: number | undefined): Rgb | undefined {
  if (nanometers === undefined || nanometers <= 0) return undefined;
  if (nanometers < 490) return [75, 125, 255];
  if (nanometers < 540) return [47, 224, 90];
  if (nanometers < 580) return [245, 211, 59];
  return nanometers <= 640 ? [255, 77, 77] : [255, 61, 219];
}
