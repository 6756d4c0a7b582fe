/** The part of an address behind `?`, as names with one value or several. */
export type SearchValues = Record<string, string | string[]>;

/** Reads an address's query: repeated names become lists. */
export function parseSearch(query: string): SearchValues {
  const values: SearchValues = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const known = values[name];
    if (known === undefined) values[name] = value;
    else values[name] = [...(Array.isArray(known) ? known : [known]), value];
  }
  return values;
}

/** Writes it, in the order of the names given; empty and absent values are left out. */
export function writeSearch(values: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null && one !== '') query.append(name, String(one));
  const written = query.toString();
  return written === '' ? '' : `?${written}`;
}
