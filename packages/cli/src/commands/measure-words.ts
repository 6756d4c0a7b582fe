/** A unit for people: what is not said is said not to be. */
export function unitText(unit: string): string {
  return unit.includes('unknown') ? '(unit not said)' : unit;
}

/** Four digits of a number. */
export function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A cell of a CSV. */
export function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Name of a column with its unit. */
export function headOf(name: string, unit: string): string {
  return unit === '' ? name : `${name} [${unit}]`;
}
