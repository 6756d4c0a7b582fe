import { parseSpaceUnit, parseTimeUnit } from '@micrarium/model';
import type { ColumnMapping } from '../../tracks/track-reader.ts';
import { shapeKey } from './mapping.ts';

/**
 * Column mappings remembered by the shape of a table's header, as they are kept in a file (`mapping.json`) and taken
 * from one computer to another. Described in `docs/column-mappings.md`.
 */
export interface MappingFile {
  type: 'micrarium-column-mappings';
  version: 1;
  mappings: RememberedMapping[];
}

/** The mapping of tables with one header. */
export interface RememberedMapping {
  /** `shapeKey` of the header: 32 hex digits. Left out where `columns` says it. */
  shape?: string;
  /** The header, for people; it gives the shape where that is left out. */
  columns?: string[];
  mapping: ColumnMapping;
}

/** What a mapping file says: mappings by shape, or one for every table; or what is wrong with it. */
export type ParsedMappings =
  | { mapping: ColumnMapping; fault?: undefined }
  | { mappings: Record<string, ColumnMapping>; mapping?: undefined; fault?: undefined }
  | { fault: string };

const columnKeys = ['x', 'y', 'z', 'frame', 'time', 'track', 'objectId', 'parent', 'label'] as const;

/**
 * Reads parsed JSON as a mapping file, or as one mapping (`{"x":"Column 3","y":"Column 4"}`). Units may be spelled as
 * in real files. Never throws: the fault is said in words.
 */
export function parseMappings(value: unknown): ParsedMappings {
  if (!isRecord(value)) return { fault: 'must be a JSON object such as {"x":"Column 3","y":"Column 4"}' };
  if (!('mappings' in value)) {
    const mapping = columnMapping(value);
    return typeof mapping === 'string' ? { fault: mapping } : { mapping };
  }
  if (!Array.isArray(value['mappings'])) return { fault: '"mappings" must be a list' };
  const mappings: Record<string, ColumnMapping> = {};
  for (const [i, entry] of (value['mappings'] as unknown[]).entries()) {
    const shape = isRecord(entry) ? shapeOf(entry) : undefined;
    if (!isRecord(entry) || shape === undefined) return { fault: `mapping ${i + 1} has neither "shape" nor "columns"` };
    const mapping = isRecord(entry['mapping']) ? columnMapping(entry['mapping']) : 'has no "mapping"';
    if (typeof mapping === 'string') return { fault: `mapping ${i + 1}: ${mapping}` };
    mappings[shape] = mapping;
  }
  return { mappings };
}

/** The same as a file. `columns` names the header of a shape, where it is known. */
export function mappingFile(
  mappings: Readonly<Record<string, ColumnMapping>>,
  columns: Readonly<Record<string, readonly string[]>> = {},
): MappingFile {
  return {
    type: 'micrarium-column-mappings',
    version: 1,
    mappings: Object.entries(mappings).map(([shape, mapping]) => ({
      shape,
      ...(columns[shape] ? { columns: [...columns[shape]] } : {}),
      mapping,
    })),
  };
}

/** Headers that a mapping file names, by shape. */
export function columnsOfMappings(value: unknown): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const entries = isRecord(value) && Array.isArray(value['mappings']) ? (value['mappings'] as unknown[]) : [];
  for (const entry of entries) {
    const shape = isRecord(entry) ? shapeOf(entry) : undefined;
    if (isRecord(entry) && shape !== undefined && isTexts(entry['columns'])) found[shape] = entry['columns'];
  }
  return found;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function shapeOf(entry: Record<string, unknown>): string | undefined {
  const { shape, columns } = entry;
  if (typeof shape === 'string' && /^[0-9a-f]{32}$/.test(shape)) return shape;
  return isTexts(columns) ? shapeKey(columns) : undefined;
}

/** A mapping, or what is wrong with it. */
function columnMapping(value: Record<string, unknown>): ColumnMapping | string {
  const mapping: ColumnMapping = {};
  for (const [key, given] of Object.entries(value)) {
    const column = columnKeys.find((known) => known === key);
    if (column) {
      if (typeof given !== 'string') return `"${key}" must be the name of a column`;
      mapping[column] = given;
    } else if (key === 'frameBase') {
      if (given !== 0 && given !== 1) return '"frameBase" must be 0 or 1';
      mapping.frameBase = given;
    } else if (key === 'spaceUnit' || key === 'timeUnit') {
      const unit =
        typeof given !== 'string' ? undefined : key === 'spaceUnit' ? parseSpaceUnit(given) : parseTimeUnit(given);
      if (unit === undefined) return `"${String(given)}" is no unit for ${key}`;
      Object.assign(mapping, { [key]: unit });
    } else return `"${key}" is none of ${columnKeys.join(', ')}, spaceUnit, timeUnit, frameBase`;
  }
  return mapping;
}
