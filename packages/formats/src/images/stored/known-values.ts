/** An entry of an object, left out where the value is unknown. */
export function known<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined || value === '' ? {} : ({ [key]: value } as Record<Key, Value>);
}

/** Has an object any entry? */
export function hasValues(object: object): boolean {
  return Object.keys(object).length > 0;
}
