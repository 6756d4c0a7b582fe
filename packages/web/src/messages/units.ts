/** Units as people write them. */
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
  return unit
    .replace(/[a-z]+/g, (word) => short[word] ?? word)
    .replace(/\^-1\/2/, '⁻½')
    .replace(/\^([23])/, (_, power) => (power === '2' ? '²' : '³'));
}
