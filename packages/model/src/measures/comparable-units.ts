import { micrometersPer, secondsPer } from '../units.ts';
import { type MeasureUnit, spellUnit } from './definitions.ts';

/** A unit that numbers of many sets may share, and what a number is multiplied by to be in it. */
export interface CommonUnit {
  /** As `spellUnit` writes it; empty for plain numbers. */
  unit: string;
  factor: number;
}

/**
 * The unit of a measure in which sets can be compared: micrometers and seconds wherever a length or a time is physical. Pixels, frames,
 * months, years and `unknown` have no fixed size and stay what they are, so that their unit differs and they are never taken for micrometers
 * or seconds.
 */
export function commonUnit(unit: MeasureUnit, length: string, time: string): CommonUnit {
  const l = new Map(Object.entries(micrometersPer)).get(length);
  const t = new Map(Object.entries(secondsPer)).get(time);
  const [lengthPower, timePower] = powersOf(unit);
  return {
    unit: spellUnit(unit, l === undefined ? length : 'micrometer', t === undefined ? time : 'second'),
    factor: (l ?? 1) ** lengthPower * (t ?? 1) ** timePower,
  };
}

/** Powers of length and time in a unit. */
function powersOf(unit: MeasureUnit): [length: number, time: number] {
  if (unit === 'length^-1/2') return [-0.5, 0];
  const [above, below] = unit.split('/');
  const length = /^length(?:\^(\d))?$/.exec(above!);
  return [length ? Number(length[1] ?? 1) : 0, Number(above === 'time') - Number(below === 'time')];
}
