import { readFile } from 'node:fs/promises';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { ColumnMapping } from '@micrarium/formats';
import { parseSpaceUnit, parseTimeUnit } from '@micrarium/model';
import { UsageError } from './terminal.ts';

/** Options by name: text for those with a value, `true` for switches. */
export interface Parsed {
  values: Readonly<Record<string, string | boolean | undefined>>;
  paths: string[];
}

/** Parses a command's arguments. @throws UsageError for anything it does not know */
export function parseCommand(args: string[], options: ParseArgsOptionsConfig): Parsed {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: true });
    return { values: values as Parsed['values'], paths: positionals };
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message.split('. ')[0]! : String(cause), { cause });
  }
}

const columnKeys = ['x', 'y', 'z', 'frame', 'time', 'track', 'objectId', 'parent', 'label'] as const;

/**
 * Reads `--mapping`: JSON itself where it begins with `{`, else the name of a file with it.
 * @throws UsageError that names what is wrong
 */
export async function readMapping(value: string | boolean | undefined): Promise<ColumnMapping | undefined> {
  if (typeof value !== 'string') return undefined;
  const text = value.trim().startsWith('{') ? value : await readMappingFile(value);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`--mapping is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new UsageError('--mapping must be a JSON object such as {"x":"Column 3","y":"Column 4"}');
  return checkedMapping(parsed as Record<string, unknown>);
}

async function readMappingFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`--mapping names the file ${path}, which cannot be read`, { cause });
  });
}

function checkedMapping(parsed: Record<string, unknown>): ColumnMapping {
  const mapping: ColumnMapping = {};
  for (const [key, value] of Object.entries(parsed)) {
    const column = columnKeys.find((known) => known === key);
    if (column) {
      if (typeof value !== 'string') throw new UsageError(`--mapping: "${key}" must be the name of a column`);
      mapping[column] = value;
    } else if (key === 'frameBase') {
      if (value !== 0 && value !== 1) throw new UsageError('--mapping: "frameBase" must be 0 or 1');
      mapping.frameBase = value;
    } else if (key === 'spaceUnit' || key === 'timeUnit') Object.assign(mapping, { [key]: unitOf(key, value) });
    else
      throw new UsageError(`--mapping: "${key}" is none of ${columnKeys.join(', ')}, spaceUnit, timeUnit, frameBase`);
  }
  return mapping;
}

function unitOf(key: 'spaceUnit' | 'timeUnit', value: unknown): string {
  const unit =
    typeof value !== 'string' ? undefined : key === 'spaceUnit' ? parseSpaceUnit(value) : parseTimeUnit(value);
  if (unit === undefined) throw new UsageError(`--mapping: "${String(value)}" is no unit for ${key}`);
  return unit;
}
