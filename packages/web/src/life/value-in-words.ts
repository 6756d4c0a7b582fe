/** A value of a field as one line, whatever it holds. */
export function valueInWords(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(valueInWords).join('; ');
  if (typeof value !== 'object') return String(value);
  return 'label' in value
    ? valueInWords(value.label)
    : Object.values(value).map(valueInWords).filter(Boolean).join(' ');
}
