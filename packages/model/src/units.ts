/** Units as OME-NGFF spells them (UDUNITS long names), with `pixel` and `frame` for what is not physical. */
export type SpaceUnit = 'pixel' | 'angstrom' | 'nanometer' | 'micrometer' | 'millimeter' | 'centimeter' | 'meter';
export type TimeUnit =
  | 'frame'
  | 'nanosecond'
  | 'microsecond'
  | 'millisecond'
  | 'second'
  | 'minute'
  | 'hour'
  | 'day'
  | 'month'
  | 'year';

/** A number with its unit. */
export interface Quantity<Unit extends string = string> {
  value: number;
  unit: Unit;
}

const spaceSpellings: Record<SpaceUnit, readonly string[]> = {
  pixel: ['pixel', 'pixels', 'px', 'voxel', 'voxels'],
  angstrom: ['angstrom', 'angstroms', 'å', 'a'],
  nanometer: ['nanometer', 'nanometers', 'nanometre', 'nanometres', 'nm'],
  micrometer: [
    'micrometer',
    'micrometers',
    'micrometre',
    'micrometres',
    'micron',
    'microns',
    'um',
    'µm',
    'μm',
    '\\u00b5m',
  ],
  millimeter: ['millimeter', 'millimeters', 'millimetre', 'millimetres', 'mm'],
  centimeter: ['centimeter', 'centimeters', 'centimetre', 'centimetres', 'cm'],
  meter: ['meter', 'meters', 'metre', 'metres', 'm'],
};

const timeSpellings: Record<TimeUnit, readonly string[]> = {
  frame: ['frame', 'frames', 'timepoint', 'timepoints'],
  nanosecond: ['nanosecond', 'nanoseconds', 'ns'],
  microsecond: ['microsecond', 'microseconds', 'us', 'µs', 'μs'],
  millisecond: ['millisecond', 'milliseconds', 'ms', 'msec'],
  second: ['second', 'seconds', 'sec', 'secs', 's'],
  minute: ['minute', 'minutes', 'min', 'mins'],
  hour: ['hour', 'hours', 'h', 'hr', 'hrs'],
  day: ['day', 'days', 'd'],
  month: ['month', 'months'],
  year: ['year', 'years'],
};

/** How many micrometers one of the unit is; `pixel` has no physical size. SI prefixes; 1 angstrom = 1e-10 m. */
export const micrometersPer: Readonly<Record<Exclude<SpaceUnit, 'pixel'>, number>> = {
  angstrom: 1e-4,
  nanometer: 1e-3,
  micrometer: 1,
  millimeter: 1e3,
  centimeter: 1e4,
  meter: 1e6,
};

/** How many seconds one of the unit is; months and years have no fixed length and are left out. */
export const secondsPer: Readonly<Record<Exclude<TimeUnit, 'frame' | 'month' | 'year'>, number>> = {
  nanosecond: 1e-9,
  microsecond: 1e-6,
  millisecond: 1e-3,
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
};

function lookUp<Unit extends string>(spellings: Record<Unit, readonly string[]>, text: string): Unit | undefined {
  const wanted = text.trim().toLowerCase();
  for (const [unit, known] of Object.entries(spellings) as [Unit, readonly string[]][])
    if (known.includes(wanted)) return unit;
  return undefined;
}

/** Reads a length unit in any spelling seen in real files; `undefined` when it is none we know. */
export function parseSpaceUnit(text: string): SpaceUnit | undefined {
  return lookUp(spaceSpellings, text);
}

/** Reads a time unit in any spelling seen in real files; `undefined` when it is none we know. */
export function parseTimeUnit(text: string): TimeUnit | undefined {
  return lookUp(timeSpellings, text);
}

/** Converts a length to micrometers; `undefined` for pixels, which have no physical size. */
export function toMicrometers(length: Quantity<SpaceUnit>): number | undefined {
  return length.unit === 'pixel' ? undefined : length.value * micrometersPer[length.unit];
}

/** Converts a duration to seconds; `undefined` for frames, months and years. */
export function toSeconds(time: Quantity<TimeUnit>): number | undefined {
  const factor = (secondsPer as Partial<Record<TimeUnit, number>>)[time.unit];
  return factor === undefined ? undefined : time.value * factor;
}
