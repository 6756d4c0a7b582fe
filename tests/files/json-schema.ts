/** A check of a value against a JSON Schema: the keywords that the metadata standards' schemas use, drafts 4 to 2020-12. */
type Schema = { [keyword: string]: unknown } | boolean;

/** Finds the schema that a `$ref` names. */
export type SchemaLookup = (reference: string) => Schema;

const formats: Record<string, RegExp> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/i,
  email: /^[^\s@]+@[^\s@]+$/,
  uri: /^[a-z][a-z0-9+.-]*:\S*$/i,
};

/** Everything about a value that its schema does not allow, as `path: reason`. */
export function schemaFaults(value: unknown, schema: Schema, lookup: SchemaLookup, path = '$'): string[] {
  if (typeof schema === 'boolean') return schema ? [] : [`${path}: nothing is allowed here`];
  if (typeof schema.$ref === 'string') return schemaFaults(value, lookup(schema.$ref), lookup, path);
  const faults = [...typeFaults(value, schema, path), ...choiceFaults(value, schema, lookup, path)];
  if (typeof value === 'string') faults.push(...textFaults(value, schema, path));
  if (Array.isArray(value)) {
    if (typeof schema.minItems === 'number' && value.length < schema.minItems) faults.push(`${path}: too few`);
    if (schema.uniqueItems && new Set(value.map((one) => JSON.stringify(one))).size < value.length)
      faults.push(`${path}: repeated`);
    if (schema.items !== undefined && !Array.isArray(schema.items))
      value.forEach((one, index) =>
        faults.push(...schemaFaults(one, schema.items as Schema, lookup, `${path}[${index}]`)),
      );
  } else if (typeof value === 'object' && value !== null)
    faults.push(...memberFaults(value as Record<string, unknown>, schema, lookup, path));
  return faults;
}

function typeFaults(value: unknown, schema: Exclude<Schema, boolean>, path: string): string[] {
  const faults: string[] = [];
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const types = schema.type === undefined ? undefined : ([schema.type].flat() as string[]);
  if (types && !types.includes(kind) && !(kind === 'number' && types.includes('integer') && Number.isInteger(value)))
    faults.push(`${path}: ${kind}, not ${types.join(' or ')}`);
  if (Array.isArray(schema.enum) && !schema.enum.some((one) => JSON.stringify(one) === JSON.stringify(value)))
    faults.push(`${path}: ${JSON.stringify(value)} is not listed`);
  if ('const' in schema && JSON.stringify(schema.const) !== JSON.stringify(value))
    faults.push(`${path}: not the constant`);
  return faults;
}

function choiceFaults(value: unknown, schema: Exclude<Schema, boolean>, lookup: SchemaLookup, path: string): string[] {
  const faults: string[] = [];
  for (const one of (schema.allOf as Schema[] | undefined) ?? [])
    faults.push(...schemaFaults(value, one, lookup, path));
  for (const keyword of ['anyOf', 'oneOf']) {
    const choices = schema[keyword] as Schema[] | undefined;
    const tried = choices?.map((one) => schemaFaults(value, one, lookup, path));
    if (tried && !tried.some((one) => one.length === 0)) faults.push(...tried.flat());
  }
  return faults;
}

function textFaults(value: string, schema: Exclude<Schema, boolean>, path: string): string[] {
  const faults: string[] = [];
  if (typeof schema.pattern === 'string' && !new RegExp(schema.pattern, 'u').test(value))
    faults.push(`${path}: “${value}” does not match`);
  if (typeof schema.minLength === 'number' && value.length < schema.minLength) faults.push(`${path}: too short`);
  const form = formats[schema.format as string];
  if (form && !form.test(value)) faults.push(`${path}: “${value}” is no ${String(schema.format)}`);
  return faults;
}

function memberFaults(
  value: Record<string, unknown>,
  schema: Exclude<Schema, boolean>,
  lookup: SchemaLookup,
  path: string,
): string[] {
  const faults: string[] = [];
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  for (const name of Array.isArray(schema.required) ? (schema.required as string[]) : [])
    if (!(name in value)) faults.push(`${path}: ${name} is missing`);
  for (const [name, inner] of Object.entries(value)) {
    const own = properties[name];
    const patterned = Object.entries((schema.patternProperties ?? {}) as Record<string, Schema>).filter(([pattern]) =>
      new RegExp(pattern, 'u').test(name),
    );
    if (own !== undefined) faults.push(...schemaFaults(inner, own, lookup, `${path}.${name}`));
    for (const [, one] of patterned) faults.push(...schemaFaults(inner, one, lookup, `${path}.${name}`));
    if (own === undefined && patterned.length === 0 && schema.additionalProperties === false)
      faults.push(`${path}: ${name} is not known`);
    if (
      own === undefined &&
      patterned.length === 0 &&
      typeof schema.additionalProperties === 'object' &&
      schema.additionalProperties !== null
    )
      faults.push(...schemaFaults(inner, schema.additionalProperties as Schema, lookup, `${path}.${name}`));
  }
  return faults;
}

/** A lookup for references within one document: `#/definitions/x`, `#/$defs/x`. */
export function within(root: Schema): SchemaLookup {
  return (reference) => {
    let at: unknown = root;
    for (const step of reference
      .replace(/^.*#\/?/, '')
      .split('/')
      .filter(Boolean))
      at = (at as Record<string, unknown>)[decodeURIComponent(step)];
    if (at === undefined) throw new Error(`the schema has no ${reference}`);
    return at as Schema;
  };
}
