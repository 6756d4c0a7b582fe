import type { Rgb } from './colour-maps.ts';

/** Steps of a look-up table: what a graphics card is given. */
export const tableSteps = 256;

/**
 * Maps at 33 evenly spaced points, six hex digits each; between them colours are interpolated, which differs from the full tables
 * by less than 5 of 255. Viridis, magma, inferno and plasma: Smith and van der Walt 2015; cividis: Nunez and others 2018; turbo:
 * Mikhailov 2019.
 */
const stops = {
  viridis:
    '440154470d6048186a482374472d7b4537814240863e49893b528b375b8d33638d2f6b8e2c728e297a8e26828e23898e21918c' +
    '1f988b1fa08822a78528ae8032b67a3fbc734ec36b5ec96270cf5784d44b98d83eaddc30c2df23d8e219ece51bfde725',
  cividis:
    '00205100265d012b6508316911366c1c3c6e26426e31476e3c4d6e47536d51586e5a5e6e62646f6a6a707270717976737f7c75' +
    '8682768c8877938e789a9478a19b78a9a177b2a874bbaf71c5b66dcebd68d8c462e2cb5cebd355f3da4ffae249fdea45',
  magma:
    '0000040303120a0822130d341d114729115a36106b440f7651127c5d177f6a1c81762181832681902a819c2e7faa337db73779' +
    'c43c75d0416fdc4869e75263ef5d5ef56b5cf9795dfc8961fd9869fea772feb67cfec488fed395fde2a3fcf0b2fcfdbf',
  inferno:
    '0000040403120b0724150b37210c4a2f0a5b3d09654a0c6b57106e64156e71196e7d1e6d8a226a972766a32c61b0315bbc3754' +
    'c73e4cd24644db503be45a31eb6628f1731df68013f98e09fb9d07fcac11fbbc21f9cb35f5db4cf2ea69f3f68afcffa4',
  plasma:
    '0d08872206903105973f049c4c02a15901a56600a77201a87e03a88a09a59511a1a01a9caa2395b32c8ebc3587c43e7fcc4778' +
    'd35171da5a6ae06363e66c5ceb7655f0804ef58b47f89540fba139fdac33feb82cfdc527fcd225f8df25f4ed27f0f921',
  turbo:
    '23171b3e2a71493eae4a53d74569ee3c7ff83295f72ba9ef26bce125cdcf29dcbc32e9a73ff39350f98065fd6e7cfd5e95fb51' +
    'adf545c5ec3cdae034ecd12efac029ffad24ff9821ff821dfd6c1af05616df4111cb2f0db61f07a31302950c00900c00',
} as const;

/** Names of continuous maps, all but turbo even in lightness; cividis looks the same to colour-blind readers. */
export const mapNames = ['viridis', 'cividis', 'magma', 'inferno', 'plasma', 'turbo'] as const;

/** Name of a continuous map. */
export type MapName = (typeof mapNames)[number];

/** How a channel turns brightness into colour: its own colour, grey, grey turned round, or a map. */
export const lookUpTableNames = ['colour', 'grey', 'inverse', ...mapNames] as const;

/** Name of a look-up table. */
export type LookUpTableName = (typeof lookUpTableNames)[number];

/** Is a text the name of a look-up table? */
export function isLookUpTableName(text: string): text is LookUpTableName {
  return (lookUpTableNames as readonly string[]).includes(text);
}

const parsed = new Map<MapName, Uint8Array>();

function stopsOf(name: MapName): Uint8Array {
  const known = parsed.get(name);
  if (known) return known;
  const hex = stops[name];
  const made = Uint8Array.from({ length: hex.length / 2 }, (_, at) =>
    Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16),
  );
  parsed.set(name, made);
  return made;
}

/** Colour of a map at a fraction between 0 and 1; fractions outside are clamped, NaN is grey. */
export function mapColour(name: MapName, fraction: number): Rgb {
  if (Number.isNaN(fraction)) return [138, 143, 148];
  const values = stopsOf(name);
  const last = values.length / 3 - 1;
  const at = Math.min(1, Math.max(0, fraction)) * last;
  const lower = Math.min(last - 1, Math.floor(at));
  const share = at - lower;
  const part = (i: number) =>
    Math.round(values[lower * 3 + i]! + (values[lower * 3 + 3 + i]! - values[lower * 3 + i]!) * share);
  return [part(0), part(1), part(2)];
}

/** Colour a look-up table gives a brightness between 0 and 1. @param own colour of the channel, for the table `colour` */
export function tableColour(name: LookUpTableName, own: Rgb, fraction: number): Rgb {
  const share = Math.min(1, Math.max(0, fraction));
  if (name === 'colour') return [own[0] * share, own[1] * share, own[2] * share].map(Math.round) as unknown as Rgb;
  if (name === 'grey' || name === 'inverse') {
    const level = Math.round(255 * (name === 'grey' ? share : 1 - share));
    return [level, level, level];
  }
  return mapColour(name, share);
}

/** The whole table of a channel, dark to bright: red, green, blue, 255 for each of `tableSteps` brightnesses. */
export function lookUpTable(name: LookUpTableName, own: Rgb): Uint8Array {
  const table = new Uint8Array(tableSteps * 4);
  for (let step = 0; step < tableSteps; step++)
    table.set([...tableColour(name, own, step / (tableSteps - 1)), 255], step * 4);
  return table;
}

/** A table as a CSS gradient from left to right, for legends and buttons. */
export function tableGradient(name: LookUpTableName, own: Rgb, points = 9): string {
  const colours = Array.from({ length: points }, (_, at) => tableColour(name, own, at / (points - 1)));
  return `linear-gradient(90deg, ${colours.map((one) => `rgb(${one.join(' ')})`).join(', ')})`;
}
