import { nearestTitle } from '@micrarium/standards';
import { z } from '@hono/zod-openapi';

/** A key of a request that nothing reads. */
export interface UnknownKey {
  /** Where it stands, from the outside in. */
  path: (string | number)[];
  /** The key that was most likely meant. */
  nearest?: string;
}

/** As much as is looked at of how a schema is made up (`def` of zod 4). */
interface Definition {
  type: string;
  shape?: Record<string, z.ZodType>;
  catchall?: z.ZodType;
  element?: z.ZodType;
  items?: readonly z.ZodType[];
  rest?: z.ZodType | null;
  options?: readonly z.ZodType[];
  innerType?: z.ZodType;
  in?: z.ZodType;
  left?: z.ZodType;
  right?: z.ZodType;
  valueType?: z.ZodType;
  getter?: () => z.ZodType;
}

/** Keys reported of one body at most. */
const mostReported = 20;

/**
 * Keys of a value that no part of a schema reads, which would be dropped without a word: where a schema takes one of several shapes, keys of any of them count as
 * known. Records, values of any kind and objects that take further keys hold what people write as they wrote it, and are not looked into.
 */
export function unknownKeys(schema: z.ZodType, value: unknown): UnknownKey[] {
  const found: UnknownKey[] = [];
  look([schema], value, [], found);
  return found;
}

function look(given: readonly z.ZodType[], value: unknown, path: (string | number)[], found: UnknownKey[]): void {
  if (typeof value !== 'object' || value === null || found.length >= mostReported) return;
  const shapes = given.flatMap(plainShapes);
  if (Array.isArray(value)) {
    const lists = shapes.filter(({ type }) => type === 'array' || type === 'tuple');
    for (const [index, one] of value.entries())
      look(
        lists.flatMap(({ element, items, rest }) => element ?? items?.[index] ?? rest ?? []),
        one,
        [...path, index],
        found,
      );
    return;
  }
  // What is no object at all for the schema is for the schema to refuse.
  if (!shapes.some(({ type }) => type === 'object' || type === 'record')) return;
  if (shapes.some(isOpen)) {
    for (const [key, one] of Object.entries(value))
      look(
        shapes.flatMap(({ shape, valueType }) =>
          shape && Object.hasOwn(shape, key) ? shape[key]! : (valueType ?? []),
        ),
        one,
        [...path, key],
        found,
      );
    return;
  }
  const known = new Set(shapes.flatMap(({ shape }) => Object.keys(shape ?? {})));
  for (const [key, one] of Object.entries(value)) {
    if (known.has(key)) {
      look(
        shapes.flatMap(({ shape }) => (shape && Object.hasOwn(shape, key) ? shape[key]! : [])),
        one,
        [...path, key],
        found,
      );
    } else if (found.length < mostReported) {
      const nearest = nearestTitle(key, known);
      found.push({ path: [...path, key], ...(nearest === undefined ? {} : { nearest }) });
    }
  }
}

/** Does an object take keys that its schema does not name? */
const isOpen = ({ type, catchall }: Definition): boolean =>
  type === 'record' ||
  type === 'any' ||
  type === 'unknown' ||
  (catchall !== undefined && definitionOf(catchall).type !== 'never');

const definitionOf = (schema: z.ZodType): Definition => schema._zod.def as unknown as Definition;

/** The shapes a schema is made of, without what stands around them. */
function plainShapes(schema: z.ZodType): Definition[] {
  const definition = definitionOf(schema);
  const { options, innerType, left, right, getter } = definition;
  // Of a transformation what goes in counts.
  const inside = definition.type === 'pipe' ? definition.in : (innerType ?? getter?.());
  if (options) return options.flatMap(plainShapes);
  if (left && right) return [...plainShapes(left), ...plainShapes(right)];
  return inside ? plainShapes(inside) : [definition];
}

/** The schema of a body, which refuses keys it does not know, each with its place and what was most likely meant. */
export function withoutUnknownKeys(schema: z.ZodType): z.ZodType {
  return z
    .unknown()
    .superRefine((value, context) => {
      for (const { path, nearest } of unknownKeys(schema, value)) {
        const key = String(path.at(-1)).slice(0, 100);
        const hint = nearest === undefined ? 'Leave it out.' : `Is "${nearest}" meant?`;
        context.addIssue({
          code: 'custom',
          params: { kind: 'unknown_key' },
          path,
          message: `The key "${key}" is none of this request. ${hint}`,
        });
      }
    })
    .pipe(schema);
}
