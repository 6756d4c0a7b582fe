/** A JSON Schema, as far as OpenAPI documents of ours use it. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
}

const plainName = /^[A-Za-z_$][\w$]*$/;

/** A comment of a declaration, in one line. */
export const commentOf = (words: string | undefined, indent = ''): string =>
  words === undefined ? '' : `${indent}/** ${words.replaceAll('*/', '* /').replace(/\s+/g, ' ').trim()} */\n`;

/** The TypeScript type of what a schema describes; components are named as they are. */
export function typeOf(schema: JsonSchema, indent = ''): string {
  const { $ref, type } = schema;
  if ($ref !== undefined) return $ref.slice($ref.lastIndexOf('/') + 1);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return [...new Set(union.map((one) => grouped(typeOf(one, indent))))].join(' | ');
  if (schema.allOf) return schema.allOf.map((one) => grouped(typeOf(one, indent))).join(' & ');
  if (Array.isArray(type))
    return [...new Set(type.map((one) => grouped(typeOf({ ...schema, type: one }, indent))))].join(' | ');
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'number':
    case 'integer':
      return 'number';
    case 'array':
      return schema.prefixItems
        ? `[${schema.prefixItems.map((one) => typeOf(one, indent)).join(', ')}]`
        : `${grouped(typeOf(schema.items ?? {}, indent))}[]`;
    case 'object':
      return objectType(schema, indent);
    default:
      return 'unknown';
  }
}

const grouped = (type: string): string => (/^[^{[(]*[|&]/.test(type) ? `(${type})` : type);

function objectType({ properties = {}, required = [], additionalProperties }: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  const members = Object.entries(properties).map(([name, schema]) => {
    const key = plainName.test(name) ? name : JSON.stringify(name);
    return `${commentOf(schema.description, inner)}${inner}${key}${required.includes(name) ? '' : '?'}: ${typeOf(schema, inner)};\n`;
  });
  const rest = typeof additionalProperties === 'object' ? typeOf(additionalProperties, inner) : 'unknown';
  if (members.length === 0) return additionalProperties === false ? 'Record<string, never>' : `Record<string, ${rest}>`;
  const plain = `{\n${members.join('')}${indent}}`;
  return typeof additionalProperties === 'object' ? `${plain} & Record<string, unknown>` : plain;
}
