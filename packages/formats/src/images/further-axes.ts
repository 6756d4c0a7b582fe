import type { FurtherAxis, ImageDescription } from '@micrarium/model';

/** Further axes of an image, in order, with their lengths. */
export function furtherAxesOf({ sizes }: Pick<ImageDescription, 'sizes'>): [name: string, length: number][] {
  return Object.entries(sizes).filter(([axis]) => !['t', 'c', 'z', 'y', 'x'].includes(axis));
}

const symbols: Readonly<Record<string, string>> = {
  nanometer: 'nm',
  micrometer: 'µm',
  millimeter: 'mm',
  second: 's',
  millisecond: 'ms',
  nanosecond: 'ns',
  picosecond: 'ps',
  degree: 'degree',
};

/** A unit as OME-XML and people write it, such as `nm`. */
export function unitSymbol(unit: string): string {
  return symbols[unit] ?? unit;
}

/** The name of a unit of ours for the symbol of another program. */
export function unitNamed(symbol: string): string {
  return Object.entries(symbols).find(([, known]) => known === symbol)?.[0] ?? symbol;
}

/** Value of a place of an axis, where its places are numbers. */
export function placeValue(axis: FurtherAxis | undefined, place: number): number | undefined {
  const { start, step } = axis ?? {};
  return start === undefined || step === undefined ? undefined : Number((start + place * step).toPrecision(12));
}

/** What a place of an axis is called: its label, its value with the unit (`560 nm`), else its number from 1. */
export function placeName(axis: FurtherAxis | undefined, place: number): string {
  const value = placeValue(axis, place);
  return (
    axis?.labels?.[place] ??
    (value === undefined ? String(place + 1) : [value, axis?.unit && unitSymbol(axis.unit)].filter(Boolean).join(' '))
  );
}
