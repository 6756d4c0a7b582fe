import { text } from './text.ts';

/** Nothing but units that are not named: `unknown`, `unknown/unknown`, `unknown^2`. */
const unnamed = /^unknown(\^[\w-]+(\/2)?)?(\/unknown(\^\w+)?)?$/;

/** Units as people write them; in words where the file names none (`unknown`). */
export function shortUnit(unit: string | undefined): string {
  const short: Record<string, string> = {
    micrometer: 'µm',
    nanometer: 'nm',
    millimeter: 'mm',
    second: 's',
    minute: 'min',
    hour: 'h',
    millisecond: 'ms',
    pixel: 'px',
    radian: 'rad',
  };
  if (unit === undefined) return '';
  if (unnamed.test(unit)) return text('units.unnamed');
  return unit
    .replace(/[a-z]+/g, (word) => short[word] ?? word)
    .replace(/\^-1\/2/, '⁻½')
    .replace(/\^([23])/, (_, power) => (power === '2' ? '²' : '³'))
    .replace(
      /(\/?)unknown([²³]?)(\/?)/,
      (_, before: string, power: string, after: string) =>
        `${before && ' / '}${text('units.unnamed')}${power}${after && ' / '}`,
    );
}
