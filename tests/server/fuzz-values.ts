import { pick } from './seeded.ts';

/** A JSON Schema as far as the published document uses it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  format?: string;
}

/** How a request is made wrong, or not. */
export const kinds = ['valid', 'boundary', 'wrong type', 'missing', 'extra', 'huge', 'hostile text'] as const;
/** One of them. */
export type Kind = (typeof kinds)[number];

/** Texts that have broken programs: signs a database cannot store, halves of characters, ways out of a folder, code. */
export const hostileTexts = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202Eevil',
  '../../etc/passwd',
  '..\\..\\x',
  '%00',
  '%',
  '%2e%2e%2f',
  "'; drop table study; --",
  '<script>alert(1)</script>',
  '${7*7}',
  '\r\nset-cookie: a=b',
  '-1',
  '0',
  '1e309',
  '99999999999999999999',
  '2147483648',
  'NaN',
  'null',
  'constructor',
  '__proto__',
  'ﷺ'.repeat(50),
  ' ',
  '',
  '\u{1F9EC}',
];

/** Makes values of schemas, right or wrong in one way. */
export class Values {
  private readonly random: () => number;
  private readonly deref: (schema: Schema) => Schema;

  constructor(random: () => number, deref: (schema: Schema) => Schema) {
    this.random = random;
    this.deref = deref;
  }

  private typeOf(schema: Schema): string {
    if (Array.isArray(schema.type)) return pick(this.random, schema.type);
    return schema.type ?? (schema.properties ? 'object' : 'any');
  }

  /** A value the schema takes. */
  right(given: Schema, isAtBound = false, depth = 0): unknown {
    const schema = this.deref(given);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return pick(this.random, schema.enum);
    const either = schema.anyOf ?? schema.oneOf;
    if (either) return this.right(pick(this.random, either), isAtBound, depth + 1);
    if (schema.allOf)
      return Object.assign({}, ...schema.allOf.map((one) => this.right(one, isAtBound, depth + 1) as object));
    switch (this.typeOf(schema)) {
      case 'string':
        return this.text(schema, isAtBound);
      case 'integer':
      case 'number':
        return isAtBound
          ? pick(this.random, [schema.minimum ?? -(2 ** 31), schema.maximum ?? 2 ** 53 - 1, 0])
          : Math.max(schema.minimum ?? 0, Math.min(schema.maximum ?? 9, Math.floor(this.random() * 9)));
      case 'boolean':
        return this.random() < 0.5;
      case 'null':
        return null;
      case 'array': {
        const length = isAtBound ? pick(this.random, [0, Math.min(schema.maxItems ?? 300, 1000)]) : 1;
        return depth > 5 ? [] : Array.from({ length }, () => this.right(schema.items ?? {}, isAtBound, depth + 1));
      }
      case 'object':
        return this.object(schema, isAtBound, depth);
      default:
        return pick<unknown>(this.random, ['x', 1, true, ['x'], { a: 'b' }]);
    }
  }

  private object(schema: Schema, isAtBound: boolean, depth: number): Record<string, unknown> {
    const made: Record<string, unknown> = {};
    for (const [name, property] of Object.entries(schema.properties ?? {}))
      if (schema.required?.includes(name) || (depth < 4 && this.random() < 0.5))
        made[name] = this.right(property, isAtBound, depth + 1);
    if (typeof schema.additionalProperties === 'object' && depth < 5)
      made[pick(this.random, ['title', 'x', 'constructor'])] = this.right(
        schema.additionalProperties,
        isAtBound,
        depth + 1,
      );
    return made;
  }

  private text(schema: Schema, isAtBound: boolean): string {
    if (schema.format === 'email') return `x${Math.floor(this.random() * 1e6)}@example.org`;
    const least = schema.minLength ?? 0;
    const most = Math.min(schema.maxLength ?? 20_000, 20_000);
    if (isAtBound) return 'x'.repeat(pick(this.random, [least, most]));
    return 'x'.repeat(Math.max(least, Math.min(most, 3)));
  }

  /** A right value with one thing in it made wrong. */
  wrong(schema: Schema, kind: Kind): unknown {
    return this.madeWrong(this.right(schema, kind === 'boundary'), kind);
  }

  /** A value with one thing in it made wrong; as it is where the kind makes nothing wrong. */
  madeWrong(value: unknown, kind: Kind): unknown {
    if (kind === 'valid' || kind === 'boundary') return value;
    if (kind === 'huge')
      return pick<() => unknown>(this.random, [
        () => this.changed(value, () => 'x'.repeat(300_000)),
        () => this.changed(value, () => 1e308),
        () => this.changed(value, () => Array.from({ length: 20_000 }, () => 'x')),
        () => this.changed(value, () => JSON.parse('['.repeat(50) + ']'.repeat(50)) as unknown),
      ])();
    if (kind === 'wrong type')
      return this.changed(value, () => pick<unknown>(this.random, [null, 1.5, -1, 'x', [], {}, true, [[{}]]]));
    if (kind === 'hostile text') return this.changed(value, () => pick(this.random, hostileTexts));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return kind === 'missing' ? {} : [value];
    const object: Record<string, unknown> = { ...value };
    if (kind === 'missing') {
      const names = Object.keys(object);
      if (names.length > 0) Reflect.deleteProperty(object, pick(this.random, names));
      return object;
    }
    return { ...object, [pick(this.random, ['role', 'id', 'ownerId', 'isAdmin', 'constructor', 'zzz'])]: 'owner' };
  }

  /** The value with one of the places in it, at any depth, taken by another. */
  private changed(value: unknown, by: () => unknown): unknown {
    if (Array.isArray(value) && value.length > 0 && this.random() < 0.7) {
      const at = Math.floor(this.random() * value.length);
      return value.map((one: unknown, index) => (index === at ? this.changed(one, by) : one));
    }
    if (typeof value === 'object' && value !== null && Object.keys(value).length > 0 && this.random() < 0.9) {
      const name = pick(this.random, Object.keys(value));
      return { ...value, [name]: this.changed((value as Record<string, unknown>)[name], by) };
    }
    return by();
  }
}
