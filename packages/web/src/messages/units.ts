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
  };
  return unit === undefined ? '' : unit.replace(/[a-z]+/g, (word) => short[word] ?? word);
}
