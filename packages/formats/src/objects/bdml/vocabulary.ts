/** The two published versions of BDML. */
export type BdmlVersion = '0.18' | '3.0';

/** Namespace of both. */
export const bdmlNamespace = 'http://ssbd.qbic.riken.jp/bdml';

/** Elements that are geometry. */
export const entityNames: ReadonlySet<string> = new Set(['point', 'line', 'circle', 'sphere', 'face']);

const commonUnits =
  'ampere becquerel candela Celsius coulomb dimensionless farad gram gray henry hertz item joule katal kelvin kilogram liter litre lumen lux meter metre micrometer micrometre mole newton ohm pascal radian siemens sievert steradian tesla volt watt weber'.split(
    ' ',
  );

/** Units of lengths and features (type UnitKind of the schemas). */
export const unitKinds: Readonly<Record<BdmlVersion, ReadonlySet<string>>> = {
  '0.18': new Set([...commonUnits, 'intensity', 'pixel']),
  '3.0': new Set([...commonUnits, 'a.u.', 'p.d.u.']),
};

/** Units of time (type tUnitKind of the schemas). */
export const timeUnitKinds: ReadonlySet<string> = new Set([
  'nanosecond',
  'microsecond',
  'millisecond',
  'second',
  'minute',
  'hour',
  'day',
  'month',
  'year',
]);
